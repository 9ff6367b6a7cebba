"""How harsh reviewers mark, with intervals: a dot and a line each, around the line of nought."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from metstandard.figures.figure import BLUE, INK, QUIET, RED, Figure, bar, drawing, text, upright

_WIDTH = 560
_LEFT = 2
_ROW = 46
_TOP = 30
_MIDDLE = 280
_REACH = 250
_LEAST = 0.5
_STEP = 0.5
_TRACK = "#e4e8f0"
_CLOSE = 3  # so many steps to each side have room for all their numbers
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class SeverityLine:
    """Somebody, or a kind of seat: levels (positive is harsher), the interval, the reviews behind it (n)."""

    name: str
    value: float
    low: float
    high: float
    n: int
    raised: bool = False


def severities(lines: Sequence[SeverityLine], *, title: str = "Severity with its interval") -> Figure:
    """Figure of estimates in levels; those that are `raised` in red and in words. Raises ValueError without a line."""
    if not lines:
        raise ValueError("a figure of severity needs at least one line")
    furthest = max(_LEAST, *(max(abs(one.low), abs(one.high)) for one in lines))
    steps = int(-(-furthest // _STEP))
    widest = steps * _STEP

    def at(levels: float) -> float:
        return _MIDDLE + levels / widest * _REACH

    raised = [one.name for one in lines if one.raised]
    said = f"Surely out: {', '.join(raised)}." if raised else "Nobody is surely out."
    description = f"In levels; to the right is harsher. Lines are intervals of 95 per cent. {said}"
    parts = [text(_LEFT, 16, "In levels of the scale. Right of 0 is harsher.", size=15, fill=QUIET)]
    for index, one in enumerate(lines):
        parts += _row(one, _TOP + index * _ROW, at(one.low), at(one.value), at(one.high))
    bottom = _TOP + len(lines) * _ROW
    parts += _scale(steps, at, bottom)
    return Figure(
        svg=drawing(_WIDTH, bottom + 24, title=title, description=description, parts=parts),
        title=title,
        description=description,
        table_headers=("Name", "Severity in levels", "From", "To", "Reviews (n)"),
        table_rows=tuple(
            (one.name, _signed(one.value), _signed(one.low), _signed(one.high), str(one.n)) for one in lines
        ),
    )


def _signed(levels: float) -> str:
    """Two decimals with a sign; nought has none."""
    shown = f"{levels:+.2f}"
    return "0.00" if shown[1:] == "0.00" else shown.replace("-", _MINUS)


def _row(one: SeverityLine, y: int, low: float, value: float, high: float) -> list[Markup]:
    colour = RED if one.raised else BLUE
    label = f"{one.name}, n = {one.n}{': surely out' if one.raised else ''}"
    return [
        text(_LEFT, y + 14, label, size=15, fill=RED if one.raised else INK, bold=one.raised),
        bar(_MIDDLE - _REACH, y + 24, 2 * _REACH, 14, fill=_TRACK),
        upright(_MIDDLE, [(y + 20, y + 42)], stroke=INK, width=2),
        bar(low, y + 29, max(high - low, 1), 4, fill=colour),
        Markup('<circle cx="{}" cy="{}" r="6" fill="{}"/>').format(round(value, 1), y + 31, colour),
    ]


def _scale(steps: int, at: Callable[[float], float], bottom: int) -> list[Markup]:
    shown = range(-steps, steps + 1, 1 if steps <= _CLOSE else 2)
    return [
        text(
            at(each * _STEP),
            bottom + 16,
            f"{each * _STEP:g}".replace("-", _MINUS),
            size=14,
            fill=QUIET,
            anchor="middle",
        )
        for each in shown
    ]
