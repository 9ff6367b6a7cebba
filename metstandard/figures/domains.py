"""The domains of a review against the standard: one bar each, from zero, with the line that each has to reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from markupsafe import Markup

from metstandard.figures.figure import BLUE, INK, QUIET, RED, Figure, bar, drawing, text, upright

_WIDTH = 560
_LEFT = 2
_FULL = 436  # of 560: the rest is for the values
_ROW = 50
_TOP = 34
_LIGHT = "#e4e8f0"


@dataclass(frozen=True, slots=True)
class DomainBar:
    """A domain with its exact score out of 100 and that score as shown; None where nothing in it was assessed.

    `criteria` is the number of criteria behind the score (n).
    """

    code: str
    title: str
    score: Fraction | None
    shown: str
    criteria: int


def domains(bars: Sequence[DomainBar], *, threshold: Fraction, assessed_by: int) -> Figure:
    """Figure of the domains against `threshold` out of 100 (award rule R2).

    `assessed_by` is the number of reviewers who agreed the levels. Scores are compared exactly, whatever is shown.
    """
    total = sum(one.criteria for one in bars)
    title = "Domains against the standard"
    limit = f"{float(threshold):g}"
    short = [one.code for one in bars if one.score is not None and one.score < threshold]
    below = f"Below it: {', '.join(short)}" if short else "No domain is below it"
    count = f"n = {total} criteria, agreed by {assessed_by} reviewers"
    parts = [text(_LEFT, 16, f"Score out of 100. {count}", size=15, fill=QUIET)]
    for index, one in enumerate(bars):
        parts += _row(one, _TOP + index * _ROW, threshold)
    bottom = _TOP + len(bars) * _ROW
    parts += _axis([one.score is not None for one in bars], threshold, limit)
    description = f"Each domain has to reach {limit} out of 100. {below}. {count}."
    return Figure(
        svg=drawing(_WIDTH, bottom + 44, title=title, description=description, parts=parts),
        title=title,
        description=description,
        table_headers=("Domain", "Score out of 100", f"At least {limit}", "Criteria (n)"),
        table_rows=tuple(_cells(one, threshold) for one in bars),
    )


def _row(one: DomainBar, y: int, threshold: Fraction) -> list[Markup]:
    """Name above, bar below: a long name keeps its place on a narrow screen."""
    parts = [text(_LEFT, y + 16, f"{one.code} {one.title}", size=16)]
    if one.score is None:
        return [*parts, text(_LEFT, y + 36, "Not assessed", size=15, fill=QUIET)]
    reached = one.score >= threshold
    width = float(one.score) / 100 * _FULL
    label = one.shown if reached else f"{one.shown} below"
    return [
        *parts,
        bar(_LEFT, y + 22, _FULL, 18, fill=_LIGHT),
        bar(_LEFT, y + 22, width, 18, fill=BLUE if reached else RED),
        text(_LEFT + _FULL + 8, y + 37, label, fill=INK if reached else RED, bold=True),
    ]


def _axis(drawn: list[bool], threshold: Fraction, limit: str) -> list[Markup]:
    """Zero and the standard are lines beside the bars only: no line runs through a name."""
    strips = [(_TOP + row * _ROW + 19, _TOP + row * _ROW + 43) for row, bar_there in enumerate(drawn) if bar_there]
    bottom = _TOP + len(drawn) * _ROW
    at = _LEFT + float(threshold) / 100 * _FULL
    scale = [
        text(_LEFT + share / 100 * _FULL, bottom + 14, str(share), size=14, fill=QUIET, anchor=anchor)
        for share, anchor in ((0, "start"), (25, "middle"), (50, "middle"), (75, "middle"), (100, "middle"))
    ]
    return [
        upright(_LEFT, strips, stroke=INK, width=2),
        upright(at, strips, stroke="#ffffff", width=5),
        upright(at, [*strips, (bottom - 4, bottom + 20)], stroke=INK, width=2),
        *scale,
        text(at, bottom + 36, f"Standard: {limit}", size=15, anchor="middle", bold=True),
    ]


def _cells(one: DomainBar, threshold: Fraction) -> tuple[str, ...]:
    name = f"{one.code} {one.title}"
    if one.score is None:
        return (name, "Not assessed", "Not assessed", str(one.criteria))
    return (name, one.shown, "Yes" if one.score >= threshold else "No", str(one.criteria))
