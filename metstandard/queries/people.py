"""Everybody with an account, and what one of them plays. Fixed numbers of queries, however many people there are."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person
from metstandard.records.bodies import Employer, ReviewerProfile
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.records.units import Unit
from metstandard.rules.parts import running

PAGE = 50
REVIEWER = "reviewer"
NO_PART = "none"


@dataclass(frozen=True)
class Held:
    """One appointment as pages show it."""

    appointment: Appointment
    unit: Unit | None

    @property
    def words(self) -> str:
        """The part with its unit or seat, in words."""
        part = self.appointment.part.replace("_", " ").capitalize()
        if self.unit is not None:
            return f"{part} of {self.unit.title}"
        return f"{part} ({self.appointment.seat.replace('_', ' ')})" if self.appointment.seat else part

    @property
    def status(self) -> str:
        """Whether it runs today: `runs`, `to come` or `ended`."""
        today, one = clock.today(), self.appointment
        if one.from_on > today:
            return "to come"
        return "ended" if one.until_on is not None and one.until_on < today else "runs"


@dataclass(frozen=True)
class Line:
    """One person in the list: the parts that run today, and the seat of a reviewer's profile."""

    person: Person
    parts: tuple[str, ...]
    seat: str
    home: str


@dataclass(frozen=True)
class Found:
    """One page of the list, and how many people it was cut from."""

    lines: list[Line]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE))


def people(session: Session, *, search: str = "", part: str = "", page: int = 1) -> Found:
    """The people whose name, title or address holds `search` and who play `part` today, by name.

    `part` may also be `reviewer` (in the pool) or `none` (an account that plays nothing).
    """
    query = select(Person.id).where(*_matching(search, part))
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    page = min(max(1, page), max(1, -(-total // PAGE)))
    chosen = session.exec(
        select(Person).where(*_matching(search, part)).order_by(func.lower(Person.name), col(Person.id))
        .offset((page - 1) * PAGE).limit(PAGE)
    ).all()  # fmt: skip
    numbers = [one.key for one in chosen]
    held = _held(session, numbers)
    pool = _pool(session, numbers)
    lines = [
        Line(
            one,
            tuple(each.words for each in held.get(one.key, ()) if each.status == "runs"),
            *pool.get(one.key, ("", "")),
        )
        for one in chosen
    ]
    return Found(lines, total, page)


def _matching(search: str, part: str) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if search:
        text = f"%{search.replace('|', '||').replace('%', '|%').replace('_', '|_')}%"
        wanted.append(
            sa.or_(
                *(column.ilike(text, escape="|") for column in (col(Person.name), col(Person.email), col(Person.title)))
            )
        )
    appointed = select(Appointment.person_id).where(running())
    pool = select(ReviewerProfile.person_id)
    if part == REVIEWER:
        wanted.append(col(Person.id).in_(pool))
    elif part == NO_PART:
        wanted += [col(Person.id).not_in(appointed), col(Person.id).not_in(pool)]
    elif part:
        wanted.append(col(Person.id).in_(appointed.where(Appointment.part == part)))
    return wanted


def _held(session: Session, people_: list[int]) -> dict[int, list[Held]]:
    rows = session.exec(
        select(Appointment, Unit)
        .join(Unit, col(Unit.id) == Appointment.unit_id, isouter=True)
        .where(col(Appointment.person_id).in_(people_))
        .order_by(col(Appointment.until_on).is_not(None), col(Appointment.from_on).desc(), col(Appointment.id))
    ).all()
    found: dict[int, list[Held]] = {}
    for appointment, unit in rows:
        found.setdefault(appointment.person_id, []).append(Held(appointment, unit))
    return found


def _pool(session: Session, people_: list[int]) -> dict[int, tuple[str, str]]:
    """Kind of seat, and unit or employer, of the reviewers among people."""
    rows = session.exec(
        select(ReviewerProfile, Unit, Employer)
        .join(Unit, col(Unit.id) == ReviewerProfile.unit_id, isouter=True)
        .join(Employer, col(Employer.id) == ReviewerProfile.employer_id, isouter=True)
        .where(col(ReviewerProfile.person_id).in_(people_))
    ).all()
    return {
        one.person_id: (one.seat, unit.title if unit else employer.name if employer else "")
        for one, unit, employer in rows
    }


def appointments_of(session: Session, person: Person) -> list[Held]:
    """Every appointment of a person, those that run first."""
    order = {"runs": 0, "to come": 1, "ended": 2}
    return sorted(_held(session, [person.key]).get(person.key, []), key=lambda one: order[one.status])


@dataclass(frozen=True)
class Sits:
    """A seat that a person is asked to take or holds in a review under way."""

    reference: str
    unit: str
    seat: str
    lead: bool
    status: str
    visit: date


def seats_of(session: Session, person: Person) -> list[Sits]:
    """The panels of reviews under way on which a person is asked to sit or sits."""
    rows = session.exec(
        select(Seat, Review, Unit)
        .join(Review, col(Review.id) == Seat.review_id)
        .join(Unit, col(Unit.id) == Review.unit_id)
        .where(
            Seat.person_id == person.key, col(Seat.status).in_(HOLDING),
            col(Review.state).not_in(("closed", "cancelled")),
        )
        .order_by(col(Review.starts_on))
    ).all()  # fmt: skip
    return [
        Sits(review.reference, unit.title, seat.kind, seat.lead, seat.status.value, review.starts_on)
        for seat, review, unit in rows
    ]


def by_address(session: Session, address: str) -> Person | None:
    """The person with an e-mail address, whatever its capitals."""
    return session.exec(select(Person).where(func.lower(Person.email) == address.strip().lower())).first()


def link_members(session: Session) -> list[Person]:
    """The Authority members who may be linked to a review today, by name."""
    query = (
        select(Person)
        .join(Appointment, col(Appointment.person_id) == Person.id)
        .where(Appointment.part == "link_member", running(), col(Person.active).is_(True))
        .order_by(Person.name)
        .distinct()
    )
    return list(session.exec(query).all())
