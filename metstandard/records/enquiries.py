"""What members of the public ask for and tell us: papers in another format, and comments, each with its reference."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import declared_attr
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row, choice


class EnquiryKind(StrEnum):
    """A paper in another format (obligations.md 37), or a comment that wants to be heard (39)."""

    FORMAT = "format"
    COMMENT = "comment"


class About(StrEnum):
    """What a comment is about. What is about a unit or its review is read by the programme office only."""

    SERVICE = "service"
    UNIT = "unit"
    AWARD = "award"
    PAPER = "paper"


class Format(StrEnum):
    """Formats that people make for one reader; the others are on the site already."""

    BRAILLE = "braille"
    AUDIO = "audio"
    SIGNED_VIDEO = "signed_video"
    LARGE_PRINT = "large_print"
    EASY_READ = "easy_read"


class EnquiryState(StrEnum):
    """Where an enquiry stands. Answered: the paper was sent, or the comment replied to. Closed: with a reason."""

    RECEIVED = "received"
    IN_WORK = "in_work"
    ANSWERED = "answered"
    CLOSED = "closed"


OPEN = (EnquiryState.RECEIVED, EnquiryState.IN_WORK)


class Enquiry(Row, table=True):
    """One enquiry. Who sent it and what it said are removed after a while; that it came and when it ended stays.

    `once` is the hash of the form's own token: the same form sent twice is one enquiry.
    """

    __tablename__ = "enquiry"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'format') = (format IS NOT NULL)", name="format_if_asked_for"),
        sa.CheckConstraint("(about = 'unit') = (unit_id IS NOT NULL)", name="unit_if_about_one"),
        sa.CheckConstraint("(state IN ('answered', 'closed')) = (ended_at IS NOT NULL)", name="ended_if_over"),
        sa.CheckConstraint("(state = 'closed') = (length(reason) > 0)", name="reason_if_closed"),
        sa.CheckConstraint(
            "erased_at IS NULL OR (name || email || postal || text || reply) = ''", name="nothing_left_if_erased"
        ),
    )

    reference: str = Field(max_length=20, unique=True)
    once: str = Field(max_length=64, unique=True)
    kind: EnquiryKind = Field(sa_type=choice(EnquiryKind), index=True)
    about: About = Field(sa_type=choice(About))
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    item: str = Field(default="", max_length=200)
    format: Format | None = Field(default=None, sa_type=choice(Format))
    text: str = ""
    name: str = Field(default="", max_length=120)
    email: str = Field(default="", max_length=254)
    postal: str = Field(default="", max_length=500)
    received_at: datetime = Field(default_factory=clock.now)
    due_on: date = Field(index=True)
    state: EnquiryState = Field(default=EnquiryState.RECEIVED, sa_type=choice(EnquiryState), index=True)
    assigned_to_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    reply: str = ""
    reason: str = ""
    ended_at: datetime | None = None
    erased_at: datetime | None = None
    version: int = 1

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        table: Any = cls.__table__  # type: ignore[attr-defined]
        return {"version_id_col": table.c.version}

    @property
    def open(self) -> bool:
        """Whether somebody still waits for an answer."""
        return self.state in OPEN
