"""Commands that look after an installation: database, reference data, first people, secret, journal, doctor."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlmodel import Session, select

from metstandard.cli import main
from metstandard.common import ids
from metstandard.common.settings import settings
from metstandard.records import database, schema
from metstandard.records.accounts import AccountLink, Appointment, Person
from metstandard.records.units import Unit


def run(*arguments: str) -> Result:
    """The command as it is typed, in this process."""
    return CliRunner().invoke(main, arguments)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A data folder with an up-to-date database and the reference data."""
    assert run("database", "upgrade").exit_code == 0
    assert run("reference", "load").exit_code == 0
    return tmp_path


@pytest.fixture
def rows(installed: Path) -> Iterator[Session]:
    """A session on the installed database."""
    engine = database.engine(f"sqlite:///{installed / 'metstandard.db'}")
    with database.reading_only(), Session(engine) as session:
        yield session
    engine.dispose()


def test_the_database_is_made_and_a_second_upgrade_finds_nothing_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METSTANDARD_DATA", str(tmp_path / "not" / "there"))
    settings.cache_clear()
    said = [(result.exit_code, result.output) for result in (run("database", "upgrade"), run("database", "upgrade"))]
    assert said == [(0, f"Brought to {schema.head()}\n"), (0, f"Already at {schema.head()}\n")]


@pytest.mark.parametrize("command", [["doctor"], ["journal", "verify"], ["journal", "anchor"], ["reference", "load"]])
def test_a_command_says_how_to_make_the_database_that_is_missing(tmp_path: Path, command: list[str]) -> None:
    result = run(*command)
    assert result.exit_code == 2
    file = tmp_path / "metstandard.db"
    assert result.stderr == f"error: There is no database at {file}: make it with `metstandard database upgrade`\n"
    assert not file.exists()


def test_reference_data_is_loaded_once_however_often(installed: Path, rows: Session) -> None:
    result = run("reference", "load")
    assert (result.exit_code, result.output) == (
        0, "bocus: 32\nocus: 35\ncommittees: 20\npartners: 30\ncouncils: 33\n",
    )  # fmt: skip
    assert len(rows.exec(select(Unit)).all()) == 67


def test_a_wrong_reference_file_leaves_everything_as_it_was(installed: Path, tmp_path: Path, rows: Session) -> None:
    from metstandard.actions.reference import FOLDER  # noqa: PLC0415 (beside its only use)

    folder = tmp_path / "own"
    folder.mkdir()
    for file in FOLDER.glob("*.csv"):
        (folder / file.name).write_bytes(file.read_bytes())
    bocus = (folder / "bocus.csv").read_text()
    (folder / "bocus.csv").write_text(bocus.replace("Camden", "Camden Town"))
    (folder / "partners.csv").write_text("code,name\n")
    result = run("reference", "load", "--folder", str(folder))
    assert (result.exit_code, result.stderr) == (2, "error: partners.csv:1: has no column type, source\n")
    assert rows.exec(select(Unit.name).where(Unit.code == "EK")).one() == "Camden"


def test_the_first_administrator_gets_a_link_that_is_stored_as_a_hash_only(installed: Path, rows: Session) -> None:
    result = run(
        "person", "add", "--email", "Ada@Example.org", "--name", "Administrator", "--part", "administrator",
        "--part", "programme_officer",
    )  # fmt: skip
    assert result.exit_code == 0
    link = result.output.strip()
    assert link.startswith("http://127.0.0.1:8000/link/")
    person = rows.exec(select(Person)).one()
    assert (person.email, person.name, person.password) == ("Ada@example.org", "Administrator", None)
    assert [one.part for one in rows.exec(select(Appointment)).all()] == ["administrator", "programme_officer"]
    kept = rows.exec(select(AccountLink)).one()
    assert (kept.purpose, kept.token_hash) == ("invitation", ids.token_hash(link.rsplit("/", 1)[-1]))
    with closing(sqlite3.connect(installed / "metstandard.db")) as connection:
        assert link.rsplit("/", 1)[-1] not in "\n".join(connection.iterdump())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--email", "nobody", "--part", "administrator"], "nobody is no e-mail address"),
        (
            ["--email", "a@example.org", "--part", "reviewer"],
            "There is no standing part reviewer; there are administrator",
        ),
        (["--email", "a@example.org", "--part", "commander"], "Give a commander the --unit"),
        (["--email", "a@example.org", "--part", "commander", "--unit", "XX"], "there is no unit XX"),
        (
            ["--email", "a@example.org", "--part", "moderator"],
            "Give a moderator a --seat: authority_member, senior_officer",
        ),
    ],
)
def test_a_wrong_account_is_refused_and_nothing_is_kept(
    installed: Path, rows: Session, arguments: list[str], said: str
) -> None:
    result = run("person", "add", "--name", "Somebody", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert rows.exec(select(Person)).all() == []


def test_an_address_has_one_account_whatever_its_capitals(installed: Path) -> None:
    first = run("person", "add", "--email", "ada@example.org", "--name", "Ada", "--part", "administrator")
    again = run("person", "add", "--email", "ADA@example.org", "--name", "Ada", "--part", "administrator")
    assert (first.exit_code, again.exit_code) == (0, 2)
    assert "has an account already" in again.stderr


def test_a_secret_is_long_random_and_accepted_by_a_start(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [run("secret").output.strip() for _ in range(3)]
    assert len(set(keys)) == 3
    for key in keys:
        monkeypatch.setenv("METSTANDARD_SECRET_KEY", key)
        settings.cache_clear()
        settings().check()


def played(data: Path) -> None:
    """A review in the database of a data folder that the migrations made."""
    from tests.factories.programme import programme  # noqa: PLC0415 (beside its only use)
    from tests.factories.stages import played_to  # noqa: PLC0415 (beside its only use)

    engine = database.engine(f"sqlite:///{data / 'metstandard.db'}")
    with Session(engine) as session:
        played_to(programme(session), "panel_forming")
    engine.dispose()


def test_doctor_and_journal_tell_health_and_name_what_is_broken(tmp_path: Path) -> None:
    run("database", "upgrade")
    played(tmp_path)
    anchor = tmp_path / "anchor.json"
    well = [run("doctor"), run("journal", "verify"), run("journal", "anchor", "--out", str(anchor))]
    assert [one.exit_code for one in well] == [0, 0, 0]
    assert [one.output.splitlines()[0].split(" is in ")[0] for one in well] == [
        "8 invariants hold",
        "4 lines in 1 chains, all whole",
        f"{json.loads(anchor.read_text())['sha256']} over 1 chains",
    ]
    assert run("journal", "verify", "--anchor", str(anchor)).exit_code == 0
    with sqlite3.connect(tmp_path / "metstandard.db") as connection:
        connection.execute("DROP TRIGGER journal_line_no_update")
        connection.execute("UPDATE journal_line SET act = 'cancel' WHERE seq = 3")
    connection.close()
    ill = [run("doctor"), run("journal", "verify")]
    assert [one.exit_code for one in ill] == [1, 1]
    assert ill[1].stderr == "review 1, line 3: it was changed\n"
    assert ill[0].stderr.splitlines()[0] == "invariant 2, review 1: line 3 of its journal: it was changed"
    assert run("journal", "verify", "--anchor", str(tmp_path / "none")).exit_code == 2


def test_help_and_a_start_that_finds_all_done_load_little_of_the_program(installed: Path) -> None:
    tried = (
        "import sys, metstandard.cli as cli; from metstandard.cli.database import bring_up_to_date as up; "
        "from metstandard.common.settings import settings; print(up(settings()), 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", tried], check=True, capture_output=True, text=True)
    assert done.stdout == "False False\n"
