"""One panel for each review out of a list: the integer programme over whole panels.

The rest of the cycle may stand already: `used` says how many seats everybody has there, `taken` how far
rules between panels are used up, and no panel of the list may break a rule together with it alone.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.linear import FREE, Index, Linear, Numbers, Verdict
from metstandard.panels.numbering import NOBODY, Ints
from metstandard.panels.prices import Panels
from metstandard.panels.rules import Rule, limit, rules_of

_TAKEN = 0.5


@dataclass(frozen=True)
class Choice:
    """What was chosen: the place of a panel in the list for each review, NOBODY where a review stays empty.

    `picked` is empty when nothing was found. No choice out of the list is worth more than `bound`.
    """

    verdict: Verdict
    picked: Index
    worth: float
    bound: float


class Chooser:
    """The programme for some reviews. A review may stay empty at the cost `empty`, or not at all if that is None."""

    def __init__(
        self,
        arrays: Arrays,
        panels: Panels,
        reviews: Index,
        *,
        used: Ints,
        empty: float | None,
        taken: Mapping[Rule, int] | None = None,
    ) -> None:
        self._arrays, self._panels, self._used, self._taken = arrays, panels, used, taken or {}
        self._linear = Linear()
        self._x = self._linear.variables(-panels.worth.astype(np.float64), whole=True)
        self._nothing = self._linear.variables(
            np.full(len(reviews), empty or 0.0), upper=0.0 if empty is None else 1.0, whole=True
        )
        self._place = np.full(len(arrays.reviews), NOBODY)
        self._place[reviews] = np.arange(len(reviews))
        rows = self._linear.rows(np.ones(len(reviews)), 1.0)
        self._linear.also(rows[self._place[panels.review]], self._x, 1.0)
        self._linear.also(rows, self._nothing, 1.0)
        self._steps: dict[int, list[int]] = {}
        self._loads()
        self._rules()

    def _loads(self) -> None:
        linear, arrays = self._linear, self._arrays
        panel, seat = np.nonzero(self._panels.members != NOBODY)
        who = self._panels.members[panel, seat]
        people = np.unique(who)
        rows = linear.rows(np.full(len(people), -FREE), 0.0)
        linear.also(rows[np.searchsorted(people, who)], self._x[panel], 1.0)
        left = np.maximum(arrays.capacity[people] - self._used[people], 0)
        step = np.arange(left.sum()) - np.repeat(np.cumsum(left) - left, left) + np.repeat(self._used[people], left)
        taken = linear.variables(arrays.seat_costs[np.repeat(people, left), step].astype(np.float64))
        linear.also(np.repeat(rows, left), taken, -1.0)
        for person, variable in zip(np.repeat(people, left).tolist(), taken.tolist(), strict=True):
            self._steps.setdefault(person, []).append(variable)

    def _rules(self) -> None:
        """Only the rules that panels of different reviews could break together."""
        places: dict[Rule, list[int]] = defaultdict(list)
        for place, rule in rules_of(self._arrays, self._panels):
            places[rule].append(place)
        for rule, found in places.items():
            most = limit(self._arrays, rule) - self._taken.get(rule, 0)
            if len(np.unique(self._panels.review[found])) > most:
                row = self._linear.rows(-FREE, most)
                self._linear.also(np.repeat(row, len(found)), self._x[found], 1.0)

    def _first(self, start: Index) -> Numbers:
        """The values of a choice that respects every rule."""
        values = np.zeros(self._linear.width)
        chosen = start[start != NOBODY]
        values[self._x[chosen]] = 1.0
        values[self._nothing[start == NOBODY]] = 1.0
        for who, count in Counter(self._panels.members[chosen].ravel().tolist()).items():
            values[self._steps.get(who, [])[:count]] = 1.0
        return values

    def choose(
        self,
        *,
        seconds: float,
        seed: int = 0,
        start: Index | None = None,
        heard: Callable[[float, float], None] | None = None,
        **options: Any,
    ) -> Choice:
        """The best choice, to within one point. `start` is a first one: a place in the list for each review."""
        first = None if start is None else self._first(start)
        outcome = self._linear.whole(seconds=seconds, seed=seed, start=first, heard=heard, **options)
        if not outcome.found:
            return Choice(outcome.verdict, np.zeros(0, dtype=np.int64), -FREE, -outcome.bound)
        picked = np.full(len(self._nothing), NOBODY, dtype=np.int64)
        taken = np.flatnonzero(outcome.values[self._x] > _TAKEN)
        picked[self._place[self._panels.review[taken]]] = taken
        return Choice(outcome.verdict, picked, -outcome.objective, -outcome.bound)
