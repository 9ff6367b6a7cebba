"""Reviews whose sheets are locked, made as rows: many at once, with the reviewers as harsh as a test wants them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np
from sqlmodel import select

from metstandard.actions.commissioning import keep_edition
from metstandard.common import clock
from metstandard.records.calibration import Calibration, CalibrationMark
from metstandard.records.reviews import Origin, Review
from metstandard.records.seats import Seat, SeatStatus
from metstandard.records.sheets import Confidence, Mark, Sheet
from metstandard.records.units import Unit
from metstandard.rules.calibration import cases_in_use
from metstandard.rules.editions import newest_rubric, newest_workflow
from tests.factories.programme import Programme

KINDS = {"peer": "peer", "local_authority": "council", "private": "company"}
FIRST_DAY = date(2026, 3, 2)


def open_review(
    programme: Programme,
    number: int,
    *,
    severity: Mapping[str, float] | None = None,
    seats: Mapping[str, str] | None = None,
    year: int = FIRST_DAY.year,
    unlocked: tuple[str, ...] = (),
    given: Mapping[str, Mapping[str, str]] | None = None,
) -> Review:
    """One review in consensus; who sits turns with `number`. `severity` in levels by short word, positive is harsher.

    The sheets of the seats in `unlocked` are written and not locked; the review then stands in scoring. `given` are
    levels by short word and criterion in place of those drawn.
    """
    review = _review(programme, number, year, "scoring" if unlocked else "consensus")
    random = np.random.default_rng(number)
    criteria = newest_rubric("met-standard-1")[0].criteria
    true = np.clip(random.normal(2.6, 0.4) + random.normal(0.0, 0.6, len(criteria)), 0.0, 4.0)
    for kind, word in (seats or sitting(number)).items():
        seen = true - (severity or {}).get(word, 0.0) + random.normal(0.0, 0.5, len(criteria))
        drawn = map(str, np.clip(np.rint(seen), 0, 4).astype(int).tolist())
        levels = dict(zip(criteria, drawn, strict=True)) | dict((given or {}).get(word, {}))
        _sheet(programme, review, kind, word, levels, locked=kind not in unlocked)
    programme.session.commit()
    return review


def sitting(number: int) -> dict[str, str]:
    """The panel of a review: three of each kind, turning at different speeds so that everybody is linked."""
    turns = (number, number // 3, number // 2)
    return {kind: f"{word}{1 + turn % 3}" for (kind, word), turn in zip(KINDS.items(), turns, strict=True)}


def calibrated(programme: Programme, word: str, *, severity: int = 0) -> Calibration:
    """Somebody's submitted attempt at the reference reviews, every mark so many levels too low."""
    cases, _ = cases_in_use()
    attempt = Calibration(person_id=programme[word].key, edition=cases.name, submitted_at=clock.now(), passed=True)
    programme.session.add(attempt)
    programme.session.flush()
    for review in cases.reviews.values():
        for code, one in review.criteria.items():
            level = min(4, max(0, one.level - severity))
            programme.session.add(
                CalibrationMark(calibration_id=attempt.key, case_code=review.word, criterion=code, level=level)
            )
    programme.session.commit()
    return attempt


def _review(programme: Programme, number: int, year: int, state: str) -> Review:
    session = programme.session
    workflow, text = newest_workflow("assessment")
    rubric, rubric_text = newest_rubric("met-standard-1")
    units = session.exec(select(Unit).order_by(Unit.code)).all()
    day = FIRST_DAY.replace(year=year) + timedelta(days=number)
    review = Review(
        workflow="assessment",
        workflow_edition_id=keep_edition(session, "workflow", "assessment", workflow.edition, text).key,
        rubric_edition_id=keep_edition(session, "rubric", rubric.rubric, rubric.edition, rubric_text).key,
        state=state, reference=f"MSR-{year}-{900 + number:04d}", unit_id=units[number % len(units)].key,
        committee_id=programme.committee().key, origin=Origin.NEW, starts_on=day, ends_on=day + timedelta(days=4),
        proposed_by_id=programme["officer"].key,
    )  # fmt: skip
    session.add(review)
    session.flush()
    return review


def _sheet(
    programme: Programme, review: Review, kind: str, word: str, levels: Mapping[str, str], *, locked: bool
) -> None:
    session, person, now = programme.session, programme[word], clock.now()
    seat = Seat(
        review_id=review.key, kind=kind, person_id=person.key, lead=kind == "peer", status=SeatStatus.ACCEPTED,
        accepted_at=now,
    )  # fmt: skip
    session.add(seat)
    session.flush()
    sheet = Sheet(review_id=review.key, seat_id=seat.key, person_id=person.key, locked_at=now if locked else None)
    session.add(sheet)
    session.flush()
    session.add_all(
        Mark(
            sheet_id=sheet.key, criterion=code, level=level, strengths="It was seen on site.",
            confidence=Confidence.HIGH,
        )
        for code, level in levels.items()
    )  # fmt: skip
