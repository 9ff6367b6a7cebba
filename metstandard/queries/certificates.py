"""Certificates as the Authority's staff see them: status, what comes next, who has agreed to a joint act."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.queries.timeline import ACTS, Event
from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.journal import JournalLine, JournalNote
from metstandard.records.reviews import Review, Signature, Timer
from metstandard.records.units import Unit
from metstandard.rules.editions import workflow_of
from metstandard.rules.signatures import parties_signed

JOINT = ("suspend", "reinstate", "withdraw", "extend")
_NEXT = {"renewal": "Renewal is due", "expire": "Last day of validity", "suspension": "Suspension must be settled"}


@dataclass(frozen=True)
class Next:
    """Something that comes: what, and on which day."""

    what: str
    on: date

    @property
    def overdue(self) -> bool:
        """Whether the day has passed."""
        return self.on < clock.today()


@dataclass(frozen=True)
class Line:
    """One certificate of the list. `begun` names the joint acts to which one key has agreed."""

    certificate: Certificate
    unit: Unit
    review: Review
    next: tuple[Next, ...]
    begun: tuple[str, ...]


@dataclass(frozen=True)
class Agreement:
    """One party's place in a joint act: who agreed, why and when, or nobody yet."""

    party: str
    name: str = ""
    reason: str = ""
    at: datetime | None = None


def lines(session: Session, status: str = "") -> list[Line]:
    """Every certificate, the newest first, in three queries."""
    rows = session.exec(
        select(Certificate, Unit, Review)
        .join(Unit, col(Unit.id) == Certificate.unit_id)
        .join(Review, col(Review.id) == Certificate.review_id)
        .order_by(col(Certificate.number).desc())
    ).all()
    timers = _timers(session)
    signed = _signed(session)
    return [
        Line(one, unit, review, tuple(timers[one.key]), _begun(one, signed[one.key]))
        for one, unit, review in rows
        if status in {"", one.status}
    ]


def _timers(session: Session) -> defaultdict[int, list[Next]]:
    found: defaultdict[int, list[Next]] = defaultdict(list)
    for timer in session.exec(
        select(Timer).where(Timer.record_kind == "certificate").order_by(col(Timer.due_on))
    ).all():
        found[timer.record_id].append(Next(_NEXT.get(timer.name, timer.name.capitalize()), timer.due_on))
    return found


def _signed(session: Session) -> defaultdict[int, list[Signature]]:
    found: defaultdict[int, list[Signature]] = defaultdict(list)
    for one in session.exec(select(Signature).where(Signature.record_kind == "certificate")).all():
        found[one.record_id].append(one)
    return found


def _begun(certificate: Certificate, signed: list[Signature]) -> tuple[str, ...]:
    """A signature before the present state began no longer counts; the one extension is never asked for again."""
    asked = {
        one.purpose
        for one in signed
        if one.signed_at >= certificate.state_since
        and one.withdrawn_at is None
        and not (one.purpose == "extend" and certificate.extended)
    }
    return tuple(act for act in JOINT if act in asked)


def one(session: Session, number: int) -> Line | None:
    """One certificate by its plain number."""
    row = session.exec(
        select(Certificate, Unit, Review)
        .join(Unit, col(Unit.id) == Certificate.unit_id)
        .join(Review, col(Review.id) == Certificate.review_id)
        .where(Certificate.number == number)
    ).first()
    if row is None:
        return None
    return Line(*row, tuple(_timers(session)[row[0].key]), _begun(row[0], _signed(session)[row[0].key]))


def of_review(session: Session, review: Review) -> Certificate | None:
    """The certificate that a review brought."""
    return session.exec(select(Certificate).where(Certificate.review_id == review.key)).first()


def agreements(session: Session, certificate: Certificate, act: str) -> list[Agreement]:
    """Each party of a joint act with its counting signature, in the order of the workflow file."""
    signed = parties_signed(session, certificate, act)
    found = []
    for party in workflow_of(session, certificate).parties:
        signature = signed.get(party)
        if signature is None:
            found.append(Agreement(party.capitalize()))
        else:
            person = session.get_one(Person, signature.person_id)
            found.append(Agreement(party.capitalize(), person.name, signature.reason, signature.signed_at))
    return found


def history(session: Session, certificate: Certificate, *, reasons: bool) -> list[Event]:
    """The certificate's journal with names, newest first, and with the reasons given where `reasons` allows."""
    titles = {name: state.title for name, state in workflow_of(session, certificate).states.items()}
    rows = session.exec(
        select(JournalLine, Person, JournalNote)
        .join(Person, col(Person.id) == JournalLine.person_id, isouter=True)
        .join(JournalNote, col(JournalNote.line_id) == JournalLine.id, isouter=True)
        .where(JournalLine.record_kind == "certificate", JournalLine.record_id == certificate.key)
        .order_by(col(JournalLine.seq).desc())
    ).all()
    return [
        Event(
            what=_what(line),
            who=f"{person.name} ({line.part.replace('_', ' ')})" if person else "",
            at=line.at,
            note=note.text if note and reasons else "",
            after=titles.get(line.after, "") if line.after != line.before else "",
        )
        for line, person, note in rows
    ]


def _what(line: JournalLine) -> str:
    said = ACTS.get(line.act, line.act)
    if line.act not in JOINT:
        return said
    happened = line.after != line.before or bool(line.data.get("valid_until"))
    return said if happened else f"{said}: one key agreed"
