"""Publishing a plan, and what follows when somebody leaves: the reserve at once, or the panels planned again."""

from __future__ import annotations

from dataclasses import replace

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions import panels
from metstandard.actions.panels.cycles import OFFICER
from metstandard.common.errors import NotNow
from metstandard.common.words import count
from metstandard.queries import cycle_needs, cycles, proposals, reviews
from metstandard.queries.panels import words_of
from metstandard.records.accounts import Person
from metstandard.records.cycles import Offered
from metstandard.records.reviews import Review
from metstandard.rules.instances import Wishes
from metstandard.web.authority.cycles.asking import one_of
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session


@door.post("/cycles/<int:number>/publish")
@open_to(OFFICER)
def publish_cycle(number: int) -> ResponseReturnValue:
    """Offer the seats, review by review, each in a transaction of its own; what is refused is listed on the page."""
    plan = cycles.Plan(session(), one_of(number))
    keys = [review.key for _, review, _ in plan.rows]
    offered = 0
    for key in keys:
        row = panels.offer_seats(session(), one_of(number), session().get_one(Review, key), by=g.person)
        offered += row.offered is Offered.OFFERED
        session().commit()
    panels.close_publication(session(), one_of(number), by=g.person)
    session().commit()
    said = f"Seats are offered for {offered} of {count(len(keys), 'review')}."
    flash(said, "success" if offered == len(keys) else "message")
    return redirect(url_for("authority.cycle", number=number), code=303)


@door.post("/cycles/<int:number>/again")
@open_to(OFFICER)
def cycle_again(number: int) -> ResponseReturnValue:
    """Plan again: with the waivers that unlock it, or after somebody left, with few changes."""
    plan = cycles.Plan(session(), one_of(number))
    wishes, title = _with_waivers(plan) if "unlock" in request.form else _with_who_is_left(plan)
    chosen = [review for _, review, _ in plan.rows if review.state in proposals.PLANNED]
    if not chosen:
        raise NotNow("None of these panels is being formed any more")
    made = panels.propose_panels(
        session(), chosen, by=g.person, title=title, wishes=wishes, parent=plan.proposal,
        search=panels.Search(plan.proposal.seconds, plan.proposal.seed),
    )  # fmt: skip
    session().commit()
    return redirect(url_for("authority.cycle", number=made.key), code=303)


def _with_waivers(plan: cycles.Plan) -> tuple[Wishes, str]:
    """What was asked, with one of the unlocks found."""
    unlock = plan.proposal.reason.get("unlock", [])
    place = request.form.get("unlock", type=int)
    if place is None or not 0 <= place < len(unlock):
        raise NotNow("That way to unlock it is not known")
    wishes = panels.wishes_of(plan.proposal)
    waived = tuple(sorted({*wishes.waived, *unlock[place]["relax"]}))
    return replace(wishes, waived=waived), f"Proposal {plan.proposal.key} unlocked"


def _with_who_is_left(plan: cycles.Plan) -> tuple[Wishes, str]:
    """What was asked, without the locks on seats that fell empty."""
    empty = {(one.review.reference, one.kind) for one in cycle_needs.empty_seats(session(), plan)}
    wishes = panels.wishes_of(plan.proposal)
    locks = tuple(one for one in wishes.locks if one[:2] not in empty)
    return replace(wishes, locks=locks), f"Proposal {plan.proposal.key} again, with few changes"


@door.post("/reviews/<reference>/panel/reserve/<kind>")
@open_to(OFFICER)
def ask_reserve(reference: str, kind: str) -> ResponseReturnValue:
    """Give an empty seat to the first reserve who may sit."""
    review = found(reviews.for_staff(session(), g.person, reference))
    made = panels.ask_reserve(session(), review, kind, by=g.person)
    name = session().get_one(Person, made.person_id).name
    session().commit()
    flash(f"{name} is asked to take the seat “{words_of(kind)}”.", "success")
    return redirect(url_for("authority.review_panel", reference=reference), code=303)
