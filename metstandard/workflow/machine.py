"""One act, one step: which move an act takes from a state, the first whose guards hold.

Driven by `transitions`: a machine per act, built from the moves of that act, thrown away afterwards (a shared one
is not safe between threads). Nothing is written here; `actions/moving.py` copies the new state to the record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Any, NamedTuple

from transitions import EventData, Machine, MachineError

from metstandard.common.errors import NotNow, NotYours
from metstandard.workflow.definition import Move, Workflow


class Step(NamedTuple):
    """A move that may be taken, from which state, to which state (the same one where the move stays)."""

    move: Move
    source: str
    target: str


class NotOpen(NotNow):
    """The act is not open. `unmet` names the guards that were asked and do not hold; empty: not in this state."""

    def __init__(self, message: str, *, unmet: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.unmet = unmet


class _Case:
    """What `transitions` moves in the record's place; keeps the answers, so that no guard is asked twice."""

    state: str
    trigger: Callable[[str], bool]

    def __init__(self, holds: Callable[[str], bool]) -> None:
        self._holds = holds
        self._answers: dict[str, bool] = {}
        self.taken: Move | None = None

    def asks(self, guard: str) -> bool:
        if guard not in self._answers:
            self._answers[guard] = bool(self._holds(guard))
        return self._answers[guard]

    @property
    def unmet(self) -> tuple[str, ...]:
        return tuple(guard for guard, held in self._answers.items() if not held)


def step(
    workflow: Workflow,
    state: str,
    act: str,
    holds: Callable[[str], bool],
    *,
    parts: Collection[str] | None = None,
) -> Step:
    """The move that an act takes at a state: the first, in the file's order, whose guards hold.

    `holds` answers a guard by name; it is asked only for what must be known, and at most once for each name. With
    `parts`, only moves that one of these parts may make are looked at; without, who acts is the caller's to check.
    Raises NotOpen when the act is not in this state or no move's guards hold, NotYours when it is not for these parts,
    and LookupError for a state that the workflow does not have (`transitions` would quietly add it).
    """
    if state not in workflow.states:
        raise LookupError(f"{workflow} has no state {state}")
    here = workflow.moves_from(state, act)
    moves = tuple(move for move in workflow.moves if move.do == act and _open_to(move, parts))
    if here and not any(_open_to(move, parts) for move in here):
        raise NotYours(f"{_spoken(act)} is not yours to do here.")
    case = _Case(holds)
    _machine(workflow, state, moves, case)
    try:
        went = bool(moves) and case.trigger(act)
    except MachineError:
        went = False
    if not went or case.taken is None:
        raise _refusal(workflow, state, act, case.unmet)
    return Step(case.taken, state, case.state)


def _machine(workflow: Workflow, state: str, moves: tuple[Move, ...], case: _Case) -> None:
    """Make `case` a case at `state` that knows these moves and no others: no `to_<state>()` passes the guards."""
    arrows = [
        {
            "trigger": move.do,
            "source": source,
            "dest": move.target(source),
            "conditions": [partial(_held, guard) for guard in move.when],
            "before": partial(_take, move),
        }
        for move in moves
        for source in workflow.sources_of(move)
    ]
    Machine(
        model=case,
        states=list(workflow.states),
        initial=state,
        transitions=arrows,
        auto_transitions=False,
        send_event=True,
    )


def _held(guard: str, event: EventData) -> bool:
    case: Any = event.model
    return bool(case.asks(guard))


def _take(move: Move, event: EventData) -> None:
    case: Any = event.model
    case.taken = move


def _open_to(move: Move, parts: Collection[str] | None) -> bool:
    return parts is None or any(part in parts for part in move.by)


def _refusal(workflow: Workflow, state: str, act: str, unmet: tuple[str, ...]) -> NotOpen:
    if unmet:
        return NotOpen(f"{_spoken(act)} must wait for this: {', '.join(map(_plain, unmet))}.", unmet=unmet)
    return NotOpen(f"{_spoken(act)} is not possible at the stage “{workflow.states[state].title}”.")


def _spoken(act: str) -> str:
    return f"“{_plain(act).capitalize()}”"


def _plain(name: str) -> str:
    return name.replace("_", " ")
