"""Feedback on reviewers that is still owed: a ladder of letters before, on and after its last day (REV-5)."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import feedback
from metstandard.common.settings import Settings
from metstandard.jobs.once import OnceADay
from metstandard.records.accounts import Person
from metstandard.records.database import reading_only
from metstandard.records.feedback import Feedback
from metstandard.records.reviews import Review

log = structlog.get_logger("metstandard.worker")
_said = OnceADay()


class Asked:
    """The job of one worker: everybody who has not answered is looked at once a day."""

    def __init__(self) -> None:
        self._seen = OnceADay()

    def sweep(self, engine: Engine, _settings: Settings, stop: threading.Event) -> int:
        """Remind whoever is due a letter, each in a transaction; how many letters were written."""
        done = 0
        for review, giver in _waiting(engine):
            if stop.is_set():
                break
            if self._seen.first(review, giver):
                done += _remind_safely(engine, review, giver)
        return done


def _waiting(engine: Engine) -> list[tuple[int, int]]:
    """Review and giver of what is asked and not given; nothing is locked."""
    query = (
        select(Feedback.review_id, Feedback.giver_id)
        .join(Review, col(Review.id) == Feedback.review_id)
        .where(col(Feedback.given_at).is_(None), col(Review.paused).is_(False), col(Review.state) != "closed")
        .distinct()
    )
    with reading_only(), Session(engine) as session:
        return sorted((review, giver) for review, giver in session.exec(query).all())


def _remind_safely(engine: Engine, review: int, giver: int) -> int:
    try:
        with Session(engine) as session:
            done = feedback.remind(session, session.get_one(Review, review), session.get_one(Person, giver))
            session.commit()
            return int(done)
    except Exception as failed:
        if _said.first(review, giver, repr(failed)):
            log.exception("feedback cannot be asked for", review=review)
        return 0
