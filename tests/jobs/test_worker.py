"""The worker as a process: it drains, survives what fails, follows a moved clock, and loses nothing when killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import Session, select
from structlog.testing import capture_logs

from metstandard.common import clock
from metstandard.common.settings import Settings
from metstandard.jobs.worker import Paced, Worker
from metstandard.outbox import deliver
from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter
from metstandard.records.reviews import Review, Timer
from tests.factories.programme import Programme
from tests.factories.stages import played_to
from tests.servers.mail import MailServer

PATIENCE = 40.0


@contextmanager
def working(data: Path, **chosen: str) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on a data folder, killed with the block if it still runs."""
    named = {f"METSTANDARD_{name.upper()}": value for name, value in chosen.items()}
    with (data / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "metstandard.cli", "worker"], env=os.environ | named, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def eventually(holds: Callable[[], bool], data: Path) -> None:
    """Wait until something holds."""
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until, (data / "worker.log").read_text()
        time.sleep(0.05)


@pytest.fixture
def engine(session: Session) -> Engine:
    """The database of the test's session, with nothing open on it."""
    session.commit()
    found = session.get_bind()
    assert isinstance(found, Engine)
    return found


def owe(engine: Engine, *words: str) -> None:
    """A letter to each, due now."""
    with Session(engine) as session:
        for word in words:
            person = Person(email=f"{word}@example.org", name=word)
            session.add(person)
            session.flush()
            session.add(
                Letter(
                    once=word, name="reminder", person_id=person.key, address=person.email, subject="OFFICIAL: Come",
                    text="Come.", html="<p>Come.</p>", message_id=f"<{word}@met>",
                )
            )  # fmt: skip
        session.commit()


def states(engine: Engine) -> list[tuple[str, int]]:
    """Status and tries of each letter."""
    with database.reading_only(), Session(engine) as session:
        return [(one.status.value, one.attempts) for one in session.exec(select(Letter).order_by(Letter.id)).all()]  # type: ignore[arg-type]


def test_told_to_stop_it_finishes_the_letter_in_hand_and_ends_well(
    engine: Engine, data: Path, smtp_server: MailServer
) -> None:
    owe(engine, "ann", "bob")
    smtp_server.seconds = 1.0
    with working(data, smtp_url=smtp_server.url) as worker:
        eventually(lambda: smtp_server.tried == 1, data)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0
    assert states(engine) == [("sent", 1), ("owed", 0)]
    assert '"event": "stopped"' in (data / "worker.log").read_text()


def test_killed_after_the_server_said_yes_it_sends_again_under_the_same_message_id(
    engine: Engine, data: Path, smtp_server: MailServer
) -> None:
    owe(engine, "ann")
    smtp_server.seconds = 1.0
    with working(data, smtp_url=smtp_server.url, demo="1") as worker:
        eventually(lambda: smtp_server.tried == 1, data)
        with Session(engine) as held:
            held.connection()  # takes SQLite's write lock, so that the outcome cannot be written
            eventually(lambda: len(smtp_server.took) == 1, data)
            worker.kill()
            worker.wait()
    assert states(engine) == [("owed", 1)]
    (data / "clock-shift").write_text(str(int(deliver.CLAIMED_FOR.total_seconds())))
    smtp_server.seconds = 0.0
    with working(data, smtp_url=smtp_server.url, demo="1"):
        eventually(lambda: states(engine) == [("sent", 2)], data)
    assert [one.message["Message-ID"] for one in smtp_server.took] == ["<ann@met>", "<ann@met>"]


def test_a_clock_that_is_moved_in_the_demonstration_moves_what_is_due_at_once(programme: Programme, data: Path) -> None:
    play = played_to(programme, "panel_confirming", began=clock.now())
    query = select(Timer).where(Timer.record_kind == "review", Timer.name == "confirm_panel")
    left = play.session.exec(query).one().due_on - clock.today()
    play.session.commit()
    found = play.session.get_bind()
    assert isinstance(found, Engine)

    def state() -> str:
        with database.reading_only(), Session(found) as session:
            return session.exec(select(Review.state)).one()

    with working(data, demo="1"):
        eventually(lambda: '"event": "started"' in (data / "worker.log").read_text(), data)
        time.sleep(0.5)
        assert state() == "panel_confirming"
        (data / "clock-shift").write_text(str(int((left + timedelta(days=1)).total_seconds())))
        eventually(lambda: state() == "scoping", data)


def test_a_job_that_fails_never_stops_the_others(programme: Programme, data: Path) -> None:
    play = played_to(programme, "panel_confirming")
    play.later(days=30)
    play.session.commit()
    worker = Worker(Settings(smtp_url="pigeon://loft", data=data), threading.Event())
    with clock.pinned_to(play.now), capture_logs() as said:
        worker.everything()
    worker.close()
    play.session.expire_all()
    assert play.review.state == "scoping"
    assert [(one["event"], one.get("job"), one.get("count")) for one in said if one["log_level"] != "debug"] == [
        ("done", "clock", 1),
        ("job failed", "letters", None),
    ]


def test_a_job_runs_at_its_pace_and_at_once_on_a_new_day() -> None:
    paced = Paced("clock", lambda _engine, _settings, _stop: 0, every=30.0)
    monday, tuesday = date(2027, 1, 11), date(2027, 1, 12)
    assert paced.is_due(0.0, monday)
    paced.ran_at, paced.ran_on = 0.0, monday
    assert [paced.is_due(29.9, monday), paced.is_due(30.0, monday), paced.is_due(0.1, tuesday)] == [False, True, True]
    paced.by_day = False
    assert [paced.is_due(29.9, tuesday), paced.is_due(30.0, tuesday)] == [False, True]


def test_a_second_run_does_nothing_new(programme: Programme, data: Path) -> None:
    play = played_to(programme, "scoring")
    play.later(days=400)
    play.session.commit()
    worker = Worker(Settings(data=data), threading.Event())
    with clock.pinned_to(play.now):
        worker.everything()
        with capture_logs() as said:
            worker.everything()
    worker.close()
    assert [one["event"] for one in said if one["event"] == "done"] == []
