"""Who plays what in one record. A part ends at the next request after its appointment or seat ended."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.errors import RuleBroken
from metstandard.records.accounts import Appointment, Person
from metstandard.records.followup import Action
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Deputy
from metstandard.records.seats import HOLDING, Seat
from metstandard.rules.case import Record, kind_of, review_of
from metstandard.workflow.definition import Workflow

UNIT_PARTS = ("commander", "unit_author")
PANEL_PARTS = ("reviewer", "lead_reviewer")

# One person holds only one of these in one review (rules.md B3).
_APART = {
    "programme_officer": "programme officer",
    "reviewer": "reviewer",
    "lead_reviewer": "reviewer",
    "moderator": "moderator",
    "appeal_member": "appeal member",
    "commander": "the assessed unit",
    "unit_author": "the assessed unit",
}


def apart(part: str) -> str | None:
    """The group that a part belongs to under the segregation of duties; None when it may be combined."""
    if part.endswith(("_key", "_principal")):
        return "decision maker"
    return _APART.get(part)


def standing(session: Session, person: Person) -> list[Appointment]:
    """The appointments of a person that run today."""
    return list(session.exec(select(Appointment).where(Appointment.person_id == person.key, _running())).all())


def _running() -> sa.ColumnElement[bool]:
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
    if _deputising(session, person, review.key):
        found.add("deputy")
    if isinstance(record, Action):
        if record.owner_id == person.key:
            found.add("action_owner")
        elif found & {"programme_officer", "link_member", "reviewer"}:
            found.add("verifier")
    return frozenset(found)


def _deputising(session: Session, person: Person, review_id: int) -> bool:
    return session.exec(
        select(Deputy.id).where(
            Deputy.review_id == review_id, Deputy.person_id == person.key, col(Deputy.ended_on).is_(None)
        )
    ).first() is not None


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
        query = select(Person).join(Appointment).where(Appointment.part == part, _running())
        if part in UNIT_PARTS:
            query = query.where(Appointment.unit_id == review.unit_id)
    return list(session.exec(query.where(col(Person.active).is_(True)).order_by(Person.name).distinct()).all())


def _may_verify(person: Person, record: Record) -> bool:
    return not isinstance(record, Action) or record.owner_id != person.key


def played(session: Session, person: Person, record: Record) -> frozenset[str]:
    """The parts in which a person has acted in a review, as its journal tells, and the seat held now."""
    review = review_of(session, record)
    acted = set(
        session.exec(
            select(JournalLine.part)
            .where(
                JournalLine.record_kind == kind_of(review),
                JournalLine.record_id == review.key,
                JournalLine.person_id == person.key,
            )
            .distinct()
        ).all()
    )
    if seat_of(session, review, person) is not None:
        acted.add("reviewer")
    return frozenset(acted)


def playable(session: Session, person: Person, record: Record, parts: Iterable[str]) -> frozenset[str]:
    """Those of `parts` that the segregation of duties leaves a person in this record (rules.md B3)."""
    groups = {apart(part) for part in played(session, person, record)} - {None}
    return frozenset(part for part in parts if apart(part) is None or not groups - {apart(part)})


def part_for(session: Session, person: Person, record: Record, by: Iterable[str]) -> str | None:
    """The part in which a person may do an act open to the parts `by`; None when they play none of them.

    Raises RuleBroken (B3) when only the segregation of duties stands in the way.
    """
    wanted = [part for part in by if part in parts_of(session, person, record)]
    if not wanted:
        return None
    free = playable(session, person, record, wanted)
    if not free:
        held = sorted({str(apart(part)) for part in played(session, person, record) if apart(part)})
        raise RuleBroken(f"You have already acted in this review as {' and '.join(held)}", rule="B3")
    return next(part for part in wanted if part in free)


def standing_in(workflow: Workflow, part: str) -> str | None:
    """The party whose key a part turns, for a holder or a principal; None for other parts."""
    for party in workflow.parties:
        if part in {f"{party}_key", f"{party}_principal"}:
            return party
    return None
