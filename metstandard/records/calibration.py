"""Calibration: the reference reviews that every reviewer marks in training, and what came of it (REV-2)."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row


class Calibration(Row, table=True):
    """One attempt of one reviewer at the reference reviews of one edition; `edition` is that of the file of cases.

    Counts, once submitted: `criteria` marked, `within` one level of the reference, `gateways` marked and those `exact`.
    """

    __tablename__ = "calibration"
    __table_args__ = (
        sa.CheckConstraint("(submitted_at IS NULL) = (passed IS NULL)", name="judged_if_submitted"),
        sa.CheckConstraint("valid_until IS NULL OR passed", name="passed_if_valid"),
        sa.CheckConstraint("within <= criteria AND exact <= gateways", name="parts_of_wholes"),
    )

    person_id: int = Field(foreign_key="person.id", index=True)
    edition: str = Field(max_length=40)
    started_at: datetime = Field(default_factory=clock.now)
    submitted_at: datetime | None = None
    passed: bool | None = None
    valid_until: date | None = None
    criteria: int = 0
    within: int = 0
    gateways: int = 0
    exact: int = 0


class CalibrationMark(Row, table=True):
    """The level that a reviewer gave to one criterion of one reference review."""

    __tablename__ = "calibration_mark"
    __table_args__ = (
        sa.UniqueConstraint("calibration_id", "case_code", "criterion"),
        sa.CheckConstraint("level BETWEEN 0 AND 4", name="level_of_the_rubric"),
    )

    calibration_id: int = Field(foreign_key="calibration.id", index=True)
    case_code: str = Field(max_length=40)
    criterion: str = Field(max_length=20)
    level: int
