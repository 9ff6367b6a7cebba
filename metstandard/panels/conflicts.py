"""Whether one person may sit on one panel: every rule of B1 and B2, and B3 for reviewers, judged from plain facts.

The same function serves the page, the action and the guards. Each finding has a sentence fit for the person who
proposed the seat. The rules are listed in docs/rules.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from metstandard.common.words import count
from metstandard.panels.known import Away, Candidate, Holder, Panel, Seating, Service, Supply, months_between

__all__ = [
    "Away",
    "Candidate",
    "Conflict",
    "Holder",
    "Kind",
    "Panel",
    "Seating",
    "Service",
    "Supply",
    "judge",
]

_YEAR = 12


class Kind(StrEnum):
    """Hard: nobody may waive it. Waivable: both keys together may, with a reason (rules.md B, type W).

    Own: no legal conflict. The candidate alone can lift it, and may be asked whether they will.
    """

    HARD = "hard"
    WAIVABLE = "waivable"
    OWN = "own"


@dataclass(frozen=True)
class Conflict:
    """One rule that stands in the way, with its sentence."""

    rule: str
    kind: Kind
    sentence: str

    @property
    def hard(self) -> bool:
        """Whether nobody may waive it."""
        return self.kind is not Kind.WAIVABLE

    @property
    def own(self) -> bool:
        """Whether the candidate can lift it, so that nothing forbids asking."""
        return self.kind is Kind.OWN


def judge(candidate: Candidate, seat: str, panel: Panel, *, lead: bool = False) -> tuple[Conflict, ...]:
    """Every rule that stands between a candidate and a seat, hard ones first.

    `panel.holders` are the other seats of the panel; whoever holds this very seat is no stranger to it.
    `numbers` must hold COI-2, COI-2-command, COI-3, COI-5, PAN-3 and PAN-5; raises KeyError otherwise. Editions without
    REV-2 and COI-11 do not ask for them.
    """
    found = [one for rule in _RULES for one in rule(candidate, seat, panel)]
    if lead and panel.origins.get(seat) == "unit" and panel.last_led_by_peer:
        found.append(_soft("PAN-2", f"The peer also led the last panel of {panel.unit_name}"))
    return tuple(sorted(found, key=lambda one: not one.hard))


def _hard(rule: str, sentence: str) -> Conflict:
    return Conflict(rule, Kind.HARD, sentence)


def _soft(rule: str, sentence: str) -> Conflict:
    return Conflict(rule, Kind.WAIVABLE, sentence)


def _own(rule: str, sentence: str) -> Conflict:
    return Conflict(rule, Kind.OWN, sentence)


def _in_pool(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if not one.active:
        yield _hard("PAN-1", f"The account of {one.name} is closed")
    if not one.seat:
        yield _hard("PAN-1", f"{one.name} is not in the pool of reviewers")
    elif one.seat != seat:
        own, other = one.seat.replace("_", " "), seat.replace("_", " ")
        yield _hard("PAN-1", f"{one.name} is in the pool for the seat “{own}”, not “{other}”")
    if any(other.person == one.person and other.seat != seat for other in panel.holders):
        yield _hard("PAN-1", f"{one.name} already holds a seat of this panel")


def _away(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    last = panel.until or panel.on
    sits = any(other.person == one.person for other in panel.holders)
    if any(spell.since <= last and panel.on <= spell.until and not (spell.can_finish and sits) for spell in one.away):
        yield _own("PAN-1", f"{one.name} cannot sit in the days of the visit")


def _own_unit(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.home == panel.unit:
        yield _hard("COI-1", f"{one.name} belongs to {panel.unit_name}")
    elif panel.origins.get(seat) == "unit" and one.home is None:
        yield _hard("COI-1", f"{one.name} belongs to no unit, so cannot be the peer from another unit")


def _served(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    for spell in sorted(one.services, key=lambda each: not each.command_team):
        if spell.unit != panel.unit:
            continue
        limit = panel.numbers["COI-2-command" if spell.command_team else "COI-2"]
        if spell.until is None or spell.until >= panel.on or months_between(spell.until, panel.on) < limit:
            where = "in the command team of" if spell.command_team else "in"
            yield _hard("COI-2", f"{one.name} served {where} {panel.unit_name} within the last {limit} months")
            return


def _reciprocal(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.home is None or one.home == panel.unit:
        return
    reviewed_home = {past.home for past in panel.visits.get(one.home, ())} - {None}
    if panel.unit in reviewed_home:
        months = panel.numbers["COI-3"]
        yield _hard("COI-3", f"A reviewer from {panel.unit_name} reviews the unit of {one.name} within {months} months")
    between = reviewed_home - {panel.unit, one.home}
    if any(past.home == panel.unit for unit in between for past in panel.visits.get(unit or 0, ())):
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
    look_back = panel.numbers["COI-5"]
    since = min(panel.today, panel.on)
    for spell in one.supplies:
        if spell.until is None or spell.until >= since:
            yield _hard("COI-5", f"{one.employer} is a {spell.role} to the Authority or the service")
        elif months_between(spell.until, panel.on) < look_back:
            yield _soft("COI-5", f"{one.employer} was a {spell.role} within the last {look_back} months")


def _line(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if panel.origins.get(seat) == "unit" and one.group is not None and one.group == panel.group:
        yield _soft("COI-6", f"{one.name} and {panel.unit_name} share a line commander ({panel.group})")


def _interest(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.prejudicial:
        yield _hard("COI-7", f"{one.name} has declared a prejudicial interest in {panel.unit_name}")
    elif one.personal:
        yield _soft("COI-12", f"{one.name} has declared a personal interest in {panel.unit_name}")


def _gifts(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    months = panel.numbers.get("COI-11", 0)
    if any(months_between(day, panel.on) < months for day in one.gifts):
        yield _soft("COI-11", f"{one.name} accepted a gift of {panel.unit_name} within {months} months of the visit")


def _rank(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if panel.origins.get(seat) != "unit" or one.rank is None or panel.commander_rank is None:
        return
    below = panel.numbers["PAN-3"]
    if panel.commander_rank - one.rank > below:
        limit = count(below, "rank")
        yield _soft("PAN-3", f"{one.name} is more than {limit} below the commander of {panel.unit_name}")


def _rotation(one: Candidate, seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.person in panel.last_panel:
        yield _hard("PAN-5", f"{one.name} sat on the last panel of {panel.unit_name}")
    most = panel.numbers["PAN-5"]
    served = panel.served.get(one.person, ())
    if _busiest_year([past.on for past in served], panel.on) > most:
        yield _hard("PAN-5", f"{one.name} would have more than {most} reviews within a year")
    elif one.capacity is not None and _busiest_year([past.on for past in served], panel.on) > one.capacity:
        yield _soft("PAN-5", f"{one.name} offers {count(one.capacity, 'review')} within a year, and would have more")
    others = [other.person for other in panel.holders if other.seat != seat]
    if len(others) == len(panel.origins) - 1 and all(panel.knows(each) for each in (one.person, *others)):
        yield _soft("PAN-5", f"With {one.name} nobody on this panel is new to {panel.unit_name}")


def _busiest_year(past: list[date], on: date) -> int:
    """The most reviews within any twelve months that hold the new one, itself counted."""
    days = [*past, on]
    starts = [day for day in days if day <= on and months_between(day, on) < _YEAR]
    return max(sum(start <= day and months_between(start, day) < _YEAR for day in days) for start in starts)


def _ready(one: Candidate, _seat: str, panel: Panel) -> Iterator[Conflict]:
    if one.trained_until is None or one.trained_until < panel.publication:
        yield _hard("REV-1", f"The training of {one.name} is not valid to the planned publication")
    if "REV-2" in panel.numbers and (one.calibrated_until is None or one.calibrated_until < panel.publication):
        yield _hard("REV-2", f"The calibration of {one.name} is not valid to the planned publication")
    if one.vetted_until is None or one.vetted_until < panel.publication:
        yield _hard("REV-4", f"The vetting of {one.name} is not valid to the planned publication")
    if one.employer_kind in {"council", "company"} and not one.terms_signed:
        yield _hard("REV-4", f"{one.name} has not signed the terms of confidentiality")
    if not one.observed and not any(past.on < panel.on for past in panel.served.get(one.person, ())):
        yield _soft("REV-3", f"This would be the first review of {one.name}, who has not observed one")


def _duties(one: Candidate, _seat: str, _panel: Panel) -> Iterator[Conflict]:
    if one.other_parts:
        yield _hard("B3", f"{one.name} has another duty in this review: {' and '.join(one.other_parts)}")


_RULES: tuple[Callable[[Candidate, str, Panel], Iterator[Conflict]], ...] = (
    _in_pool, _away, _own_unit, _served, _reciprocal, _council, _company, _line, _interest, _gifts, _rank, _rotation,
    _ready, _duties,
)  # fmt: skip
