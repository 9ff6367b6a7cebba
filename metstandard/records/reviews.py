"""A review: one unit, one rubric edition, one panel, one decision."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.records.base import Marking, Moving, Row, choice
from metstandard.rubric.shapes import Outcome


class Origin(StrEnum):
    """Whether the work is new or was already under way (obligations.md 16)."""

    NEW = "new"
    UNDER_WAY = "under_way"


class Review(Moving, table=True):
    """One review. Dates: `starts_on` is T0, the first day on site; `ends_on` the last."""

    __tablename__ = "review"
    __table_args__ = (
        sa.CheckConstraint("ends_on >= starts_on", name="visit_ends_after_it_starts"),
        sa.CheckConstraint("(decided_on IS NULL) = (outcome IS NULL)", name="outcome_if_decided"),
        sa.CheckConstraint("published_on IS NULL OR decided_on IS NOT NULL", name="decided_if_published"),
    )

    reference: str = Field(max_length=20, unique=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    rubric_edition_id: int = Field(foreign_key="edition.id")
    committee_id: int = Field(foreign_key="committee.id")
    origin: Origin = Field(sa_type=choice(Origin))
    scope: str = ""
    starts_on: date
    ends_on: date
    marking: Marking = Field(default=Marking.OFFICIAL_SENSITIVE, sa_type=choice(Marking))
    proposed_by_id: int = Field(foreign_key="person.id")
    predecessor_id: int | None = Field(default=None, foreign_key="review.id")
    link_member_id: int | None = Field(default=None, foreign_key="person.id")
    focus_areas: list[str] = Field(default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False))
    not_applicable: dict[str, Any] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    data_request: str = ""
    statement: str = ""
    chosen_outcome: Outcome | None = Field(default=None, sa_type=choice(Outcome, "chosen_outcome"))
    exception_reason: str = ""
    outcome: Outcome | None = Field(default=None, sa_type=choice(Outcome))
    overall: str | None = Field(default=None, max_length=40)
    panel_published_at: datetime | None = None
    visit_ended_on: date | None = None
    draft_sent_on: date | None = None
    accuracy_closed_on: date | None = None
    decided_on: date | None = None
    notified_on: date | None = None
    appeal_closed_on: date | None = None
    published_on: date | None = None
    plan_submitted_on: date | None = None


class Timer(Row, table=True):
    """A due date of a moving record. A timer named like an act that the clock may do fires it the day after."""

    __tablename__ = "timer"
    __table_args__ = (sa.Index("ix_timer_record_kind_record_id", "record_kind", "record_id"),)

    record_kind: str = Field(max_length=20)
    record_id: int
    state: str = Field(max_length=40)
    name: str = Field(max_length=40)
    due_on: date = Field(index=True)
    fired_at: datetime | None = None


class Deputy(Row, table=True):
    """A named deputy prepares in another's name, in one review, and never signs (glossary.md)."""

    __tablename__ = "deputy"
    __table_args__ = (sa.UniqueConstraint("review_id", "principal_id", "person_id"),)

    review_id: int = Field(foreign_key="review.id", index=True)
    principal_id: int = Field(foreign_key="person.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    part: str = Field(max_length=40)
    from_on: date
    ended_on: date | None = None


class Signature(Row, table=True):
    """A key turned or a paper signed: it holds for exactly the content whose hash it carries.

    `purpose` is the act or the stage signed (`commissioning`, `decision`, `follow_up`, `consensus`, `moderation`,
    `agree_scope`, `cancel`, `suspend` ...). It counts only while `digest` equals the hash of the content as it now
    stands, and only if made since the record entered the stage that asks for it; nothing is ever deleted.
    """

    __tablename__ = "signature"
    __table_args__ = (sa.Index("ix_signature_record", "record_kind", "record_id", "purpose"),)

    record_kind: str = Field(max_length=20)
    record_id: int
    purpose: str = Field(max_length=40)
    part: str = Field(max_length=40)
    seat: str = Field(default="", max_length=40)
    person_id: int = Field(foreign_key="person.id")
    digest: str = Field(max_length=64)
    reason: str = ""
    signed_at: datetime
    withdrawn_at: datetime | None = None
