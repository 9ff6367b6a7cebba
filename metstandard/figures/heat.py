"""A cycle on one page: units by criteria, each cell its level in figures and in a shade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from metstandard.figures.figure import INK, QUIET, Figure, bar, drawing, text

_NAMES = 230
_CELL = 28
_GAP = 2
_TOP = 84
_BETWEEN = 10  # between two domains
_SHADES = ("#8a1220", "#e39a73", "#e4e8f0", "#97addb", "#1f3157")
_ON_SHADE = ("#ffffff", "#1a2233", "#1a2233", "#1a2233", "#ffffff")
_EMPTY = "#ffffff"
_LONGEST = 26


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One unit and its level for each criterion by code; a criterion that does not apply is left out."""

    title: str
    levels: Mapping[str, int]


def heat(rows: Sequence[HeatRow], *, criteria: Sequence[tuple[str, str]], top: int, title: str) -> Figure:
    """Figure of units by criteria; `criteria` are pairs of code and domain in the order of the rubric.

    Levels 0 to `top` are put on five shades. The table has a column for each domain.
    """
    places = _places(criteria)
    domains = [domain for domain, _ in groupby(criteria, key=lambda one: one[1])]
    width = (max(places.values()) if places else _NAMES) + _CELL + 2
    counted = len({one.title for one in rows})
    description = f"Levels 0 to {top} as decided. n = {counted} units and {len(criteria)} criteria."
    parts = [text(2, 16, description, size=15, fill=QUIET), *_legend(top), *_codes(criteria, places)]
    for index, row in enumerate(rows):
        parts += _row(row, _TOP + index * (_CELL + _GAP), places, top)
    return Figure(
        svg=drawing(width, _TOP + len(rows) * (_CELL + _GAP) + 4, title=title, description=description, parts=parts),
        title=title,
        description=description,
        table_headers=("Unit", *domains),
        table_rows=tuple(_cells(row, criteria, domains) for row in rows),
    )


def _places(criteria: Sequence[tuple[str, str]]) -> dict[str, int]:
    """The left edge of each criterion's column; a gap parts the domains."""
    found, x, before = {}, _NAMES, ""
    for code, domain in criteria:
        x += _BETWEEN if before and domain != before else 0
        found[code], before = x, domain
        x += _CELL + _GAP
    return found


def _legend(top: int) -> list[Markup]:
    parts = []
    for level in range(top + 1):
        x = 2 + level * 44
        parts += _cell(x, 26, level, top)
    return [*parts, text(2 + (top + 1) * 44 - 8, 45, "Level", size=14, fill=QUIET)]


def _codes(criteria: Sequence[tuple[str, str]], places: Mapping[str, int]) -> list[Markup]:
    return [text(places[code] + _CELL / 2, _TOP - 8, code, size=12, fill=INK, anchor="middle") for code, _ in criteria]


def _cell(x: float, y: float, level: int, top: int) -> list[Markup]:
    shade = round(level / top * (len(_SHADES) - 1))
    return [
        bar(x + 0.5, y + 0.5, _CELL - 1, _CELL - 1, fill=_SHADES[shade], stroke=QUIET),
        text(x + _CELL / 2, y + 19, str(level), size=14, fill=_ON_SHADE[shade], anchor="middle", bold=True),
    ]


def _row(row: HeatRow, y: int, places: Mapping[str, int], top: int) -> list[Markup]:
    name = row.title if len(row.title) <= _LONGEST else f"{row.title[: _LONGEST - 1]}…"
    parts = [text(2, y + 19, name, size=15)]
    for code, x in places.items():
        level = row.levels.get(code)
        if level is None:
            parts.append(bar(x + 0.5, y + 0.5, _CELL - 1, _CELL - 1, fill=_EMPTY, stroke=QUIET))
        else:
            parts += _cell(x, y, level, top)
    return parts


def _cells(row: HeatRow, criteria: Sequence[tuple[str, str]], domains: Sequence[str]) -> tuple[str, ...]:
    by_domain = {
        domain: ", ".join(f"{code}: {row.levels.get(code, 'NA')}" for code, own in criteria if own == domain)
        for domain in domains
    }
    return (row.title, *by_domain.values())
