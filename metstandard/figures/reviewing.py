"""Who reviews whom: units on a circle, an arrow from each reviewer's unit to the unit reviewed.

Two units that review each other and rings of three are drawn in red, and named in the description and the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from metstandard.figures.figure import BLUE, INK, QUIET, RED, Figure, drawing, text

_WIDTH = 560
_MIDDLE = _WIDTH / 2
_RADIUS = 210
_DOT = 5
_SHORT = 14  # an arrow ends beside a dot, not on it
_HEAD = 9
_QUARTER = 0.25


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody of one unit sits on the panel of another; `planned` in this plan, else in one that stands already."""

    home: str
    unit: str
    planned: bool = True


def mutual(visits: Iterable[Visit]) -> list[tuple[str, str]]:
    """Pairs of units that review each other, each once."""
    known = {(one.home, one.unit) for one in visits if one.home != one.unit}
    return sorted((home, unit) for home, unit in known if home < unit and (unit, home) in known)


def rings(visits: Iterable[Visit]) -> list[tuple[str, str, str]]:
    """Rings of three: A reviews B, B reviews C, C reviews A; each once, from its first unit on."""
    after: dict[str, set[str]] = {}
    for one in visits:
        after.setdefault(one.home, set()).add(one.unit)
    return sorted(
        (first, second, third)
        for first, seconds in after.items()
        for second in seconds
        for third in after.get(second, ())
        if first in after.get(third, ()) and first < second and first < third and second != third
    )


def reviewing(visits: Sequence[Visit], titles: dict[str, str]) -> Figure:
    """Figure of visits between units by code; `titles` gives each code's words. Raises KeyError for an unknown code."""
    distinct = sorted(set(visits), key=lambda one: (one.home, one.unit, not one.planned))
    units = sorted({one.home for one in distinct} | {one.unit for one in distinct})
    spots = {unit: _spot(number, len(units)) for number, unit in enumerate(units)}
    pairs, threes = mutual(distinct), rings(distinct)
    closed = {each for one, other in pairs for each in ((one, other), (other, one))}
    closed |= {each for a, b, c in threes for each in ((a, b), (b, c), (c, a))}
    parts = [
        _arrow(spots[one.home], spots[one.unit], red=(one.home, one.unit) in closed, planned=one.planned)
        for one in sorted(distinct, key=lambda one: (one.home, one.unit) in closed)
        if one.home != one.unit
    ]
    parts += [mark for number, unit in enumerate(units) for mark in _unit(unit, number, len(units))]
    title = "Who reviews whom"
    description = f"{_counted(distinct)} {_said(pairs, threes, titles)}"
    return Figure(
        svg=drawing(_WIDTH, _WIDTH, title=title, description=description, parts=parts),
        title=title,
        description=description,
        table_headers=("Unit of the reviewer", "Unit reviewed", "In this plan", "Closes a circle"),
        table_rows=tuple(_cells(one, pairs, threes, titles) for one in distinct),
    )


def _spot(number: int, units: int) -> tuple[float, float]:
    turn = 2 * math.pi * number / max(units, 1) - math.pi / 2
    return _MIDDLE + _RADIUS * math.cos(turn), _MIDDLE + _RADIUS * math.sin(turn)


def _unit(code: str, number: int, units: int) -> list[Markup]:
    x, y = _spot(number, units)
    aside = (x - _MIDDLE) / _RADIUS
    anchor = "start" if aside > _QUARTER else "end" if aside < -_QUARTER else "middle"
    out_x, out_y = x + aside * 10, y + (y - _MIDDLE) / _RADIUS * 16 + 5
    dot = Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"/>').format(round(x, 1), round(y, 1), _DOT, INK)
    return [dot, text(out_x, out_y, code, size=14, anchor=anchor)]


def _arrow(start: tuple[float, float], end: tuple[float, float], *, red: bool, planned: bool) -> Markup:
    """A line with a head; what stands already is dashed."""
    x, y = end[0] - start[0], end[1] - start[1]
    length = math.hypot(x, y) or 1.0
    x, y = x / length, y / length
    tip = (end[0] - x * _SHORT, end[1] - y * _SHORT)
    back = (tip[0] - x * _HEAD, tip[1] - y * _HEAD)
    head = [tip, (back[0] - y * _HEAD / 2, back[1] + x * _HEAD / 2), (back[0] + y * _HEAD / 2, back[1] - x * _HEAD / 2)]
    colour = RED if red else BLUE if planned else QUIET
    return Markup(
        '<path d="M{} {}L{} {}" stroke="{}" stroke-width="{}" stroke-dasharray="{}" fill="none"/>'
        '<path d="M{} {}L{} {}L{} {}Z" fill="{}"/>'
    ).format(
        *(round(one, 1) for one in (*start, *back)), colour, 3 if red else 1.5, "none" if planned else "5 4",
        *(round(one, 1) for point in head for one in point), colour,
    )  # fmt: skip


def _counted(visits: Sequence[Visit]) -> str:
    planned = sum(one.planned for one in visits)
    return f"n = {len(visits)} visits between units, {planned} of them in this plan."


def _said(pairs: Sequence[tuple[str, str]], threes: Sequence[tuple[str, str, str]], titles: dict[str, str]) -> str:
    mutually = "; ".join(f"{titles[one]} and {titles[other]}" for one, other in pairs)
    ringed = "; ".join(", ".join(titles[each] for each in ring) for ring in threes)
    return (
        f"{f'Units that review each other: {mutually}.' if pairs else 'No two units review each other.'} "
        f"{f'Rings of three: {ringed}.' if threes else 'There is no ring of three.'}"
    )


def _cells(
    one: Visit, pairs: Sequence[tuple[str, str]], threes: Sequence[tuple[str, str, str]], titles: dict[str, str]
) -> tuple[str, ...]:
    two = tuple(sorted((one.home, one.unit))) in pairs
    ringed = any((one.home, one.unit) in {(a, b), (b, c), (c, a)} for a, b, c in threes)
    closes = " and ".join(word for word, holds in (("Each other", two), ("Ring of three", ringed)) if holds)
    return (titles[one.home], titles[one.unit], "Yes" if one.planned else "No, it stands already", closes or "No")
