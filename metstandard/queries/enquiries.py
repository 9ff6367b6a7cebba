"""What the public asked and told us, as the programme office reads it, and how far it is for whoever asked.

A programme officer who also sits on a panel never reads here what is said about that unit: the seal holds (SCO-3).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person
from metstandard.records.enquiries import OPEN, Enquiry, EnquiryKind, EnquiryState
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.records.units import Unit
from metstandard.rules.parts import running
from metstandard.workflow import calendar

PAGE = 50
OFFICER = "programme_officer"


@dataclass(frozen=True)
class Line:
    """One enquiry with the unit it is about and who has it."""

    enquiry: Enquiry
    unit: Unit | None
    given_to: str

    @property
    def days_left(self) -> int:
        """Working days to the due date, negative when it has passed."""
        return calendar.working_days_between(clock.today(), self.enquiry.due_on)

    @property
    def todo(self) -> str:
        """What an officer has to do about it."""
        return "Send a paper in another format" if self.enquiry.kind is EnquiryKind.FORMAT else "Answer a comment"

    @property
    def overdue(self) -> bool:
        """Whether somebody has waited longer than promised."""
        return self.enquiry.open and clock.today() > self.enquiry.due_on


@dataclass(frozen=True)
class Found:
    """One page of the list, of how many, and how many of all stand where."""

    lines: list[Line]
    total: int
    page: int
    open: int
    overdue: int

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class Step:
    """One line of what happened."""

    what: str
    who: str
    at: datetime


def enquiries(
    session: Session, person: Person, *, kind: str = "", state: str = "open", given: str = "", search: str = "",
    page: int = 1,
) -> Found:  # fmt: skip
    """The enquiries that a person may read and that pass the filters, the first due first."""
    wanted = [_readable_by(person), *_matching(person, kind, state, given, search)]
    total = session.exec(select(func.count()).select_from(Enquiry).where(*wanted)).one()
    page = min(max(1, page), max(1, -(-total // PAGE)))
    rows = session.execute(
        _joined().where(*wanted).order_by(col(Enquiry.due_on), col(Enquiry.id)).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    still = col(Enquiry.state).in_(OPEN)
    late = sa.case((col(Enquiry.due_on) < clock.today(), 1), else_=0)
    counted = session.exec(
        select(func.count(), func.coalesce(func.sum(late), 0)).select_from(Enquiry).where(_readable_by(person), still)
    ).one()
    return Found([_line(row) for row in rows], total, page, counted[0], int(counted[1]))


def waiting_for(session: Session, person: Person) -> list[Line]:
    """The open enquiries that a programme officer has, or that nobody has yet."""
    mine = sa.or_(col(Enquiry.assigned_to_id) == person.key, col(Enquiry.assigned_to_id).is_(None))
    rows = session.execute(
        _joined().where(_readable_by(person), mine, col(Enquiry.state).in_(OPEN)).order_by(col(Enquiry.due_on))
    ).all()
    return [_line(row) for row in rows]


def _joined() -> Any:
    return (
        sa.select(Enquiry, Unit, col(Person.name))
        .outerjoin(Unit, col(Unit.id) == col(Enquiry.unit_id))
        .outerjoin(Person, col(Person.id) == col(Enquiry.assigned_to_id))
    )


def _line(row: Any) -> Line:
    return Line(row[0], row[1], row[2] or "")


def _matching(person: Person, kind: str, state: str, given: str, search: str) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if kind in set(EnquiryKind):
        found.append(col(Enquiry.kind) == EnquiryKind(kind))
    if state == "open":
        found.append(col(Enquiry.state).in_(OPEN))
    elif state in set(EnquiryState):
        found.append(col(Enquiry.state) == EnquiryState(state))
    if given == "me":
        found.append(col(Enquiry.assigned_to_id) == person.key)
    elif given == "nobody":
        found.append(col(Enquiry.assigned_to_id).is_(None))
    if search.strip():
        text = f"%{search.strip().replace('|', '||').replace('%', '|%').replace('_', '|_')}%"
        found.append(sa.or_(*(one.ilike(text, escape="|") for one in (col(Enquiry.reference), col(Enquiry.item)))))
    return found


def _readable_by(person: Person) -> sa.ColumnElement[bool]:
    """Leave out what is about a unit on whose panel this person sits."""
    sits_on = (
        select(Review.unit_id)
        .join(Seat, col(Seat.review_id) == Review.id)
        .where(Seat.person_id == person.key, col(Seat.status).in_(HOLDING))
    )
    return sa.or_(col(Enquiry.unit_id).is_(None), col(Enquiry.unit_id).not_in(sits_on))


def may_read(session: Session, person: Person, enquiry: Enquiry) -> bool:
    """Whether a person runs the programme today and sits on no panel of the unit that it is about."""
    return any(one.key == person.key for one in officers(session)) and (
        session.exec(select(Enquiry.id).where(Enquiry.id == enquiry.key, _readable_by(person))).first() is not None
    )


def one(session: Session, person: Person, reference: str) -> Line | None:
    """One enquiry, for somebody who may read it."""
    row = session.execute(_joined().where(col(Enquiry.reference) == reference, _readable_by(person))).first()
    return _line(row) if row else None


def officers(session: Session) -> list[Person]:
    """Who may be given an enquiry: those who run the programme today."""
    query = select(Person).join(Appointment, col(Appointment.person_id) == Person.id)
    return list(
        session.exec(
            query.where(Appointment.part == OFFICER, running(), col(Person.active)).order_by(Person.name).distinct()
        ).all()
    )


_STRANGER = "Somebody without an account"
_WORDS = {
    "take_in": "Received", "give": "Given to", "answer": "Answered", "close": "Closed with a reason",
    "erase": "Name, address and words removed",
}  # fmt: skip


def steps(session: Session, enquiry: Enquiry) -> list[Step]:
    """What happened to an enquiry, newest first; a name is that of staff, never of whoever wrote."""
    lines = session.exec(
        select(JournalLine, Person.name)
        .outerjoin(Person, col(Person.id) == JournalLine.person_id)
        .where(JournalLine.record_kind == "enquiry", JournalLine.record_id == enquiry.key)
        .order_by(col(JournalLine.seq).desc())
    ).all()
    given = [line.data["to"] for line, _ in lines if "to" in line.data]
    names = {one.key: one.name for one in session.exec(select(Person).where(col(Person.id).in_(given))).all()}
    return [
        Step(
            f"{_WORDS[line.act]} {names.get(line.data.get('to', 0), '')}".strip(),
            name or (_STRANGER if line.part == "public" else ""),
            line.at,
        )
        for line, name in lines
    ]


def units(session: Session) -> list[Unit]:
    """Every unit by its name, to choose from."""
    return sorted(session.exec(select(Unit)).all(), key=lambda one: one.title.casefold())


def public_one(session: Session, reference: str) -> Enquiry | None:
    """An enquiry by its reference, for whoever sent it. The page shows how far it is, and nothing that was said."""
    return session.exec(select(Enquiry).where(Enquiry.reference == reference.strip().upper())).first()
