"""A workflow as one picture: the states down a column, what leads on, what leads back, and what may happen anywhere.

The text is the same for the same workflow, without fonts or scripts from elsewhere, so that a drawing kept in the
documentation can be compared with the file. Widths of text are estimated; lines are broken before they could collide.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from metstandard.workflow.definition import CLOCK, Arrow, Move, State, Workflow
from metstandard.workflow.legend import BOX, PAD, Line, description, heading, label_of, legend, width_of, words_of

_LINE = 16
_GAP = 26
_MARGIN = 28
_LANE = 18
_CORNER = 8
_HEADER = 100
_STYLE = """
text{font:13px/1.2 Helvetica,Arial,"Liberation Sans",sans-serif;fill:#0b0c0c}
.h{font-size:22px;font-weight:bold}.t{font-size:15px;font-weight:bold}
.m{font:12px ui-monospace,"DejaVu Sans Mono","Liberation Mono",Menlo,Consolas,monospace}
.b{font-weight:bold}.g{fill:#505a5f}.w{fill:#00552f}.c{fill:#1d4f91}
.box{fill:#fff;stroke:#0b0c0c;stroke-width:1.5}.end{fill:#f3f2f1;stroke:#505a5f}.in{fill:none;stroke:#505a5f}
.on{fill:none;stroke:#1d4f91;stroke-width:2}.back{fill:none;stroke:#942514;stroke-width:1.75}
.clock{stroke-dasharray:6 4}
"""


@dataclass
class _Box:
    """A state with its place: `top` and `height` in pixels; `ports` counts the pixels used up on each side."""

    state: State
    lines: list[Line]
    top: int = 0
    height: int = 0
    ports: dict[str, int] = field(default_factory=lambda: {"left": PAD, "right": PAD})

    def port(self, side: str, height: int) -> int:
        """Take so many pixels of a side; the line leaves at their end, as an offset from the top of the box."""
        self.ports[side] += height
        return self.ports[side]


@dataclass(frozen=True)
class _Arc:
    """A move that leads past its neighbour: drawn at the side, out at one offset and in at another."""

    arrow: Arrow
    label: list[Line]
    out: int
    into: int


def svg(workflow: Workflow) -> str:
    """The picture as a standalone SVG document, with a title and a description for those who cannot see it."""
    return _Picture(workflow).text()


class _Picture:
    """Places everything once, from top to bottom, then writes it."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self.order = list(workflow.states)
        self.boxes = {name: _Box(state, words_of(workflow, state)) for name, state in workflow.states.items()}
        moving = [arrow for arrow in workflow.arrows if arrow.target != arrow.source and not arrow.move.anywhere]
        self.steps = {name: [a for a in moving if a.source == name and self._span(a) == 1] for name in self.order}
        self.arcs = {
            "left": self._arcs("left", [arrow for arrow in moving if self._span(arrow) < 0]),
            "right": self._arcs("right", [arrow for arrow in moving if self._span(arrow) > 1]),
        }
        bottom = self._stack()
        self.lanes = {side: self._lanes(side) for side in self.arcs}
        self.left = _MARGIN + self._room("left")
        self.below = legend(workflow)
        on = self.left + BOX // 2 + self._beside_steps()
        foot = max((width_of([line]) for line in self.below), default=0) + _MARGIN
        beside = self.left + BOX + self._room("right")
        self.width = round(max(on, beside, foot, _MARGIN + width_of(heading(workflow)))) + _MARGIN
        self.bottom = bottom
        self.height = bottom + _LINE * len(self.below) + 2 * _MARGIN

    def text(self) -> str:
        """The document."""
        size = f'width="{self.width}" height="{self.height}"'
        parts = [
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title desc"',
            f'  {size} viewBox="0 0 {self.width} {self.height}">',
            f'<title id="title">{escape(f"Workflow {self.workflow}")}</title>',
            f'<desc id="desc">{escape(description(self.workflow))}</desc>',
            f"<style>{_STYLE}</style>",
            _heads(),
            f'<rect {size} fill="#fff"/>',
            *_lines(heading(self.workflow), _MARGIN, _MARGIN + 22),
        ]
        for side in self.arcs:
            parts += self._drawn_arcs(side)
        for number, name in enumerate(self.order):
            parts += self._drawn_box(self.boxes[name])
            if self.steps[name]:
                parts += self._drawn_steps(name, self.order[number + 1])
        parts += _lines(self.below, _MARGIN, self.bottom + _MARGIN + _LINE)
        return "\n".join([*parts, "</svg>"]) + "\n"

    def _span(self, arrow: Arrow) -> int:
        return self.order.index(arrow.target) - self.order.index(arrow.source)

    def _step_labels(self, name: str) -> list[list[Line]]:
        return [label_of(self.workflow, arrow) for arrow in self.steps[name]]

    def _arcs(self, side: str, arrows: list[Arrow]) -> list[_Arc]:
        """Give each arc its way out; those that lead to one state come in together."""
        into: dict[str, int] = {}
        arcs = []
        for arrow in arrows:
            label = label_of(self.workflow, arrow)
            out = self.boxes[arrow.source].port(side, _LINE * len(label) + 6)
            if arrow.target not in into:
                into[arrow.target] = self.boxes[arrow.target].port(side, _LINE)
            arcs.append(_Arc(arrow, label, out, into[arrow.target]))
        return arcs

    def _stack(self) -> int:
        """Place the boxes under each other; the y below the last one."""
        top = _HEADER
        for name in self.order:
            box = self.boxes[name]
            words = 2 * PAD + _LINE * len(box.lines)
            box.top, box.height = top, max(words, *(used + PAD for used in box.ports.values()))
            labels = sum(_LINE * len(label) + 4 for label in self._step_labels(name))
            top += box.height + max(_GAP, labels + _GAP if labels else 0)
        return top - _GAP

    def _lanes(self, side: str) -> dict[str, int]:
        """A lane for each state that arcs lead to, numbered from the column outwards; lanes that overlap differ."""
        reach: dict[str, tuple[int, int]] = {}
        for arc in self.arcs[side]:
            ends = self._y(arc.arrow.source, arc.out), self._y(arc.arrow.target, arc.into)
            low, high = reach.get(arc.arrow.target, ends)
            reach[arc.arrow.target] = min(low, high, *ends), max(low, high, *ends)
        lanes: dict[str, int] = {}
        for target, (low, high) in sorted(reach.items(), key=lambda item: item[1][1] - item[1][0]):
            taken = {lane for other, lane in lanes.items() if reach[other][0] <= high and low <= reach[other][1]}
            lanes[target] = next(lane for lane in range(len(reach)) if lane not in taken)
        return lanes

    def _y(self, name: str, offset: int) -> int:
        return self.boxes[name].top + offset

    def _gutter(self, side: str) -> int:
        """The width between the column and the first lane, where the labels of the arcs stand."""
        if not self.arcs[side]:
            return 0
        words = max(width_of(arc.label) for arc in self.arcs[side]) + 24
        return round(max(words, self._beside_steps() - BOX // 2) if side == "right" else words)

    def _beside_steps(self) -> float:
        """The width that the labels of the arrows between neighbours take, right of the middle of the column."""
        return 24 + max((width_of(label) for name in self.order for label in self._step_labels(name)), default=0)

    def _room(self, side: str) -> int:
        return self._gutter(side) + _LANE * (max(self.lanes[side].values(), default=-1) + 1)

    def _drawn_arcs(self, side: str) -> Iterator[str]:
        sign = -1 if side == "left" else 1
        edge = self.left if side == "left" else self.left + BOX
        for arc in self.arcs[side]:
            out, into = self._y(arc.arrow.source, arc.out), self._y(arc.arrow.target, arc.into)
            lane = edge + sign * (self._gutter(side) + _LANE * self.lanes[side][arc.arrow.target])
            bend, turn = lane - sign * _CORNER, _CORNER if into > out else -_CORNER
            look = ("back" if side == "left" else "on") + _dashes(arc.arrow.move)
            way = f"M{edge} {out}H{bend}Q{lane} {out} {lane} {out + turn}"
            joins = self._joins(side, arc)
            if joins is None:
                way += f"V{into - turn}Q{lane} {into} {bend} {into}H{edge + sign * 3}"
                yield f'<path class="{look}" marker-end="url(#{look.split()[0]}-head)" d="{way}"/>'
            else:
                yield f'<path class="{look}" d="{way}V{joins + turn}"/>'
            top = out - 6 - _LINE * (len(arc.label) - 1)
            yield from _lines(arc.label, edge + sign * 10, top, anchor="end" if side == "left" else "start")

    def _joins(self, side: str, arc: _Arc) -> int | None:
        """Where an arc meets the next one on its lane; None for the one that goes all the way."""
        here, end = self._y(arc.arrow.source, arc.out), self._y(arc.arrow.target, arc.into)
        others = [self._y(one.arrow.source, one.out) for one in self.arcs[side] if one.arrow.target == arc.arrow.target]
        ahead = [y for y in others if abs(end - y) < abs(end - here)]
        return max(ahead, key=lambda y: abs(end - y), default=None)

    def _drawn_box(self, box: _Box) -> Iterator[str]:
        look = "box end" if box.state.final else "box"
        corner = 22 if box.state.name == self.workflow.starts else 5
        yield (
            f'<rect class="{look}" x="{self.left}" y="{box.top}" width="{BOX}" height="{box.height}" rx="{corner}"/>'
        )
        if box.state.final:
            inner = f'width="{BOX - 8}" height="{box.height - 8}" rx="3"'
            yield f'<rect class="in" x="{self.left + 4}" y="{box.top + 4}" {inner}/>'
        yield from _lines(box.lines, self.left + PAD + 2, box.top + PAD + 12)

    def _drawn_steps(self, name: str, after: str) -> Iterator[str]:
        middle, box = self.left + BOX // 2, self.boxes[name]
        start, end = box.top + box.height, self.boxes[after].top - 3
        only_clock = _dashes(self.steps[name][0].move) if len(self.steps[name]) == 1 else ""
        yield f'<path class="on{only_clock}" marker-end="url(#on-head)" d="M{middle} {start}V{end}"/>'
        y = start + _LINE + 4
        for label in self._step_labels(name):
            yield from _lines(label, middle + 14, y)
            y += _LINE * len(label) + 4


def _lines(lines: list[Line], x: int, y: int, *, anchor: str = "start") -> Iterator[str]:
    for number, line in enumerate(lines):
        spans = "".join(f'<tspan class="{span.look}">{escape(span.text)}</tspan>' for span in line)
        yield f'<text xml:space="preserve" x="{x}" y="{y + number * _LINE}" text-anchor="{anchor}">{spans}</text>'


def _dashes(move: Move) -> str:
    return " clock" if move.by == (CLOCK,) else ""


def _heads() -> str:
    heads = "".join(
        f'<marker id="{name}-head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="9" markerHeight="9" '
        f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
        for name, colour in (("on", "#1d4f91"), ("back", "#942514"))
    )
    return f"<defs>{heads}</defs>"
