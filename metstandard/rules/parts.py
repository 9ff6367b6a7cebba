"""Who plays what in one record. A part ends at the next request after its appointment or seat ended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from metstandard.records.units import Unit
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
    return own_parts(person.key, record, review, standing(session, person), seat_of(session, record, person))


def own_parts(
    person_id: int, record: Record, review: Review, appointments: Iterable[Appointment], seat: Seat | None
) -> frozenset[str]:
    """The parts that appointments and a seat give one active person in a record; a pure function of what is known.

    An Authority member is linked to the reviews that name them, as long as they are appointed to link at all.
    """
    found = {
        one.part
        for one in appointments
        if (one.part in UNIT_PARTS and one.unit_id == review.unit_id) or (one.part not in UNIT_PARTS)
    }
    if review.link_member_id != person_id:
        found.discard("link_member")
    if seat is not None:
        found.add("reviewer")
        if seat.lead:
            found.add("lead_reviewer")
    if isinstance(record, Action):
        if record.owner_id == person_id:
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
        query = select(Person).join(Appointment).where(
            Person.id == review.link_member_id, Appointment.part == "link_member", running()
        )
    elif part == "deputy":
        query = select(Person).join(Deputy, col(Deputy.person_id) == Person.id)
        query = query.where(Deputy.review_id == review.key, col(Deputy.ended_on).is_(None))
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
    rows = bound_in(session, [review_of(session, record).key], people)
    return {person_id: parts for (_, person_id), parts in rows.items()}


def bound_in(session: Session, reviews: Sequence[int], people: People) -> dict[tuple[int, int], frozenset[str]]:
    """`bound` for many reviews at once, by review and person; still one query."""
    today = clock.today()
    proposed = (
        select(sa.func.date(JournalLine.at))
        .where(_own_journal(), col(JournalLine.seq) == 1)
        .correlate(Review)
        .scalar_subquery()
    )
    appointed = col(Appointment.until_on).is_(None) | (sa.func.date(col(Appointment.until_on)) >= proposed)
    posted = col(Posting.until_on).is_(None) | (col(Posting.until_on) >= today)
    number = col(Review.id)
    spells: list[Any] = [
        sa.select(number, col(JournalLine.person_id), col(JournalLine.part)).join(JournalLine, _own_journal()),
        *(
            sa.select(number, col(JournalLine.person_id), col(JournalLine.part))
            .join(kind, col(kind.review_id) == number)
            .join(JournalLine, _journal_of(kind))
            for kind in (Certificate, Action)
        ),
        sa.select(number, col(Seat.person_id), sa.literal("reviewer")).join(
            Seat, (col(Seat.review_id) == number) & col(Seat.status).in_(HOLDING)
        ),
        sa.select(number, col(Deputy.person_id), col(Deputy.part)).join(Deputy, col(Deputy.review_id) == number),
        sa.select(number, col(Appointment.person_id), col(Appointment.part))
        .join(Appointment, col(Appointment.unit_id) == Review.unit_id)
        .where(col(Appointment.part).in_(UNIT_PARTS), col(Appointment.from_on) <= today, appointed),
        sa.select(number, col(Declaration.person_id), sa.literal(PREJUDICIAL)).join(
            Declaration, (col(Declaration.review_id) == number) & (col(Declaration.interest) == Interest.PREJUDICIAL)
        ),
        sa.select(number, col(Posting.person_id), sa.literal(IN_LINE))
        .join(Unit, col(Unit.id) == Review.unit_id)
        .join(
            Posting,
            (col(Posting.unit_id) == Unit.id)
            | (col(Posting.unit_id).is_(None) & (col(Posting.business_group) == Unit.business_group)),
        )
        .where(col(Posting.from_on) <= today, posted),
    ]
    wanted = [one.where(number.in_(reviews), one.selected_columns[1].in_(people)) for one in spells]
    every: sa.CompoundSelect[Any] = sa.union(*wanted)
    found: dict[tuple[int, int], set[str]] = {}
    for review_id, person_id, part in session.execute(every):
        found.setdefault((review_id, person_id), set()).add(part)
    return {where: frozenset(parts) for where, parts in found.items()}


def _own_journal() -> sa.ColumnElement[bool]:
    return (col(JournalLine.record_kind) == "review") & (col(JournalLine.record_id) == col(Review.id))


def _journal_of(kind: type[Certificate | Action]) -> sa.ColumnElement[bool]:
    return (col(JournalLine.record_kind) == kind.__tablename__) & (col(JournalLine.record_id) == col(kind.id))


def duties(binding: Iterable[str]) -> frozenset[str]:
    """The groups of B3 that parts belong to."""
    return frozenset(group for group in map(apart, binding) if group is not None)


@dataclass(frozen=True)
class Hand:
    """The parts that a person could play in a record, in whose name they prepare, and what binds them there."""

    parts: frozenset[str]
    deputised: frozenset[str]
    binding: frozenset[str]

    def part_for(self, by: Iterable[str]) -> str | None:
        """The part for an act open to the parts `by`: see the function of the same name."""
        allowed = tuple(by)
        wanted = [one for one in allowed if one in self.parts and (one != "deputy" or self.deputised & set(allowed))]
        if not wanted:
            return None
        bars = {part: _bar(part, self.binding) for part in wanted}
        free = next((part for part in wanted if bars[part] is None), None)
        if free is None:
            raise next(bar for bar in bars.values() if bar is not None)
        return free


def hand_of(session: Session, person: Person, record: Record) -> Hand:
    """What a person may play in a record, found once for any number of acts."""
    own = _own_parts(session, person, record)
    lent = deputised(session, person, record) if person.active else frozenset()
    binding = bound(session, record, [person.key]).get(person.key, frozenset())
    return Hand(own | ({"deputy"} if lent else set()), lent, binding)


def playable(session: Session, person: Person, record: Record, parts: Iterable[str]) -> frozenset[str]:
    """Those of `parts` that the segregation of duties leaves a person in this record (rules.md B3, COI-9)."""
    return unbarred(parts, bound(session, record, [person.key]).get(person.key, frozenset()))


def unbarred(parts: Iterable[str], binding: frozenset[str]) -> frozenset[str]:
    """Those of `parts` that what binds a person leaves them."""
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
    return hand_of(session, person, record).part_for(by)


def standing_in(workflow: Workflow, part: str) -> str | None:
    """The party whose key a part turns, for a holder or a principal; None for other parts."""
    for party in workflow.parties:
        if part in {f"{party}_key", f"{party}_principal"}:
            return party
    return None
