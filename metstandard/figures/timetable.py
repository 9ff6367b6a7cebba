"""The stages of a review on a line of time, with today marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from markupsafe import Markup

from metstandard.common import words
from metstandard.figures.figure import BLUE, INK, QUIET, RED, Figure, bar, drawing, text, upright

_WIDTH = 560
_LEFT = 8
_FULL = 540
_ROW = 44
_TOP = 4
_PALE = "#dfe5f0"
_MOST_MONTHS = 8
_MONTH_NAME = 60


class StageState(StrEnum):
    """How a stage stands today."""

    DONE = "Done"
    NOW = "Under way"
    OVERDUE = "Overdue"
    AHEAD = "Ahead"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage with its first day and the day it is due; `done_on` is None until it ended."""

    title: str
    begins: date
    due: date
    done_on: date | None = None

    def state(self, today: date) -> StageState:
        """How it stands on a day."""
        if self.done_on is not None:
            return StageState.DONE
        if today > self.due:
            return StageState.OVERDUE
        return StageState.NOW if today >= self.begins else StageState.AHEAD


def timetable(stages: Sequence[Stage], *, today: date) -> Figure:
    """Figure of the stages in the order given. Raises ValueError for an empty timetable."""
    if not stages:
        raise ValueError("a timetable needs at least one stage")
    first = min(min(stage.begins, today) for stage in stages)
    last = max(max(stage.due, stage.done_on or stage.due, today) for stage in stages)
    span = max((last - first).days + 1, 2)

    def at(day: date) -> float:
        return _LEFT + (day - first).days / span * _FULL

    bottom = _TOP + len(stages) * _ROW
    parts = _months(first, last, at(first + timedelta(days=1)) - at(first), len(stages))
    for index, stage in enumerate(stages):
        end = max(stage.done_on or stage.due, stage.begins)
        parts += _row(stage, stage.state(today), at(stage.begins), at(end + timedelta(days=1)), _TOP + index * _ROW)
    parts += _today(at(today), len(stages), today)
    title = "Timetable of the review"
    done = sum(stage.done_on is not None for stage in stages)
    description = f"{words.count(done, 'stage')} of {len(stages)} done on {words.day(today)}. {_open(stages, today)}"
    return Figure(
        svg=drawing(_WIDTH, bottom + 42, title=title, description=description, parts=parts),
        title=title,
        description=description,
        table_headers=("Stage", "Begins", "Due", "Ended", "State"),
        table_rows=tuple(_cells(stage, today) for stage in stages),
    )


def _row(stage: Stage, state: StageState, start: float, end: float, y: int) -> list[Markup]:
    """Name and state in words above, bar below: neither needs colour to be told."""
    label = f"{stage.title}: {state.lower()}"
    fill = {StageState.DONE: BLUE, StageState.AHEAD: _PALE}.get(state, "#ffffff")
    stroke = {StageState.OVERDUE: RED, StageState.AHEAD: QUIET}.get(state, BLUE)
    colour = RED if state is StageState.OVERDUE else INK
    parts = [text(_LEFT, y + 16, label, size=15, fill=colour, bold=state in {StageState.NOW, StageState.OVERDUE})]
    parts.append(bar(start, y + 22, max(end - start, 4), 12, fill=fill, stroke=stroke))
    if state in {StageState.NOW, StageState.OVERDUE}:
        parts.append(bar(start + 2.5, y + 24.5, max(end - start - 5, 1), 7, fill=stroke))
    return parts


def _strips(rows: int) -> list[tuple[float, float]]:
    """The height of each bar, top and bottom: where lines may run without crossing words."""
    return [(_TOP + row * _ROW + 19, _TOP + row * _ROW + 37) for row in range(rows)]


def _months(first: date, last: date, day_width: float, rows: int) -> list[Markup]:
    """A fine line on the first of a month, never more than eight, with its name at the foot."""
    bottom = _TOP + rows * _ROW
    month = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
    starts = []
    while month <= last:
        starts.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    parts = []
    for start in starts[:: len(starts) // _MOST_MONTHS + 1]:
        x = _LEFT + (start - first).days * day_width
        parts.append(upright(x, [*_strips(rows), (bottom, bottom + 14)], stroke="#aab2c3"))
        if x < _WIDTH - _MONTH_NAME:
            parts.append(text(x + 3, bottom + 13, f"{start:%b %Y}", size=13, fill=QUIET))
    return parts


def _today(x: float, rows: int, today: date) -> list[Markup]:
    bottom = _TOP + rows * _ROW
    anchor = "start" if x < _WIDTH / 3 else "end" if x > _WIDTH * 2 / 3 else "middle"
    return [
        upright(x, [*_strips(rows), (bottom + 16, bottom + 22)], stroke=RED, width=2.5),
        text(x, bottom + 36, f"Today, {words.day(today)}", size=15, fill=RED, anchor=anchor, bold=True),
    ]


def _open(stages: Sequence[Stage], today: date) -> str:
    waiting = [stage for stage in stages if stage.state(today) in {StageState.NOW, StageState.OVERDUE}]
    if not waiting:
        return "No stage is under way."
    return " ".join(f"{stage.title} is {stage.state(today).lower()}, due {words.day(stage.due)}." for stage in waiting)


def _cells(stage: Stage, today: date) -> tuple[str, ...]:
    ended = words.day(stage.done_on) if stage.done_on else "Not yet"
    return (stage.title, words.day(stage.begins), words.day(stage.due), ended, stage.state(today).value)
