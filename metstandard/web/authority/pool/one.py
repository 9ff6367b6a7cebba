"""One reviewer: fitness, postings, days away, interests, gifts, supplies of the employer, calibration."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Optional

from metstandard.actions import calibration
from metstandard.actions import people as acts
from metstandard.actions.pool import spells
from metstandard.actions.pool.profiles import domains
from metstandard.common.errors import Invalid
from metstandard.queries import feedback
from metstandard.queries import pool as reads
from metstandard.records.accounts import Person
from metstandard.records.bodies import Employer
from metstandard.records.pool import Period, StandingInterest
from metstandard.records.units import Unit
from metstandard.web.authority.door import door
from metstandard.web.authority.pool.cooling import warned
from metstandard.web.shared.access import found, held, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form
from metstandard.web.shared.spells import FORMS, SpellForm, day_of, enter


class PostingForm(SpellForm):
    """A former or present posting."""

    word = "posting"
    unit = SelectField("Unit", [InputRequired("Choose the unit")])
    from_on = DateParts("First day", [InputRequired("Enter the first day")])
    until_on = DateParts("Last day", [Optional()], description="Leave it empty while the posting runs.")
    command_team = BooleanField("In the command team")


class SupplyForm(SpellForm):
    """A spell in which the employer supplies, bids or sponsors."""

    word = "supply"
    role = SelectField(
        "The employer is", [InputRequired("Choose supplier, bidder or sponsor")],
        choices=[SelectChoice(each, each.capitalize()) for each in spells.SUPPLY_ROLES],
    )  # fmt: skip
    from_on = DateParts("First day", [InputRequired("Enter the first day")])
    until_on = DateParts("Last day", [Optional()], description="Leave it empty while it runs.")


_FORMS: dict[str, type[SpellForm]] = {**FORMS, PostingForm.word: PostingForm, SupplyForm.word: SupplyForm}


@door.get("/pool/<int:number>")
@open_to(acts.OFFICER, "key")
def pool_reviewer(number: int) -> ResponseReturnValue:
    """Everything that is known of one reviewer."""
    return _page(number)


def _page(number: int, refused: Form | None = None) -> ResponseReturnValue:
    one = found(reads.reviewer(session(), number))
    # Never to the reviewer spoken of, whatever other part they play (REV-5).
    reads_it = acts.OFFICER in held() and g.person.key != number
    page = render_template(
        "pages/authority/pool_reviewer.html",
        form=refused,
        heard=feedback.heard(session(), number) if reads_it else None,
        forms={name: refused if type(refused) is kind else kind.blank(session()) for name, kind in _FORMS.items()},
        one=one,
        domains=domains(),
        period_end=lambda key: url_for(".pool_period_remove", number=number, period=key),
        interest_end=lambda key: url_for(".pool_interest_end", number=number, interest=key),
        marking="OFFICIAL-SENSITIVE",
    )
    return (page, 422) if refused is not None else page


@door.post("/pool/<int:number>/<any(period, interest, gift, posting, supply):word>")
@open_to(acts.OFFICER)
def pool_enter(number: int, word: str) -> ResponseReturnValue:
    """Add a line to one of the registers."""
    person = found(session().get(Person, number))
    form = _FORMS[word].filled(session())
    if form.validate_on_submit():
        try:
            with warned():
                _write(form, person)
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("The register is changed.", "success")
            return redirect(url_for(".pool_reviewer", number=number), code=303)
    return _page(number, form)


def _write(form: Form, person: Person) -> None:
    if isinstance(form, PostingForm):
        unit = session().exec(select(Unit).where(Unit.code == form.unit.data)).one()
        spells.add_posting(
            session(), person, unit, by=g.person, from_on=day_of(form.from_on), until_on=form.until_on.data,
            command_team=form.command_team.data,
        )  # fmt: skip
    elif isinstance(form, SupplyForm):
        employer_id = found(reads.reviewer(session(), person.key)).line.profile.employer_id
        employer = found(session().exec(select(Employer).where(col(Employer.id) == employer_id)).first())
        spells.add_supply(
            session(), employer, by=g.person, role=form.role.data, from_on=day_of(form.from_on),
            until_on=form.until_on.data,
        )  # fmt: skip
    else:
        enter(session(), form, person, by=g.person)


@door.post("/pool/<int:number>/periods/<int:period>/remove")
@open_to(acts.OFFICER)
def pool_period_remove(number: int, period: int) -> ResponseReturnValue:
    """Take days out again."""
    row = session().get(Period, period)
    if row is not None:
        spells.remove_period(session(), found(row if row.person_id == number else None), by=g.person)
        session().commit()
    flash("The days are taken out.", "success")
    return redirect(url_for(".pool_reviewer", number=number), code=303)


@door.post("/pool/<int:number>/interests/<int:interest>/end")
@open_to(acts.OFFICER)
def pool_interest_end(number: int, interest: int) -> ResponseReturnValue:
    """An interest no longer holds."""
    row = session().get(StandingInterest, interest)
    spells.end_interest(session(), found(row if row is not None and row.person_id == number else None), by=g.person)
    session().commit()
    flash("The interest ends today. It stays in the register.", "success")
    return redirect(url_for(".pool_reviewer", number=number), code=303)


@door.post("/pool/<int:number>/calibration")
@open_to(acts.OFFICER)
def pool_calibration(number: int) -> ResponseReturnValue:
    """Allow another attempt after one that did not pass."""
    calibration.start(session(), found(session().get(Person, number)), by=g.person)
    session().commit()
    flash("The reviewer can mark the reference reviews again.", "success")
    return redirect(url_for(".pool_reviewer", number=number), code=303)
