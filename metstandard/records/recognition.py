"""Nominations: the incident, the nomination itself, its nominees, its seconder, their links, the checks on each."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from metstandard.common import clock
from metstandard.records.base import Marking, Moving, Row, choice


class Hold(StrEnum):
    """Why an incident waits for somebody else's proceedings (recognition.md D2, D3)."""

    SUB_JUDICE = "sub_judice"
    INQUEST = "inquest"
    CONDUCT = "conduct"


class Incident(Row, table=True):
    """One event with everybody who took part in it, whichever service they serve (D3).

    `died` tells that somebody lost their life: then `families_asked_on` must be known before a nomination goes on.
    `everyone_asked_on` is the day on which all who took part were asked about, not only those named (D2).
    """

    __tablename__ = "incident"

    reference: str = Field(max_length=20, unique=True)
    title: str = Field(max_length=160)
    happened_on: date
    place: str = Field(default="", max_length=160)
    outside_reference: str = Field(default="", max_length=60)
    died: bool = False
    families_asked_on: date | None = None
    everyone_asked_on: date | None = None
    hold: Hold | None = Field(default=None, sa_type=choice(Hold))


class Shown(StrEnum):
    """How an award is shown in public: by name, without names, or not at all (D2, safety)."""

    NAMED = "named"
    ANONYMOUS = "anonymous"
    UNPUBLISHED = "unpublished"


class Nomination(Moving, table=True):
    """One nomination of a person, a team or a body, with what its nominator wrote; locked once it was submitted.

    `answers` keeps the form as typed while it is a draft, also what is not valid yet. `round` counts submissions.
    `awarded` is the Authority's decision, empty until it was taken. `embargo_until` is a moment, kept to the second.
    """

    __tablename__ = "nomination"
    __table_args__ = (
        sa.CheckConstraint("(press_checked_at IS NULL) = (press_checked_by_id IS NULL)", name="pressed_by_somebody"),
        sa.CheckConstraint("awarded IS NULL OR decided_on IS NOT NULL", name="decided_on_a_day"),
        sa.CheckConstraint("embargo_until IS NULL OR press_checked_at IS NOT NULL", name="embargo_after_press_check"),
    )

    reference: str = Field(max_length=20, unique=True)
    rubric_edition_id: int = Field(foreign_key="edition.id")
    scheme: str = Field(default="", max_length=20, index=True)
    category: str = Field(default="", max_length=20, index=True)
    nominee_kind: str = Field(default="", max_length=40)
    title: str = Field(default="", max_length=160)
    body: str = Field(default="", max_length=160)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    incident_id: int | None = Field(default=None, foreign_key="incident.id", index=True)
    marking: Marking = Field(default=Marking.OFFICIAL_SENSITIVE, sa_type=choice(Marking))
    posthumous: bool = False
    happened_on: date | None = None
    citation: str = ""
    account: str = ""
    effect: str = ""
    difficulty: str = ""
    evidence: str = ""
    witnesses: str = ""
    incident_words: str = Field(default="", max_length=500)
    earlier_awards: str = ""
    answers: dict[str, Any] = Field(default_factory=dict, sa_column=sa.Column(sa.JSON, nullable=False))
    round: int = 0

    nominator_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    nominator_name: str = Field(default="", max_length=120)
    nominator_email: str = Field(default="", max_length=254)
    nominator_body: str = Field(default="", max_length=160)
    nominator_relation: str = Field(default="", max_length=160)
    may_contact: bool = False
    finding_id: int | None = Field(default=None, foreign_key="finding.id")

    submitted_at: datetime | None = None
    duplicate_of_id: int | None = Field(default=None, foreign_key="nomination.id")
    redirected_to: str = Field(default="", max_length=40)
    shown: Shown = Field(default=Shown.NAMED, sa_type=choice(Shown))
    awarded: bool | None = None
    decided_on: date | None = None
    announcement: str = ""
    press_checked_at: datetime | None = None
    press_checked_by_id: int | None = Field(default=None, foreign_key="person.id")
    embargo_until: datetime | None = Field(default=None, index=True)
    erased_at: datetime | None = None


class Consent(StrEnum):
    """What a nominee, or the family of one who died, answers before anything is published."""

    NOT_ASKED = "not_asked"
    ASKED = "asked"
    GIVEN = "given"
    DECLINED = "declined"


class Nominee(Row, table=True):
    """One nominee; of a team each member, with a role and the time served in it, so that a leaver is clear (D2).

    `service` is a service of the rubric file. `email` is the nominee's, or that of the family of one who died.
    `left_at` takes a person out of the nomination and keeps what was; a member who left the team earlier keeps
    their place with `until_on`. `monitored` tells that equality monitoring was asked, not what was answered.
    """

    __tablename__ = "nominee"

    nomination_id: int = Field(foreign_key="nomination.id", index=True)
    name: str = Field(max_length=120)
    role: str = Field(default="", max_length=120)
    body: str = Field(default="", max_length=160)
    service: str = Field(default="", max_length=20)
    unit_id: int | None = Field(default=None, foreign_key="unit.id")
    person_id: int | None = Field(default=None, foreign_key="person.id")
    email: str = Field(default="", max_length=254)
    died: bool = False
    from_on: date | None = None
    until_on: date | None = None
    consent: Consent = Field(default=Consent.NOT_ASKED, sa_type=choice(Consent))
    consent_at: datetime | None = None
    anonymous: bool = False
    left_at: datetime | None = None
    left_reason: str = ""
    monitored: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})


class Seconding(StrEnum):
    """What the seconder answered."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


class Seconder(Row, table=True):
    """Somebody of another unit or body who confirms a nomination by letter; the newest row counts (D2)."""

    __tablename__ = "seconder"

    nomination_id: int = Field(foreign_key="nomination.id", index=True)
    name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    body: str = Field(max_length=160)
    answer: Seconding = Field(default=Seconding.ASKED, sa_type=choice(Seconding))
    words: str = ""
    asked_at: datetime = Field(default_factory=clock.now)
    answered_at: datetime | None = None


class NominationLink(Row, table=True):
    """A link in a letter that lets somebody without an account act in one nomination: only its hash is kept.

    `part` is nominator, seconder or nominee; `about_id` the row of the seconder or nominee it was sent to.
    """

    __tablename__ = "nomination_link"

    nomination_id: int = Field(foreign_key="nomination.id", index=True)
    part: str = Field(max_length=40)
    about_id: int | None = None
    token_hash: str = Field(max_length=64, unique=True)
    expires_at: datetime
    ended_at: datetime | None = None


class CheckResult(StrEnum):
    """All that is ever kept of an employer's check: never the reason (D2)."""

    CLEAR = "clear"
    NOT_CLEAR = "not_clear"
    HOLD = "hold"


class Check(Row, table=True):
    """The answer of professional standards, or of a service's sponsor, about one nominee; the newest of a kind counts.

    `asked_of` is standards_officer or sponsor.
    """

    __tablename__ = "nominee_check"

    nominee_id: int = Field(foreign_key="nominee.id", index=True)
    asked_of: str = Field(max_length=40)
    result: CheckResult = Field(sa_type=choice(CheckResult))
    checked_by_id: int = Field(foreign_key="person.id")
    checked_at: datetime = Field(default_factory=clock.now)
