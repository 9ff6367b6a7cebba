"""Unlocking a small cycle: one integer programme with a variable for every waiver."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from metstandard.panels.arrays import Arrays, Columns
from metstandard.panels.cycle import Cycle, kind_of, pair_id
from metstandard.panels.effort import Effort
from metstandard.panels.feasible import over_cap
from metstandard.panels.instance import Seat
from metstandard.panels.linear import FREE, Verdict
from metstandard.panels.model import Model, Pair
from metstandard.panels.numbering import Ints
from metstandard.panels.waivers import Waivers

SMALL_MOST = 24
_WAIVER = 100_000.0


def small_unlocks(cycle: Cycle, effort: Effort, *, seed: int, most: int) -> list[tuple[Seat, ...]]:
    """Plans with the fewest waivers, then the best ones; each waives something that no earlier one contains whole."""
    found: list[tuple[Seat, ...]] = []
    used: list[frozenset[str]] = []
    while len(found) < most and not effort.over:
        programme = _Programme(cycle, used)
        answer = programme.solve(effort, seed)
        if answer is None:
            break
        plan, waived = answer
        found.append(plan)
        used.append(waived)
        if not waived:
            break
    return found


class _Programme:
    """All columns that waivers could open, and the waivers."""

    def __init__(self, cycle: Cycle, used: list[frozenset[str]]) -> None:
        self._cycle, self._used = cycle, used
        held = [name for name, _ in cycle.held]
        self._arrays = Arrays(cycle, held)
        self._columns, self._bars = self._open()
        self._capped: set[Pair] = set()

    def _open(self) -> tuple[Columns, list[tuple[str, ...]]]:
        """Every seat with everybody whom only waivable constraints keep off it, and these constraints."""
        found = list(self._pairs())
        parts = [np.array([row[place] for row in found], dtype=np.int32) for place in range(3)]
        return Columns(*parts), [row[3] for row in found]

    def _pairs(self) -> Iterator[tuple[int, int, int, tuple[str, ...]]]:
        cycle, held = self._cycle, self._held()
        for place, (review, slot) in enumerate(self._arrays.seats):
            whole = self._arrays.reviews[review]
            for number, person in enumerate(self._arrays.reviewers):
                if not cycle.takes(slot, person):
                    continue
                bars = [*cycle.bars(person, whole)]
                bars += [name for name, who in held.get(place, ()) if who != person.id]
                if all(kind_of(bar) in cycle.relaxable for bar in bars):
                    yield place, number, cycle.fit(person, whole), tuple(bars)

    def _held(self) -> dict[int, list[tuple[str, str]]]:
        """Each seat that stands, with the constraints that say so and whom they name."""
        found: dict[int, list[tuple[str, str]]] = {}
        for name, seat in self._cycle.held:
            found.setdefault(self._arrays.seat_number[seat.review, seat.slot], []).append((name, seat.reviewer))
        return found

    def _model(self) -> tuple[Model, Waivers]:
        waivers = Waivers(kinds=self._cycle.relaxable, cost=_WAIVER)
        model = Model(self._arrays, self._columns, capped=self._capped, waivers=waivers)
        linear = model.linear
        for column, bars in zip(model.x.tolist(), self._bars, strict=True):
            for waiver in waivers.variables(linear, bars).tolist():
                row = linear.rows(-FREE, 0.0)
                linear.also(np.repeat(row, 2), np.array([column, waiver]), [1.0, -1.0])
        for before in self._used:
            known = [waivers.numbers[name] for name in sorted(before) if name in waivers.numbers]
            row = linear.rows(-FREE, len(before) - 1)
            linear.also(np.repeat(row, len(known)), np.array(known, dtype=np.int64), 1.0)
        return model, waivers

    def solve(self, effort: Effort, seed: int) -> tuple[tuple[Seat, ...], frozenset[str]] | None:
        """The best plan and its waivers; None if there is none, or none in time."""
        while True:
            model, waivers = self._model()
            outcome = model.linear.whole(seconds=effort.left, seed=seed)
            if outcome.verdict is not Verdict.OPTIMAL:
                return None
            holders: Ints = model.holders(outcome.values)
            waived = waivers.taken(outcome.values)
            people = self._arrays.reviewers
            broken = {
                pair
                for pair in over_cap(self._arrays, holders)
                if pair_id("pair_cap", people[pair[0]].id, people[pair[1]].id) not in waived
            }
            if not broken:
                return self._arrays.plan(holders.tolist()), waived
            self._capped |= broken
