"""The journal judged: the first broken line is named, and an anchor tells when a chain was written anew."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from sqlmodel import Session, select

from metstandard.common import clock
from metstandard.common.errors import BadFile
from metstandard.queries import journal
from metstandard.queries.journal import Broken, Whole
from metstandard.records import database
from metstandard.records.journal import JournalLine, append


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with three chains of four, two and one lines."""
    made = tmp_path / "journal.db"
    engine = database.engine(f"sqlite:///{made}")
    database.create_all(engine)
    with Session(engine) as session:
        for number, times in ((1, 4), (2, 2), (3, 1)):
            for count in range(times):
                write(session, number, f"act{count}")
        session.commit()
    engine.dispose()
    return made


def write(session: Session, number: int, act: str) -> None:
    """One line with a reason."""
    line = JournalLine(
        record_kind="review", record_id=number, seq=0, at=clock.now(), act=act, part="clock", before="a", after="b",
        data={"n": number}, previous="", hash="",
    )  # fmt: skip
    append(session, line, note=f"Because of {act}.")


def verified(file: Path, anchor: Path | None = None) -> Whole | Broken:
    """The judgement over a database file."""
    engine = database.engine(f"sqlite:///{file}")
    with database.reading_only(), Session(engine) as session:
        found = journal.verify(session, anchor)
    engine.dispose()
    return found


def change(file: Path, *statements: str) -> None:
    """Write past the triggers, as somebody with the file in their hands could."""
    with sqlite3.connect(file) as connection:
        for trigger in ("update", "delete"):
            connection.execute(f"DROP TRIGGER IF EXISTS journal_line_no_{trigger}")
        for statement in statements:
            assert connection.execute(statement).rowcount == 1
    connection.close()


def anchored(file: Path) -> Path:
    """An anchor of a database file, beside it."""
    engine = database.engine(f"sqlite:///{file}")
    with Session(engine) as session:
        made = journal.anchor(session)
    engine.dispose()
    kept = file.with_suffix(".anchor")
    kept.write_text(json.dumps(made))
    return kept


def test_a_whole_journal_is_counted(file: Path) -> None:
    assert verified(file) == Whole(lines=7, chains=3)
    assert str(verified(file)) == "7 lines in 3 chains, all whole"


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE journal_line SET after = 'c' WHERE id = 2", "review 1, line 2: it was changed"),
        ("UPDATE journal_line SET data = '{}' WHERE id = 6", "review 2, line 2: it was changed"),
        ("UPDATE journal_line SET hash = previous WHERE id = 3", "review 1, line 3: it was changed"),
        ("DELETE FROM journal_line WHERE id = 2", "review 1, line 3: line 2 is missing"),
        ("DELETE FROM journal_line WHERE id = 1", "review 1, line 2: line 1 is missing"),
        ("UPDATE journal_note SET text = 'x' WHERE line_id = 5", "review 2, line 1: its reason was changed"),
    ],
)
def test_the_first_broken_line_is_named(file: Path, statement: str, broken: str) -> None:
    change(file, statement)
    assert str(verified(file)) == broken


def test_a_reason_erased_by_law_breaks_nothing(file: Path) -> None:
    change(file, "DELETE FROM journal_note WHERE line_id = 5")
    assert verified(file) == Whole(lines=7, chains=3)


def test_a_chain_cut_short_is_found_by_an_anchor_only(file: Path) -> None:
    kept = anchored(file)
    change(file, "DELETE FROM journal_line WHERE id = 4")
    assert verified(file) == Whole(lines=6, chains=3)
    assert str(verified(file, kept)) == "review 1, line 4: the anchor knows this line, and it is gone"


def test_a_chain_written_anew_is_found_by_an_anchor_only(file: Path) -> None:
    kept = anchored(file)
    change(file, "DELETE FROM journal_note WHERE line_id = 7", "DELETE FROM journal_line WHERE record_id = 3")
    engine = database.engine(f"sqlite:///{file}")
    with Session(engine) as session:
        write(session, 3, "another")
        session.commit()
    engine.dispose()
    assert verified(file) == Whole(lines=7, chains=3)
    assert str(verified(file, kept)) == "review 3, line 1: the anchor knows another line: the chain was written anew"


def test_an_anchor_still_fits_after_the_chains_have_grown(file: Path) -> None:
    kept = anchored(file)
    engine = database.engine(f"sqlite:///{file}")
    with Session(engine) as session:
        write(session, 1, "later")
        write(session, 9, "new")
        session.commit()
    engine.dispose()
    assert verified(file, kept) == Whole(lines=9, chains=4)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [("{}", "is no anchor of a journal"), ("no", "is no anchor of a journal"), (None, "was changed after it was made")],
)
def test_a_file_that_is_no_anchor_is_refused(file: Path, text: str | None, wrong: str) -> None:
    kept = anchored(file)
    kept.write_text(kept.read_text().replace("review", "revue") if text is None else text)
    with pytest.raises(BadFile, match=wrong):
        verified(file, kept)


def test_heads_are_the_newest_lines(file: Path) -> None:
    engine = database.engine(f"sqlite:///{file}")
    with Session(engine) as session:
        hashes = {one.id: one.hash for one in session.exec(select(JournalLine)).all()}
        assert journal.heads(session) == [
            ("review", 1, 4, hashes[4]), ("review", 2, 2, hashes[6]), ("review", 3, 1, hashes[7]),
        ]  # fmt: skip
    engine.dispose()
