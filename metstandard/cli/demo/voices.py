"""What people of the demonstration say where rules ask for words: on reviewers (REV-5), on publishing (B9)."""

from __future__ import annotations

from sqlmodel import Session, col, select

from metstandard.actions import feedback, reporting
from metstandard.actions.samples import steady
from metstandard.queries.checking import in_the_way
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


def let_leave(session: Session, review: Review, *, by: Person) -> None:
    """Who publishes says why the report may leave although it rests on marked evidence."""
    why = "The report quotes nothing of what is marked, and its words could be anybody’s."
    for one in in_the_way(session, review):
        reporting.waive_check(session, review, by=by, key=one.key, reason=why)


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
