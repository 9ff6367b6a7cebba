"""Judges' sealed judgements of nominations, and what follows a decision: awards, events, equality monitoring."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row, choice
from metstandard.records.seats import Interest


class Allotment(Row, table=True):
    """A nomination given to one judge. Interest is declared before anything is shown; `locked_at` seals it for good.

    `ended_at` is set when the judge stands down or is taken off; the words of `reason` say why. A prejudicial
    interest ends it at once.
    """

    __tablename__ = "allotment"
    __table_args__ = (sa.UniqueConstraint("nomination_id", "person_id"),)

    nomination_id: int = Field(foreign_key="nomination.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    allotted_at: datetime = Field(default_factory=clock.now)
    interest: Interest | None = Field(default=None, sa_type=choice(Interest))
    interest_words: str = ""
    declared_at: datetime | None = None
    locked_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""


class Judgement(Row, table=True):
    """One criterion of one judge; `level` is a level of the rubric, empty while undecided. Sealed like a sheet."""

    __tablename__ = "judgement"
    __table_args__ = (sa.UniqueConstraint("allotment_id", "criterion"),)

    allotment_id: int = Field(foreign_key="allotment.id", index=True)
    criterion: str = Field(max_length=12)
    level: str = Field(default="", max_length=4)
    words: str = ""
    revision: int = 0
    saved_at: datetime = Field(default_factory=clock.now)


class TieRuling(Row, table=True):
    """The chair's order of nominations with equal scores in one scheme and category, with the reason (D2)."""

    __tablename__ = "tie_ruling"
    __table_args__ = (sa.CheckConstraint("length(reason) > 0", name="with_reason"),)

    nomination_id: int = Field(foreign_key="nomination.id", index=True)
    tied_with: list[int] = Field(default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False))
    place: int
    reason: str
    ruled_by_id: int = Field(foreign_key="person.id")
    ruled_at: datetime = Field(default_factory=clock.now)


class Monitoring(Row, table=True):
    """A nominee's own words for equality monitoring; read in totals only and never by a judge (D2).

    It hangs on the nomination and not on a nominee, so that no answer can be read as one person's.
    """

    __tablename__ = "monitoring"

    nomination_id: int = Field(foreign_key="nomination.id", index=True)
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))


class Award(Row, table=True):
    """What a nomination led to: number and code of the certificate, shown only once its embargo is over.

    How it stands (announced, revoked ...) is the state of its nomination; whether it is public is queries/roll.py.
    """

    __tablename__ = "award"

    number: int = Field(unique=True)
    code: str = Field(max_length=20, unique=True)
    nomination_id: int = Field(foreign_key="nomination.id", unique=True)
    issued_at: datetime = Field(default_factory=clock.now)
    journal_head: str = Field(default="", max_length=64)

    @property
    def title(self) -> str:
        """The number as printed: `MA-0007`."""
        return f"MA-{self.number:04d}"


class Event(Row, table=True):
    """A presentation event. It is public once `published_at` is set."""

    __tablename__ = "event"
    __table_args__ = (sa.CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),)

    title: str = Field(max_length=160)
    starts_at: datetime
    ends_at: datetime
    place: str = Field(max_length=200)
    words: str = ""
    published_at: datetime | None = None


class Guest(Row, table=True):
    """A nominee's place at an event, with what they need and how many of their family come."""

    __tablename__ = "guest"
    __table_args__ = (
        sa.UniqueConstraint("event_id", "nominee_id"),
        sa.CheckConstraint("family_places >= 0", name="places_not_negative"),
    )

    event_id: int = Field(foreign_key="event.id", index=True)
    nominee_id: int = Field(foreign_key="nominee.id", index=True)
    coming: bool | None = None
    family_places: int = 0
    access_needs: str = ""
