"""What an instance holds: a class for each kind of entry, with the limits of its values."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from metstandard.panels.facts import Facts

# A constraint id joins names with colons, so no name may hold one.
Name = Annotated[str, Field(min_length=1, pattern=r"^[^:]+$")]
Organisation = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
# A century of weeks: what a cycle may span and still be held in memory by week and person.
Week = Annotated[int, Field(ge=0, le=5_200)]
Place = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Kind = Annotated[str, Field(min_length=1)]


class Slot(StrEnum):
    """The seats a panel may have. `chair` is open to anybody who can chair; the others to their own category."""

    PEER = "peer"
    LA = "la"
    PRIVATE = "private"
    CHAIR = "chair"


class Category(StrEnum):
    """Where a reviewer comes from."""

    PEER = "peer"
    LA = "la"
    PRIVATE = "private"


class Status(StrEnum):
    """How a reviewer answered for an earlier seat."""

    ACCEPTED = "accepted"
    INVITED = "invited"
    DECLINED = "declined"


class Weights(Facts):
    """What each shortcoming costs, in points of fit."""

    load: Count
    no_experienced: Count
    shortfall: Count
    one_region: Count
    repeat_pair: Count
    change: Count


class Params(Facts):
    """The numbers of the cycle. `floor` is the fit expected per seat; `relaxable` the kinds that may be waived."""

    weeks: Count
    ex_unit_weeks: Count
    pair_cap: Count
    reserve_cap: Count
    floor: Count
    relaxable: tuple[Kind, ...]
    weights: Weights


class Region(Facts):
    """A place on the map; the distance of two regions is |dx| + |dy|."""

    id: Name
    x: Place
    y: Place


class Unit(Facts):
    """A unit that is reviewed, or that a reviewer belongs to."""

    id: Name
    kind: Literal["borough", "specialist"]
    type: str
    borough: Name | None = None
    region: Name
    suppliers: tuple[Organisation, ...] = ()


class Review(Facts):
    """One review: its unit, the week of its fieldwork, how much each domain matters, and its seats."""

    id: Name
    unit: Name
    week: Week
    domains: dict[str, Count]
    slots: Annotated[tuple[Annotated[Slot, Field(strict=False)], ...], Field(min_length=1)]


class ExUnit(Facts):
    """A former posting, and how many weeks before the start of the cycle it ended."""

    unit: Name
    left_weeks_ago: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class Reviewer(Facts):
    """Somebody who can sit: where from, when, how often, and what they know (levels 0 to 3 by domain)."""

    id: Name
    category: Annotated[Category, Field(strict=False)]
    org: Organisation
    unit: Name | None = None
    borough: Name | None = None
    region: Name
    travel_max: Count
    capacity: Count
    unavailable: tuple[Count, ...] = ()
    training_until: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    ex_units: tuple[ExUnit, ...] = ()
    interests: tuple[Name, ...] = ()
    expertise: dict[str, Annotated[int, Field(ge=0, le=3)]]
    unit_types: tuple[str, ...] = ()
    experienced: bool
    chair: bool


class Blocked(Facts):
    """A pair that another rule forbids, such as COI-3: hard, and never waived here."""

    reviewer: Name
    review: Name
    rule: str


class History(Facts):
    """Who sat last for each unit, and how often two people have sat together before."""

    last_panel: dict[str, tuple[Name, ...]] = Field(default_factory=dict)
    pairs: tuple[tuple[Name, Name, Count], ...] = ()


class Seat(Facts):
    """One person on one seat of one review."""

    review: Name
    slot: Annotated[Slot, Field(strict=False)]
    reviewer: Name


class EarlierSeat(Seat):
    """A seat of the plan that is being changed, and how its reviewer answered."""

    status: Annotated[Status, Field(strict=False)]


class Entries(Facts):
    """The entries of a whole cycle."""

    params: Params
    regions: tuple[Region, ...]
    units: tuple[Unit, ...]
    reviews: tuple[Review, ...]
    reviewers: tuple[Reviewer, ...]
    blocked: tuple[Blocked, ...] = ()
    history: History = History()
    locks: tuple[Seat, ...] = ()
    previous: tuple[EarlierSeat, ...] = ()
