"""What commanders and reviewers of the demonstration say about each other after a review (REV-5)."""

from __future__ import annotations

from sqlmodel import Session, col, select

from metstandard.actions import feedback
from metstandard.actions.samples import steady
from metstandard.records.accounts import Person
from metstandard.records.feedback import Feedback
from metstandard.records.reviews import Review
from metstandard.rules.feedback import asked_of, questions

_WORDS = (
    "Put people at their ease, and wrote down what they said in their own words.",
    "Knew the figures before the first day. Could have left more time for the night shift.",
    "Asked the same of everybody, whatever their rank.",
    "",
)


def give_feedback(session: Session, review: Review) -> None:
    """Everybody who is asked about the reviewers answers."""
    givers = session.exec(
        select(Person).where(col(Person.id).in_(select(Feedback.giver_id).where(Feedback.review_id == review.key)))
    ).all()
    for giver in givers:
        said = {row.about_id: _said(row) for row in asked_of(session, review, giver)}
        feedback.give(session, review, by=giver, said=said)


def _said(row: Feedback) -> feedback.Said:
    asked = questions(row.questions)
    steps = {
        word: max(1, len(asked.scale) - steady(row.review_id, row.giver_id, row.about_id, word) % 3)
        for word in asked.statements
    }
    return feedback.Said(steps, _WORDS[steady(row.review_id, row.giver_id, row.about_id) % len(_WORDS)])
