"""Sealed sheets and their marks, the levels agreed in consensus, and the findings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row, choice
from metstandard.rubric.shapes import Grade


class Confidence(StrEnum):
    """How sure a reviewer is of a mark (SCO-2)."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Sheet(Row, table=True):
    """One reviewer's sheet in one review; once `locked_at` is set nothing on it ever changes (SCO-3)."""

    __tablename__ = "sheet"

    review_id: int = Field(foreign_key="review.id", index=True)
    seat_id: int = Field(foreign_key="seat.id", unique=True)
    person_id: int = Field(foreign_key="person.id")
    locked_at: datetime | None = None


class Mark(Row, table=True):
    """One criterion on one sheet, kept apart for ever (SCO-6).

    `level` is a level of the rubric, `NE`, `NA` or empty while undecided.
    """

    __tablename__ = "mark"
    __table_args__ = (sa.UniqueConstraint("sheet_id", "criterion"),)

    sheet_id: int = Field(foreign_key="sheet.id", index=True)
    criterion: str = Field(max_length=12)
    level: str = Field(default="", max_length=4)
    strengths: str = ""
    improvements: str = ""
    confidence: Confidence | None = Field(default=None, sa_type=choice(Confidence))
    evidence: list[int] = Field(default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False))
    revision: int = 0
    saved_at: datetime = Field(default_factory=clock.now)


class AgreedLevel(Row, table=True):
    """What the panel agrees for one criterion; a moderator adds `moderated`, never overwrites `level`."""

    __tablename__ = "agreed_level"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "criterion"),
        sa.CheckConstraint("(moderated IS NULL) = (moderated_by_id IS NULL)", name="moderated_by_somebody"),
        sa.CheckConstraint("moderated IS NULL OR length(moderation_reason) > 0", name="moderated_with_reason"),
    )

    review_id: int = Field(foreign_key="review.id", index=True)
    criterion: str = Field(max_length=12)
    level: str = Field(default="", max_length=4)
    rationale: str = ""
    discussion: str = ""
    new_evidence: str = ""
    dissent: str = ""
    dissent_by_id: int | None = Field(default=None, foreign_key="person.id")
    moderated: str | None = Field(default=None, max_length=4)
    moderation_reason: str = ""
    moderated_by_id: int | None = Field(default=None, foreign_key="person.id")
    revision: int = 0


class AgreedVersion(Row, table=True):
    """How an agreed level read after somebody saved it: the panel sees what changed since they last looked."""

    __tablename__ = "agreed_version"

    agreed_id: int = Field(foreign_key="agreed_level.id", index=True)
    level: str = Field(default="", max_length=4)
    rationale: str = ""
    discussion: str = ""
    new_evidence: str = ""
    dissent: str = ""
    changed_by_id: int = Field(foreign_key="person.id")
    changed_at: datetime = Field(default_factory=clock.now)


class NewEvidence(Row, table=True):
    """An item that the panel names for a level outside the range of its marks (SCO-4): no mark rests on it."""

    __tablename__ = "new_evidence"
    __table_args__ = (sa.UniqueConstraint("agreed_id", "evidence_id"),)

    agreed_id: int = Field(foreign_key="agreed_level.id", index=True)
    evidence_id: int = Field(foreign_key="evidence.id")
    named_by_id: int = Field(foreign_key="person.id")
    named_at: datetime = Field(default_factory=clock.now)


class Finding(Row, table=True):
    """A finding against a criterion, and the recommendation that becomes an action at publication."""

    __tablename__ = "finding"

    review_id: int = Field(foreign_key="review.id", index=True)
    criterion: str = Field(max_length=12)
    grade: Grade = Field(sa_type=choice(Grade))
    text: str
    recommendation: str = ""
    raised_by_id: int = Field(foreign_key="person.id")
    raised_at: datetime = Field(default_factory=clock.now)
    closed_on: date | None = None
    removed_at: datetime | None = None


class Paragraph(Row, table=True):
    """One paragraph of the report, as it now stands. `section` is a domain code or a section name."""

    __tablename__ = "paragraph"
    __table_args__ = (sa.UniqueConstraint("review_id", "number"),)

    review_id: int = Field(foreign_key="review.id", index=True)
    number: int
    section: str = Field(max_length=40)
    criterion: str = Field(default="", max_length=12)
    text: str = ""
    revision: int = 0


class ParagraphVersion(Row, table=True):
    """How a paragraph read before: nothing of a report is ever overwritten without trace."""

    __tablename__ = "paragraph_version"

    paragraph_id: int = Field(foreign_key="paragraph.id", index=True)
    revision: int
    text: str
    changed_by_id: int = Field(foreign_key="person.id")
    changed_at: datetime = Field(default_factory=clock.now)


class Answer(StrEnum):
    """What becomes of a factual-accuracy point."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class Point(Row, table=True):
    """A factual-accuracy point: one paragraph, what the unit would have it say, why, and the panel's answer (B7).

    `wording` is the panel's own, where it accepts the point in other words; empty where it takes the unit's.
    """

    __tablename__ = "point"
    __table_args__ = (sa.CheckConstraint("answer <> 'refused' OR length(reason) > 0", name="reason_if_refused"),)

    review_id: int = Field(foreign_key="review.id", index=True)
    paragraph_id: int = Field(foreign_key="paragraph.id")
    before: str
    proposed: str
    evidence: str = ""
    raised_by_id: int = Field(foreign_key="person.id")
    raised_at: datetime = Field(default_factory=clock.now)
    answer: Answer = Field(default=Answer.OPEN, sa_type=choice(Answer))
    reason: str = ""
    answered_by_id: int | None = Field(default=None, foreign_key="person.id")
    answered_at: datetime | None = None
    wording: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})


class DecisionArithmetic(Row, table=True):
    """The rules' outcome as it was computed when both keys had turned: each rule with its arithmetic."""

    __tablename__ = "decision_arithmetic"

    review_id: int = Field(foreign_key="review.id", unique=True)
    overall: str = Field(max_length=40)
    result: dict[str, Any] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    computed_at: datetime = Field(default_factory=clock.now)


_LOCKED = "the sheet is locked"
_OF_MARK = "EXISTS (SELECT 1 FROM sheet WHERE id = OLD.sheet_id AND locked_at IS NOT NULL)"
# The database itself refuses to change what is locked: by any statement, from anywhere (SCO-3).
_REFUSALS: dict[str, tuple[tuple[Any, str], ...]] = {
    "sqlite": tuple(
        (
            table,
            (
                f"CREATE TRIGGER {name}_locked_no_{word.lower()} BEFORE {word} ON {name} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{_LOCKED}'); END"
            ),
        )
        for table, name, when in ((Sheet, "sheet", "OLD.locked_at IS NOT NULL"), (Mark, "mark", _OF_MARK))
        for word in ("UPDATE", "DELETE")
    ),
    "postgresql": (
        (
            Sheet,
            (
                "CREATE OR REPLACE FUNCTION sheet_locked_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{_LOCKED}'; END $$"
            ),
        ),
        (
            Sheet,
            (
                "CREATE TRIGGER sheet_locked BEFORE UPDATE OR DELETE ON sheet "
                "FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION sheet_locked_refuse()"
            ),
        ),
        (
            Mark,
            (
                "CREATE OR REPLACE FUNCTION mark_locked_refuse() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN IF {_OF_MARK} THEN RAISE EXCEPTION '{_LOCKED}'; END IF; RETURN COALESCE(NEW, OLD); END $$"
            ),
        ),
        (
            Mark,
            (
                "CREATE TRIGGER mark_locked BEFORE UPDATE OR DELETE ON mark "
                "FOR EACH ROW EXECUTE FUNCTION mark_locked_refuse()"
            ),
        ),
    ),
}

# Typed by SQLAlchemy on some paths through its imports and not on others; Any reads the same on all.
_DDL: Any = sa.DDL

for _dialect, _statements in _REFUSALS.items():
    for _table, _statement in _statements:
        sa.event.listen(_table.__table__, "after_create", _DDL(_statement).execute_if(dialect=_dialect))
