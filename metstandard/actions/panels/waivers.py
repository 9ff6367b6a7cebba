"""A joint, reasoned exception to one rule for one person: asked for by the programme office, agreed by both keys."""

from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.actions.commissioning import check_seen
from metstandard.actions.signing import sign
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, RuleBroken
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import Waiver
from metstandard.rules import conflicts
from metstandard.rules.content import hashed, of_waiver


def waive_conflict(
    session: Session, review: Review, *, person: Person, rule: str, by: Person, reason: str = "",
    seen: str | None = None,
) -> Waiver:  # fmt: skip
    """Ask for a joint waiver as programme officer, with the reason; or agree to one asked for, as key holder (COI-12).

    Asking again with another reason voids what was agreed. `seen` is the hash of what a key holder was shown.
    Raises RuleBroken for a rule that is not in this person's way or that nobody may waive.
    """
    turn = moving.begin(session, review, "waive_conflict", by=by)
    found = session.exec(
        select(Waiver).where(Waiver.review_id == review.key, Waiver.person_id == person.key, Waiver.rule == rule)
    ).first()
    if turn.part == "programme_officer":
        if found is not None and found.reason == reason.strip():
            return found
        made = _ask(session, review, person, rule, reason.strip(), found)
        turn.finish(note=reason, data={"waiver": made.key, "rule": rule})
        return made
    if found is None:
        raise NotFound("No such waiver has been asked for")
    covered = hashed(of_waiver(found))
    if seen is not None:
        check_seen(seen, covered)
    sign(session, review, "waive_conflict", by=by, part=turn.part, covered=covered, reason=reason)
    turn.finish(data={"waiver": found.key, "rule": rule})
    return found


def _ask(session: Session, review: Review, person: Person, rule: str, reason: str, found: Waiver | None) -> Waiver:
    """Write the waiver, or its new reason: a signature over the old one no longer counts."""
    _check(session, review, person, rule)
    if not reason:
        raise Invalid("Give the reason that will be printed in the report", field="reason", rule="COI-12")
    made = found or Waiver(review_id=review.key, person_id=person.key, rule=rule, reason=reason)
    made.reason, made.asked_at = reason, clock.now()
    session.add(made)
    session.flush()
    return made


def _check(session: Session, review: Review, person: Person, rule: str) -> None:
    """Refuse a waiver of a rule that is not in the way, or that nobody may waive."""
    standing = next((one for one in conflicts.of_panel(session, review) if one.seat.person_id == person.key), None)
    in_the_way = standing.conflicts if standing else conflicts.judged_for_own_seat(session, review, person)
    of_rule = [one for one in in_the_way if one.rule == rule]
    if not of_rule:
        raise Invalid(f"{rule} does not stand in the way of {person.name}", field="rule", rule="COI-12")
    if all(one.hard for one in of_rule):
        raise RuleBroken(f"Nobody may waive this: {of_rule[0].sentence}", field="rule", rule=rule)
