"""A review at each stage, played once for all tests of the worker, in a year without surprises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session

from metstandard.records import database
from tests.factories.kept import play_on
from tests.factories.programme import Programme
from tests.factories.stages import STAGES, Play

# Far from the holidays of winter and spring, which would move steps of a ladder.
BEGAN = datetime(2027, 1, 11, 9, tzinfo=UTC)
LAST = "follow_up"

AtStage = Callable[[str], Play]

_kept: dict[str, tuple[bytes, datetime]] = {}


def play_all(session: Session, file: Path) -> None:
    """Keep the database as it is after each stage."""
    play = Play(Programme.of(session), began=BEGAN)
    for name, step in STAGES.items():
        step(play)
        session.commit()
        _kept[name] = (file.read_bytes(), play.now)
        if name == LAST:
            return


@pytest.fixture
def at_stage(data: Path) -> Iterator[AtStage]:
    """Gives a play at a stage, on the test's own database."""
    file = data / "metstandard.db"
    opened: list[tuple[Session, Engine]] = []

    def engine() -> Session:
        made = database.engine(f"sqlite:///{file}")
        session = Session(made)
        opened.append((session, made))
        return session

    def make(stage: str) -> Play:
        if not _kept:
            play_all(engine(), file)
        content, now = _kept[stage]
        file.write_bytes(content)
        return play_on(engine(), now)

    yield make
    for session, made in opened:
        session.close()
        made.dispose()
