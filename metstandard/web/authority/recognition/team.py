"""The nominees of a nomination: a late joiner, a leaver, a correction; each with a reason."""

from __future__ import annotations

from typing import Any

from flask import g, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import col, select
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional

from metstandard.actions.recognition import team
from metstandard.actions.recognition.nominating import kind_of_nominee
from metstandard.actions.recognition.nominees import Named
from metstandard.common import clock
from metstandard.common.errors import Invalid
from metstandard.queries.nominations import titles
from metstandard.queries.tasks import moves_open_to
from metstandard.records.recognition import Nomination, Nominee
from metstandard.records.units import Unit
from metstandard.rules.recognition import nominees_of
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.nomination import done
from metstandard.web.authority.recognition.viewing import OFFICER, office
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted

_ADDRESS = "Enter an e-mail address, such as name@example.org"


class NomineeForm(Form):
    """What is known of a nominee, and why it is changed."""

    name = StringField("Full name", [InputRequired("Enter the name"), Length(max=120)])
    role = StringField("Rank, job or role", [Optional(), Length(max=120)])
    body = StringField("Organisation, station or place", [Optional(), Length(max=160)])
    service = SelectField("Emergency service", [Optional()], description="It answers the checks.")
    unit = SelectField("Unit", [Optional()])
    email = EmailField("E-mail address, or the family’s", [Optional(), Length(max=254), Email(_ADDRESS)])
    died = BooleanField("This person has died")
    from_on = DateParts("First day in the team", [Optional()])
    until_on = DateParts("Last day in the team, for somebody who has left", [Optional()])
    why = TextAreaField("Reasons", [InputRequired("Enter your reasons"), Length(max=2000)])

    def named(self) -> Named:
        """What was typed, as the action wants it."""
        unit = session().exec(select(Unit).where(Unit.code == (self.unit.data or ""))).first()
        return Named(
            name=self.name.data or "", role=self.role.data or "", body=self.body.data or "",
            service=self.service.data or "", unit=unit, email=self.email.data or "", died=bool(self.died.data),
            from_on=self.from_on.data, until_on=self.until_on.data,
        )  # fmt: skip


class LeaveForm(Form):
    """How a member leaves: the team, or the nomination."""

    how = RadioField(
        "What has changed?",
        [InputRequired("Say what has changed")],
        choices={
            "left": "They have left the team, and keep their place in the nomination",
            "out": "They do not belong in the nomination",
        },
    )
    until_on = DateParts("Last day in the team", [Optional()], description="For somebody who has left the team.")
    why = TextAreaField("Reasons", [InputRequired("Enter your reasons"), Length(max=2000)])


def _fill(form: NomineeForm, one: Nomination) -> NomineeForm:
    units = session().exec(select(Unit).where(col(Unit.valid_until).is_(None)).order_by(Unit.kind, Unit.name)).all()
    form.service.choices = [("", "None"), *titles(session(), one).services.items()]
    form.unit.choices = [("", "Not known, or none"), *((each.code, each.title) for each in units)]
    return form


def _row(one: Nomination, number: int) -> Nominee:
    return found(next((each for each in nominees_of(session(), one) if each.key == number), None))


@door.get("/nominations/<reference>/team", endpoint="nomination_team")
@open_to(OFFICER)
def nomination_team(reference: str) -> str:
    """Everybody nominated, those taken out too, with dates and reasons."""
    one = office(reference)
    kind = kind_of_nominee(session(), one)
    rows = session().exec(select(Nominee).where(Nominee.nomination_id == one.key).order_by(col(Nominee.id))).all()
    return render_template(
        "pages/authority/recognition/team.html", nomination=one, rows=rows, titles=titles(session(), one),
        team=kind is not None and kind.members,
        open="change_team" in {each.act for each in moves_open_to(session(), g.person, one)},
    )  # fmt: skip


@door.route("/nominations/<reference>/team/new", methods=["GET", "POST"], endpoint="nomination_join")
@open_to(OFFICER)
def nomination_join(reference: str) -> ResponseReturnValue:
    """A member who was left out."""
    one = office(reference)
    form = _fill(NomineeForm(), one)
    if accepted(form, lambda: team.join(session(), one, form.named(), by=g.person, reason=form.why.data or "")):
        session().commit()
        return done(one, "The member is added. The checks are asked for them too.")
    return _page(one, form, "Add a member")


@door.route("/nominations/<reference>/team/<int:number>", methods=["GET", "POST"], endpoint="nomination_nominee")
@open_to(OFFICER)
def nomination_nominee(reference: str, number: int) -> ResponseReturnValue:
    """Correct what is known of one nominee."""
    one = office(reference)
    row = _row(one, number)
    unit = session().get(Unit, row.unit_id) if row.unit_id else None
    form = _fill(NomineeForm(obj=row, data={"unit": unit.code if unit else ""}), one)
    if accepted(form, lambda: team.correct(session(), one, row, form.named(), by=g.person, reason=form.why.data or "")):
        session().commit()
        return done(one, "The nominee is corrected.")
    return _page(one, form, f"Correct what is known of {row.name}")


@door.route("/nominations/<reference>/team/<int:number>/leave", methods=["GET", "POST"], endpoint="nomination_leave")
@open_to(OFFICER)
def nomination_leave(reference: str, number: int) -> ResponseReturnValue:
    """A member who left the team, or who does not belong in the nomination."""
    one = office(reference)
    row = _row(one, number)
    form = LeaveForm()
    if accepted(form, lambda: _leave(one, row, form)):
        session().commit()
        return done(one, "The team is changed.")
    return _page(one, form, f"{row.name} leaves")


def _leave(one: Nomination, row: Nominee, form: LeaveForm) -> None:
    given: dict[str, Any] = {"by": g.person, "reason": form.why.data or ""}
    if form.how.data == "out":
        team.take_out(session(), one, row, **given)
    elif form.until_on.data is None:
        raise Invalid("Enter the last day in the team", field="until_on")
    else:
        team.left_team(session(), one, row, until_on=form.until_on.data or clock.today(), **given)


def _page(one: Nomination, form: Form, heading: str) -> ResponseReturnValue:
    page = render_template("pages/authority/recognition/nominee.html", form=form, nomination=one, said=heading)
    return page, 422 if form.errors or form.form_errors else 200
