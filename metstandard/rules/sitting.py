"""Who could sit in a cycle, and when: the pool with employers, periods, load and experience, in a few queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.bodies import Employer, ReviewerProfile
from metstandard.records.pool import Period, PeriodKind
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.rules.editions import newest_workflow
from metstandard.workflow.shapes import SeatFrom

_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Sitter:
    """Somebody who could sit. `capacity` is what is left of the year's; `elsewhere` are visits on other panels."""

    person: int
    name: str
    seat: str
    origin: SeatFrom
    home: int | None
    employer: str
    borough: str | None
    region: str
    travel_most: int | None
    capacity: int
    most: int
    trained_until: date | None
    experienced: bool
    can_lead: bool
    expertise: dict[str, int] = field(default_factory=dict)
    unit_types: tuple[str, ...] = ()
    periods: tuple[Period, ...] = ()
    elsewhere: tuple[date, ...] = ()

    def busy(self, first: date, last: date) -> bool:
        """Whether somebody cannot sit on one of these days: away, not to begin anything, or on another panel."""
        return self.away(first, last) or self.booked(first, last)

    def away(self, first: date, last: date, *, may_finish: bool = False) -> bool:
        """Whether somebody has said that they cannot sit on one of these days; they may change their mind."""
        return any(
            one.from_on <= last and one.until_on >= first
            for one in self.periods
            if one.kind is PeriodKind.UNAVAILABLE or not may_finish
        )

    def booked(self, first: date, last: date) -> bool:
        """Whether somebody sits on another panel that begins in these days: that is no matter of their will."""
        return any(first <= day <= last for day in self.elsewhere)


def sitters(session: Session, planned: Collection[int], *, always: Collection[int] = ()) -> dict[int, Sitter]:
    """Active people in the pool, and `always` whoever else, by number; seats of `planned` reviews do not count as load.

    Five queries, whatever the size of the pool.
    """
    origins = _origins()
    rows = session.execute(
        sa.select(Person, ReviewerProfile, Employer)
        .join(ReviewerProfile, col(ReviewerProfile.person_id) == Person.id)
        .join(Employer, col(Employer.id) == ReviewerProfile.employer_id, isouter=True)
        .where(col(Person.active).is_(True) | col(Person.id).in_(always), col(ReviewerProfile.seat).in_(list(origins)))
        .order_by(col(Person.id))
    ).all()
    periods, seats = _periods(session), _seats(session)
    limit = yearly_limit()
    found = {}
    for person, profile, employer in rows:
        held = seats.get(person.key, [])
        elsewhere = tuple(day for review, day in held if review not in planned)
        most = min(profile.capacity, limit)
        found[person.key] = Sitter(
            person=person.key, name=person.name, seat=profile.seat, origin=origins[profile.seat],
            home=profile.unit_id, employer=employer.name if employer else "",
            borough=employer.borough if employer else None, region=profile.region, travel_most=profile.travel_most,
            capacity=max(0, most - busiest(elsewhere)), most=most, trained_until=profile.trained_until,
            experienced=profile.reviews_before > 0 or any(day < clock.today() for _, day in held),
            can_lead=profile.can_lead, expertise=dict(profile.expertise), unit_types=tuple(profile.unit_types),
            periods=tuple(periods.get(person.key, ())), elsewhere=elsewhere,
        )  # fmt: skip
    return found


def yearly_limit() -> int:
    """How many reviews one person may do within a year, whatever they offer (PAN-5)."""
    return newest_workflow("assessment")[0].number("PAN-5")


def _origins() -> Mapping[str, SeatFrom]:
    panel = newest_workflow("assessment")[0].panel
    return {seat: panel.origin(seat) for seat in panel.seats} if panel else {}


def busiest(days: Iterable[date]) -> int:
    """The most visits within a year, among those of the last year and all to come: what counts for new ones (PAN-5)."""
    recent = sorted(day for day in days if day > clock.today() - _YEAR)
    return max((sum(first <= day < first + _YEAR for day in recent) for first in recent), default=0)


def _periods(session: Session) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = {}
    for one in session.exec(select(Period).where(Period.until_on >= clock.today()).order_by(col(Period.from_on))).all():
        found.setdefault(one.person_id, []).append(one)
    return found


def _seats(session: Session) -> dict[int, list[tuple[int, date]]]:
    """Review and first day of every seat held, by person."""
    rows = session.execute(
        sa.select(col(Seat.person_id), col(Seat.review_id), col(Review.starts_on))
        .join(Review, col(Review.id) == Seat.review_id)
        .where(col(Seat.status).in_(HOLDING), col(Review.state) != "cancelled")
    ).all()
    found: dict[int, list[tuple[int, date]]] = {}
    for person, review, on in rows:
        found.setdefault(person, []).append((review, on))
    return found
