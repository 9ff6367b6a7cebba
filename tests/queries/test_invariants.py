"""Each invariant holds after a whole review, and each is broken by what it forbids, done past the actions."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from metstandard.actions import moderation
from metstandard.common import clock
from metstandard.queries import invariants
from metstandard.records import database
from tests.factories.kept import database_at, playing
from tests.factories.stages import STAGES


@pytest.fixture
def finished(data: Path) -> Path:
    """A database in which one review has been played to follow-up."""
    database_at("follow_up", data / "metstandard.db")
    return data / "metstandard.db"


def found(file: Path) -> list[str]:
    """What the invariants find in a database; the number of the invariant and the sentence."""
    engine = database.engine(f"sqlite:///{file}")
    with database.reading_only(), Session(engine) as session:
        breaches = invariants.breaches(session)
    engine.dispose()
    return [f"{one.invariant} {re.sub(r'MSR-[0-9-]+', 'the review', one.what)}" for one in breaches]


def tampered(finished: Path, tmp_path: Path, *statements: str) -> list[str]:
    """What is found after somebody wrote to the database itself, past constraints and triggers."""
    file = tmp_path / "tampered.db"
    file.write_bytes(finished.read_bytes())
    with sqlite3.connect(file) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            changed = connection.execute(statement).rowcount
            assert changed > 0, f"changed nothing: {statement}"
    connection.close()
    return found(file)


def test_a_whole_review_breaks_none(finished: Path) -> None:
    assert found(finished) == []


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_on_the_way_breaks_any(data: Path, stage: str) -> None:
    file = data / "metstandard.db"
    with clock.pinned_to(database_at(stage, file)):
        assert found(file) == []


def test_a_return_to_an_earlier_stage_breaks_none(data: Path) -> None:
    with playing(data, "moderation") as play:
        play.act(moderation.return_to_panel, play.review, by=play["member"], reason="Criterion 1.1 lacks a rationale.")
        with clock.pinned_to(play.now):
            assert invariants.breaches(play.session) == []


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE sheet SET locked_at = NULL WHERE id = 1",
            [
                "1 the sheet of the peer seat is not locked by its holder",
                "1 3 of its reviewers have not signed the consensus as it stands",
                "1 the decision as it stands is signed by nobody",
            ],
        ),
        (
            "UPDATE sheet SET person_id = (SELECT person_id FROM sheet WHERE id = 2) WHERE id = 1",
            ["1 the sheet of the peer seat is not locked by its holder"],
        ),
        (
            "UPDATE reviewer_profile SET seat = 'private' WHERE person_id = (SELECT person_id FROM sheet WHERE id = 1)",
            ["1 the holder of the peer seat is no such reviewer"],
        ),
        (
            "UPDATE seat SET status = 'unseated' WHERE kind = 'private'",
            ["1 its panel is local_authority, peer"],
        ),
        (
            "UPDATE declaration SET interest = 'prejudicial', detail = 'A share.' WHERE id = 1",
            ["1 the holder of the peer seat declared a prejudicial interest"],
        ),
        (
            (
                "UPDATE signature SET withdrawn_at = signed_at WHERE id = "
                "(SELECT max(id) FROM signature WHERE purpose = 'consensus')"
            ),
            ["1 1 of its reviewers have not signed the consensus as it stands"],
        ),
        (
            (
                "UPDATE signature SET person_id = (SELECT person_id FROM signature WHERE part = 'authority_key') "
                "WHERE purpose = 'decision'"
            ),
            ["1 one person turned both keys"],
        ),
        (
            (
                "UPDATE signature SET person_id = (SELECT person_id FROM sheet LIMIT 1) "
                "WHERE purpose = 'decision' AND part = 'authority_key'"
            ),
            ["1 somebody who scored turned a key"],
        ),
        (
            "UPDATE signature SET withdrawn_at = signed_at WHERE purpose = 'decision' AND part = 'commissioner_key'",
            ["1 the decision as it stands is signed by authority"],
        ),
        (
            "UPDATE paragraph SET text = text || ' And more.' WHERE number = 1",
            ["1 the decision as it stands is signed by nobody"],
        ),
        (
            "UPDATE mark SET level = '0' WHERE id = 1",
            [
                "1 3 of its reviewers have not signed the consensus as it stands",
                "1 the decision as it stands is signed by nobody",
            ],
        ),
        ("UPDATE review SET state = 'closed'", ["2 it stands at closed, and its journal ends at follow_up"]),
        (
            "UPDATE journal_line SET act = 'cancel' WHERE id = 5",
            [
                "2 line 5 of its journal: it was changed",
                "2 line 5: the workflow knows no cancel from panel_forming to panel_forming by programme_officer",
            ],
        ),
        ("DELETE FROM journal_line WHERE record_kind = 'action'", ["2 it has no journal"]),
        (
            "UPDATE mark SET saved_at = '2099-01-01 00:00:00.000000' WHERE id = 1",
            ["3 its mark for 1.1 was saved after it was locked"],
        ),
        (
            "DELETE FROM certificate",
            ["4 was issued, and is not in the register", "6 does not stand at the last number given"],
        ),
        ("UPDATE review SET published_on = NULL", ["4 does not belong to a published result of the review"]),
        (
            "UPDATE certificate SET number = 2",
            ["6 the number is missing", "6 does not stand at the last number given"],
        ),
        ("UPDATE series SET last = 7 WHERE name = 'certificate'", ["6 does not stand at the last number given"]),
        (
            "DELETE FROM letter WHERE name = 'all_sheets_in'",
            ["6 line 29 owes the letter all_sheets_in, and nobody got it"],
        ),
        (
            (
                "UPDATE letter SET once = replace(once, 'all_sheets_in', 'decided') WHERE name = 'all_sheets_in' "
                "AND id = (SELECT max(id) FROM letter WHERE name = 'all_sheets_in')"
            ),
            ["6 the letter decided was written for line 29, which owes none"],
        ),
        (
            (
                "UPDATE reviewer_profile SET unit_id = (SELECT unit_id FROM review) WHERE person_id = "
                "(SELECT person_id FROM seat WHERE kind = 'peer')"
            ),
            ["7 a reviewer belongs to Camden BOCU"],
        ),
        (
            "UPDATE appointment SET until_on = from_on",
            ["5 nobody can act at the stage “Follow-up”", "5 nobody can act at the stage “Current”"],
        ),
    ],
)
def test_what_an_invariant_forbids_is_named(
    finished: Path, tmp_path: Path, statement: str, expected: list[str]
) -> None:
    assert tampered(finished, tmp_path, statement) == expected


def test_nothing_is_written(finished: Path) -> None:
    engine = database.engine(f"sqlite:///{finished}")
    with Session(engine) as session, session.no_autoflush:
        before = session.connection().exec_driver_sql("SELECT total_changes()").scalar()
        invariants.breaches(session)
        assert session.connection().execute(sa.text("SELECT total_changes()")).scalar() == before
        assert not session.new
        assert not session.dirty
        session.rollback()
    engine.dispose()
