"""The PostgreSQL of the tests is a real one, and keeps tests apart."""

from __future__ import annotations

import signal

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from metstandard.records import database
from tests.servers.postgresql import PostgreSQL, running


def test_each_test_has_an_empty_database_of_its_own(postgres: PostgreSQL, postgres_url: str) -> None:
    engine = database.engine(postgres_url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE note (word text)"))
    assert sa.inspect(engine).get_table_names() == ["note"]
    engine.dispose()
    other = database.engine(postgres.url(postgres.create()))
    assert sa.inspect(other).get_table_names() == []
    other.dispose()


def test_the_tables_of_the_product_can_be_had_at_once(postgres_tables_url: str) -> None:
    engine = database.engine(postgres_tables_url)
    assert set(sa.inspect(engine).get_table_names()) == set(SQLModel.metadata.tables)
    engine.dispose()


def test_a_durable_server_keeps_what_it_confirmed_through_a_crash() -> None:
    with running(durable=True) as server:
        name = server.create()
        with server.connect(name) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            connection.execute("CREATE TABLE note AS SELECT 'kept' AS word")
        server.stop(signal.SIGQUIT)
        with pytest.raises(psycopg.OperationalError):
            server.connect(name)
        server.start()
        with server.connect(name) as connection:
            assert connection.execute("SELECT word FROM note").fetchall() == [("kept",)]
