"""A cycle of reviews as the solver reads it (docs/panels.md), written from the records.

Every rule of B1 to B3 is judged by `panels/conflicts`, as the pages and the acts judge it. What nobody may waive goes
into `blocked` with the rule's id; what both keys may waive into `interests`, so that the solver can name the waivers
that would unlock a seat. The solver itself adds what only a whole plan shows: reciprocity, load, weeks, pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from math import lcm
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common.errors import Invalid
from metstandard.panels import instance as facts
from metstandard.panels.conflicts import Panel, judge
from metstandard.records.accounts import Person
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.regions import places, region_of
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat, SeatStatus
from metstandard.records.units import Unit
from metstandard.rules import candidates, conflicts
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.instance_parts import CENTRE, met_before, params, region, unit_facts
from metstandard.rules.sitting import Sitter, sitters
from metstandard.workflow.shapes import SeatFrom

REPLACED = "Another reviewer was chosen when the panels were planned again"
"""The reason of a seat that a new plan ends. Its holder may be asked again, as nobody else who was taken off."""

SLOTS: Mapping[SeatFrom, facts.Slot] = {
    SeatFrom.UNIT: facts.Slot.PEER, SeatFrom.COUNCIL: facts.Slot.LA, SeatFrom.COMPANY: facts.Slot.PRIVATE,
}  # fmt: skip


@dataclass(frozen=True)
class Wishes:
    """What the programme office asks beyond the records; see `PanelProposal.wishes`."""

    locks: tuple[tuple[str, str, int], ...] = ()
    later: Mapping[str, int] = field(default_factory=dict)
    without: frozenset[int] = frozenset()
    waived: tuple[str, ...] = ()


NO_WISHES = Wishes()


def person_id(number: int) -> str:
    """A person as instances call them: no name leaves the records."""
    return f"P{number}"


def number_of(person: str) -> int:
    """The number of a person whom an instance names."""
    return int(person.removeprefix("P"))


def slots_of(session: Session, review: Review) -> dict[str, facts.Slot]:
    """The slot of each kind of seat that a review's workflow file asks for, in its order.

    Raises Invalid for a panel that the format of instances cannot say.
    """
    panel = workflow_of(session, review).panel
    found = {seat: SLOTS[panel.origin(seat)] for seat in panel.seats} if panel else {}
    if not found or len(set(found.values())) < len(found):
        raise Invalid(f"The panel of {review.reference} cannot be planned here: seat it by hand", field="reviews")
    return found


def instance_of(
    session: Session, reviews: Sequence[Review], wishes: Wishes = NO_WISHES, *, name: str = ""
) -> facts.Instance:
    """The instance of some reviews, which are planned together. Raises Invalid for what cannot be planned."""
    if not reviews:
        raise Invalid("Choose at least one review", field="reviews")
    return _Writer(session, reviews, wishes).instance(name)


class _Writer:
    """One instance being written."""

    def __init__(self, session: Session, reviews: Sequence[Review], wishes: Wishes) -> None:
        self._session, self._wishes = session, wishes
        self._reviews = sorted(reviews, key=lambda one: (one.starts_on, one.reference))
        self._numbers = {one.key for one in reviews}
        self._slots = {one.reference: slots_of(session, one) for one in reviews}
        self._units = {one.key: one for one in session.exec(select(Unit)).all()}
        first = min(self._day(one) for one in self._reviews)
        self._monday = first - timedelta(days=first.weekday())
        self._earlier = self._earlier_seats()
        self._accepted = {one.person_id for one in self._earlier if one.status is SeatStatus.ACCEPTED}

    def _day(self, review: Review) -> date:
        return review.starts_on + timedelta(weeks=self._wishes.later.get(review.reference, 0))

    def _week(self, day: date) -> int:
        return (day - self._monday).days // 7

    def instance(self, name: str) -> facts.Instance:
        """All of it, checked as a file would be."""
        people = self._people
        blocked, waivable = self._judged()
        homes = {one.home for one in people.values() if one.home is not None} | {one.unit_id for one in self._reviews}
        units = sorted((self._units[number] for number in homes), key=lambda one: one.code)
        weeks = max(self._week(self._day(one)) for one in self._reviews) + 1
        written = facts.Instance(
            format="met-assign-instance/1",
            name=name,
            params=params(weeks),
            regions=tuple(facts.Region(id=one, x=x, y=y) for one, (x, y) in sorted(places().items())),
            units=tuple(unit_facts(one) for one in units),
            reviews=tuple(self._review(one) for one in self._reviews),
            reviewers=tuple(self._reviewer(one, waivable) for one in people.values()),
            blocked=tuple(blocked),
            history=self._history(),
            locks=tuple(self._locks()),
            previous=tuple(self._previous()),
        )
        return facts.Instance.parse(written.to_json())

    @cached_property
    def _people(self) -> dict[int, Sitter]:
        """Who could sit, by number; those who have accepted stand in the plan whatever else is known of them."""
        found = sitters(self._session, self._numbers, always=self._accepted)
        without = self._wishes.without - self._accepted
        return {number: one for number, one in found.items() if number not in without}

    def _review(self, review: Review) -> facts.Review:
        domains = rubric_of(self._session, review).domains.values()
        whole = lcm(*(one.weight.denominator for one in domains))
        return facts.Review(
            id=review.reference,
            unit=self._units[review.unit_id].code,
            week=self._week(self._day(review)),
            domains={one.code: int(one.weight * whole) for one in domains},
            slots=tuple(self._slots[review.reference].values()),
        )

    def _reviewer(self, one: Sitter, waivable: Mapping[int, set[str]]) -> facts.Reviewer:
        until = one.trained_until
        return facts.Reviewer(
            id=person_id(one.person),
            category=facts.Category(SLOTS[one.origin].value),
            org=one.employer or (self._units[one.home].title if one.home else person_id(one.person)),
            unit=self._units[one.home].code if one.home else None,
            borough=one.borough if one.origin is SeatFrom.COUNCIL else None,
            region=one.region or self._region_of(one),
            travel_max=one.travel_most if one.travel_most is not None else len(places()),
            capacity=max(one.capacity, sum(seat.person_id == one.person for seat in self._accepted_seats)),
            unavailable=tuple(self._unavailable(one)),
            training_until=self._week(until) if until else -1,
            interests=tuple(sorted(waivable.get(one.person, ()))),
            expertise=one.expertise,
            unit_types=one.unit_types,
            experienced=one.experienced,
            chair=one.can_lead,
        )

    def _region_of(self, one: Sitter) -> str:
        """Where somebody sets out from who has not said: the employer's borough, or the unit's."""
        return region_of(one.borough) or (region(self._units[one.home]) if one.home else CENTRE)

    def _unavailable(self, one: Sitter) -> Iterator[int]:
        """The weeks in which somebody cannot sit here; a period in which they can finish spares seats accepted."""
        own = {
            self._week(self._day(each))
            for each in self._reviews
            if any(seat.review_id == each.key and seat.person_id == one.person for seat in self._accepted_seats)
        }
        for week in sorted({self._week(self._day(each)) for each in self._reviews}):
            monday = self._monday + timedelta(weeks=week)
            if one.away(monday, monday + timedelta(days=4), may_finish=week in own):
                yield week

    @cached_property
    def _accepted_seats(self) -> list[Seat]:
        return [one for one in self._earlier if one.status is SeatStatus.ACCEPTED]

    def _judged(self) -> tuple[list[facts.Blocked], dict[int, set[str]]]:
        """Who is kept from which review by a hard rule, and from which units by one that both keys may waive.

        Days away and how much somebody offers are left to the solver, which can say what they cost.
        """
        blocked: list[facts.Blocked] = []
        waivable: dict[int, set[str]] = {}
        for review in self._reviews:
            asked = conflicts.waivers(self._session, review)
            granted = {(one.waiver.person_id, one.waiver.rule) for one in asked if one.granted}
            held = {one.person_id for one in self._accepted_seats if one.review_id == review.key}
            for number, one in candidates.candidates(self._session, review, self._pool).items():
                found = judge(replace(one, away=(), capacity=None), one.seat, self._about[review.key])
                hard = found[0].rule if found and found[0].hard else "PAN-1" if self._booked(number, review) else ""
                if hard:
                    blocked.append(facts.Blocked(reviewer=person_id(number), review=review.reference, rule=hard))
                elif number not in held and any((number, each.rule) not in granted for each in found):
                    waivable.setdefault(number, set()).add(self._units[review.unit_id].code)
        return blocked, waivable

    def _booked(self, number: int, review: Review) -> bool:
        """Whether somebody sits on another panel that week, outside this plan; accepted seats stand all the same."""
        monday = self._monday + timedelta(weeks=self._week(self._day(review)))
        held = any((seat.review_id, seat.person_id) == (review.key, number) for seat in self._accepted_seats)
        known = self._people.get(number)
        return known is not None and not held and known.booked(monday, monday + timedelta(days=4))

    @cached_property
    def _pool(self) -> sa.Select[Any]:
        """The query for the people of this plan, however many."""
        gone = self._wishes.without - self._accepted
        return (
            sa.select(col(ReviewerProfile.person_id))
            .join(Person, col(Person.id) == ReviewerProfile.person_id)
            .where(
                col(Person.active).is_(True) | col(Person.id).in_(self._accepted),
                col(ReviewerProfile.seat).in_({one.seat for one in self._people.values()}),
                col(Person.id).not_in(gone),
            )
        )

    @cached_property
    def _about(self) -> dict[int, Panel]:
        """Each panel without the seats that this plan gives, on the day on which its visit would begin."""
        return {one.key: self._bare(one) for one in self._reviews}

    def _bare(self, review: Review) -> Panel:
        about = candidates.panel(self._session, review, beyond=self._numbers).with_holders(())
        shift = self._day(review) - review.starts_on
        return replace(about, on=about.on + shift, publication=about.publication + shift) if shift else about

    def _history(self) -> facts.History:
        """Who sat last for each unit, and how often two people have sat together, outside this plan."""
        known = self._people
        pairs = met_before(self._session, self._numbers, known)
        last = {
            self._units[one.unit_id].code: tuple(
                person_id(number) for number in self._about[one.key].last_panel if number in known
            )
            for one in self._reviews
        }
        return facts.History(
            last_panel={unit: people for unit, people in last.items() if people},
            pairs=tuple((person_id(one), person_id(other), often) for (one, other), often in sorted(pairs.items())),
        )

    def _locks(self) -> Iterator[facts.Seat]:
        for reference, kind, number in self._wishes.locks:
            slot = self._slots.get(reference, {}).get(kind)
            if slot is None or number not in self._people:
                raise Invalid("A seat that is locked belongs to no review here, or its reviewer left the pool")
            yield facts.Seat(review=reference, slot=slot, reviewer=person_id(number))

    def _earlier_seats(self) -> list[Seat]:
        query = select(Seat).where(col(Seat.review_id).in_(self._numbers)).order_by(col(Seat.id))
        return list(self._session.exec(query).all())

    def _previous(self) -> Iterator[facts.EarlierSeat]:
        """Seats held stand or cost something to change; whoever declined or was taken off is not asked again."""
        by_number = {one.key: one for one in self._reviews}
        held = {(one.review_id, one.person_id) for one in self._earlier if one.status in HOLDING}
        said: set[tuple[int, int]] = set()
        for one in self._earlier:
            where, reference = (one.review_id, one.person_id), by_number[one.review_id].reference
            slot = self._slots[reference].get(one.kind)
            if slot is None or one.person_id not in self._people:
                continue
            if one.status in HOLDING:
                yield facts.EarlierSeat(
                    review=reference,
                    slot=slot,
                    reviewer=person_id(one.person_id),
                    status=facts.Status(one.status.value),
                )
            elif where not in held and where not in said and one.reason != REPLACED:
                said.add(where)
                yield facts.EarlierSeat(
                    review=reference, slot=slot, reviewer=person_id(one.person_id), status=facts.Status.DECLINED
                )
