"""The journal cannot be changed: triggers refuse, and what passes them breaks the chain."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from metstandard.common import clock
from metstandard.records import database, schema
from metstandard.records.journal import FIRST, JournalLine, JournalNote, append, last_line, line_hash


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database made by the migrations, of each kind."""
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    made = database.engine(request.getfixturevalue("postgres_url") if request.param == "postgresql" else url)
    schema.upgrade(made)
    yield made
    made.dispose()


def line(act: str, record_id: int = 1) -> JournalLine:
    """A line that is not chained yet."""
    return JournalLine(
        record_kind="review", record_id=record_id, seq=0, at=clock.now(), act=act, part="clock", before="a", after="b",
        data={"ö": [1, None, "x"]}, previous="", hash="",
    )  # fmt: skip


def test_lines_are_chained_per_record_and_hash_the_same_when_read_again(engine: Engine) -> None:
    with Session(engine) as session:
        for act, record in (("one", 1), ("two", 1), ("other", 2), ("three", 1)):
            append(session, line(act, record), note="Because." if act == "two" else "")
        session.commit()
    with Session(engine) as session:
        lines = session.exec(select(JournalLine).order_by(JournalLine.id)).all()  # type: ignore[arg-type]
        assert [(one.record_id, one.seq, one.act) for one in lines] == [
            (1, 1, "one"), (1, 2, "two"), (2, 1, "other"), (1, 3, "three"),
        ]  # fmt: skip
        assert [one.previous for one in lines] == [FIRST, lines[0].hash, FIRST, lines[1].hash]
        assert [one.hash for one in lines] == [line_hash(one) for one in lines]
        assert [one.text for one in session.exec(select(JournalNote)).all()] == ["Because."]
        newest = last_line(session, "review", 1)
        assert newest is not None
        assert newest.act == "three"


@pytest.mark.parametrize("statement", ["UPDATE journal_line SET act = 'x'", "DELETE FROM journal_line"])
def test_the_database_refuses_to_change_or_delete_a_line(engine: Engine, statement: str) -> None:
    with Session(engine) as session:
        append(session, line("one"))
        session.commit()
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="the journal is append-only"):
        connection.execute(sa.text(statement))
    with Session(engine) as session:
        assert session.exec(select(JournalLine.act)).all() == ["one"]


def test_two_lines_never_share_a_place_in_a_chain(engine: Engine) -> None:
    with Session(engine) as session:
        append(session, line("one"))
        session.commit()
        session.add(line("two").model_copy(update={"seq": 1, "previous": FIRST, "hash": "0" * 64}))
        with pytest.raises(sa.exc.IntegrityError):
            session.commit()


def test_a_reason_may_be_erased_by_law_and_the_chain_stays_whole(engine: Engine) -> None:
    with Session(engine) as session:
        append(session, line("one"), note="A name.")
        append(session, line("two"))
        session.commit()
        session.delete(session.exec(select(JournalNote)).one())
        session.commit()
        lines = session.exec(select(JournalLine).order_by(JournalLine.id)).all()  # type: ignore[arg-type]
        assert [one.hash == line_hash(one) for one in lines] == [True, True]
        assert [bool(one.note_hash) for one in lines] == [True, False]
