"""The shape of the database: brought to the newest migration, and compared with the tables that the code knows.

Migrations stand in `migrations/versions`, numbered with words. Two processes that start at once do not collide: the
second waits for the first and finds nothing to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine
from sqlmodel import SQLModel

from metstandard.common.errors import BadSetting

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

# Any number will do, as long as nothing else of ours asks PostgreSQL for the same advisory lock.
_LOCK = 7_236_009


def upgrade(engine: Engine, revision: str = "head") -> bool:
    """Bring a database to a migration, in one transaction; whether there was anything to do.

    Raises BadSetting for a database of a newer release, or one that was made without migrations.
    """
    with engine.begin() as connection:
        _wait_for_others(connection)
        before = current(connection)
        _refuse_foreign(connection, before)
        command.upgrade(_config(connection), revision)
        return current(connection) != before


def downgrade(engine: Engine, revision: str) -> None:
    """Take migrations back, down to `revision` or to `base`, in one transaction. The data of lost columns is lost."""
    with engine.begin() as connection:
        _wait_for_others(connection)
        command.downgrade(_config(connection), revision)


def head() -> str:
    """The newest migration that this release brings."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def current(connection: Connection) -> str | None:
    """The migration that a database stands at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection) -> list[Any]:
    """What differs between a database and the tables that the code knows, as Alembic tells it; nothing when equal."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, SQLModel.metadata))


def _config(connection: Connection | None = None) -> Config:
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def _wait_for_others(connection: Connection) -> None:
    """Hold the one lock for migrations until the transaction ends; on SQLite BEGIN IMMEDIATE already is that lock."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})


def _refuse_foreign(connection: Connection, found: str | None) -> None:
    known = {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}
    if found is not None and found not in known:
        raise BadSetting(f"The database belongs to another release: it stands at {found}, which this one does not know")
    if found is None and sa.inspect(connection).has_table("review"):
        raise BadSetting("The database has tables but no migrations: start with an empty one, or restore a backup")
