"""The settings that keep a database whole."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session, select

from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.certificates import Series
from tests.factories.programme import Programme


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An SQLite database with every table."""
    made = database.engine(f"sqlite:///{tmp_path / 'metstandard.db'}")
    database.create_all(made)
    return made


def test_sqlite_enforces_foreign_keys_waits_for_others_and_writes_through(engine: Engine) -> None:
    with engine.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "busy_timeout", "synchronous", "mmap_size")
        }
        mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    assert asked == {"foreign_keys": 1, "busy_timeout": 30000, "synchronous": 2, "mmap_size": 0}
    assert mode == ("wal" if sqlite3.sqlite_version_info >= database.SAFE_WAL else "truncate")


def test_a_row_that_points_nowhere_is_refused(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text("INSERT INTO journal_note (line_id, text) VALUES (99, 'x')"))


def count_up(engine: Engine, times: int) -> None:
    """Read a number and write one more, each in a transaction of its own."""
    for _ in range(times):
        with Session(engine) as session:
            series = session.get_one(Series, "x")
            series.last += 1
            session.commit()


def test_no_update_is_lost_between_writers_at_once(engine: Engine) -> None:
    with Session(engine) as session:
        session.add(Series(name="x", last=0))
        session.commit()
    with ThreadPoolExecutor(4) as writers:
        list(writers.map(lambda _: count_up(engine, 25), range(4)))
    with Session(engine) as session:
        assert session.get_one(Series, "x").last == 100


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with Session(engine) as writer:
        writer.add(Person(email="a@example.org", name="A"))
        writer.flush()
        with database.reading_only(), Session(engine) as reader:
            assert reader.exec(select(Person)).all() == []
        writer.rollback()


def test_a_stale_copy_of_a_moving_record_cannot_be_written(programme: Programme) -> None:
    from tests.factories.stages import played_to  # noqa: PLC0415 (beside its only use)

    play = played_to(programme, "proposed")
    session = play.session
    session.connection().execute(sa.text("UPDATE review SET version = version + 1"))
    play.review.scope = "Something else."
    with pytest.raises(StaleDataError):
        session.flush()
    session.rollback()
