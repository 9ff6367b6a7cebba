"""Calibration in the demonstration: marked, sent and renewed by everybody through the acts that people use (REV-2)."""

from __future__ import annotations

from sqlmodel import Session

from metstandard.actions import calibration
from metstandard.actions.samples import steady
from metstandard.cli.demo.people import Cast
from metstandard.records.accounts import Person
from metstandard.rules.calibration import cases_in_use

_ONE_IN = 8


def calibrate(cast: Cast) -> None:
    """One attempt of each reviewer, sent and passed."""
    for person in (*cast.peers, *cast.councils, *cast.companies):
        _attempt(cast.session, person)


def _attempt(session: Session, person: Person) -> None:
    """Gateways as agreed; of the others about one in four is a level away, and some reviewers lean to one side."""
    cases, rubric = cases_in_use()
    attempt = calibration.start(session, person, by=person)
    leans = steady(person.email) % 3 - 1
    for review in cases.reviews.values():
        marks: dict[str, int | None] = {}
        for code, one in review.criteria.items():
            roll = steady(person.email, review.word, code) % _ONE_IN
            away = leans if roll == 0 else 1 - 2 * (roll % 2) if roll in {1, 2} else 0
            marks[code] = one.level if rubric.criteria[code].gateway else max(0, min(rubric.top, one.level + away))
        calibration.save_marks(session, attempt, by=person, case=review.word, marks=marks)
    calibration.submit(session, attempt, by=person)
