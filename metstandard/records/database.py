"""Connections: SQLite that neither loses updates nor corrupts itself, or PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlmodel import SQLModel

from metstandard.records import (  # noqa: F401 (importing a table registers it)
    accounts,
    bodies,
    calibration,
    certificates,
    cycles,
    editions,
    enquiries,
    evidence,
    feedback,
    followup,
    journal,
    judging,
    looks,
    outbox,
    pool,
    recognition,
    reports,
    reviews,
    risks,
    seats,
    sheets,
    supplied,
    units,
)

# Earlier releases can corrupt a write-ahead log when two connections checkpoint at once (security.md).
SAFE_WAL = (3, 51, 3)

_reading: ContextVar[bool] = ContextVar("reading", default=False)


@contextmanager
def reading_only() -> Iterator[None]:
    """Transactions begun inside only read: on SQLite they do not take the one write lock."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def engine(url: str) -> Engine:
    """An engine for `url` with the settings that keep its database whole, and values out of error messages."""
    if not url.startswith("sqlite"):
        return sa.create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED", hide_parameters=True)
    made = sa.create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
    prepare_sqlite(made)
    return made


def prepare_sqlite(made: Engine) -> None:
    """Foreign keys on, full durability, and BEGIN IMMEDIATE for writers, so that no update is lost."""
    sa.event.listen(made, "connect", _on_connect)
    sa.event.listen(made, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA busy_timeout = 30000")
    mode = "WAL" if sqlite3.sqlite_version_info >= SAFE_WAL else "TRUNCATE"
    connection.execute(f"PRAGMA journal_mode = {mode}")
    connection.execute("PRAGMA synchronous = FULL")


def _on_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")


def create_all(made: Engine) -> None:
    """Make every table in an empty database (tests; an installation runs the migrations)."""
    SQLModel.metadata.create_all(made)
