"""What the pages about proposals of panels show: what can be planned, one plan from every side, two plans compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import words
from metstandard.panels.cycle import Cycle
from metstandard.panels.instance import Instance, Reviewer, Seat, Slot
from metstandard.panels.solution import Solution, Terms, terms
from metstandard.records.accounts import Person
from metstandard.records.cycles import PanelProposal, ProposedReview
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules.instances import number_of

SLOT_WORDS: Mapping[str, str] = {"peer": "Peer", "la": "Local authority", "private": "Private sector", "chair": "Chair"}
TERM_WORDS: Mapping[str, str] = {
    "fit": "Expertise, known type of unit, journey",
    "load": "Several reviews for one person",
    "no_experienced": "Panels without an experienced member",
    "shortfall": "Panels below the fit that is expected",
    "one_region": "Panels from one region only",
    "repeat_pair": "People who sat together before",
    "change": "Invitations that change",
}


@dataclass(frozen=True)
class Who:
    """A reviewer as the pages name them."""

    number: int
    name: str
    origin: str


@dataclass(frozen=True)
class Loaded:
    """One reviewer's seats in a plan against what they can take."""

    who: Who
    slot: str
    seats: int
    capacity: int


@dataclass(frozen=True)
class Sitting:
    """One seat of a plan: who, how well they fit, how it stands, and who could step in."""

    slot: Slot
    who: Who
    fit: int
    standing: str
    reserves: tuple[Who, ...]


@dataclass(frozen=True)
class Panelled:
    """One review of a plan with its panel."""

    review: Review
    unit: Unit
    week: date
    fit: int
    sitting: tuple[Sitting, ...]
    row: ProposedReview


class Plan:
    """A proposal from every side. Instance and solution are read from their texts when they are needed."""

    def __init__(self, session: Session, proposal: PanelProposal) -> None:
        self.session, self.proposal = session, proposal
        rows = session.execute(
            sa.select(ProposedReview, Review, Unit)
            .join(Review, col(Review.id) == ProposedReview.review_id)
            .join(Unit, col(Unit.id) == Review.unit_id)
            .where(col(ProposedReview.proposal_id) == proposal.key)
            .order_by(col(Review.starts_on), col(Review.reference))
        ).all()
        self.rows: list[tuple[ProposedReview, Review, Unit]] = [(row, review, unit) for row, review, unit in rows]

    @cached_property
    def instance(self) -> Instance | None:
        """What was asked; None before the worker has written it."""
        return Instance.parse(self.proposal.instance) if self.proposal.instance else None

    @cached_property
    def solution(self) -> Solution | None:
        """The answer, if there is one."""
        if self.instance is None or not self.proposal.solution:
            return None
        return Solution.parse(self.proposal.solution, self.instance)

    @cached_property
    def cycle(self) -> Cycle:
        """The instance with its look-ups. Raises ValueError before it is written."""
        if self.instance is None:
            raise ValueError("the instance is not written yet")
        return Cycle(self.instance)

    @cached_property
    def who(self) -> dict[str, Who]:
        """The reviewers of the instance by the name that it gives them."""
        people = self.instance.reviewers if self.instance else ()
        numbers = [number_of(one.id) for one in people]
        names = dict(
            self.session.execute(sa.select(col(Person.id), col(Person.name)).where(col(Person.id).in_(numbers))).all()
        )
        return {one.id: Who(number_of(one.id), names.get(number_of(one.id), one.id), one.org) for one in people}

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The units of the instance by code."""
        codes = [one.id for one in self.instance.units] if self.instance else []
        return {one.code: one for one in self.session.exec(select(Unit).where(col(Unit.code).in_(codes))).all()}

    @cached_property
    def monday(self) -> date:
        """The first day of week 0."""
        later: Mapping[str, int] = self.proposal.wishes.get("later", {})
        first = min(one.starts_on + timedelta(weeks=later.get(one.reference, 0)) for _, one, _ in self.rows)
        return first - timedelta(days=first.weekday())

    def week_of(self, week: int) -> str:
        """A week in words: `the week of 14 June 2027`."""
        return f"the week of {words.day(self.monday + timedelta(weeks=week))}"

    @cached_property
    def seats(self) -> tuple[Seat, ...]:
        """The plan itself; empty without one."""
        return self.solution.assignments if self.solution else ()

    @cached_property
    def terms(self) -> Terms:
        """The objective term by term."""
        return terms(self.cycle, self.seats)

    def panel_of(self, reference: str) -> list[Seat]:
        """The seats of one review."""
        return [one for one in self.seats if one.review == reference]

    def fit(self, seat: Seat) -> int:
        """How well a person fits a review, in points."""
        return self.cycle.fit(self.cycle.reviewers[seat.reviewer], self.cycle.reviews[seat.review])

    @cached_property
    def panels(self) -> list[Panelled]:
        """Every review with its panel, the earliest first."""
        return [self._panel(row, review, unit) for row, review, unit in self.rows] if self.solution else []

    def _panel(self, row: ProposedReview, review: Review, unit: Unit) -> Panelled:
        seats = self.panel_of(review.reference)
        week = self.monday + timedelta(weeks=self.cycle.reviews[review.reference].week)
        return Panelled(review, unit, week, sum(map(self.fit, seats)), tuple(map(self._sitting, seats)), row)

    def _sitting(self, seat: Seat) -> Sitting:
        reserves = self.solution.reserves if self.solution else ()
        return Sitting(
            slot=seat.slot,
            who=self.who[seat.reviewer],
            fit=self.fit(seat),
            standing=self._standing(seat),
            reserves=tuple(
                self.who[one.reviewer] for one in reserves if (one.review, one.slot) == (seat.review, seat.slot)
            ),
        )

    def _standing(self, seat: Seat) -> str:
        """How a seat came about: locked by hand, accepted or invited before, or new."""
        if seat in self.cycle.instance.locks:
            return "locked"
        for one in self.cycle.instance.previous:
            if (one.review, one.slot, one.reviewer) == (seat.review, seat.slot, seat.reviewer):
                return one.status.value
        return "new"

    @cached_property
    def worst(self) -> Panelled | None:
        """The panel of the lowest fit."""
        return min(self.panels, key=lambda one: (one.fit, one.review.reference), default=None)

    @cached_property
    def load(self) -> list[Loaded]:
        """Everybody who sits, the busiest first."""
        seats = Counter(one.reviewer for one in self.seats)
        people = self.cycle.reviewers
        return [
            Loaded(self.who[who], SLOT_WORDS[people[who].category.value], number, people[who].capacity)
            for who, number in sorted(seats.items(), key=lambda one: (-one[1], self.who[one[0]].name))
        ]

    @cached_property
    def covered(self) -> int:
        """How many seats have a reserve."""
        return len({(one.review, one.slot) for one in self.solution.reserves}) if self.solution else 0

    @cached_property
    def impossible(self) -> list[tuple[Review, Unit]] | None:
        """The reviews that must be left out so that all others can be seated; None when that is not known."""
        found = self.proposal.reason.get("impossible")
        if found is None:
            return None
        return [(review, unit) for _, review, unit in self.rows if review.reference in found]

    def candidates(self, reference: str, slot: Slot) -> list[Reviewer]:
        """Who may take a seat, as far as the rules about one person and one review go; the best fit first."""
        review = self.cycle.reviews[reference]
        able = [
            one
            for one in self.cycle.instance.reviewers
            if self.cycle.takes(slot, one) and not list(self.cycle.bars(one, review))
        ]
        return sorted(able, key=lambda one: (-self.cycle.fit(one, review), self.who[one.id].name))


@dataclass(frozen=True)
class Changed:
    """A seat on which two plans differ."""

    reference: str
    unit: str
    slot: str
    one: str
    other: str


def differing(one: Plan, other: Plan) -> list[Changed]:
    """The seats on which two plans differ, among the reviews that both seat."""
    after = {(seat.review, seat.slot): seat.reviewer for seat in other.seats}
    titles = {review.reference: unit.title for _, review, unit in one.rows}
    return [
        Changed(
            seat.review, titles[seat.review], SLOT_WORDS[seat.slot.value], one.who[seat.reviewer].name,
            other.who[after[seat.review, seat.slot]].name,
        )
        for seat in one.seats
        if (seat.review, seat.slot) in after and after[seat.review, seat.slot] != seat.reviewer
    ]  # fmt: skip


def busiest_first(plan: Plan, category: str) -> Sequence[str]:
    """The reviewers of a category whose loss would hurt a plan most: most seats, then most expertise."""
    seats = Counter(one.reviewer for one in plan.seats)
    people = [one for one in plan.cycle.instance.reviewers if one.category.value == category]
    return [one.id for one in sorted(people, key=lambda one: (-seats[one.id], -sum(one.expertise.values()), one.id))]
