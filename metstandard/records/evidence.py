"""Evidence, the files behind it, the unit's self-assessment, and the work on site."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Marking, Row, choice


class EvidenceType(StrEnum):
    """Types that triangulation counts (rules.md B5)."""

    DOCUMENT = "document"
    DATA = "data"
    INTERVIEW = "interview"
    FOCUS_GROUP = "focus_group"
    OBSERVATION = "observation"
    SURVEY = "survey"
    PARTNER_TESTIMONY = "partner_testimony"
    COMMUNITY_FEEDBACK = "community_feedback"
    EARLIER_INSPECTION = "earlier_inspection"


class Maker(StrEnum):
    """Who made what an item shows: triangulation asks for what the unit did not make, and for what is external (B5)."""

    UNIT = "unit"
    PANEL = "panel"
    OUTSIDE = "outside"


class Scan(StrEnum):
    """What the virus scanner says of a file; where none is set, nothing. Only `quarantined` waits for its answer."""

    NONE = "none"
    QUARANTINED = "quarantined"
    CLEAN = "clean"
    INFECTED = "infected"


class StoredFile(Row, table=True):
    """A file in the evidence store, once per content hash, under a name of ours.

    `sha256` is that of what is kept: the file as it was stripped, not as it was sent.
    """

    __tablename__ = "stored_file"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="not_empty"),
        sa.CheckConstraint("(scan = 'infected') = (virus <> '')", name="virus_if_infected"),
    )

    sha256: str = Field(max_length=64, unique=True)
    size: int
    media_type: str = Field(max_length=100)
    stored_at: datetime = Field(default_factory=clock.now)
    scan: Scan = Field(default=Scan.NONE, sa_type=choice(Scan), sa_column_kwargs={"server_default": "none"})
    virus: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": sa.text("''")})
    scanned_at: datetime | None = None


class SentFile(Row, table=True):
    """What was sent, by its hash, so that the same file is known again without being stripped once more."""

    __tablename__ = "sent_file"

    sha256: str = Field(max_length=64, unique=True)
    file_id: int = Field(foreign_key="stored_file.id")


class Evidence(Row, table=True):
    """One item. `by_unit`: the unit produced it; `external`: from outside unit and panel (B5).

    `from_panel`: a reviewer added it, and the panel keeps it. `revision` guards against lost edits.
    """

    __tablename__ = "evidence"
    __table_args__ = (sa.CheckConstraint("outcome_years >= 0", name="years_not_negative"),)

    review_id: int = Field(foreign_key="review.id", index=True)
    kind: EvidenceType = Field(sa_type=choice(EvidenceType))
    title: str = Field(max_length=200)
    source: str = Field(default="", max_length=200)
    dated_on: date | None = None
    period: str = Field(default="", max_length=100)
    note: str = ""
    marking: Marking = Field(default=Marking.OFFICIAL, sa_type=choice(Marking))
    by_unit: bool = True
    unit_may_see: bool = True
    external: bool = False
    outcome_years: int = 0
    added_by_id: int = Field(foreign_key="person.id")
    added_at: datetime = Field(default_factory=clock.now)
    file_id: int | None = Field(default=None, foreign_key="stored_file.id")
    file_name: str = Field(default="", max_length=200)
    removed_at: datetime | None = None
    author: str = Field(default="", max_length=200, sa_column_kwargs={"server_default": sa.text("''")})
    from_panel: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    revision: int = Field(default=0, sa_column_kwargs={"server_default": sa.text("0")})

    @property
    def maker(self) -> Maker:
        """Who made it."""
        return Maker.UNIT if self.by_unit else Maker.OUTSIDE if self.external else Maker.PANEL


class MarkingChange(Row, table=True):
    """An item's marking was changed: from what to what, by whom, and why where it was lowered (rules.md B9)."""

    __tablename__ = "marking_change"

    evidence_id: int = Field(foreign_key="evidence.id", index=True)
    before: Marking = Field(sa_type=choice(Marking, "before"))
    after: Marking = Field(sa_type=choice(Marking, "after"))
    reason: str = ""
    changed_by_id: int = Field(foreign_key="person.id")
    changed_at: datetime = Field(default_factory=clock.now)


class Interview(Row, table=True):
    """How many were talked to and in what role; a small group's role is the writer's and the lead's alone (B5).

    `erased_at`: the notes and the people were erased, because the time for keeping them was over (B9).
    """

    __tablename__ = "interview"
    __table_args__ = (sa.CheckConstraint("people > 0", name="somebody"),)

    evidence_id: int = Field(foreign_key="evidence.id", unique=True)
    people: int | None = None
    group: str = Field(default="", max_length=120)
    erased_at: datetime | None = None


class Interviewee(Row, table=True):
    """Somebody who was interviewed, apart from the note: for whoever wrote it and the lead reviewer only (B5)."""

    __tablename__ = "interviewee"

    evidence_id: int = Field(foreign_key="evidence.id", index=True)
    name: str = Field(max_length=200)
    added_by_id: int = Field(foreign_key="person.id")
    added_at: datetime = Field(default_factory=clock.now)


class EvidenceLink(Row, table=True):
    """Which criterion an item speaks to, and where in it."""

    __tablename__ = "evidence_link"
    __table_args__ = (sa.UniqueConstraint("evidence_id", "criterion"),)

    evidence_id: int = Field(foreign_key="evidence.id", index=True)
    criterion: str = Field(max_length=12)
    place: str = Field(default="", max_length=100)


class SelfMark(Row, table=True):
    """The unit's own level and account for one criterion; `revision` guards against lost edits."""

    __tablename__ = "self_mark"
    __table_args__ = (sa.UniqueConstraint("review_id", "criterion"),)

    review_id: int = Field(foreign_key="review.id", index=True)
    criterion: str = Field(max_length=12)
    level: str = Field(default="", max_length=4)
    account: str = ""
    revision: int = 0
    saved_by_id: int = Field(foreign_key="person.id")
    saved_at: datetime = Field(default_factory=clock.now)


class Question(Row, table=True):
    """A site-visit issue: what a reviewer wants to look at, by criterion."""

    __tablename__ = "question"

    review_id: int = Field(foreign_key="review.id", index=True)
    criterion: str = Field(max_length=12)
    text: str
    asked_by_id: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(default_factory=clock.now)


class ActivityKind(StrEnum):
    """What counts towards the effort published with the report (schemes.md A5, 8)."""

    INTERVIEW = "interview"
    FOCUS_GROUP = "focus_group"
    OBSERVATION = "observation"
    PARTNER_MEETING = "partner_meeting"
    FEEDBACK = "feedback"


class Activity(Row, table=True):
    """One meeting or reality check on site: how many people, how long, never who."""

    __tablename__ = "activity"
    __table_args__ = (sa.CheckConstraint("people >= 0 AND minutes > 0", name="some_time"),)

    review_id: int = Field(foreign_key="review.id", index=True)
    kind: ActivityKind = Field(sa_type=choice(ActivityKind))
    held_on: date
    people: int
    minutes: int
    group: str = Field(default="", max_length=120)
    note: str = ""
    logged_by_id: int = Field(foreign_key="person.id")
    logged_at: datetime = Field(default_factory=clock.now)
