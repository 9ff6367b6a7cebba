"""People who sign in, and the standing parts they hold in the programme or for a unit."""

from datetime import date, datetime

import sqlalchemy as sa
from flask_security.core import RoleMixin, UserMixin
from sqlmodel import Field, SQLModel

from metstandard.common import clock, ids
from metstandard.records.base import Marking, Row, choice


class Person(Row, UserMixin, table=True):
    """One human being with one account. Names of the demonstration say role and unit, never an invented person.

    `clearance` is the highest marking that they may see (rules.md B9); empty means what the scheme in force gives all.
    """

    __tablename__ = "person"

    email: str = Field(max_length=254, unique=True)
    name: str = Field(max_length=120)
    title: str = Field(default="", max_length=120)
    password: str | None = Field(default=None, max_length=255)
    active: bool = True
    fs_uniquifier: str = Field(default_factory=ids.token, max_length=64, unique=True)
    confirmed_at: datetime | None = None
    created_at: datetime = Field(default_factory=clock.now)
    invited_at: datetime | None = None
    daily_digest: bool = False
    clearance: Marking | None = Field(default=None, sa_type=choice(Marking))

    @property
    def roles(self) -> list["Role"]:  # type: ignore[override] # the mixin declares a list that one may write
        """None: what a person may do comes from the parts they play, never from an account's role."""
        return []


class Role(RoleMixin):
    """Flask-Security asks for a role class; the product has none."""

    name: str = ""


class Appointment(Row, table=True):
    """A standing part: in the whole programme (`unit_id` empty) or for one unit, from a day until a day.

    A commander's `from_on` is the start of the tenure that the three-year rule looks at (obligations.md 23).
    """

    __tablename__ = "appointment"
    __table_args__ = (
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name="ends_after_it_begins"),
        sa.Index("ix_appointment_part_unit_id", "part", "unit_id"),
    )

    person_id: int = Field(foreign_key="person.id", index=True)
    part: str = Field(max_length=40)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    seat: str = Field(default="", max_length=40)
    from_on: date
    until_on: date | None = None


class Posting(Row, table=True):
    """Service of a person in a unit, or at the head of a business group: then in the line of each of its units (B3).

    `command_team` lengthens the look-back of COI-2.
    """

    __tablename__ = "posting"
    __table_args__ = (
        sa.CheckConstraint("(unit_id IS NULL) = (length(business_group) > 0)", name="unit_or_business_group"),
    )

    person_id: int = Field(foreign_key="person.id", index=True)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    business_group: str = Field(default="", max_length=80)
    command_team: bool = False
    from_on: date
    until_on: date | None = None


class SignedIn(SQLModel, table=True):
    """One server-side session: the cookie holds a token, the table its hash."""

    __tablename__ = "signed_in"

    token_hash: str = Field(primary_key=True, max_length=64)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    data: str = ""
    created_at: datetime = Field(default_factory=clock.now)
    expires_at: datetime = Field(index=True)
    address: str = Field(default="", max_length=64)
    browser: str = Field(default="", max_length=200)


class KeptForm(Row, table=True):
    """What somebody sent after the session had ended; offered again after the same person signs in."""

    __tablename__ = "kept_form"

    token_hash: str = Field(max_length=64, unique=True)
    person_id: int | None = Field(default=None, foreign_key="person.id")
    path: str = Field(max_length=500)
    fields: str = ""
    kept_at: datetime = Field(default_factory=clock.now)


class AccountLink(Row, table=True):
    """A single-use link in a letter: an invitation or a password reset. Only the hash of its token is stored."""

    __tablename__ = "account_link"

    person_id: int = Field(foreign_key="person.id", index=True)
    purpose: str = Field(max_length=20)
    token_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime
    used_at: datetime | None = None
