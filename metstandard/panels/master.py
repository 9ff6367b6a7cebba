"""The linear relaxation over whole panels, grown column by column: a bound that is nearly the optimum, and prices.

Each review takes one panel; people have capacities whose later seats cost more. Rules that few plans break (a week
booked twice, reciprocity, pair_cap) become rows only when an answer breaks them.
"""

from __future__ import annotations

from collections import defaultdict

import highspy
import numpy as np

from metstandard.panels.arrays import NOBODY, Arrays
from metstandard.panels.linear import FREE, Numbers, new_highs
from metstandard.panels.pricing import Panels, Prices
from metstandard.panels.rules import Rule, charge, limit, priced, rules_of

_SLACK = 1e-6


class Master:
    """A restricted master problem in HiGHS. `empty` is what leaving a review without a panel costs."""

    def __init__(self, arrays: Arrays, *, empty: float) -> None:
        self.arrays = arrays
        self.panels = Panels.none()
        self.rules: dict[Rule, int] = {}
        self._highs = new_highs(presolve="off", solver="simplex")
        self._known: set[bytes] = set()
        reviews, people = len(arrays.reviews), len(arrays.reviewers)
        none = np.zeros(0, dtype=np.int32)
        limits = np.concatenate([np.ones(reviews), np.minimum(1, arrays.capacity)]).astype(np.float64)
        lower = np.concatenate([np.ones(reviews), np.full(people, -FREE)])
        self._highs.addRows(reviews + people, lower, limits, 0, none, none, np.zeros(0))
        self._first_person = reviews
        self._add_columns(np.full(reviews, empty), [[review] for review in range(reviews)], 1.0)
        steps = np.maximum(arrays.capacity - 1, 0)
        who = np.repeat(np.arange(people), steps)
        step = np.arange(len(who)) - np.repeat(np.cumsum(steps) - steps, steps) + 1
        load = arrays.cycle.params.weights.load
        self._add_columns(load * step.astype(np.float64), [[reviews + person] for person in who.tolist()], -1.0, upper=1.0)
        self._before = self._highs.getNumCol()

    def _add_columns(self, cost: Numbers, rows: list[list[int]], value: float, *, upper: float = FREE) -> None:
        starts = np.cumsum([0, *(len(part) for part in rows)])[:-1].astype(np.int32)
        index = np.array([row for part in rows for row in part], dtype=np.int32)
        count = len(cost)
        self._highs.addCols(
            count, cost, np.zeros(count), np.full(count, upper), len(index), starts, index, np.full(len(index), value)
        )

    def add(self, panels: Panels) -> int:
        """Take panels that are not known yet; how many those were."""
        keys = [
            review.to_bytes(4, "little") + row.tobytes()
            for review, row in zip(panels.review.tolist(), panels.members, strict=True)
        ]
        new = [place for place, key in enumerate(keys) if key not in self._known]
        if not new:
            return 0
        self._known.update(keys[place] for place in new)
        fresh = panels.kept(np.array(new))
        rows = [
            [review, *(self._first_person + who for who in row if who != NOBODY)]
            for review, row in zip(fresh.review.tolist(), fresh.members.tolist(), strict=True)
        ]
        for place, rule in rules_of(self.arrays, fresh) if self.rules else ():
            if rule in self.rules:
                rows[place].append(self.rules[rule])
        self._add_columns(-fresh.worth.astype(np.float64), rows, 1.0)
        self.panels = Panels.joined([self.panels, fresh])
        return len(new)

    def solve(self, *, seconds: float) -> tuple[float, Numbers, Numbers]:
        """The best mixture: its value, how much of each panel it takes, and how much of each review stays empty."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(0.01, seconds))
        self._highs.run()
        values = np.array(self._highs.getSolution().col_value)
        value = -float(self._highs.getInfo().objective_function_value)
        return value, values[self._before :], values[: len(self.arrays.reviews)]

    @property
    def optimal(self) -> bool:
        """Whether the last run came to its end."""
        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def tighten(self, taken: Numbers) -> int:
        """Write out the rules that a mixture breaks; how many those are."""
        some = np.flatnonzero(taken > _SLACK)
        weight: dict[Rule, float] = defaultdict(float)
        for place, rule in rules_of(self.arrays, self.panels.kept(some)):
            weight[rule] += float(taken[some[place]])
        broken = [
            rule
            for rule, total in weight.items()
            if rule not in self.rules and total > limit(self.arrays, rule) + _SLACK and priced(self.arrays, rule)
        ]
        self._write(broken)
        return len(broken)

    def _write(self, rules: list[Rule]) -> None:
        wanted = set(rules)
        places: dict[Rule, list[int]] = {rule: [] for rule in rules}
        for place, rule in rules_of(self.arrays, self.panels) if rules else ():
            if rule in wanted:
                places[rule].append(self._before + place)
        for rule in rules:
            self.rules[rule] = self._highs.getNumRow()
            index = np.array(places[rule], dtype=np.int32)
            self._highs.addRow(-FREE, limit(self.arrays, rule), len(index), index, np.ones(len(index)))

    def prices(self) -> tuple[Prices, Numbers, float]:
        """What people cost now, what each review may earn, and what the rules between panels are worth in the bound."""
        arrays, duals = self.arrays, -np.array(self._highs.getSolution().row_dual)
        people = len(arrays.reviewers)
        prices = Prices.free(arrays)
        prices.person = np.maximum(0.0, duals[self._first_person : self._first_person + people])
        constant = 0.0
        for rule, row in self.rules.items():
            price = max(0.0, float(duals[row]))
            constant += price * limit(self.arrays, rule)
            if price > 0:
                charge(arrays, prices, rule, price)
        return prices, duals[: len(arrays.reviews)], constant


def earned_by_seats(arrays: Arrays, prices: Prices) -> float:
    """The most that selling everybody's seats at these prices can earn, later seats costing more."""
    load, total = arrays.cycle.params.weights.load, 0.0
    for step in range(int(arrays.capacity.max(initial=0))):
        total += float(np.maximum(0.0, prices.person - load * step)[arrays.capacity > step].sum())
    return total
