"""Reviews played to a stage once per run and copied for each test: marking every criterion takes seconds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlmodel import Session, select

from metstandard.actions import scoring
from metstandard.common import clock
from metstandard.records import database
from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType
from metstandard.records.reviews import Review
from metstandard.records.sheets import Confidence
from tests.factories.programme import Programme
from tests.factories.stages import SEATS, STAGES, Play, fill_sheet

_KEPT: dict[str, tuple[bytes, datetime]] = {}


def database_at(stage: str, file: Path) -> datetime:
    """Put a database into `file`, which holds the small programme, in which one review of Camden stands at `stage`.

    Gives the moment of the play's clock.
    """
    if stage not in _KEPT:
        _KEPT[stage] = _played(stage, file)
    content, now = _KEPT[stage]
    file.write_bytes(content)
    return now


def _played(stage: str, file: Path) -> tuple[bytes, datetime]:
    names = list(STAGES)
    place = names.index(stage)
    now = database_at(names[place - 1], file) if place else clock.now()
    with _played_on(file, now) as play:
        STAGES[stage](play)
        play.session.commit()
        if play.review.state != stage:
            raise AssertionError(f"wanted {stage}, the review is at {play.review.state}")
        moment = play.now
    return file.read_bytes(), moment


@contextmanager
def _played_on(file: Path, now: datetime) -> Iterator[Play]:
    engine = database.engine(f"sqlite:///{file}")
    sa.event.listen(engine, "connect", _hurry)
    with Session(engine) as session:
        yield play_on(session, now)
    engine.dispose()


def _hurry(connection: DBAPIConnection, _record: object) -> None:
    """A database that is only copied need not survive a crash."""
    connection.execute("PRAGMA synchronous = OFF")


def play_on(session: Session, now: datetime) -> Play:
    """A play that goes on where the database stands."""
    play = Play(Programme.of(session), began=now)
    found = session.exec(select(Review)).first()
    if found is not None:
        play.review = found
    return play


@contextmanager
def playing(data: Path, stage: str) -> Iterator[Play]:
    """A play at `stage`, or `apart` for a consensus on differing sheets, on the test's own data folder."""
    file = data / "metstandard.db"
    now = database_apart(file) if stage == "apart" else database_at(stage, file)
    with _played_on(file, now) as play:
        yield play


# What the three reviewers of a panel that sees things differently mark; every other criterion is a 3 for all.
DIFFERENT = {
    "1.1": {"peer1": "4", "council1": "3", "company1": "1"},
    "1.2": {"peer1": "3", "council1": "NE", "company1": "3"},
    "1.3": {"peer1": "NE", "council1": "NE", "company1": "NE"},
    "1.4": {"peer1": "2", "council1": "3", "company1": "3"},
}


def _survey(play: Play) -> int:
    """Three years of a survey from outside, with which a mark of 1.1 carries a level 4, filed elsewhere."""
    made = Evidence(
        review_id=play.review.key, kind=EvidenceType.SURVEY, title="Residents' survey", by_unit=False, external=True,
        outcome_years=3, added_by_id=play["council1"].key,
    )  # fmt: skip
    play.session.add(made)
    play.session.flush()
    play.session.add(EvidenceLink(evidence_id=made.key, criterion="8.3"))
    return made.key


def database_apart(file: Path) -> datetime:
    """A database in which consensus has just opened on sheets that differ as DIFFERENT says."""
    if "apart" not in _KEPT:
        now = database_at("scoring", file)
        with _played_on(file, now) as play:
            survey = _survey(play)
            for word in SEATS.values():
                fill_sheet(play, word)
                for number, (code, levels) in enumerate(DIFFERENT.items()):
                    play.act(
                        scoring.save_mark, play.review, by=play[word], criterion=code, level=levels[word],
                        strengths=f"{word} saw a strength in {code}.", improvements=f"{word} would mend {code}.",
                        confidence=tuple(Confidence)[number % 3], evidence=[1, 3, survey], revision=1,
                    )  # fmt: skip
                play.act(scoring.lock_sheet, play.review, by=play[word])
            moment = play.now
        _KEPT["apart"] = (file.read_bytes(), moment)
    content, now = _KEPT["apart"]
    file.write_bytes(content)
    return now
