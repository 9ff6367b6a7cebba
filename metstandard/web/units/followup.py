"""The unit's actions: the plan, progress with evidence, done, declined."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select
from wtforms import SelectField, TextAreaField
from wtforms.validators import InputRequired, Optional

from metstandard.actions import followup
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound
from metstandard.queries import evidence as evidence_reads
from metstandard.queries import followup as reads
from metstandard.queries.tasks import moves_open_to
from metstandard.records.accounts import Appointment, Person
from metstandard.records.evidence import Evidence
from metstandard.records.reviews import Review
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import Pounds
from metstandard.web.shared.forms import Form
from metstandard.web.units.door import door
from metstandard.web.units.evidence import frame, one_of

_UNIT = ("commander", "unit_author", "deputy")


class PlanForm(Form):
    """What will be done about one recommendation."""

    plan = TextAreaField("What will be done", [InputRequired("Write what will be done")])
    owner = SelectField("Who owns it", coerce=int)
    capital = Pounds("Capital cost", [Optional()])
    revenue = Pounds("Revenue cost", [Optional()])


@door.get("/reviews/<reference>/followup")
@open_to(*_UNIT)
def review_followup(reference: str) -> ResponseReturnValue:
    """The recommendations as actions; the commander plans and submits."""
    one = one_of(reference)
    if one.published_on is None:
        raise NotFound("We could not find that page")
    return render_template("pages/units/followup.html", lines=reads.of_review(session(), one), **frame(one))


@door.route("/reviews/<reference>/followup/<int:number>", methods=["GET", "POST"])
@open_to("commander")
def plan_action(reference: str, number: int) -> ResponseReturnValue:
    """Plan one action."""
    one = one_of(reference)
    line = found(next((each for each in reads.of_review(session(), one) if each.action.key == number), None))
    form = PlanForm()
    owners = _owners(one)
    form.owner.choices = [(each.key, each.name) for each in owners]
    if form.validate_on_submit():
        owner = next(each for each in owners if each.key == form.owner.data)
        try:
            followup.plan_action(
                session(), line.action, by=g.person, plan=form.plan.data or "", owner=owner,
                capital=form.capital.data or 0, revenue=form.revenue.data or 0,
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("The action is planned.", "success")
            return redirect(url_for("units.review_followup", reference=reference), code=303)
    elif request.method == "GET":
        form.process(
            data={
                "plan": line.action.plan,
                "owner": line.action.owner_id,
                "capital": line.action.capital,
                "revenue": line.action.revenue,
            }
        )
    page = render_template("pages/units/plan.html", form=form, line=line, **frame(one))
    return (page, 422) if form.errors else page


def _owners(one: Review) -> list[Person]:
    """Who may own an action: the unit's commander and those who prepare for the commander."""
    today = clock.today()
    rows = (
        session()
        .exec(
            select(Person)
            .join(Appointment, col(Appointment.person_id) == Person.id)
            .where(
                Appointment.unit_id == one.unit_id,
                col(Appointment.part).in_(("commander", "unit_author")),
                col(Appointment.until_on).is_(None) | (col(Appointment.until_on) >= today),
                col(Person.active).is_(True),
            )
            .order_by(Person.name)
            .distinct()
        )
        .all()
    )
    return list(rows)


@door.post("/reviews/<reference>/followup/submit")
@open_to("commander")
def submit_action_plan(reference: str) -> ResponseReturnValue:
    """The commander submits the plan."""
    one = one_of(reference)
    followup.submit_action_plan(session(), one, by=g.person)
    session().commit()
    flash("The action plan is submitted. Follow-up begins.", "success")
    return redirect(url_for("units.review", reference=reference), code=303)


@door.get("/actions")
@open_to(*_UNIT)
def actions() -> ResponseReturnValue:
    """Every action of one's units."""
    return render_template("pages/units/actions.html", lines=reads.of_units(session(), g.person))


class ProgressForm(Form):
    """What has been done."""

    text = TextAreaField("What has been done", [InputRequired("Write what has been done")])
    evidence = SelectField("Evidence", coerce=int)


class DeclineForm(Form):
    """Why an area for improvement is not taken up."""

    reason = TextAreaField("Reason", [InputRequired("Give the reason: it is public")])


def _action(number: int) -> reads.Line:
    line = found(reads.one(session(), g.person, number, "commander", "unit_author", "action_owner", "deputy"))
    if line.review.published_on is None:
        raise NotFound("We could not find that page")
    return line


def _evidence(one: Review) -> list[Evidence]:
    return [
        each.evidence
        for each in evidence_reads.items(session(), one, reader=g.person, for_unit=True)
        if not each.evidence.from_panel
    ]


def _action_page(
    line: reads.Line, *, progress: ProgressForm | None = None, decline: DeclineForm | None = None
) -> ResponseReturnValue:
    refused = next((form for form in (progress, decline) if form is not None), None)
    page = render_template(
        "pages/units/action.html",
        line=line,
        rows=reads.progress(session(), line.action),
        open={each.act: each for each in moves_open_to(session(), g.person, line.action)},
        progress_form=progress or _progress_form(line.review, formdata=None),
        decline_form=decline or DeclineForm(formdata=None),
        form=refused,
        marking=line.review.marking.value,
    )
    return (page, 422) if refused is not None else page


def _progress_form(one: Review, **given: None) -> ProgressForm:
    form = ProgressForm(**given)
    form.evidence.choices = [(0, "No file"), *((each.key, each.title) for each in _evidence(one))]
    return form


@door.get("/actions/<int:number>")
@open_to(*_UNIT)
def action(number: int) -> ResponseReturnValue:
    """One action with its progress."""
    return _action_page(_action(number))


@door.post("/actions/<int:number>/progress")
@open_to(*_UNIT)
def report_progress(number: int) -> ResponseReturnValue:
    """Report progress."""
    line = _action(number)
    form = _progress_form(line.review)
    if form.validate_on_submit():
        chosen = next((each for each in _evidence(line.review) if each.key == form.evidence.data), None)
        followup.report_progress(session(), line.action, by=g.person, text=form.text.data or "", evidence=chosen)
        session().commit()
        flash("Your report is saved.", "success")
        return redirect(url_for("units.action", number=number), code=303)
    return _action_page(line, progress=form)


@door.post("/actions/<int:number>/done")
@open_to(*_UNIT)
def claim_done(number: int) -> ResponseReturnValue:
    """Report it as done; somebody else verifies."""
    line = _action(number)
    followup.claim_done(session(), line.action, by=g.person)
    session().commit()
    flash("Reported as done. Somebody who does not own it now verifies.", "success")
    return redirect(url_for("units.action", number=number), code=303)


@door.post("/actions/<int:number>/decline")
@open_to("commander")
def decline_action(number: int) -> ResponseReturnValue:
    """Decline an area for improvement."""
    line = _action(number)
    form = DeclineForm()
    if form.validate_on_submit():
        followup.decline(session(), line.action, by=g.person, reason=form.reason.data or "")
        session().commit()
        flash("Declined, with your reason.", "success")
        return redirect(url_for("units.action", number=number), code=303)
    return _action_page(line, decline=form)
