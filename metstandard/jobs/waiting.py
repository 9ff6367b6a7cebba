"""Who still has to act on a record: those a timer speaks to, without those who have done their share.

While sheets are sealed nobody may learn who has locked: what is found here goes into letters to those people alone,
never into a log or onto a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review
from metstandard.records.sheets import Answer, Point, Sheet
from metstandard.rules import recognition
from metstandard.rules.case import Record
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards.recognition import newest_checks, wanted_checks
from metstandard.rules.parts import people_with, playable, standing_in
from metstandard.rules.signatures import counting, parties_signed
from metstandard.workflow.definition import Workflow

_JOINT = "both_keys_agree"
Share = Callable[[Session, Review, Person], bool]


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
    if isinstance(record, Nomination):
        return _done_in_nomination(session, record, part, person)
    share = _SHARES.get((record.state, part))
    return isinstance(record, Review) and share is not None and share(session, record, person)


def _done_in_nomination(session: Session, nomination: Nomination, part: str, person: Person) -> bool:
    """A judge who has locked; a service that has answered for each of its nominees."""
    if part == "judge":
        allotted = recognition.allotment_of(session, nomination, person)
        return allotted is not None and allotted.locked_at is not None
    if part in recognition.OF_A_SERVICE and nomination.state == "checks":
        known = newest_checks(session, nomination)
        services = recognition.services_answered_for(session, person, part)
        return all(
            (nominee.key, asked) in known
            for nominee, asked in wanted_checks(session, nomination)
            if asked == part and ("" in services or nominee.service in services)
        )
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


def _has_signed(purpose: str) -> Share:
    def signed(session: Session, review: Review, person: Person) -> bool:
        return person.key in {one.person_id for one in counting(session, review, purpose)}

    return signed


def _has_no_point_to_answer(session: Session, review: Review, _person: Person) -> bool:
    query = select(Point.id).where(Point.review_id == review.key, Point.answer == Answer.OPEN)
    return session.exec(query).first() is None


# Shares of one person in what several do at a stage; at all others the one who is waited for ends the stage.
_SHARES: Mapping[tuple[str, str], Share] = {
    ("scoping", "lead_reviewer"): _has_signed("agree_scope"),
    ("scoping", "commander"): _has_signed("agree_scope"),
    ("scoring", "reviewer"): _has_locked,
    ("consensus", "reviewer"): _has_signed("consensus"),
    ("moderation", "moderator"): _has_signed("moderation"),
    ("moderation", "lead_reviewer"): _has_no_point_to_answer,
}
