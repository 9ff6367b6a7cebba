"""Whether one person may sit on one panel: every rule of B1 and B2 judged from plain facts.

The same function serves the page, the action and the solver. A finding is hard, or needs a joint waiver; its sentence is
fit for the person who proposed the seat to read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Hard: nobody may waive it. Waivable: both keys together may, with a reason (rules.md B, type W)."""

    HARD = "hard"
    WAIVABLE = "waivable"


@dataclass(frozen=True)
class Conflict:
    """One rule that stands in the way, with its sentence."""

    rule: str
    kind: Kind
    sentence: str


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
class Seating:
    """A seat held on a panel: whose unit was reviewed, by whom, from which unit, when the visit began, in which cycle."""

    unit: int
    person: int
    home: int | None
    on: date
    lead: bool = False


@dataclass(frozen=True)
class Candidate:
    """What is known of the person who might sit."""

    person: int
    name: str
    seat: str
    home: int | None = None
    group: str | None = None
    borough: str | None = None
    employer: str | None = None
    employer_kind: str | None = None
    rank: int | None = None
    services: tuple[Service, ...] = ()
    supplies: tuple[Supply, ...] = ()
    trained_until: date | None = None
    vetted_until: date | None = None
    terms_signed: bool = False
    prejudicial: bool = False
    other_parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """What is known of the review, its other seats, and earlier panels. Lengths in months, from the workflow file."""

    unit: int
    unit_name: str
    group: str
    borough: str | None
    commander_rank: int | None
    on: date
    publication: date
    origins: dict[str, str]
    others: tuple[int, ...] = ()
    other_employers: tuple[str, ...] = ()
    history: tuple[Seating, ...] = ()
    last_panel: tuple[int, ...] = ()
    last_lead: int | None = None
    numbers: dict[str, int] = field(default_factory=dict)


def judge(candidate: Candidate, seat: str, panel: Panel, *, lead: bool = False) -> tuple[Conflict, ...]:
    """Every rule that stands between a candidate and a seat, hard ones first.

    `numbers` must hold COI-2, COI-2-command, COI-3, COI-5, PAN-3 and PAN-5; raises KeyError otherwise.
    """
    found = [one for rule in _RULES for one in rule(candidate, seat, panel)]
    if lead and panel.origins.get(seat) == "unit" and panel.last_lead == candidate.person:
        found.append(_soft("PAN-2", f"{candidate.name} led the last panel of {panel.unit_name} as its peer"))
    return tuple(sorted(found, key=lambda one: one.kind is Kind.WAIVABLE))


def _hard(rule: str, sentence: str) -> Conflict:
    return Conflict(rule, Kind.HARD, sentence)


def _soft(rule: str, sentence: str) -> Conflict:
    return Conflict(rule, Kind.WAIVABLE, sentence)


def _months(earlier: date, later: date) -> int:
    """Whole months between two days."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month - (later.day < earlier.day)


def _kind_of_seat(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.seat != seat:
        yield _hard("PAN-1", f"{one.name} is in the pool for the seat “{_words(one.seat)}”, not “{_words(seat)}”")
    if one.person in panel.others:
        yield _hard("PAN-1", f"{one.name} already holds a seat of this panel")


def _own_unit(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.home == panel.unit:
        yield _hard("COI-1", f"{one.name} belongs to {panel.unit_name}")
    elif panel.origins.get(seat) == "unit" and one.home is None:
        yield _hard("COI-1", f"{one.name} belongs to no unit, so cannot be the peer from another unit")


def _served(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    for spell in one.services:
        if spell.unit != panel.unit:
            continue
        limit = panel.numbers["COI-2-command" if spell.command_team else "COI-2"]
        if spell.until is None or _months(spell.until, panel.on) < limit:
            where = "in the command team of" if spell.command_team else "in"
            yield _hard("COI-2", f"{one.name} served {where} {panel.unit_name} within the last {limit} months")
            return


def _reciprocal(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.home is None:
        return
    recent = [past for past in panel.history if abs(_months(past.on, panel.on)) < panel.numbers["COI-3"]]
    if any(past.unit == one.home and past.home == panel.unit for past in recent):
        yield _hard("COI-3", f"Somebody from {panel.unit_name} reviewed the unit of {one.name} within 24 months")
    visited = {past.home for past in recent if past.unit == one.home and past.home is not None}
    if any(past.unit in visited and past.home == panel.unit for past in recent):
        yield _soft("COI-3", f"With {one.name} three units would review each other in a ring")


def _council(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if panel.origins.get(seat) != "council":
        return
    if one.employer_kind != "council":
        yield _hard("COI-4", f"{one.name} does not come from a London local authority")
    elif panel.borough is not None and one.borough == panel.borough:
        yield _hard("COI-4", f"{one.name} comes from the council that shares its borough with {panel.unit_name}")


def _company(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if panel.origins.get(seat) != "company":
        return
    if one.employer_kind != "company":
        yield _hard("PAN-1", f"{one.name} does not come from the private sector")
    for spell in one.supplies:
        if spell.until is None or spell.until >= panel.on:
            yield _hard("COI-5", f"{one.employer} is a current {spell.role} to the Authority or the service")
        elif _months(spell.until, panel.on) < panel.numbers["COI-5"]:
            yield _soft("COI-5", f"{one.employer} was a {spell.role} within the last {panel.numbers['COI-5']} months")


def _line(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if panel.origins.get(seat) == "unit" and one.group is not None and one.group == panel.group:
        yield _soft("COI-6", f"{one.name} and {panel.unit_name} share a line commander ({panel.group})")


def _interest(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.prejudicial:
        yield _hard("COI-7", f"{one.name} has declared a prejudicial interest in {panel.unit_name}")


def _rank(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if panel.origins.get(seat) != "unit" or one.rank is None or panel.commander_rank is None:
        return
    if panel.commander_rank - one.rank > panel.numbers["PAN-3"]:
        yield _soft("PAN-3", f"{one.name} is more than one rank below the commander of {panel.unit_name}")


def _rotation(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.person in panel.last_panel:
        yield _hard("PAN-5", f"{one.name} sat on the last panel of {panel.unit_name}")
    year = [past for past in panel.history if past.person == one.person and abs(_months(past.on, panel.on)) < 12]  # noqa: PLR2004
    if len(year) >= panel.numbers["PAN-5"]:
        yield _hard("PAN-5", f"{one.name} already has {len(year)} reviews within a year")


def _ready(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.trained_until is None or one.trained_until < panel.publication:
        yield _hard("REV-1", f"The training of {one.name} is not valid to the planned publication")
    if one.vetted_until is None or one.vetted_until < panel.publication:
        yield _hard("REV-4", f"The vetting of {one.name} is not valid to the planned publication")
    if one.employer_kind in {"council", "company"} and not one.terms_signed:
        yield _hard("REV-4", f"{one.name} has not signed the terms of confidentiality")


def _duties(one: Candidate, _seat: str, _panel: Panel) -> Iterator[Conflict]:
    if one.other_parts:
        yield _hard("B3", f"{one.name} already acts in this review as {' and '.join(one.other_parts)}")


def _words(name: str) -> str:
    return name.replace("_", " ")


_RULES: tuple[Callable[[Candidate, str, Panel], Iterator[Conflict]], ...] = (
    _kind_of_seat, _own_unit, _served, _reciprocal, _council, _company, _line, _interest, _rank, _rotation, _ready, _duties,
)  # fmt: skip
