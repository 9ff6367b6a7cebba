"""Feedback on reviewers after a review: asked at publication, reminded of, given once (REV-5)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.common.errors import Invalid, MetStandardError, NotFound, NotNow
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.feedback import Feedback, Side
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from metstandard.rules.editions import workflow_of
from metstandard.rules.feedback import ACT, DAYS, asked_of, newest_questions, questions
from metstandard.rules.parts import people_with
from metstandard.workflow.calendar import add_working_days


@dataclass(frozen=True)
class Said:
    """What somebody says about one reviewer: steps of the scale by statement, and words."""

    answers: Mapping[str, int]
    words: str = ""


def ask(session: Session, review: Review) -> int:
    """Ask the commander and the other reviewers about each reviewer, each by one letter; how many are asked.

    An edition whose workflow does not know the act asks nobody. Asking again asks only who is new.
    """
    workflow = workflow_of(session, review)
    days = workflow.numbers.get(DAYS)
    if days is None or not workflow.moves_from(review.state, ACT):
        return 0
    asked, due = newest_questions(), add_working_days(clock.today(), days)
    known = set(session.exec(select(Feedback.giver_id).where(Feedback.review_id == review.key)).all())
    told = 0
    for giver, part, about in _givers(session, review):
        if giver.key in known:
            continue
        side = Side.UNIT if part == "commander" else Side.PANEL
        session.add_all(
            Feedback(
                review_id=review.key, giver_id=giver.key, about_id=number, side=side, questions=asked.name, due_on=due
            )
            for number in about
        )
        compose.owe(
            session, "feedback_asked", to=giver, part=part, record=review,
            once=f"feedback:{review.key}:{giver.key}:asked", facts={"due": due},
        )  # fmt: skip
        told += 1
    session.flush()
    return told


def _givers(session: Session, review: Review) -> Iterator[tuple[Person, str, list[int]]]:
    """Everybody who is asked, in which part, and about whom: the commander about all, a reviewer about the others."""
    rows = session.exec(
        select(Person)
        .join(Seat, col(Seat.person_id) == Person.id)
        .where(Seat.review_id == review.key, Seat.status == SeatStatus.ACCEPTED)
        .order_by(col(Seat.id))
    ).all()
    sat = [one.key for one in rows]
    for person in people_with(session, "commander", review):
        yield person, "commander", sat
    for person in rows:
        yield person, "reviewer", [number for number in sat if number != person.key]


def give(session: Session, review: Review, *, by: Person, said: Mapping[int, Said]) -> None:
    """Answer about every reviewer one is asked about, at once; an answer never changes, and the same again is none.

    `said` is by the reviewer's number. Raises NotFound for somebody who is not asked, Invalid for what is missing.
    """
    moving.allow(session, review, ACT, by=by)
    rows = asked_of(session, review, by)
    if not rows:
        raise NotFound("You are not asked about the reviewers of this review")
    session.refresh(rows[0], with_for_update=True)
    for row in rows:
        _write(row, said.get(row.about_id, Said({})))
    session.add_all(rows)
    session.flush()


def _write(row: Feedback, said: Said) -> None:
    asked = questions(row.questions)
    for word in asked.statements:
        if not 1 <= said.answers.get(word, 0) <= len(asked.scale):
            raise Invalid("Choose an answer for each statement", field=f"{row.about_id}-{word}", rule="REV-5")
    given, words = {word: said.answers[word] for word in asked.statements}, said.words.strip()
    if row.given_at is None:
        row.answers, row.words, row.given_at = given, words, clock.now()
    elif (row.answers, row.words) != (given, words):
        raise NotNow("You have given your feedback already, and it does not change")


def remind(session: Session, review: Review, giver: Person) -> bool:
    """Owe the newest letter of the ladder to somebody who has not answered; False when there is none to owe."""
    rows = [one for one in asked_of(session, review, giver) if one.given_at is None]
    if not rows:
        return False
    try:
        part = moving.allow(session, review, ACT, by=giver).part
    except MetStandardError:
        # Paused, closed, or no longer the commander: nothing is asked of them now.
        return False
    due, since = rows[0].due_on, clock.local_date(rows[0].asked_at)
    steps = [add_working_days(due, step) for step in questions(rows[0].questions).remind]
    newest = max((day for day in steps if since < day <= clock.today()), default=None)
    if newest is None:
        return False
    owed = compose.owe(
        session, "feedback_due", to=giver, part=part, record=review,
        once=f"feedback:{review.key}:{giver.key}:{newest}", facts={"due": due, "late": due < clock.today()},
    )  # fmt: skip
    return owed is not None
