"""A named deputy prepares in another's name, in one review, and never signs."""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.common.errors import RuleBroken
from metstandard.records.accounts import Person
from metstandard.records.reviews import Deputy, Review
from metstandard.rules.parts import parts_of


def assign_deputy(session: Session, review: Review, *, by: Person, deputy: Person) -> Deputy:
    """Name a deputy. Raises RuleBroken (B3) for somebody with a part of their own in this review."""
    turn = moving.begin(session, review, "assign_deputy", by=by)
    if parts_of(session, deputy, review):
        raise RuleBroken(f"{deputy.name} already has a part in this review", field="deputy", rule="B3")
    made = Deputy(review_id=review.key, principal_id=by.key, person_id=deputy.key, part=turn.part, from_on=clock.today())
    session.add(made)
    session.flush()
    turn.finish(data={"deputy": deputy.key})
    return made


def deputies_of(session: Session, review: Review) -> list[Deputy]:
    """The deputies that still prepare in a review."""
    return list(session.exec(select(Deputy).where(Deputy.review_id == review.key, col(Deputy.ended_on).is_(None))).all())
