"""What a unit does about a review: recommendations as actions, and progress with evidence."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Moving, Row, choice
from metstandard.rubric.shapes import Grade


class Effect(StrEnum):
    """Whether a finished action changed anything (B6)."""

    WORKED = "worked"
    NO_EFFECT = "no_effect"


class Action(Moving, table=True):
    """One action of a unit, from one finding. Money in pence (obligations.md 43)."""

    __tablename__ = "action"
    __table_args__ = (
        sa.CheckConstraint("capital >= 0 AND revenue >= 0", name="costs_not_negative"),
        sa.CheckConstraint("verified_by_id IS NULL OR verified_by_id <> owner_id", name="verified_by_another"),
    )

    review_id: int = Field(foreign_key="review.id", index=True)
    finding_id: int = Field(foreign_key="finding.id", unique=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    grade: Grade = Field(sa_type=choice(Grade))
    recommendation: str
    plan: str = ""
    owner_id: int = Field(foreign_key="person.id")
    capital: int = 0
    revenue: int = 0
    verified_by_id: int | None = Field(default=None, foreign_key="person.id")
    effect: Effect | None = Field(default=None, sa_type=choice(Effect))


class Progress(Row, table=True):
    """One report of progress on an action, with an evidence item where there is one."""

    __tablename__ = "progress"

    action_id: int = Field(foreign_key="action.id", index=True)
    text: str
    evidence_id: int | None = Field(default=None, foreign_key="evidence.id")
    reported_by_id: int = Field(foreign_key="person.id")
    reported_at: datetime = Field(default_factory=clock.now)
