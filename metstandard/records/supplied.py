"""Evidence that was supplied before: to an earlier review of the same unit, or to another assessment."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.records.base import Row


class Supplied(Row, table=True):
    """Where an item was supplied first, and when; nobody enters the same data twice (rules.md B5).

    `origin_id` is the item of an earlier review; `assessment` names an assessment that is none of ours.
    """

    __tablename__ = "supplied"
    __table_args__ = (sa.CheckConstraint("(origin_id IS NULL) = (assessment <> '')", name="one_place"),)

    evidence_id: int = Field(foreign_key="evidence.id", unique=True)
    origin_id: int | None = Field(default=None, foreign_key="evidence.id", index=True)
    assessment: str = Field(default="", max_length=200)
    supplied_on: date
