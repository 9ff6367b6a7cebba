"""Committees of the Authority, partners, and the employers of reviewers."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.records.base import Row, choice


class Committee(Row, table=True):
    """A committee that may be responsible for a review (obligations.md 17)."""

    __tablename__ = "committee"

    code: str = Field(max_length=20, unique=True)
    name: str = Field(max_length=160)
    parent: str = Field(default="", max_length=60)
    note: str = Field(default="", max_length=300)
    source: str = Field(default="", max_length=200)
    valid_from: date
    valid_until: date | None = None


class Partner(Row, table=True):
    """A body that works with the units."""

    __tablename__ = "partner"

    code: str = Field(max_length=20, unique=True)
    name: str = Field(max_length=200)
    kind: str = Field(max_length=80)
    source: str = Field(default="", max_length=200)
    valid_from: date
    valid_until: date | None = None


class EmployerKind(StrEnum):
    """Where a seat's reviewer comes from; the workflow's `panel.from` names one of these for each seat."""

    UNIT = "unit"
    COUNCIL = "council"
    COMPANY = "company"


class Employer(Row, table=True):
    """A council or a company that lends reviewers. A council shares `borough` with one BOCU (COI-4)."""

    __tablename__ = "employer"

    name: str = Field(max_length=160, unique=True)
    kind: EmployerKind = Field(sa_type=choice(EmployerKind))
    borough: str | None = Field(default=None, max_length=80)


class Supply(Row, table=True):
    """A spell in which a company was supplier, bidder or sponsor to the Authority or the service (COI-5)."""

    __tablename__ = "supply"

    employer_id: int = Field(foreign_key="employer.id", index=True)
    role: str = Field(max_length=20)
    from_on: date
    until_on: date | None = None


class ReviewerProfile(Row, table=True):
    """What makes a person able to sit: kind of seat, employer or unit, rank, training, vetting, terms (B1, B2).

    `expertise` gives 0 to 3 for domains of the rubric by code; `unit_types` names the types of unit that are known
    (`unit_type` in records/regions.py). `capacity` is in seats of one year; `reviews_before` counts reviews done
    elsewhere; `travel_most` is a distance between regions (records/regions.py), empty for any.
    """

    __tablename__ = "reviewer_profile"
    __table_args__ = (
        sa.CheckConstraint("capacity >= 0", name="capacity_not_negative"),
        sa.CheckConstraint("reviews_before >= 0", name="reviews_not_negative"),
    )

    person_id: int = Field(foreign_key="person.id", unique=True)
    seat: str = Field(max_length=40, index=True)
    employer_id: int | None = Field(default=None, foreign_key="employer.id")
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    rank: int | None = None
    can_lead: bool = False
    trained_until: date | None = None
    vetted_until: date | None = None
    terms_signed_on: date | None = None
    observed_on: date | None = None
    can_chair: bool = False
    calibrated_until: date | None = None
    home_borough: str | None = Field(default=None, max_length=80)
    region: str = Field(default="", max_length=40)
    travel_most: int | None = None
    capacity: int = 3
    reviews_before: int = 0
    expertise: dict[str, int] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    unit_types: list[str] = Field(default_factory=list, sa_column=sa.Column(sa.JSON, nullable=False))
