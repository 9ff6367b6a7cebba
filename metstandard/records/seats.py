"""The panel of a review: who is asked, what they declare, what is waived, what the unit objects to."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row, choice


class SeatStatus(StrEnum):
    """An ended seat (declined, unseated) stays in the record; a new row takes its place."""

    INVITED = "invited"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    UNSEATED = "unseated"


HOLDING = (SeatStatus.INVITED, SeatStatus.ACCEPTED)


class Seat(Row, table=True):
    """One person asked to sit in one seat of one review. One person, one seat; one holder per seat (PAN-1)."""

    __tablename__ = "seat"
    __table_args__ = (
        sa.Index(
            "uq_seat_one_holder",
            "review_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("status IN ('invited', 'accepted')"),
            postgresql_where=sa.text("status IN ('invited', 'accepted')"),
        ),
        sa.Index(
            "uq_seat_one_per_person",
            "review_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text("status IN ('invited', 'accepted')"),
            postgresql_where=sa.text("status IN ('invited', 'accepted')"),
        ),
        sa.CheckConstraint(
            "(status = 'accepted') = (accepted_at IS NOT NULL) OR status = 'unseated'", name="accepted_at"
        ),
    )

    review_id: int = Field(foreign_key="review.id", index=True)
    kind: str = Field(max_length=40)
    person_id: int = Field(foreign_key="person.id", index=True)
    lead: bool = False
    status: SeatStatus = Field(default=SeatStatus.INVITED, sa_type=choice(SeatStatus))
    invited_at: datetime = Field(default_factory=clock.now)
    answer_by: date | None = None
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""


class Interest(StrEnum):
    """The two grades of the Authority's code of conduct, and the positive act of having none (COI-8, COI-9)."""

    NONE = "none"
    PERSONAL = "personal"
    PREJUDICIAL = "prejudicial"


class Declaration(Row, table=True):
    """What one person declares for one review at one moment.

    `stage` is panels, confirmation, on_site, consensus, moderation or decision.
    """

    __tablename__ = "declaration"
    __table_args__ = (sa.CheckConstraint("interest = 'none' OR length(detail) > 0", name="detail_if_interest"),)

    review_id: int = Field(foreign_key="review.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    stage: str = Field(max_length=40)
    interest: Interest = Field(sa_type=choice(Interest))
    detail: str = ""
    declared_at: datetime = Field(default_factory=clock.now)


class Waiver(Row, table=True):
    """A joint, reasoned exception to one rule for one person in one review; printed in the report (COI-12).

    It holds when a signature of each party with the purpose `waive_conflict` and this waiver's digest exists.
    """

    __tablename__ = "waiver"
    __table_args__ = (sa.UniqueConstraint("review_id", "person_id", "rule"),)

    review_id: int = Field(foreign_key="review.id", index=True)
    person_id: int = Field(foreign_key="person.id")
    rule: str = Field(max_length=20)
    reason: str
    asked_at: datetime = Field(default_factory=clock.now)


class Ruling(StrEnum):
    """What becomes of an objection: open until both keys rule the same way."""

    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"


class Objection(Row, table=True):
    """A unit's objection to a named reviewer, for cause; at most two (COI-10)."""

    __tablename__ = "objection"

    review_id: int = Field(foreign_key="review.id", index=True)
    seat_id: int = Field(foreign_key="seat.id")
    raised_by_id: int = Field(foreign_key="person.id")
    cause: str
    raised_at: datetime = Field(default_factory=clock.now)
    ruling: Ruling = Field(default=Ruling.OPEN, sa_type=choice(Ruling))
    ruled_at: datetime | None = None


class ObjectionVote(Row, table=True):
    """How one party's key holder would rule, with reasons."""

    __tablename__ = "objection_vote"
    __table_args__ = (sa.UniqueConstraint("objection_id", "part"),)

    objection_id: int = Field(foreign_key="objection.id", index=True)
    part: str = Field(max_length=40)
    person_id: int = Field(foreign_key="person.id")
    upheld: bool
    reason: str
    voted_at: datetime = Field(default_factory=clock.now)
