"""What is known of reviewers besides their profile: when they can sit, their interests, gifts, and reserves."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Row, choice
from metstandard.records.seats import Interest


class PeriodKind(StrEnum):
    """`unavailable`: takes no part at all. `can_finish`: finishes what is under way, and takes nothing new."""

    UNAVAILABLE = "unavailable"
    CAN_FINISH = "can_finish"


class Period(Row, table=True):
    """A spell in which a reviewer cannot sit, both days included; reviewers edit their own."""

    __tablename__ = "reviewer_period"
    __table_args__ = (sa.CheckConstraint("until_on >= from_on", name="ends_after_it_begins"),)

    person_id: int = Field(foreign_key="person.id", index=True)
    kind: PeriodKind = Field(sa_type=choice(PeriodKind))
    from_on: date
    until_on: date
    note: str = Field(default="", max_length=200)


class StandingInterest(Row, table=True):
    """An interest of a reviewer in a unit that holds for every review of it, until it is ended (COI-7, COI-12)."""

    __tablename__ = "standing_interest"
    __table_args__ = (
        sa.CheckConstraint("interest != 'none'", name="some_interest"),
        sa.CheckConstraint("length(detail) > 0", name="detail"),
    )

    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int = Field(foreign_key="unit.id")
    interest: Interest = Field(sa_type=choice(Interest))
    detail: str
    from_on: date
    until_on: date | None = None


class Gift(Row, table=True):
    """A line of the register of gifts and hospitality (COI-11). Refused gifts are entered, too. Value in pence."""

    __tablename__ = "gift"
    __table_args__ = (sa.CheckConstraint("value >= 0", name="value_not_negative"),)

    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    giver: str = Field(max_length=160)
    what: str = Field(max_length=500)
    value: int = 0
    accepted: bool
    offered_on: date
    entered_at: datetime = Field(default_factory=clock.now)


class Reserve(Row, table=True):
    """Somebody who steps into one seat of one review when its holder leaves; the lowest `rank` first (1 upwards)."""

    __tablename__ = "reserve"
    __table_args__ = (
        sa.UniqueConstraint("review_id", "kind", "person_id"),
        sa.CheckConstraint("rank >= 1", name="rank_from_one"),
    )

    review_id: int = Field(foreign_key="review.id", index=True)
    kind: str = Field(max_length=40)
    person_id: int = Field(foreign_key="person.id", index=True)
    rank: int
    named_at: datetime = Field(default_factory=clock.now)
