"""Promises proved over every path: no record reaches the promised state without each act that the promise carries.

A promise is proved on the graph. Take away every move that has the carried act, at the carried state, with the carried
guard; the promised state must then be out of reach of the first state. A move whose guard was deleted is not taken
away, so the proof fails, as it must. Paths through loops need no unrolling: reachability covers them all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from metstandard.workflow.definition import CLOCK, Arrow, Carry, Move, Promise, Workflow


@dataclass(frozen=True)
class Broken:
    """A promise that does not hold, at `line` of the file. `path` is a shortest list of acts that escapes it."""

    promise: Promise
    carry: Carry | None
    line: int
    path: tuple[str, ...]
    sentence: str


@dataclass(frozen=True)
class Fault:
    """A workflow in which a record could get stuck, or that says something without effect, at `line` of the file."""

    line: int
    sentence: str


def faults(workflow: Workflow) -> tuple[Fault, ...]:
    """What is wrong with the graph whatever the promises say, in the order of the file's lines."""
    found = (*_faults_of_states(workflow), *_moves_never_reached(workflow))
    return tuple(sorted(found, key=lambda fault: fault.line))


def paths_from(start: str, arrows: tuple[Arrow, ...]) -> dict[str, tuple[Arrow, ...]]:
    """Every state in reach of `start`, each with a shortest way there; the first arrow in file order wins a tie."""
    found: dict[str, tuple[Arrow, ...]] = {start: ()}
    ahead = deque([start])
    while ahead:
        here = ahead.popleft()
        for arrow in arrows:
            if arrow.source == here and arrow.target not in found:
                found[arrow.target] = (*found[here], arrow)
                ahead.append(arrow.target)
    return found


def prove(workflow: Workflow) -> tuple[Broken, ...]:
    """The promises that do not hold, in the file's order; empty when all are proved."""
    return tuple(broken for promise in workflow.promises for broken in _broken(workflow, promise))


def mutations(workflow: Workflow) -> Iterator[tuple[str, Workflow]]:
    """Every smallest damage that must break a promise, with its description: for a mutation test.

    For each line of each promise: the guard deleted from each of its moves in turn, where that opens a way to the
    promised state; and all its moves removed. `prove` must refuse every one of them.
    """
    for promise in workflow.promises:
        for carry in promise.carries:
            for move in workflow.moves:
                if carry.when is not None and _opens_a_way(workflow, promise, carry, move):
                    yield f"{carry.when} deleted from {_named(move)}", _without_guard(workflow, move, carry.when)
            yield f"every move that is {carry} removed", _without_moves(workflow, carry)


def _faults_of_states(workflow: Workflow) -> Iterator[Fault]:
    reached = paths_from(workflow.starts, workflow.arrows)
    for name, state in workflow.states.items():
        out = [arrow for arrow in workflow.arrows if arrow.source == name and arrow.target != name]
        by = {part for move in workflow.moves_from(name) for part in move.by}
        if name not in reached:
            yield Fault(state.line, f"{name} is in reach of no path from {workflow.starts}")
        if state.final and out:
            yield Fault(out[0].move.line, f"{out[0].move.do} leaves {name}, which is final")
        if state.final and (state.waits_for or state.timers):
            yield Fault(state.line, f"{name} is final, so it may wait for nobody and have no timer")
        if not state.final and not out:
            yield Fault(state.line, f"nobody can leave {name}, and it is not final")
        if not state.final and not state.waits_for and CLOCK not in by:
            yield Fault(state.line, f"{name} waits for nobody, and no move of the clock leaves it")
        if state.waits_for and not by & {*state.waits_for, CLOCK}:
            yield Fault(state.line, f"{name} waits for {', '.join(state.waits_for)}, who may do nothing there")


def _moves_never_reached(workflow: Workflow) -> Iterator[Fault]:
    """Moves that an earlier one always wins from: the same act, states and parts, and no guard that they lack."""
    for number, move in enumerate(workflow.moves):
        for earlier in workflow.moves[:number]:
            wins = earlier.do == move.do and set(earlier.when) <= set(move.when) and set(move.by) <= set(earlier.by)
            if wins and set(workflow.sources_of(move)) <= set(workflow.sources_of(earlier)):
                yield Fault(move.line, f"{move.do} is never reached: the move in line {earlier.line} always wins")
                break


def _broken(workflow: Workflow, promise: Promise) -> Iterator[Broken]:
    if promise.reaching not in paths_from(workflow.starts, workflow.arrows):
        yield Broken(promise, None, promise.line, (), f"{promise.reaching} cannot be reached at all")
        return
    for carry in promise.carries:
        escape = paths_from(workflow.starts, _left(workflow, carry)).get(promise.reaching)
        if not any(carry.fits(arrow) for arrow in workflow.arrows):
            yield Broken(promise, carry, carry.line, _acts(escape), f"no move is {carry}")
        elif escape is not None:
            way = ", ".join(_acts(escape)) or "at once"
            sentence = f"{promise.reaching} can be reached without {carry}: {way}"
            yield Broken(promise, carry, carry.line, _acts(escape), sentence)


def _left(workflow: Workflow, carry: Carry) -> tuple[Arrow, ...]:
    """The arrows that are left when those of one line of a promise are taken away."""
    return tuple(arrow for arrow in workflow.arrows if not carry.fits(arrow))


def _acts(path: tuple[Arrow, ...] | None) -> tuple[str, ...]:
    return tuple(arrow.move.do for arrow in path or ())


def _opens_a_way(workflow: Workflow, promise: Promise, carry: Carry, move: Move) -> bool:
    """Whether the promised state could be reached through this move, were it not taken away for the proof."""
    left = _left(workflow, carry)
    before = paths_from(workflow.starts, left)
    return any(
        arrow.move is move and arrow.source in before and promise.reaching in paths_from(arrow.target, left)
        for arrow in workflow.arrows
        if carry.fits(arrow)
    )


def _named(move: Move) -> str:
    return f"{move.do} from {', '.join(move.sources)}" + (f" to {move.to}" if move.to else "")


def _without_guard(workflow: Workflow, loosened: Move, guard: str) -> Workflow:
    loose = loosened.model_copy(update={"when": tuple(name for name in loosened.when if name != guard)})
    return _changed(workflow, tuple(loose if move is loosened else move for move in workflow.moves))


def _without_moves(workflow: Workflow, carry: Carry) -> Workflow:
    """Without the moves that a promise's line speaks of; a move from several states stays at the others."""
    kept: list[Move] = []
    for move in workflow.moves:
        arrows = [Arrow(source, move, move.target(source)) for source in workflow.sources_of(move)]
        sources = tuple(arrow.source for arrow in arrows if not carry.fits(arrow))
        if sources:
            kept.append(move.model_copy(update={"sources": sources}))
    return _changed(workflow, tuple(kept))


def _changed(workflow: Workflow, moves: tuple[Move, ...]) -> Workflow:
    return workflow.model_copy(update={"moves": moves, "text": ""})
