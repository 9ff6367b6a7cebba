"""The facts that conflicts are judged from: who might sit, and what is known of the panel and of other panels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property


@dataclass(frozen=True)
class Service:
    """A spell of a person in a unit; `until` is empty while it runs."""

    unit: int
    command_team: bool
    until: date | None


@dataclass(frozen=True)
class Supply:
    """A spell of a company as supplier, bidder or sponsor."""

    role: str
    until: date | None


@dataclass(frozen=True)
class Away:
    """A spell in which a person cannot sit, both days included. `can_finish`: but ends what was begun before."""

    since: date
    until: date
    can_finish: bool = False


@dataclass(frozen=True)
class Seating:
    """A seat on another panel: whose unit is reviewed, by whom, from which unit at that time, when the visit begins."""

    unit: int
    person: int
    home: int | None
    on: date


@dataclass(frozen=True)
class Holder:
    """Who holds another seat of this very panel."""

    person: int
    seat: str


@dataclass(frozen=True)
class Candidate:
    """What is known of the person who might sit. `other_parts` are the duties of B3 that this person has here.

    `origin` names the unit or employer, for the reader. `capacity` is in seats a year. `gifts` are the days on which
    something was accepted from the unit under review.
    """

    person: int
    name: str
    seat: str
    active: bool = True
    origin: str = ""
    home: int | None = None
    group: str | None = None
    borough: str | None = None
    employer: str | None = None
    employer_kind: str | None = None
    rank: int | None = None
    services: tuple[Service, ...] = ()
    supplies: tuple[Supply, ...] = ()
    trained_until: date | None = None
    calibrated_until: date | None = None
    vetted_until: date | None = None
    terms_signed: bool = False
    observed: bool = False
    prejudicial: bool = False
    personal: bool = False
    away: tuple[Away, ...] = ()
    capacity: int | None = None
    gifts: tuple[date, ...] = ()
    other_parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """What is known of the review, its seats held, and other panels. `numbers` is the workflow's; lengths in months.

    `on` and `until` are the first and the last day on site.
    """

    unit: int
    unit_name: str
    group: str
    borough: str | None
    commander_rank: int | None
    today: date
    on: date
    publication: date
    origins: dict[str, str]
    holders: tuple[Holder, ...] = ()
    history: tuple[Seating, ...] = ()
    last_panel: tuple[int, ...] = ()
    last_led_by_peer: bool = False
    numbers: dict[str, int] = field(default_factory=dict)
    until: date | None = None

    @cached_property
    def visits(self) -> dict[int, list[Seating]]:
        """Seats on other panels within the months of COI-3 of this visit, by the unit reviewed."""
        found: dict[int, list[Seating]] = {}
        for past in self.history:
            if months_between(past.on, self.on) < self.numbers["COI-3"]:
                found.setdefault(past.unit, []).append(past)
        return found

    @cached_property
    def served(self) -> dict[int, list[Seating]]:
        """Seats on other panels, by person."""
        found: dict[int, list[Seating]] = {}
        for past in self.history:
            found.setdefault(past.person, []).append(past)
        return found

    def with_holders(self, holders: tuple[Holder, ...]) -> Panel:
        """The same panel with other seats held; what was found out about other panels is kept."""
        other = replace(self, holders=holders)
        other.__dict__.update(visits=self.visits, served=self.served)
        return other

    def knows(self, person: int) -> bool:
        """Whether a person has sat on an earlier panel of this unit."""
        return any(past.unit == self.unit and past.on < self.on for past in self.served.get(person, ()))


def months_between(one: date, other: date) -> int:
    """Whole months between two days, whichever comes first."""
    earlier, later = sorted((one, other))
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)
