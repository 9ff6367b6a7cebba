"""The migrations: from nothing to the newest, equal to the tables that the code knows, and back, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

from metstandard.common.errors import BadSetting
from metstandard.records import database, schema


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    made = database.engine(request.getfixturevalue("postgres_url") if request.param == "postgresql" else url)
    yield made
    made.dispose()


@pytest.fixture
def modelled(fresh: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Another database of the same kind with the tables as the code knows them."""
    url = f"sqlite:///{tmp_path / 'modelled.db'}"
    name = fresh.dialect.name
    made = database.engine(request.getfixturevalue("postgres_tables_url") if name == "postgresql" else url)
    if name == "sqlite":
        database.create_all(made)
    yield made
    made.dispose()


def shape(engine: Engine) -> dict[str, Any]:
    """Everything that a database says about its tables, in an order of no meaning."""
    inspector = sa.inspect(engine)
    found: dict[str, Any] = {}
    for name in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        found[name] = {
            "columns": {
                one["name"]: (str(one["type"]), one["nullable"], one["default"]) for one in inspector.get_columns(name)
            },
            "key": inspector.get_pk_constraint(name),
            "links": by_name(inspector.get_foreign_keys(name)),
            "unique": by_name(inspector.get_unique_constraints(name)),
            "checks": {one["name"]: one["sqltext"] for one in inspector.get_check_constraints(name)},
            "indexes": by_name(inspector.get_indexes(name)),
        }
    return found | {"triggers": triggers(engine)}


def by_name(rows: Any) -> dict[str, Any]:
    """Rows of an inspector by the name of the constraint; the condition of a partial index as its text."""
    return {
        row["name"]: {**row, "dialect_options": {k: str(v) for k, v in row.get("dialect_options", {}).items()}}
        for row in rows
    }


def triggers(engine: Engine) -> list[tuple[Any, ...]]:
    """The triggers of a database, with what they do."""
    query = (
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if engine.dialect.name == "sqlite"
        else "SELECT tgname, pg_get_triggerdef(t.oid), prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid "
        "WHERE NOT tgisinternal ORDER BY tgname"
    )
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def test_an_empty_database_upgraded_to_head_equals_the_models(fresh: Engine, modelled: Engine) -> None:
    assert schema.upgrade(fresh) is True
    with fresh.connect() as connection:
        assert schema.current(connection) == schema.head()
        assert schema.differences(connection) == []
    assert len(triggers(fresh)) >= 1
    assert shape(fresh) == shape(modelled)


def test_a_difference_would_be_found(fresh: Engine) -> None:
    schema.upgrade(fresh)
    with fresh.begin() as connection:
        connection.execute(sa.text("ALTER TABLE unit ADD COLUMN colour VARCHAR(10)"))
    with fresh.connect() as connection:
        assert [str(one[0]) for one in schema.differences(connection)] == ["remove_column"]


def test_a_second_upgrade_does_nothing(fresh: Engine) -> None:
    assert [schema.upgrade(fresh) for _ in range(3)] == [True, False, False]


def test_down_leaves_nothing_and_up_again_brings_everything(fresh: Engine, modelled: Engine) -> None:
    schema.upgrade(fresh)
    schema.downgrade(fresh, "base")
    assert sa.inspect(fresh).get_table_names() == ["alembic_version"]
    assert triggers(fresh) == []
    schema.upgrade(fresh)
    assert shape(fresh) == shape(modelled)


def test_two_processes_that_start_at_once_do_not_collide(fresh: Engine) -> None:
    with ThreadPoolExecutor(2) as starts:
        assert sorted(starts.map(lambda _: schema.upgrade(fresh), range(2))) == [False, True]


def test_a_failed_migration_leaves_the_database_as_it_was(fresh: Engine) -> None:
    with fresh.begin() as connection:
        connection.execute(sa.text("CREATE TABLE letter (id INTEGER)"))
    with pytest.raises(sa.exc.DBAPIError):
        schema.upgrade(fresh)
    assert sa.inspect(fresh).get_table_names() == ["letter"]


def test_a_database_without_migrations_is_refused(modelled: Engine) -> None:
    with pytest.raises(BadSetting, match="The database has tables but no migrations"):
        schema.upgrade(modelled)


def test_a_database_of_a_newer_release_is_refused(fresh: Engine) -> None:
    schema.upgrade(fresh)
    with fresh.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0999_from_the_future'"))
    with pytest.raises(BadSetting, match="it stands at 0999_from_the_future"):
        schema.upgrade(fresh)


def test_migrations_are_numbered_with_words_in_one_line() -> None:
    names = sorted(path.stem for path in (schema.MIGRATIONS / "versions").glob("*.py"))
    assert names[0] == "0001_whole_review"
    assert [name.split("_")[0] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]
    assert names[-1] == schema.head()


def test_every_table_of_the_models_is_asked_about(fresh: Engine) -> None:
    schema.upgrade(fresh)
    assert set(sa.inspect(fresh).get_table_names()) - {"alembic_version"} == set(SQLModel.metadata.tables)
