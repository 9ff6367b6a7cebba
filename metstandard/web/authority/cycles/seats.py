"""One review of a plan: why these three, who else could sit, and a seat locked by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.validators import InputRequired

from metstandard.actions import panels
from metstandard.actions.panels.cycles import OFFICER
from metstandard.common.errors import NotFound
from metstandard.panels.instance import Slot
from metstandard.queries import cycle_needs, cycles
from metstandard.records.reviews import Review
from metstandard.rules.instances import number_of, slots_of
from metstandard.web.authority.cycles.asking import one_of
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form

if TYPE_CHECKING:
    from metstandard.panels.why import Reason


class LockForm(Form):
    """Who is to sit in one seat, whatever else the plan does."""

    person = SelectField("Reviewer for this seat", [InputRequired("Choose the reviewer")])


@door.get("/cycles/<int:number>/reviews/<reference>")
@open_to(OFFICER)
def cycle_review(number: int, reference: str) -> ResponseReturnValue:
    """The three seats with their reasons."""
    return _show(*_plan(number, reference), None, None)


def _plan(number: int, reference: str) -> tuple[cycles.Plan, Review]:
    plan = cycles.Plan(session(), one_of(number))
    review = found(next((review for _, review, _ in plan.rows if review.reference == reference), None))
    if plan.solution is None:
        raise NotFound("This proposal has no plan")
    return plan, review


def _show(plan: cycles.Plan, review: Review, refused: LockForm | None, at: Slot | None) -> ResponseReturnValue:
    forms = {}
    for one in plan.panel_of(review.reference):
        forms[one.slot] = refused if refused is not None and one.slot is at else LockForm(None, prefix=one.slot.value)
        _choices(plan, review, one.slot, forms[one.slot])
    page = render_template(
        "pages/authority/cycles/review.html",
        plan=plan,
        panel=next(one for one in plan.panels if one.review.key == review.key),
        reasons={one.seat.slot: one for one in _reasons(plan, review)},
        needs=cycle_needs.needs(session(), plan, review),
        slot_words=cycles.SLOT_WORDS,
        term_words=cycles.TERM_WORDS,
        forms=forms,
        form=refused,
    )
    return (page, 422) if refused is not None else page


def _reasons(plan: cycles.Plan, review: Review) -> tuple[Reason, ...]:
    """Why these three, as the search kept it; worked out here where its time was over."""
    from metstandard.panels.why import why  # noqa: PLC0415 - slow import: the solver's arithmetic
    from metstandard.rules.reasons import read  # noqa: PLC0415 - the same

    kept = (plan.proposal.reasons or {}).get(review.reference)
    if kept is not None:
        return read(kept)
    relaxed = plan.solution.relaxed if plan.solution else ()
    return why(plan.cycle.instance, plan.seats, review=review.reference, relaxed=relaxed)


def _choices(plan: cycles.Plan, review: Review, slot: Slot, form: LockForm) -> None:
    form.person.choices = [
        ("", "Choose somebody"),
        *(
            (one.id, f"{plan.who[one.id].name}, fit {plan.cycle.fit(one, plan.cycle.reviews[review.reference])}")
            for one in plan.candidates(review.reference, slot)
        ),
    ]


@door.post("/cycles/<int:number>/reviews/<reference>/lock/<slot>")
@open_to(OFFICER)
def lock_cycle_seat(number: int, reference: str, slot: str) -> ResponseReturnValue:
    """Lock one seat and solve the whole again; the page of the new proposal tells what the lock costs."""
    plan, review = _plan(number, reference)
    seat = found(next((one.slot for one in plan.panel_of(reference) if one.slot.value == slot), None))
    form = LockForm(prefix=slot)
    _choices(plan, review, seat, form)
    if not form.validate_on_submit():
        return _show(plan, review, form, seat)
    kind = next(kind for kind, each in slots_of(session(), review).items() if each is seat)
    wishes = panels.wishes_of(plan.proposal)
    kept = tuple(one for one in wishes.locks if one[:2] != (reference, kind))
    made = panels.propose_panels(
        session(), [one for _, one, _ in plan.rows], by=g.person, parent=plan.proposal,
        search=panels.Search(plan.proposal.seconds, plan.proposal.seed),
        title=f"Proposal {number} with {plan.who[form.person.data].name} for {reference}",
        wishes=replace(wishes, locks=(*kept, (reference, kind, number_of(form.person.data)))),
        what_if=plan.proposal.what_if,
    )  # fmt: skip
    session().commit()
    return redirect(url_for("authority.cycle", number=made.key), code=303)
