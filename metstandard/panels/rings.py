"""Who has reviewed whom over the years: units that reviewed each other, and rings of three (COI-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product

from metstandard.panels.known import Seating, months_between


@dataclass(frozen=True)
class Ring:
    """Two or three units, each of which sent a reviewer to the next and the last to the first, with the visits' days.

    It begins with the unit of the lowest number. Of several visits on one way the closest together are told.
    """

    units: tuple[int, ...]
    days: tuple[date, ...]


def rings(visits: Iterable[Seating], months: int) -> list[Ring]:
    """Every ring whose visits all lie within so many months, the newest first; two units count as a ring of two."""
    ways: dict[int, dict[int, set[date]]] = {}
    for one in visits:
        if one.home is not None and one.home != one.unit:
            ways.setdefault(one.home, {}).setdefault(one.unit, set()).add(one.on)
    found: list[Ring] = []
    for first, onward in ways.items():
        for second in (one for one in onward if first < one):
            found += _closed(ways, (first, second), months)
            for third in (one for one in ways.get(second, {}) if first < one != second):
                found += _closed(ways, (first, second, third), months)
    return sorted(found, key=lambda one: (max(one.days), one.units), reverse=True)


def _closed(ways: dict[int, dict[int, set[date]]], units: tuple[int, ...], months: int) -> list[Ring]:
    """The ring through units in this order, if it closes within the months."""
    steps = [ways.get(one, {}).get(other, set()) for one, other in zip(units, (*units[1:], units[0]), strict=True)]
    near = [days for days in product(*map(sorted, steps)) if months_between(min(days), max(days)) < months]
    if not near:
        return []
    return [Ring(units, min(near, key=lambda days: (max(days) - min(days), days)))]
