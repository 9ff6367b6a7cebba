"""`metstandard database upgrade`: the database of the settings, brought to the newest migration."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from metstandard import records
from metstandard.common.errors import BadSetting
from metstandard.common.settings import Settings, settings

if TYPE_CHECKING:
    from sqlmodel import Session


@click.group()
def database() -> None:
    """Look after the database."""


@database.command()
def upgrade() -> None:
    """Make the database, or bring it to the newest migration. What is in it is kept."""
    from metstandard.records import schema

    changed = bring_up_to_date(settings())
    click.echo(f"{'Brought to' if changed else 'Already at'} {schema.head()}")


def bring_up_to_date(chosen: Settings) -> bool:
    """Upgrade the database of the settings; whether there was anything to do."""
    if peek(chosen, "SELECT version_num FROM alembic_version") == _newest_migration():
        return False
    from metstandard.records import schema
    from metstandard.records.database import engine

    if chosen.database.startswith("sqlite"):
        chosen.data.mkdir(parents=True, exist_ok=True)
    made = engine(chosen.database)
    try:
        return schema.upgrade(made)
    finally:
        made.dispose()


def peek(chosen: Settings, query: str) -> Any:
    """One value from an SQLite file, read without loading the program: a start that finds all done is quick.

    None for another database, for one that is not there, and where the query does not fit.
    """
    file = chosen.database.removeprefix("sqlite:///")
    if file == chosen.database:
        return None
    try:
        with closing(sqlite3.connect(f"{Path(file).resolve().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute(query).fetchone()
    except sqlite3.Error:
        return None
    return found[0] if found else None


def _newest_migration() -> str:
    """The newest migration by the name of its file; a test makes sure that it is the one that Alembic knows."""
    folder = Path(records.__file__).parent / "migrations" / "versions"
    return max(file.stem for file in folder.glob("[0-9]*.py"))


@contextmanager
def reading() -> Iterator[Session]:
    """A session on the database of the settings that takes no lock. Raises BadSetting for one that is not there."""
    from metstandard.records.database import reading_only

    with reading_only(), _session() as session:
        yield session


@contextmanager
def writing() -> Iterator[Session]:
    """A session on the database of the settings; committed when the block ends without an error."""
    with _session() as session:
        yield session
        session.commit()


@contextmanager
def _session() -> Iterator[Session]:
    from sqlmodel import Session

    from metstandard.records import schema
    from metstandard.records.database import engine

    chosen = settings()
    file = chosen.database.removeprefix("sqlite:///")
    if file != chosen.database and not Path(file).is_file():
        raise BadSetting(f"There is no database at {file}: make it with `metstandard database upgrade`")
    made = engine(chosen.database)
    try:
        with made.connect() as connection:
            if schema.current(connection) != schema.head():
                raise BadSetting("The database is of another release: run `metstandard database upgrade` first")
        with Session(made) as session:
            yield session
    finally:
        made.dispose()
