"""Letters owed, sent and failed, as the programme office reads them (interface.md 29, 30)."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from metstandard.outbox.kinds import WITH_SECRET
from metstandard.records.accounts import Person
from metstandard.records.judging import Allotment
from metstandard.records.outbox import Letter, LetterStatus
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review

PAGE = 50
_NO_ACCOUNT = "Somebody without an account"


@dataclass(frozen=True)
class Line:
    """One letter of the list, without its text."""

    number: int
    subject: str
    name: str
    status: str
    owed_at: datetime
    sent_at: datetime | None
    attempts: int
    last_error: str
    to: str
    address: str


@dataclass(frozen=True)
class Found:
    """One page of the list, how many letters it was cut from, and how many stand where in all."""

    lines: list[Line]
    total: int
    page: int
    counts: dict[str, int]

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // PAGE))


def letters(session: Session, *, search: str = "", status: str = "", name: str = "", page: int = 1) -> Found:
    """The letters that pass the filters, newest first; `search` looks at subject, person and address only."""
    wanted = _matching(search, status, name)
    base = select(Letter.id).outerjoin(Person, col(Person.id) == Letter.person_id).where(*wanted)
    total = session.exec(select(func.count()).select_from(base.subquery())).one()
    page = min(max(1, page), max(1, -(-total // PAGE)))
    rows = session.execute(
        sa.select(
            col(Letter.id), col(Letter.subject), col(Letter.name), col(Letter.status), col(Letter.owed_at),
            col(Letter.sent_at), col(Letter.attempts), col(Letter.last_error),
            func.coalesce(col(Person.name), _NO_ACCOUNT), col(Letter.address),
        )
        .outerjoin(Person, col(Person.id) == Letter.person_id)
        .where(*wanted)
        .order_by(col(Letter.owed_at).desc(), col(Letter.id).desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    ).all()  # fmt: skip
    counted = session.exec(
        select(col(Letter.status), func.count()).where(_not_sealed()).group_by(col(Letter.status))
    ).all()
    counts = {one.value: 0 for one in LetterStatus} | {status_.value: number for status_, number in counted}
    lines = [Line(row[0], row[1], row[2], row[3].value, *row[4:]) for row in rows]
    return Found(lines, total, page, counts)


def _matching(search: str, status: str, name: str) -> list[sa.ColumnElement[bool]]:
    wanted: list[sa.ColumnElement[bool]] = [_not_sealed()]
    if search:
        text = f"%{search.replace('|', '||').replace('%', '|%').replace('_', '|_')}%"
        columns = (col(Letter.subject), col(Letter.address), col(Person.name))
        wanted.append(sa.or_(*(column.ilike(text, escape="|") for column in columns)))
    if status:
        known = {one.value for one in LetterStatus}
        wanted.append(col(Letter.status) == LetterStatus(status) if status in known else sa.false())
    if name:
        wanted.append(col(Letter.name) == name)
    return wanted


def _not_sealed() -> sa.ColumnElement[bool]:
    """Leave out the reminders of what is being scored or judged: whom they miss would tell who has locked (SCO-3)."""
    scored = select(Review.id).where(Review.state == "scoring", col(Review.state_since) <= col(Letter.owed_at))
    since, asked = col(Nomination.state_since), select(Allotment.id).where(Allotment.nomination_id == Nomination.id)
    # A hold sends a nomination back with its judgements still sealed: then the earlier reminders stay hidden.
    judged = select(Nomination.id).where(
        ((col(Nomination.state) == "shortlisted") & (since <= col(Letter.owed_at)))
        | (col(Nomination.state).in_(("held", "checks", "sifted")) & (since > col(Letter.owed_at)) & asked.exists())
    )
    of = {"review": scored, "nomination": judged}
    return ~(
        (col(Letter.name) == "reminder")
        & sa.or_(
            *(
                (col(Letter.record_kind) == kind) & col(Letter.record_id).in_(sealed.correlate(Letter))
                for kind, sealed in of.items()
            )
        )
    )


def names(session: Session) -> list[str]:
    """The kinds of letters that were ever owed, by name."""
    return sorted(session.exec(select(Letter.name).where(_not_sealed()).distinct()).all())


def one(session: Session, number: int) -> tuple[Letter, str] | None:
    """One letter, and the name of the person whom it is to."""
    letter = session.exec(select(Letter).where(Letter.id == number, _not_sealed())).first()
    if letter is None:
        return None
    person = session.get(Person, letter.person_id) if letter.person_id is not None else None
    return letter, person.name if person else _NO_ACCOUNT


def holds_a_secret(letter: Letter) -> bool:
    """Whether the text of a letter opens an account to whoever reads it."""
    return letter.name in WITH_SECRET
