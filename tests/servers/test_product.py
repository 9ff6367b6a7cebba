"""The program starts as people start it, on both databases, and ends in order."""

from __future__ import annotations

import signal
import sqlite3
import urllib.request
from pathlib import Path

import psycopg
import pytest

from tests.servers.product import Served


def test_it_serves_from_sqlite_and_stops_in_order(served_app: Served) -> None:
    served = served_app()
    with urllib.request.urlopen(served.url) as answer:
        assert b"Met Standard" in answer.read()
    assert f"Met Standard is at {served.url}" in served.log
    assert served.stop(signal.SIGTERM) == 0
    assert served.answers() is False
    with sqlite3.connect(served.data / "metstandard.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_it_serves_from_postgresql(served_app: Served, postgres_url: str) -> None:
    served = served_app(database_url=postgres_url)
    assert served.answers()
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM review").fetchone() == (0,)
    assert not Path(served.data / "metstandard.db").exists()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_nothing_keeps_its_port_when_it_ends(served_app: Served, how: signal.Signals) -> None:
    served = served_app()
    served.stop(how)
    served.start()
    assert served.answers()
