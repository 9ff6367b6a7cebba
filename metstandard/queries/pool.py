"""The pool of reviewers: who there is, how long they are fit, how busy. Fixed numbers of queries, however many."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from metstandard.common import clock
from metstandard.records.accounts import Person, Posting
from metstandard.records.bodies import Employer, ReviewerProfile, Supply
from metstandard.records.calibration import Calibration
from metstandard.records.pool import Gift, Period, StandingInterest
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat, SeatStatus
from metstandard.records.units import Unit

OneT = TypeVar("OneT", Period, Gift, Calibration)
PAGE = 50
SOON = timedelta(days=90)
FIT, ENDING, UNFIT = "fit", "ending", "unfit"
FREE, FULL = "free", "full"
_OVER = ("closed", "cancelled")


@dataclass(frozen=True)
class Chosen:
    """What the list is filtered by. `fit` and `load` are the words above, or empty for any."""

    search: str = ""
    seat: str = ""
    fit: str = ""
    load: str = ""


@dataclass(frozen=True)
class Line:
    """One reviewer in the list. `load` counts the seats of visits within a year from today, asked or accepted."""

    person: Person
    profile: ReviewerProfile
    home: str
    load: int
    done: int

    @property
    def fit_until(self) -> date | None:
        """The first day on which training, calibration or vetting runs out; None when one of them is missing."""
        days = (self.profile.trained_until, self.profile.calibrated_until, self.profile.vetted_until)
        known = [day for day in days if day is not None]
        return min(known) if len(known) == len(days) else None

    @property
    def fitness(self) -> str:
        """`fit`, `ending` within 90 days, or `unfit`."""
        until, today = self.fit_until, clock.today()
        if until is None or until < today:
            return UNFIT
        return ENDING if until <= today + SOON else FIT

    @property
    def full(self) -> bool:
        """Whether everything that was offered for a year is taken."""
        return self.load >= self.profile.capacity

    @property
    def missing(self) -> tuple[str, ...]:
        """What is not valid today, in words (REV-1, REV-2, REV-4)."""
        today, one = clock.today(), self.profile
        said = (("training", one.trained_until), ("calibration", one.calibrated_until), ("vetting", one.vetted_until))
        return tuple(name for name, until in said if until is None or until < today)


@dataclass(frozen=True)
class Found:
    """One page of the list, and how many it was cut from."""

    lines: list[Line]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE))


def pool(session: Session, chosen: Chosen = Chosen(), page: int = 1) -> Found:
    """The reviewers that pass the filters, by name."""
    lines = [one for one in _lines(session, _matching(chosen)) if _passes(one, chosen)]
    page = min(max(1, page), max(1, -(-len(lines) // PAGE)))
    return Found(lines[(page - 1) * PAGE : page * PAGE], len(lines), page)


def everybody(session: Session) -> list[Line]:
    """The whole pool, by name."""
    return _lines(session, [])


def _passes(one: Line, chosen: Chosen) -> bool:
    return (not chosen.fit or one.fitness == chosen.fit) and (not chosen.load or one.full == (chosen.load == FULL))


def _matching(chosen: Chosen) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = []
    if chosen.seat:
        wanted.append(col(ReviewerProfile.seat) == chosen.seat)
    if chosen.search:
        text = f"%{chosen.search.replace('|', '||').replace('%', '|%').replace('_', '|_')}%"
        columns = (Person.name, Person.email, Employer.name, Unit.name, Unit.code)
        wanted.append(sa.or_(*(col(one).ilike(text, escape="|") for one in columns)))
    return wanted


def _lines(session: Session, wanted: Collection[sa.ColumnElement[bool]]) -> list[Line]:
    rows = session.exec(
        select(ReviewerProfile, Person, Unit, Employer)
        .join(Person, col(Person.id) == ReviewerProfile.person_id)
        .join(Unit, col(Unit.id) == ReviewerProfile.unit_id, isouter=True)
        .join(Employer, col(Employer.id) == ReviewerProfile.employer_id, isouter=True)
        .where(col(ReviewerProfile.seat) != "", *wanted)
        .order_by(func.lower(Person.name), col(Person.id))
    ).all()
    load, done = _load(session), _done(session)
    return [
        Line(
            person, one, unit.title if unit else employer.name if employer else "", load.get(person.key, 0),
            one.reviews_before + done.get(person.key, 0),
        )
        for one, person, unit, employer in rows
    ]  # fmt: skip


def _load(session: Session) -> dict[int, int]:
    """Seats of visits within a year from today, by person."""
    today = clock.today()
    query = (
        sa.select(col(Seat.person_id), sa.func.count())
        .join(Review, col(Review.id) == col(Seat.review_id))
        .where(
            col(Seat.status).in_(HOLDING), col(Review.state).not_in(_OVER),
            col(Review.starts_on) >= today, col(Review.starts_on) < today + timedelta(days=365),
        )
        .group_by(col(Seat.person_id))
    )  # fmt: skip
    return {person_id: number for person_id, number in session.execute(query).all()}  # noqa: C416 (rows are no tuples)


def _done(session: Session) -> dict[int, int]:
    """Reviews in which somebody sat to the decision, by person."""
    query = (
        sa.select(col(Seat.person_id), sa.func.count())
        .join(Review, col(Review.id) == col(Seat.review_id))
        .where(col(Seat.status) == SeatStatus.ACCEPTED, col(Review.decided_on).is_not(None))
        .group_by(col(Seat.person_id))
    )
    return {person_id: number for person_id, number in session.execute(query).all()}  # noqa: C416 (rows are no tuples)


@dataclass(frozen=True)
class Reviewer:
    """Everything that is known of one reviewer."""

    line: Line
    postings: list[tuple[Posting, str]]
    periods: list[Period]
    interests: list[tuple[StandingInterest, str]]
    gifts: list[Gift]
    supplies: list[Supply]
    attempts: list[Calibration]


def reviewer(session: Session, person_id: int) -> Reviewer | None:
    """One reviewer with every register; None outside the pool."""
    lines = _lines(session, [col(ReviewerProfile.person_id) == person_id])
    if not lines:
        return None
    postings = session.exec(
        select(Posting, Unit)
        .join(Unit, col(Unit.id) == Posting.unit_id, isouter=True)
        .where(Posting.person_id == person_id)
        .order_by(col(Posting.from_on).desc())
    ).all()
    interests = session.exec(
        select(StandingInterest, Unit)
        .join(Unit, col(Unit.id) == StandingInterest.unit_id)
        .where(StandingInterest.person_id == person_id)
        .order_by(col(StandingInterest.id).desc())
    ).all()
    return Reviewer(
        line=lines[0],
        postings=[(one, unit.title if unit else one.business_group) for one, unit in postings],
        periods=list(_of(session, Period, person_id)),
        interests=[(one, unit.title) for one, unit in interests],
        gifts=list(_of(session, Gift, person_id)),
        supplies=_supplies(session, lines[0].profile.employer_id),
        attempts=list(_of(session, Calibration, person_id)),
    )


def _of(session: Session, table: type[OneT], person_id: int) -> list[OneT]:
    query = select(table).where(table.person_id == person_id).order_by(col(table.id).desc())
    return list(session.exec(query).all())


def _supplies(session: Session, employer_id: int | None) -> list[Supply]:
    query = select(Supply).where(Supply.employer_id == employer_id).order_by(col(Supply.from_on).desc())
    return list(session.exec(query).all()) if employer_id is not None else []


def exported(session: Session, columns: Sequence[str]) -> Iterator[list[str]]:
    """The pool as rows of texts in the columns of the import, by name; expertise by the code of the domain."""
    units = {one.key: one.code for one in session.exec(select(Unit)).all()}
    postings: dict[int, list[str]] = {}
    for one in session.exec(select(Posting).where(col(Posting.unit_id).is_not(None)).order_by(col(Posting.from_on))):
        until, command = one.until_on or "now", " command" if one.command_team else ""
        spell = f"{units[one.unit_id or 0]} {one.from_on} to {until}{command}"
        postings.setdefault(one.person_id, []).append(spell)
    for line in everybody(session):
        profile = line.profile
        values = {
            "email": line.person.email, "name": line.person.name, "title": line.person.title,
            "unit": units.get(profile.unit_id or 0, ""), "employer": "" if profile.unit_id else line.home,
            "unit_types": "; ".join(profile.unit_types), "postings": "; ".join(postings.get(line.person.key, ())),
            **{code.lower(): str(level) for code, level in profile.expertise.items()},
        }  # fmt: skip
        yield [values[name] if name in values else _cell(getattr(profile, name, "")) for name in columns]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
