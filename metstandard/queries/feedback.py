"""Feedback on reviewers: what somebody is asked, and what the programme office reads of one reviewer (REV-5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.feedback import Feedback, Side
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from metstandard.records.units import Unit
from metstandard.rules.calibration import number
from metstandard.rules.feedback import PEOPLE, questions

SIDES = {Side.UNIT: "The unit", Side.PANEL: "Another reviewer"}


@dataclass(frozen=True)
class Asked:
    """A reviewer about whom somebody is asked: the row, the name and the seat."""

    row: Feedback
    name: str
    seat: str


def asked(session: Session, review: Review, person: Person) -> list[Asked]:
    """The reviewers about whom somebody is asked, in the order of their seats; empty for everybody else."""
    rows = session.execute(
        sa.select(Feedback, col(Person.name), col(Seat.kind))
        .join(Person, col(Person.id) == col(Feedback.about_id))
        .join(
            Seat, sa.and_(col(Seat.person_id) == col(Feedback.about_id), col(Seat.review_id) == col(Feedback.review_id))
        )
        .where(
            col(Feedback.review_id) == review.key,
            col(Feedback.giver_id) == person.key,
            col(Seat.status) == SeatStatus.ACCEPTED,
        )
        .order_by(col(Feedback.id))
    ).all()
    return [Asked(row, name, kind.replace("_", " ").capitalize()) for row, name, kind in rows]


@dataclass(frozen=True)
class Figure:
    """One statement over all reviews: how many people judged it, the highest step, and the mean unless withheld."""

    statement: str
    people: int
    highest: int
    mean: Fraction | None


@dataclass(frozen=True)
class Voice:
    """What one person said about a reviewer in one review."""

    review: Review
    unit: str
    side: str
    answers: list[tuple[str, str]]
    row: Feedback


@dataclass(frozen=True)
class Heard:
    """All that was said about a reviewer; `open` counts those who are asked and have not answered."""

    figures: list[Figure]
    voices: list[Voice]
    open: int
    fewest: int


def heard(session: Session, about: int) -> Heard:
    """Everything said about one reviewer, the newest review first. For the programme office alone."""
    rows = session.execute(
        sa.select(Feedback, Review, Unit)
        .join(Review, col(Review.id) == col(Feedback.review_id))
        .join(Unit, col(Unit.id) == col(Review.unit_id))
        .where(col(Feedback.about_id) == about)
        .order_by(col(Review.published_on).desc(), col(Review.id).desc(), col(Feedback.side).desc(), col(Feedback.id))
    ).all()
    given = [(row, review, unit) for row, review, unit in rows if row.given_at is not None]
    fewest = number(PEOPLE)
    voices = [Voice(review, unit.title, SIDES[row.side], _said(row), row) for row, review, unit in given]
    return Heard(_figures([row for row, _, _ in given], fewest), voices, len(rows) - len(given), fewest)


def _said(row: Feedback) -> list[tuple[str, str]]:
    asked_then = questions(row.questions)
    return [(text, asked_then.scale[row.answers[word] - 1]) for word, text in asked_then.statements.items()]


def _figures(given: Iterable[Feedback], fewest: int) -> list[Figure]:
    """The mean of each statement; statements of several editions stand apart unless text and scale are the same."""
    steps: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for row in given:
        asked_then = questions(row.questions)
        for word, text in asked_then.statements.items():
            steps.setdefault((text, len(asked_then.scale)), []).append((row.giver_id, row.answers[word]))
    return [
        Figure(text, len({who for who, _ in found}), highest, _mean(found, fewest))
        for (text, highest), found in steps.items()
    ]


def _mean(found: list[tuple[int, int]], fewest: int) -> Fraction | None:
    """The mean step; None where fewer people answered than may be shown."""
    if len({who for who, _ in found}) < fewest:
        return None
    return Fraction(sum(step for _, step in found), len(found))


@dataclass(frozen=True)
class Average:
    """Over all statements: from how many people, and the mean as a share of the scale (0 to 1) unless withheld."""

    people: int
    mean: Fraction | None


def averages(session: Session, about: Collection[int]) -> dict[int, Average]:
    """One figure for each of some reviewers who were spoken of, for statistics of the programme office."""
    rows = session.exec(
        select(Feedback).where(col(Feedback.about_id).in_(about), col(Feedback.given_at).is_not(None))
    ).all()
    fewest, found = number(PEOPLE), dict[int, list[tuple[int, Fraction]]]()
    for row in rows:
        most = len(questions(row.questions).scale) - 1
        shares = [(row.giver_id, Fraction(step - 1, most)) for step in row.answers.values()]
        found.setdefault(row.about_id, []).extend(shares)
    return {who: _average(said, fewest) for who, said in found.items()}


def _average(said: list[tuple[int, Fraction]], fewest: int) -> Average:
    people = len({giver for giver, _ in said})
    return Average(people, sum((share for _, share in said), Fraction(0)) / len(said) if people >= fewest else None)
