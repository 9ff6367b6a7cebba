"""What the picture of a workflow says: in its boxes, at its arrows, below it, and to those who cannot see it.

Widths are estimates for common fonts, so that the same workflow gives the same text on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from metstandard.workflow.definition import ENTERED, Arrow, Due, State, Timer, Workflow

BOX = 430
"""Width of the column of states, in pixels."""
PAD = 14
"""Space between the edge of a box and its words, in pixels."""
_PLAIN = 6.3
_SIZES = {"h": 11.5, "m": 7.25, "t": 8.2}


@dataclass(frozen=True)
class Span:
    """A piece of text of one look; `look` is a list of classes of the style sheet."""

    text: str
    look: str = ""

    @property
    def width(self) -> float:
        """Pixels, estimated from the number of characters."""
        sizes = [pixels for look, pixels in _SIZES.items() if look in self.look.split()]
        return len(self.text) * (sizes[0] if sizes else _PLAIN)


Line = tuple[Span, ...]


def words_of(workflow: Workflow, state: State) -> list[Line]:
    """What a box says: title and name, whom it waits for, its deadlines, what may be done without leaving it."""
    lines: list[Line] = [(Span(state.title, "t"), Span("  "), Span(state.name, "m g"))]
    if state.waits_for:
        lines += _wrapped([Span("waits for ", "g")], [Span(part) for part in state.waits_for])
    for timer in state.timers:
        lines += _wrapped([], [Span(words, "g") for words in _timer(workflow, timer)], "; ")
    here = dict.fromkeys(arrow.move.do for arrow in _named(workflow) if arrow.source == arrow.target == state.name)
    if here:
        lines += _wrapped([Span("here ", "g")], [Span(act, "m c") for act in here])
    anywhere = dict.fromkeys(move.do for move in workflow.moves if move.anywhere and move.to == state.name)
    if anywhere:
        lines += _wrapped([Span("from anywhere by ", "g")], [Span(act, "m c") for act in anywhere])
    return lines


def _named(workflow: Workflow) -> list[Arrow]:
    """The arrows of moves that name their states, so not those that are allowed at any."""
    return [arrow for arrow in workflow.arrows if not arrow.move.anywhere]


def _timer(workflow: Workflow, timer: Timer) -> list[str]:
    reminds = ", ".join(f"{count:+d}" if count else "0" for count in timer.remind)
    return [f"{timer.name}: {_due(workflow, timer.due)}", *([f"reminds {reminds}"] if reminds else [])]


def _due(workflow: Workflow, due: Due) -> str:
    count = workflow.number(due.count) if isinstance(due.count, str) else due.count
    unit = str(due.unit).replace("_", " ")
    unit = unit.removesuffix("s") if abs(count) == 1 else unit
    after = "arrival" if due.after == ENTERED else due.after
    if count == 0:
        return f"on {after}"
    return f"{abs(count)} {unit} {'after' if count > 0 else 'before'} {after}"


def label_of(workflow: Workflow, arrow: Arrow) -> list[Line]:
    """What an arrow says: the act, by whom, and when."""
    move = arrow.move
    promised = any(carry.fits(arrow) for promise in workflow.promises for carry in promise.carries)
    act = Span(("◆ " if promised else "") + move.do, "m b")
    lines = _wrapped([act, Span(" by ", "g")], [Span(part, "g") for part in move.by])
    if move.when:
        lines += _wrapped([Span("when ", "g")], [Span(guard, "m w") for guard in move.when])
    return lines


def _wrapped(lead: list[Span], items: list[Span], comma: str = ", ") -> list[Line]:
    """The items after their lead, separated, broken into lines that stay within a box."""
    lines: list[list[Span]] = [list(lead)]
    for number, item in enumerate(items):
        last = number == len(items) - 1
        if lines[-1] and sum(span.width for span in lines[-1]) + item.width > BOX - 2 * PAD:
            lines.append([Span("  ")])
        lines[-1] += [item] if last else [item, Span(comma, "g")]
    return [tuple(line) for line in lines]


def legend(workflow: Workflow) -> list[Line]:
    """The moves that are allowed anywhere, and what the signs mean."""
    lines: list[Line] = []
    anywhere = [move for move in workflow.moves if move.anywhere]
    if anywhere:
        lines.append((Span("At every state that is not final", "t"),))
    for move in anywhere:
        target = f", to {workflow.states[move.to].title}" if move.to else ", without leaving it"
        first, *rest = label_of(workflow, Arrow(workflow.starts, move, move.to or workflow.starts))
        lines += [(*first, Span(target, "g")), *((Span("    "), *line) for line in rest)]
    if anywhere:
        lines.append((Span(""),))
    lines.append((Span("Signs", "t"),))
    lines.append((Span("Round corners: starts here. Double line: final. Dashes: by the clock alone."),))
    if workflow.promises:
        lines.append((Span("◆ Promised: no way leads past it to the state that a promise names."),))
    return lines


def heading(workflow: Workflow) -> list[Line]:
    """Name and edition, and below them what kind of record it drives, whose keys it asks and who sits on the panel."""
    title = f"{workflow.workflow.replace('_', ' ').capitalize()}, edition {workflow.edition}"
    facts = [f"Kind of record: {workflow.about}"]
    if workflow.parties:
        facts.append(f"keys: {', '.join(workflow.parties)}")
    if workflow.panel:
        facts.append(f"seats: {', '.join(workflow.panel.seats)}")
    return [(Span(title, "h"),), (Span(""),), (Span("; ".join(facts), "g"),)]


def description(workflow: Workflow) -> str:
    """The picture in words: the states in their order, and every move from one to another."""
    titles = {name: state.title for name, state in workflow.states.items()}
    states = f"{len(titles)} states: {', '.join(titles.values())}."
    moves = [
        f"{arrow.move.do} leads from {titles[arrow.source]} to {titles[arrow.target]}."
        for arrow in _named(workflow)
        if arrow.target != arrow.source
    ]
    return " ".join([states, *moves])


def width_of(lines: list[Line]) -> float:
    """The width of the longest line, in pixels, estimated."""
    return max((sum(span.width for span in line) for line in lines), default=0)
