"""Who plays what in one record. A part ends at the next request after its appointment or seat ended."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.errors import RuleBroken
from metstandard.records.accounts import Appointment, Person
from metstandard.records.followup import Action
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Deputy, Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.rules import recognition
from metstandard.rules.case import Record, review_of
from metstandard.rules.duties import PANEL_PARTS, UNIT_PARTS, bar, bound, unbarred
from metstandard.workflow.definition import Workflow

Bar = Callable[[str, frozenset[str]], RuleBroken | None]


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
    if isinstance(record, Nomination):
        return recognition.parts_in(session, person, record)
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
    if isinstance(record, Nomination):
        return frozenset()
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
    if isinstance(record, Nomination):
        return recognition.people_in(session, part, record)
    review = review_of(session, record)
    if part in PANEL_PARTS:
        query = select(Person).join(Seat).where(Seat.review_id == review.key, col(Seat.status).in_(HOLDING))
        if part == "lead_reviewer":
            query = query.where(col(Seat.lead).is_(True))
    elif part == "link_member":
        query = (
            select(Person)
            .join(Appointment)
            .where(Person.id == review.link_member_id, Appointment.part == "link_member", running())
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


@dataclass(frozen=True)
class Hand:
    """The parts that a person could play in a record, in whose name they prepare, and what binds them there."""

    parts: frozenset[str]
    deputised: frozenset[str]
    binding: frozenset[str]
    barred: Bar = bar

    def part_for(self, by: Iterable[str]) -> str | None:
        """The part for an act open to the parts `by`: see the function of the same name."""
        allowed = tuple(by)
        wanted = [one for one in allowed if one in self.parts and (one != "deputy" or self.deputised & set(allowed))]
        if not wanted:
            return None
        bars = {part: self.barred(part, self.binding) for part in wanted}
        free = next((part for part in wanted if bars[part] is None), None)
        if free is None:
            raise next(bar for bar in bars.values() if bar is not None)
        return free


def hand_of(session: Session, person: Person, record: Record) -> Hand:
    """What a person may play in a record, found once for any number of acts."""
    own = _own_parts(session, person, record)
    if isinstance(record, Nomination):
        return Hand(own, frozenset(), recognition.bound(session, record, person), recognition.bar)
    lent = deputised(session, person, record) if person.active else frozenset()
    binding = bound(session, record, [person.key]).get(person.key, frozenset())
    return Hand(own | ({"deputy"} if lent else set()), lent, binding)


def playable(session: Session, person: Person, record: Record, parts: Iterable[str]) -> frozenset[str]:
    """Those of `parts` that the segregation of duties leaves a person in this record (rules.md B3, COI-9)."""
    if isinstance(record, Nomination):
        binding = recognition.bound(session, record, person)
        return frozenset(one for one in parts if recognition.bar(one, binding) is None)
    return unbarred(parts, bound(session, record, [person.key]).get(person.key, frozenset()))


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
