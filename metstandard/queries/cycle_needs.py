"""What a plan still needs and shows: the rules in the way of its seats, seats that fell empty, visits between units."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import Session, col, select

from metstandard.figures.figure import Figure
from metstandard.figures.reviewing import Visit, reviewing
from metstandard.panels.conflicts import Conflict, Holder, Seating, judge
from metstandard.panels.instance import Slot
from metstandard.queries.cycles import Plan
from metstandard.records.accounts import Person
from metstandard.records.pool import Reserve
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.records.units import Unit
from metstandard.rules import candidates
from metstandard.rules.instances import number_of, slots_of


def needs(session: Session, plan: Plan, review: Review) -> dict[Slot, tuple[Conflict, ...]]:
    """The rules in the way of each seat of a review if the whole plan were seated, as the act will judge them."""
    planned = {one.key: one for _, one, _ in plan.rows}
    by_reference = {one.reference: one for one in planned.values()}
    homes = {who.id: plan.units[who.unit].key if who.unit else None for who in plan.cycle.instance.reviewers}
    others = tuple(
        Seating(by_reference[one.review].unit_id, number_of(one.reviewer), homes[one.reviewer], at.starts_on)
        for one in plan.seats
        if (at := by_reference[one.review]).key != review.key
    )
    about = candidates.panel(session, review, beyond=planned)
    about = replace(about, history=(*about.history, *others))
    kinds = {slot: kind for kind, slot in slots_of(session, review).items()}
    mine = [(one.slot, kinds[one.slot], number_of(one.reviewer)) for one in plan.panel_of(review.reference)]
    known = candidates.candidates(session, review, [number for _, _, number in mine])
    found: dict[Slot, tuple[Conflict, ...]] = {}
    for place, (slot, kind, number) in enumerate(mine):
        before = tuple(Holder(other, seat) for _, seat, other in mine[:place])
        found[slot] = judge(known[number], kind, about.with_holders(before))
    return found


@dataclass(frozen=True)
class Empty:
    """A seat that was offered and fell empty: who left, and who is the first reserve."""

    review: Review
    unit: Unit
    kind: str
    left: str
    reserve: str


def empty_seats(session: Session, plan: Plan) -> list[Empty]:
    """The seats of a published plan that nobody holds now."""
    numbers = [review.key for _, review, _ in plan.rows]
    rows = session.exec(
        select(Seat, Person)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(col(Seat.review_id).in_(numbers))
        .order_by(col(Seat.id))
    ).all()
    newest = {(seat.review_id, seat.kind): (seat, person.name) for seat, person in rows}
    reserves = session.exec(
        select(Reserve, Person)
        .join(Person, col(Person.id) == Reserve.person_id)
        .where(col(Reserve.review_id).in_(numbers))
        .order_by(col(Reserve.rank).desc())
    ).all()
    left = {(seat.review_id, seat.person_id) for seat, _ in rows}
    first = {
        (one.review_id, one.kind): person.name for one, person in reserves if (one.review_id, one.person_id) not in left
    }
    return [
        Empty(review, unit, kind, name, first.get((review.key, kind), ""))
        for _, review, unit in plan.rows
        for (number, kind), (seat, name) in newest.items()
        if number == review.key and seat.status not in HOLDING
    ]


def visits(session: Session, plan: Plan) -> Figure:
    """Who reviews whom in this plan, and on other panels within the months of COI-3."""
    units = {one.key: one for one in session.exec(select(Unit)).all()}
    reviewed = {review.reference: unit.code for _, review, unit in plan.rows}
    people = plan.cycle.reviewers
    planned = [
        Visit(home, reviewed[one.review]) for one in plan.seats if (home := people[one.reviewer].unit) is not None
    ]
    first = plan.rows[0][1]
    about = candidates.panel(session, first, beyond=[review.key for _, review, _ in plan.rows])
    standing = [
        Visit(units[one.home].code, units[unit].code, planned=False)
        for unit, seats in about.visits.items()
        for one in seats
        if one.home is not None
    ]
    return reviewing([*planned, *standing], {one.code: one.title for one in units.values()})
