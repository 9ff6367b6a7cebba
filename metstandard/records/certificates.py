"""Certificates, and the series that gives their numbers without gaps."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from metstandard.common import clock
from metstandard.records.base import Moving


class Certificate(Moving, table=True):
    """A unit's certificate; what the public register shows. A number once published is never used again."""

    __tablename__ = "certificate"
    __table_args__ = (sa.CheckConstraint("valid_until > decided_on", name="valid_after_decision"),)

    number: int = Field(unique=True)
    code: str = Field(max_length=20, unique=True)
    review_id: int = Field(foreign_key="review.id", unique=True)
    unit_id: int = Field(foreign_key="unit.id", index=True)
    commander_name: str = Field(max_length=120)
    scope: str
    decided_on: date
    issued_at: datetime
    valid_until: date
    extended: bool = False
    journal_head: str = Field(default="", max_length=64)

    @property
    def title(self) -> str:
        """The number as printed: `MS-0007`."""
        return f"MS-{self.number:04d}"

    @property
    def status(self) -> str:
        """How it stands today: its state, but expired from the day after its last, even before the clock's sweep."""
        over = self.state in {"current", "suspended"} and clock.today() > self.valid_until
        return "expired" if over else self.state


class Series(SQLModel, table=True):
    """The last number taken in a series; locked while the next is taken, in the same transaction."""

    __tablename__ = "series"

    name: str = Field(primary_key=True, max_length=40)
    last: int = 0
