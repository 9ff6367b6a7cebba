"""Who plays what in one record. A part ends at the next request after its appointment or seat ended."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.errors import RuleBroken
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Deputy, Review
from metstandard.records.seats import HOLDING, Declaration, Interest, Seat
from metstandard.rules.case import Record, review_of
from metstandard.workflow.definition import Workflow

UNIT_PARTS = ("commander", "unit_author")
PANEL_PARTS = ("reviewer", "lead_reviewer")

# What binds a person besides the parts they have played: see `bound`.
PREJUDICIAL = "prejudicial"
IN_LINE = "in_line"

ASSESSED = "the assessed unit"
DECIDES = "decision maker"

# Numbers of people, or the query that finds them.
People = Sequence[int] | sa.Select[Any]

# One person holds only one of these in one review (rules.md B3).
_APART = {
    "programme_officer": "programme officer",
    "reviewer": "reviewer",
    "lead_reviewer": "reviewer",
    "moderator": "moderator",
    "appeal_member": "appeal member",
    "commander": ASSESSED,
    "unit_author": ASSESSED,
}


def apart(part: str) -> str | None:
    """The group that a part belongs to under the segregation of duties; None when it may be combined."""
    if part.endswith(("_key", "_principal")):
        return DECIDES
    return _APART.get(part)


def standing(session: Session, person: Person) -> list[Appointment]:
    """The appointments of a person that run today."""
    return list(session.exec(select(Appointment).where(Appointment.person_id == person.key, running())).all())


def running() -> sa.ColumnElement[bool]:
    """The condition of an appointment that runs today."""
    today = clock.today()
    return sa.and_(
        col(Appointment.from_on) <= today,
        sa.or_(col(Appointment.until_on).is_(None), col(Appointment.until_on) >= today),
    )


def seat_of(session: Session, record: Record, person: Person) -> Seat | None:
    """The seat that a person holds (asked or accepted) on the panel of a record's review."""
    return session.exec(
        select(Seat).where(
            Seat.review_id == review_of(session, record).key,
            Seat.person_id == person.key,
            col(Seat.status).in_(HOLDING),
        )
    ).first()


def parts_of(session: Session, person: Person, record: Record) -> frozenset[str]:
    """Every part that a person could play in a record, before duties are segregated."""
    found = set(_own_parts(session, person, record))
    if person.active and deputised(session, person, record):
        found.add("deputy")
    return frozenset(found)


def _own_parts(session: Session, person: Person, record: Record) -> frozenset[str]:
    """The parts that a person plays in a record in their own name."""
    if not person.active:
        return frozenset()
    review = review_of(session, record)
    found = {
        one.part
        for one in standing(session, person)
        if (one.part in UNIT_PARTS and one.unit_id == review.unit_id) or (one.part not in UNIT_PARTS)
    }
    found.discard("link_member")
    if review.link_member_id == person.key:
        found.add("link_member")
    seat = seat_of(session, record, person)
    if seat is not None:
        found.add("reviewer")
        if seat.lead:
            found.add("lead_reviewer")
    if isinstance(record, Action):
        if record.owner_id == person.key:
            found.add("action_owner")
        elif found & {"programme_officer", "link_member", "reviewer"} and not found & set(UNIT_PARTS):
            found.add("verifier")
    return frozenset(found)


def deputised(session: Session, person: Person, record: Record) -> frozenset[str]:
    """The parts in whose name a person prepares in a review, as long as each principal still plays the part."""
    rows = session.exec(
        select(Deputy.part, Person)
        .join(Person, col(Person.id) == Deputy.principal_id)
        .where(
            Deputy.review_id == review_of(session, record).key,
            Deputy.person_id == person.key,
            col(Deputy.ended_on).is_(None),
        )
    ).all()
    return frozenset(part for part, principal in rows if part in _own_parts(session, principal, record))


def people_with(session: Session, part: str, record: Record) -> list[Person]:
    """The active people who play a part in a record now, by name."""
    review = review_of(session, record)
    if part in PANEL_PARTS:
        query = select(Person).join(Seat).where(Seat.review_id == review.key, col(Seat.status).in_(HOLDING))
        if part == "lead_reviewer":
            query = query.where(col(Seat.lead).is_(True))
    elif part == "link_member":
        query = select(Person).where(Person.id == review.link_member_id)
    elif part == "deputy":
        query = select(Person).join(Deputy, col(Deputy.person_id) == Person.id).where(Deputy.review_id == review.key)
    elif part == "action_owner":
        query = select(Person).where(Person.id == (record.owner_id if isinstance(record, Action) else None))
    elif part == "verifier":
        return [one for one in people_with(session, "programme_officer", record) if _may_verify(one, record)]
    else:
        query = select(Person).join(Appointment).where(Appointment.part == part, running())
        if part in UNIT_PARTS:
            query = query.where(Appointment.unit_id == review.unit_id)
    return list(session.exec(query.where(col(Person.active).is_(True)).order_by(Person.name).distinct()).all())


def _may_verify(person: Person, record: Record) -> bool:
    return not isinstance(record, Action) or record.owner_id != person.key


def bound(session: Session, record: Record, people: People) -> dict[int, frozenset[str]]:
    """What binds people in a review, by person: parts acted in, seats held, units served, interests declared.

    One query for any number of people. Parts are those in which somebody acted (as the journals of the review, its
    certificate and its actions tell), prepared as a deputy, or spoke for the unit since the review was proposed.
    PREJUDICIAL and IN_LINE stand beside the parts.
    """
    review = review_of(session, record)
    today = clock.today()
    proposed = (
        select(sa.func.date(JournalLine.at))
        .where(_own_journal(review), col(JournalLine.seq) == 1)
        .scalar_subquery()
    )
    appointed = col(Appointment.until_on).is_(None) | (sa.func.date(col(Appointment.until_on)) >= proposed)
    posted = col(Posting.until_on).is_(None) | (col(Posting.until_on) >= today)
    spells = [
        select(JournalLine.person_id, JournalLine.part).where(_journals_of(review)),
        select(Seat.person_id, sa.literal("reviewer")).where(
            Seat.review_id == review.key, col(Seat.status).in_(HOLDING)
        ),
        select(Deputy.person_id, Deputy.part).where(Deputy.review_id == review.key),
        select(Appointment.person_id, Appointment.part).where(
            col(Appointment.part).in_(UNIT_PARTS), Appointment.unit_id == review.unit_id,
            col(Appointment.from_on) <= today, appointed,
        ),
        select(Declaration.person_id, sa.literal(PREJUDICIAL)).where(
            Declaration.review_id == review.key, Declaration.interest == Interest.PREJUDICIAL
        ),
        select(Posting.person_id, sa.literal(IN_LINE)).where(
            Posting.unit_id == review.unit_id, col(Posting.from_on) <= today, posted
        ),
    ]  # fmt: skip
    every: sa.CompoundSelect[Any] = sa.union(*[one.where(one.selected_columns[0].in_(people)) for one in spells])
    found: dict[int, set[str]] = {}
    for person_id, part in session.execute(every):
        found.setdefault(person_id, set()).add(part)
    return {person_id: frozenset(parts) for person_id, parts in found.items()}


def _journals_of(review: Review) -> sa.ColumnElement[bool]:
    """The lines of a review's own journal, of its certificate's and of its actions'."""
    kinds = [
        sa.and_(
            col(JournalLine.record_kind) == kind.__tablename__,
            col(JournalLine.record_id).in_(select(kind.id).where(kind.review_id == review.key)),
        )
        for kind in (Certificate, Action)
    ]
    return sa.or_(_own_journal(review), *kinds)


def _own_journal(review: Review) -> sa.ColumnElement[bool]:
    return sa.and_(col(JournalLine.record_kind) == "review", col(JournalLine.record_id) == review.key)


def duties(binding: Iterable[str]) -> frozenset[str]:
    """The groups of B3 that parts belong to."""
    return frozenset(group for group in map(apart, binding) if group is not None)


def playable(session: Session, person: Person, record: Record, parts: Iterable[str]) -> frozenset[str]:
    """Those of `parts` that the segregation of duties leaves a person in this record (rules.md B3, COI-9)."""
    binding = bound(session, record, [person.key]).get(person.key, frozenset())
    return frozenset(part for part in parts if _bar(part, binding) is None)


def _bar(part: str, binding: frozenset[str]) -> RuleBroken | None:
    """Why what binds a person keeps them from a part; None when it does not."""
    group = apart(part)
    if group is None:
        return None
    others = duties(binding) - {group}
    if others:
        return RuleBroken(f"You have another duty in this review: {' and '.join(sorted(others))}", rule="B3")
    if PREJUDICIAL in binding and group != ASSESSED:
        return RuleBroken("You have declared a prejudicial interest, so take no part in this review", rule="COI-9")
    if IN_LINE in binding and group in {DECIDES, "moderator", "appeal member"}:
        return RuleBroken("You serve in this unit or its line of command", rule="B3")
    return None


def part_for(session: Session, person: Person, record: Record, by: Iterable[str]) -> str | None:
    """The part in which a person may do an act open to the parts `by`; None when they play none of them.

    A deputy prepares only what is open to the principal. Raises RuleBroken when only the segregation of duties (B3)
    or a declared interest (COI-9) stands in the way.
    """
    allowed = tuple(by)
    held = parts_of(session, person, record)
    wanted = [part for part in allowed if part in held]
    if "deputy" in wanted and not deputised(session, person, record) & set(allowed):
        wanted.remove("deputy")
    if not wanted:
        return None
    binding = bound(session, record, [person.key]).get(person.key, frozenset())
    bars = {part: _bar(part, binding) for part in wanted}
    free = next((part for part in wanted if bars[part] is None), None)
    if free is None:
        raise next(bar for bar in bars.values() if bar is not None)
    return free


def standing_in(workflow: Workflow, part: str) -> str | None:
    """The party whose key a part turns, for a holder or a principal; None for other parts."""
    for party in workflow.parties:
        if part in {f"{party}_key", f"{party}_principal"}:
            return party
    return None
