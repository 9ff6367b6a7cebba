"""The journal: append-only, one hash chain per record, written in the transaction of the act."""

import hashlib
import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, Session, col, select

from metstandard.records.base import Row

FIRST = "0" * 64


class JournalLine(Row, table=True):
    """One act. People are named by number and reasons by hash, so that erasure keeps the chain whole."""

    __tablename__ = "journal_line"
    __table_args__ = (sa.UniqueConstraint("record_kind", "record_id", "seq"),)

    record_kind: str = Field(max_length=20)
    record_id: int
    seq: int
    at: datetime
    act: str = Field(max_length=40)
    part: str = Field(max_length=40)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    before: str = Field(max_length=40)
    after: str = Field(max_length=40)
    note_hash: str = Field(default="", max_length=64)
    data: dict[str, Any] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class JournalNote(Row, table=True):
    """The reason given for an act. It may be erased by law; its hash in the line then tells that one was given."""

    __tablename__ = "journal_note"

    line_id: int = Field(foreign_key="journal_line.id", unique=True)
    text: str


def line_hash(line: JournalLine) -> str:
    """SHA-256 over sequence number, previous hash and canonical JSON of the line (security.md, Journal)."""
    content = {
        "record_kind": line.record_kind, "record_id": line.record_id, "at": line.at.isoformat(), "act": line.act,
        "part": line.part, "person": line.person_id, "before": line.before, "after": line.after,
        "note": line.note_hash, "data": line.data,
    }  # fmt: skip
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{line.seq}\n{line.previous}\n{canonical}".encode()).hexdigest()


def last_line(session: Session, record_kind: str, record_id: int) -> JournalLine | None:
    """The newest line of a record's chain; its hash is the head printed on certificates."""
    return session.exec(
        select(JournalLine)
        .where(JournalLine.record_kind == record_kind, JournalLine.record_id == record_id)
        .order_by(col(JournalLine.seq).desc())
        .limit(1)
    ).first()


def append(session: Session, line: JournalLine, *, note: str = "") -> JournalLine:
    """Chain a line to its record and add it. The caller holds the record's row lock, so `seq` cannot collide."""
    before = last_line(session, line.record_kind, line.record_id)
    line.seq = before.seq + 1 if before else 1
    line.previous = before.hash if before else FIRST
    line.note_hash = hashlib.sha256(note.encode()).hexdigest() if note else ""
    line.hash = line_hash(line)
    session.add(line)
    session.flush()
    if note:
        session.add(JournalNote(line_id=line.key, text=note))
    return line


_REFUSE = "the journal is append-only"
# Typed by SQLAlchemy on some paths through its imports and not on others; Any reads the same on all.
_DDL: Any = sa.DDL

for _statement in ("UPDATE", "DELETE"):
    sa.event.listen(
        JournalLine.__table__,  # type: ignore[attr-defined]
        "after_create",
        _DDL(
            f"CREATE TRIGGER journal_line_no_{_statement.lower()} BEFORE {_statement} ON journal_line "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSE}'); END"
        ).execute_if(dialect="sqlite"),
    )
sa.event.listen(
    JournalLine.__table__,  # type: ignore[attr-defined]
    "after_create",
    _DDL(
        "CREATE OR REPLACE FUNCTION journal_line_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSE}'; END $$"
    ).execute_if(dialect="postgresql"),
)
sa.event.listen(
    JournalLine.__table__,  # type: ignore[attr-defined]
    "after_create",
    _DDL(
        "CREATE TRIGGER journal_line_append_only BEFORE UPDATE OR DELETE ON journal_line "
        "FOR EACH ROW EXECUTE FUNCTION journal_line_refuse()"
    ).execute_if(dialect="postgresql"),
)
