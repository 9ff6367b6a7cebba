"""Feedback on reviewers as the rules know it: the questions in use, and who is still to answer (REV-5)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sqlmodel import Session, col, select

from metstandard.common.errors import NotFound
from metstandard.common.settings import settings
from metstandard.records.accounts import Person
from metstandard.records.feedback import Feedback
from metstandard.records.reviews import Review
from metstandard.rubric.feedback import Questions, load_questions

ACT = "give_feedback"
DAYS = "REV-5-feedback"
PEOPLE = "REV-5-people"


def newest_questions() -> Questions:
    """The questions that a new review asks. Raises NotFound where the organisation has none, or BadFile."""
    files = (settings().rubrics / "feedback").glob("*.yaml")
    newest = max((_read(one) for one in files), key=lambda one: one.edition, default=None)
    if newest is None:
        raise NotFound("There are no questions about reviewers: put a file into the folder feedback of the rubrics")
    return newest


def questions(name: str) -> Questions:
    """The questions that somebody was asked, by the name of their file. Raises NotFound or BadFile."""
    file = settings().rubrics / "feedback" / f"{name}.yaml"
    if not file.is_file():
        raise NotFound(f"There is no {file.name} among the questions about reviewers")
    return _read(file)


@lru_cache(maxsize=16)
def _read(file: Path) -> Questions:
    return load_questions(file)


def asked_of(session: Session, review: Review, person: Person) -> list[Feedback]:
    """The reviewers of one review about whom somebody is asked, in the order in which they were asked."""
    query = select(Feedback).where(Feedback.review_id == review.key, Feedback.giver_id == person.key)
    return list(session.exec(query.order_by(col(Feedback.id))).all())
