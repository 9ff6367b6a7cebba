"""Moderation: a change of one level with reasons, a return to the panel, three signatures."""

from collections.abc import Collection, Sequence

from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.actions.commissioning import check_seen
from metstandard.actions.signing import sign
from metstandard.common import clock, words
from metstandard.common.errors import Invalid, NotFound, RuleBroken
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import Declaration, Interest
from metstandard.records.sheets import AgreedLevel
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.rules.parts import standing


def change_level(
    session: Session, review: Review, *, by: Person, criterion: str, level: str, reason: str
) -> AgreedLevel:
    """Change an agreed level by one at most, with a reason shown to the panel; the agreed one stays beside it (B7)."""
    turn = moving.begin(session, review, "change_level", by=by)
    row = session.exec(
        select(AgreedLevel).where(AgreedLevel.review_id == review.key, AgreedLevel.criterion == criterion)
    ).first()
    if row is None:
        raise NotFound("No agreed level for this criterion")
    if not reason.strip():
        raise Invalid("Give the reason: the panel will read it", field="reason", rule="B7")
    if level not in rubric_of(session, review).levels:
        raise Invalid("Choose one of the levels", field="level", rule="B7")
    most = turn.workflow.number("B7-change")
    if not 0 < abs(int(level) - int(row.level)) <= most:
        raise RuleBroken(
            f"Moderation may change a level by {most} at most, not from {row.level} to {level}",
            field="level",
            rule="B7",
        )
    row.moderated, row.moderation_reason, row.moderated_by_id = level, reason.strip(), by.key
    session.add(row)
    turn.finish(
        note=reason, data={"criterion": criterion, "level": level}, facts={"criterion": f"criterion {criterion}"}
    )
    return row


def return_to_panel(session: Session, review: Review, *, by: Person, reason: str, criteria: Sequence[str] = ()) -> None:
    """Send the review back to consensus with the reasons, and the criteria they concern (none: the whole review)."""
    known = [code for code in rubric_of(session, review).criteria if code in criteria]
    if len(known) != len(set(criteria)):
        raise NotFound("No such criterion in this review")
    moving.move(session, review, "return_to_panel", by=by, note=reason, data={"criteria": known} if known else None)


def dissents(session: Session, review: Review) -> list[str]:
    """The criteria on which a reviewer dissents, in the rubric's order: moderation must look at each (SCO-4)."""
    rows = session.exec(
        select(AgreedLevel.criterion).where(AgreedLevel.review_id == review.key, AgreedLevel.dissent != "")
    ).all()
    return [code for code in rubric_of(session, review).criteria if code in rows]


def sign_moderation(session: Session, review: Review, *, by: Person, seen: str, looked: Collection[str] = ()) -> None:
    """Sign for one's seat of the moderation panel, declaring no interest; the last signature opens the decision.

    `looked` are the criteria whose dissent this moderator says to have looked at; the journal keeps them. Raises
    RuleBroken (SCO-4) naming those that are missing.
    """
    turn = moving.begin(session, review, "sign_moderation", by=by)
    disputed = dissents(session, review)
    missing = [code for code in disputed if code not in looked]
    if missing:
        raise RuleBroken(
            f"Look at the dissent on {words.listed(missing)}, and say that you have", field="looked", rule="SCO-4"
        )
    check_seen(seen, digest(session, review, "moderation"))
    session.add(
        Declaration(
            review_id=review.key, person_id=by.key, stage="moderation", interest=Interest.NONE, declared_at=clock.now()
        )
    )
    signature = sign(
        session, review, "moderation", by=by, part="moderator", seat=_seat(session, by, turn.workflow.moderators)
    )
    kept = {"looked": disputed} if disputed else {}
    turn.finish(data={"digest": signature.digest, "seat": signature.seat} | kept)


def _seat(session: Session, person: Person, seats: tuple[str, ...]) -> str:
    """The seat of the moderation panel that a person is appointed to."""
    held = next((one.seat for one in standing(session, person) if one.part == "moderator" and one.seat in seats), None)
    if held is None:
        raise RuleBroken("You hold no seat of the moderation panel", rule="B7")
    return held
