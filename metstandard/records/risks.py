"""Risks that cannot wait for the report: what was found, who must answer by when, who has read it, what was done."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row


class ImmediateRisk(Row, table=True):
    """A risk that cannot wait for the report: commander and both keys are told within one working day (B6)."""

    __tablename__ = "immediate_risk"

    review_id: int = Field(foreign_key="review.id", index=True)
    text: str
    raised_by_id: int = Field(foreign_key="person.id")
    raised_at: datetime = Field(default_factory=clock.now)


class RiskNotice(Row, table=True):
    """The clock of one risk. A risk raised before there was a clock has none.

    `finding_id` is the critical finding that it speaks of, `standards` whether the panel sees a matter for professional
    standards. `escalated_at` and `chased_at` say when the clock passed it up: unread, and not contained.
    """

    __tablename__ = "risk_notice"

    risk_id: int = Field(foreign_key="immediate_risk.id", unique=True)
    finding_id: int | None = Field(default=None, foreign_key="finding.id", index=True)
    standards: bool = False
    read_by: date
    contain_by: date
    escalated_at: datetime | None = None
    chased_at: datetime | None = None
    withdrawn_at: datetime | None = None


class RiskReading(Row, table=True):
    """Somebody who had to be told has read it, in the part in which they answered."""

    __tablename__ = "risk_reading"
    __table_args__ = (sa.UniqueConstraint("risk_id", "person_id"),)

    risk_id: int = Field(foreign_key="immediate_risk.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    part: str = Field(max_length=40)
    read_at: datetime = Field(default_factory=clock.now)


class Containment(Row, table=True):
    """What the commander did at once; `referral` says where it went in professional standards, or why it did not."""

    __tablename__ = "containment"
    __table_args__ = (sa.CheckConstraint("length(text) > 0", name="says_something"),)

    risk_id: int = Field(foreign_key="immediate_risk.id", unique=True)
    text: str
    referral: str = ""
    recorded_by_id: int = Field(foreign_key="person.id")
    recorded_at: datetime = Field(default_factory=clock.now)
