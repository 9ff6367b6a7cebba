"""The program starts as people start it, on both databases, and ends in order."""

from __future__ import annotations

import signal
import sqlite3
import urllib.request
from contextlib import closing

import psycopg

from tests.servers.product import Served


def test_it_serves_from_sqlite_and_leaves_nothing_behind_when_it_ends(served_app: Served) -> None:
    served = served_app()
    with urllib.request.urlopen(served.url) as answer:
        assert b"Met Standard" in answer.read()
    assert f"Met Standard is at {served.url}" in served.log
    served.stop(signal.SIGKILL)
    assert served.answers() is False
    served.start()
    assert served.stop(signal.SIGTERM) == 0
    assert served.answers() is False
    with closing(sqlite3.connect(served.data / "metstandard.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_it_serves_from_postgresql(served_app: Served, postgres_url: str) -> None:
    served = served_app(database_url=postgres_url)
    assert served.answers()
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM review").fetchone() == (0,)
    assert not (served.data / "metstandard.db").exists()
