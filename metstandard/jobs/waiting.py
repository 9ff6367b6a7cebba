"""Who still has to act on a record: those a timer speaks to, without those who have done their share.

While sheets are sealed nobody may learn who has locked: what is found here goes into letters to those people alone,
never into a log or onto a page.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.sheets import Answer, Point, Sheet
from metstandard.rules.case import Record
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import people_with, playable, standing_in
from metstandard.rules.signatures import counting, parties_signed
from metstandard.workflow.definition import Workflow

_JOINT = "both_keys_agree"


def still_to_act(session: Session, record: Record, parts: Iterable[str]) -> dict[str, list[Person]]:
    """The people to remind, by the part in which they are; each person once, in the first part that fits."""
    workflow = workflow_of(session, record)
    found: dict[str, list[Person]] = {}
    seen: set[int] = set()
    for part in parts:
        for person in people_with(session, part, record):
            if person.key in seen or not playable(session, person, record, [part]):
                continue
            if _done(session, record, workflow, part, person):
                continue
            seen.add(person.key)
            found.setdefault(part, []).append(person)
    return found


def _done(session: Session, record: Record, workflow: Workflow, part: str, person: Person) -> bool:
    """Whether a person has done a share of which others still owe theirs."""
    party = standing_in(workflow, part)
    if party is not None:
        return _party_signed(session, record, workflow, part, party)
    if not isinstance(record, Review):
        return False
    match record.state, part:
        case "scoring", "reviewer":
            return _has_locked(session, record, person)
        case "consensus", "reviewer":
            return _signed(session, record, "consensus", person)
        case "scoping", _:
            return part in {one.part for one in counting(session, record, "agree_scope")}
        case "moderation", "moderator":
            return _signed(session, record, "moderation", person)
        case "moderation", "lead_reviewer":
            return not _has_open_point(session, record)
        case _:
            return False


def _party_signed(session: Session, record: Record, workflow: Workflow, part: str, party: str) -> bool:
    """Whether the key of a party is turned: for what the stage decides, or for a joint act that has begun here."""
    here = {
        move.do
        for move in workflow.moves_from(record.state)
        if part in move.by and _JOINT in move.when and not move.anywhere
    }
    return any(party in parties_signed(session, record, purpose) for purpose in sorted({record.state, *here}))


def _has_locked(session: Session, review: Review, person: Person) -> bool:
    query = select(Sheet.id).where(
        Sheet.review_id == review.key, Sheet.person_id == person.key, col(Sheet.locked_at).is_not(None)
    )
    return session.exec(query).first() is not None


def _signed(session: Session, review: Review, purpose: str, person: Person) -> bool:
    return person.key in {one.person_id for one in counting(session, review, purpose)}


def _has_open_point(session: Session, review: Review) -> bool:
    query = select(Point.id).where(Point.review_id == review.key, Point.answer == Answer.OPEN)
    return session.exec(query).first() is not None
