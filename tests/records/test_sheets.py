"""A locked sheet cannot be changed by any statement: the database refuses it, however it is asked (SCO-3)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session

from metstandard.common import clock
from metstandard.records import database, schema
from metstandard.records.sheets import Sheet
from tests.factories.programme import programme
from tests.factories.stages import fill_sheet, played_to
from tests.servers.postgresql import PostgreSQL

REFUSED = [
    "UPDATE sheet SET locked_at = NULL WHERE id = 1",
    "UPDATE sheet SET person_id = 2 WHERE id = 1",
    "DELETE FROM sheet WHERE id = 1",
    "UPDATE mark SET level = '0' WHERE sheet_id = 1",
    "UPDATE mark SET sheet_id = 2 WHERE sheet_id = 1 AND criterion = '1.1'",
    "DELETE FROM mark WHERE sheet_id = 1",
]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database made by the migrations with two full sheets, of which the first is locked."""
    folder = tmp_path_factory.mktemp("sheets")
    url = f"sqlite:///{folder / 'metstandard.db'}"
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgres")
        url = server.url(server.create())
    made = database.engine(url)
    schema.upgrade(made)
    with pytest.MonkeyPatch.context() as patch, Session(made) as session:
        patch.setenv("METSTANDARD_DATA", str(folder))
        play = played_to(programme(session), "scoring")
        for word in ("peer1", "council1"):
            fill_sheet(play, word)
        sheet = session.get_one(Sheet, 1)
        sheet.locked_at = clock.now()
        session.add(sheet)
        session.commit()
    yield made
    made.dispose()


@pytest.mark.parametrize("statement", REFUSED)
def test_the_database_refuses_to_change_or_delete_what_is_locked(engine: Engine, statement: str) -> None:
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="the sheet is locked"):
        connection.execute(sa.text(statement))


def test_an_open_sheet_takes_such_statements(engine: Engine) -> None:
    """The refusals above are of the lock, not of the statement."""
    with engine.connect() as connection:
        for statement in (
            "UPDATE mark SET level = '0' WHERE sheet_id = 2",
            "DELETE FROM mark WHERE sheet_id = 2",
            "UPDATE sheet SET locked_at = NULL WHERE id = 2",
            "DELETE FROM sheet WHERE id = 2",
        ):
            assert connection.execute(sa.text(statement)).rowcount >= 1
        connection.rollback()
