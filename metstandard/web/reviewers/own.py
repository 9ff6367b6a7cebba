"""What is known of a reviewer, as they see it: when they cannot sit, interests and gifts are theirs to keep."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions.pool import spells
from metstandard.common.errors import Invalid
from metstandard.queries import pool as reads
from metstandard.records.pool import Period, StandingInterest
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import IN_POOL, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.spells import FORMS, GiftForm, InterestForm, PeriodForm, enter


@door.get("/you")
@open_to(IN_POOL)
def own() -> ResponseReturnValue:
    """Everything that is known of one, and the forms for what one keeps."""
    return _page()


def _page(refused: Form | None = None) -> ResponseReturnValue:
    page = render_template(
        "pages/reviewers/own.html",
        form=refused,
        forms={name: refused if isinstance(refused, kind) else kind.blank(session()) for name, kind in FORMS.items()},
        period_end=lambda key: url_for(".own_period_remove", number=key),
        interest_end=lambda key: url_for(".own_interest_end", number=key),
        one=found(reads.reviewer(session(), g.person.key)),
    )
    return (page, 422) if refused is not None else page


def _entered(form: Form, done: str) -> ResponseReturnValue:
    if form.validate_on_submit():
        try:
            enter(session(), form, g.person, by=g.person)
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(done, "success")
            return redirect(url_for(".own"), code=303)
    return _page(form)


@door.post("/you/periods")
@open_to(IN_POOL)
def own_period() -> ResponseReturnValue:
    """Enter days on which one cannot sit."""
    return _entered(PeriodForm.filled(session()), "Your days are noted.")


@door.post("/you/periods/<int:number>/remove")
@open_to(IN_POOL)
def own_period_remove(number: int) -> ResponseReturnValue:
    """Take days out again."""
    period = session().get(Period, number)
    if period is not None:
        period = found(period if period.person_id == g.person.key else None)
        spells.remove_period(session(), period, by=g.person)
        session().commit()
    flash("You can be asked for those days again.", "success")
    return redirect(url_for(".own"), code=303)


@door.post("/you/interests")
@open_to(IN_POOL)
def own_interest() -> ResponseReturnValue:
    """Enter an interest in a unit that holds for every review of it."""
    return _entered(InterestForm.filled(session()), "Your interest is in the register.")


@door.post("/you/interests/<int:number>/end")
@open_to(IN_POOL)
def own_interest_end(number: int) -> ResponseReturnValue:
    """Say that an interest has ended."""
    interest = session().get(StandingInterest, number)
    interest = found(interest if interest is not None and interest.person_id == g.person.key else None)
    spells.end_interest(session(), interest, by=g.person)
    session().commit()
    flash("The interest ends today. It stays in the register.", "success")
    return redirect(url_for(".own"), code=303)


@door.post("/you/gifts")
@open_to(IN_POOL)
def own_gift() -> ResponseReturnValue:
    """Enter a gift or hospitality, accepted or refused."""
    return _entered(GiftForm.filled(session()), "It is in the register.")
