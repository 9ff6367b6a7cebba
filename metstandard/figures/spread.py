"""The marks of a panel by criterion: one sign for each seat at its level, and how far they lie apart (SCO-4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from metstandard.figures.figure import BLUE, INK, QUIET, RED, Figure, bar, drawing, text

_WIDTH = 560
_LEFT = 2
_ROW = 46
_TOP = 74
_BESIDE = 20  # seats stand side by side, so that equal marks do not cover each other
_SIZE = 6
_FIELD = "#e4e8f0"
_FULL = 556
_GAP = 4


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """One criterion with a mark per seat, in the order of the seats; None where a seat gave no level."""

    code: str
    title: str
    marks: tuple[int | None, ...]


def spread(lines: Sequence[SpreadLine], *, seats: Sequence[str], top: int, discuss_at: int) -> Figure:
    """Figure of the marks of each seat; criteria whose marks lie `discuss_at` levels apart or more are in red.

    `seats` names the columns of `marks`, at most three; `top` is the highest level.
    """
    wide = [one for one in lines if _apart(one) >= discuss_at]
    title = "Marks by criterion"
    asked = f"{len(wide)} of {len(lines)} criteria lie {discuss_at} levels or more apart"
    names = f": {', '.join(one.code for one in wide)}" if wide else ""
    description = f"Levels 0 to {top}. {asked}{names}. n = {len(seats)} reviewers."
    parts = [*_legend(seats), *_levels(_TOP - 4, top)]
    for index, one in enumerate(lines):
        parts += _row(one, _TOP + index * _ROW, top, wide=_apart(one) >= discuss_at)
    bottom = _TOP + len(lines) * _ROW
    parts += _levels(bottom + 14, top)
    return Figure(
        svg=drawing(_WIDTH, bottom + 22, title=title, description=description, parts=parts),
        title=title,
        description=description,
        table_headers=("Criterion", *seats, "Levels apart"),
        table_rows=tuple(_cells(one) for one in lines),
    )


def _apart(line: SpreadLine) -> int:
    levels = [mark for mark in line.marks if mark is not None]
    return max(levels) - min(levels) if levels else 0


def _at(level: int, top: int) -> float:
    """The middle of a level's field."""
    return _LEFT + (level + 0.5) * _FULL / (top + 1)


def _sign(seat: int, x: float, y: float, fill: str) -> Markup:
    """A seat is told by its shape: a dot, a square, a triangle."""
    if seat == 0:
        return Markup('<circle cx="{}" cy="{}" r="{}" fill="{}"/>').format(round(x, 1), round(y, 1), _SIZE, fill)
    if seat == 1:
        return bar(x - _SIZE, y - _SIZE, 2 * _SIZE, 2 * _SIZE, fill=fill)
    return Markup('<path d="M{} {}L{} {}L{} {}Z" fill="{}"/>').format(
        *(round(each, 1) for each in (x - _SIZE - 1, y + _SIZE, x + _SIZE + 1, y + _SIZE, x, y - _SIZE - 1)), fill
    )


def _legend(seats: Sequence[str]) -> list[Markup]:
    parts = [text(_LEFT, 16, f"Level given by each seat. n = {len(seats)} reviewers", size=15, fill=QUIET)]
    for number, seat in enumerate(seats):
        x = 10 + number * 180
        parts += [_sign(number, x, 36, BLUE), text(x + 14, 41, seat, size=15)]
    return parts


def _levels(y: int, top: int) -> list[Markup]:
    return [text(_at(level, top), y, str(level), size=14, fill=QUIET, anchor="middle") for level in range(top + 1)]


def _row(line: SpreadLine, y: int, top: int, *, wide: bool) -> list[Markup]:
    """Name above, signs below on one scale."""
    apart = f", {_apart(line)} levels apart" if wide else ""
    parts = [
        text(_LEFT, y + 14, f"{line.code} {line.title}{apart}", size=15, fill=RED if wide else INK, bold=wide),
        *(
            bar(_at(level, top) - _FULL / (top + 1) / 2, y + 21, _FULL / (top + 1) - _GAP, 20, fill=_FIELD)
            for level in range(top + 1)
        ),
    ]
    middle = (len(line.marks) - 1) / 2
    for seat, mark in enumerate(line.marks):
        if mark is not None:
            parts.append(
                _sign(seat, _at(mark, top) - _GAP / 2 + (seat - middle) * _BESIDE, y + 31, RED if wide else BLUE)
            )
    return parts


def _cells(line: SpreadLine) -> tuple[str, ...]:
    marks = ("No level" if mark is None else str(mark) for mark in line.marks)
    return (f"{line.code} {line.title}", *marks, str(_apart(line)))
