"""The linear relaxation over whole panels, grown column by column: a bound that is nearly the optimum, and prices.

Each review takes one panel; people have capacities whose later seats cost more. Rules that few plans break (a week
booked twice, reciprocity, pair_cap) become rows only when an answer breaks them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable

import highspy
import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.giving import waivers_each
from metstandard.panels.linear import FREE, Numbers, new_highs
from metstandard.panels.numbering import NOBODY
from metstandard.panels.prices import Panels, Prices
from metstandard.panels.rules import Rule, charge, excess, limit, may_break, priced, rule_id, rules_of

_SLACK = 1e-6


class Master:
    """A restricted master problem in HiGHS."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.panels = Panels.none()
        self.rules: dict[Rule, int] = {}
        self._waived: dict[str, int] = {}
        self._columns: list[int] = []
        self._highs = new_highs(presolve="off", solver="simplex")
        self._known: set[bytes] = set()
        self._of_panel: list[list[Rule]] = []
        self._taking: dict[Rule, list[int]] = defaultdict(list)
        reviews, people = len(arrays.reviews), len(arrays.reviewers)
        none = np.zeros(0, dtype=np.int32)
        limits = np.concatenate([np.ones(reviews), np.zeros(people)])
        lower = np.concatenate([np.ones(reviews), np.full(people, -FREE)])
        self._highs.addRows(reviews + people, lower, limits, 0, none, none, np.zeros(0))
        self._first_person = reviews
        self._add(np.full(reviews, float(arrays.empty_cost)), [{review: 1.0} for review in range(reviews)])
        self._budget, self._count = 0, -1
        if arrays.soft:
            self._count_waivers()
        who, step = np.nonzero(np.arange(arrays.seat_costs.shape[1]) < arrays.capacity[:, None])
        rows = [{reviews + person: -1.0} for person in who.tolist()]
        for place in np.flatnonzero(arrays.extra_seats[who, step]).tolist():
            rows[place][self._count] = 1.0
        self._add(arrays.seat_costs[who, step].astype(np.float64), rows, upper=1.0)

    def _count_waivers(self) -> None:
        """A row that counts waivers, and rows for those that several reviews may share."""
        nothing = np.zeros(0, dtype=np.int32)
        self._count = self._highs.getNumRow()
        self._highs.addRow(-FREE, 0.0, 0, nothing, np.zeros(0))
        rows: dict[int, dict[int, float]] = defaultdict(lambda: {self._count: 1.0})
        for (_, review), waivers in self.arrays.shared.items():
            for waiver in waivers:
                row = self._highs.getNumRow()
                self.rules["waiver", waiver, review] = row
                rows[waiver][row] = -1.0
                self._highs.addRow(-FREE, 0.0, 0, nothing, np.zeros(0))
        self._add(np.zeros(len(rows)), list(rows.values()))

    def _add(self, cost: Numbers, rows: list[dict[int, float]], *, upper: float = FREE) -> None:
        """New columns, each with its entries by row."""
        if not len(cost):
            return
        starts = np.cumsum([0, *(len(part) for part in rows)])[:-1].astype(np.int32)
        index = np.array([row for part in rows for row in part], dtype=np.int32)
        values = np.array([value for part in rows for value in part.values()])
        none = np.zeros(len(cost))
        self._highs.addCols(len(cost), cost, none, np.full(len(cost), upper), len(index), starts, index, values)

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
            {review: 1.0} | {self._first_person + who: 1.0 for who in row if who != NOBODY}
            for review, row in zip(fresh.review.tolist(), fresh.members.tolist(), strict=True)
        ]
        first = self._highs.getNumCol()
        self._of_panel += [[] for _ in rows]
        for place, rule in rules_of(self.arrays, fresh):
            self._of_panel[len(self.panels) + place].append(rule)
            self._taking[rule].append(first + place)
            if rule in self.rules:
                rows[place][self.rules[rule]] = 1.0
        for place, count in enumerate(waivers_each(self.arrays, fresh).tolist() if self.arrays.soft else ()):
            rows[place][self._count] = float(count)
        self._columns.extend(range(first, first + len(fresh)))
        self._add(-fresh.worth.astype(np.float64), rows)
        self.panels = Panels.joined([self.panels, fresh])
        return len(new)

    def solve(self, *, seconds: float) -> tuple[float, Numbers, Numbers]:
        """The best mixture: its value, how much of each panel it takes, and how much of each review stays empty."""
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(0.01, seconds))
        self._highs.run()
        values = np.array(self._highs.getSolution().col_value)
        value = -float(self._highs.getInfo().objective_function_value)
        return value, values[self._columns], values[: len(self.arrays.reviews)]

    def close(self, within: float) -> Panels:
        """The panels that net at most so much less than the best of their review, at the prices of the last run."""
        lost = np.array(self._highs.getSolution().col_dual)[self._columns]
        return self.panels.kept(lost < within)

    @property
    def optimal(self) -> bool:
        """Whether the last run came to its end."""
        return bool(self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal)

    def tighten(self, taken: Numbers) -> int:
        """Write out the rules that a mixture breaks; how many those are."""
        some = np.flatnonzero(taken > _SLACK)
        weight: dict[Rule, float] = defaultdict(float)
        for place in some.tolist():
            for rule in self._of_panel[place]:
                weight[rule] += float(taken[place])
        broken = [
            rule
            for rule, total in weight.items()
            if rule not in self.rules and total > limit(self.arrays, rule) + _SLACK and priced(self.arrays, rule)
        ]
        self._write(broken)
        return len(broken)

    def _write(self, rules: list[Rule]) -> None:
        for rule in rules:
            self.rules[rule] = self._highs.getNumRow()
            index = np.array(self._taking[rule], dtype=np.int32)
            self._highs.addRow(-FREE, limit(self.arrays, rule), len(index), index, np.ones(len(index)))
            if may_break(self.arrays, rule):
                self._let_break(rule)

    def _let_break(self, rule: Rule) -> None:
        """A waiver lets a rule be broken as often as can be; rules of one id share it."""
        name = rule_id(self.arrays, rule)
        if name not in self._waived:
            self._waived[name] = self._highs.getNumCol()
            self._add(np.zeros(1), [{self._count: 1.0}])
        self._highs.changeCoeff(self.rules[rule], self._waived[name], -float(excess(self.arrays, rule)))

    def allow(self, waivers: int) -> None:
        """How many waivers there may be; none at first."""
        self._budget = waivers
        self._highs.changeRowBounds(self._count, -FREE, float(waivers))

    def prices(self) -> tuple[Prices, Numbers, float]:
        """What people cost now, what each review may earn, and what the rules between panels are worth in the bound."""
        arrays, duals = self.arrays, -np.array(self._highs.getSolution().row_dual)
        people = len(arrays.reviewers)
        prices = Prices.free(arrays)
        prices.person = np.maximum(0.0, duals[self._first_person : self._first_person + people])
        prices.waiver = max(0.0, float(duals[self._count])) if arrays.soft else 0.0
        constant = prices.waiver * self._budget
        scale = self._scales(duals, prices.waiver)
        for rule, row in self.rules.items():
            price = max(0.0, float(duals[row])) * scale.get(self._waiver_of(rule), 1.0)
            if rule[0] != "waiver":
                constant += price * limit(arrays, rule)
            if price > 0:
                charge(arrays, prices, rule, price)
        return prices, duals[: len(arrays.reviews)], constant

    def _waiver_of(self, rule: Rule) -> Hashable:
        """What names the waiver that a rule's row shares with others; nothing for a rule that stands."""
        if rule[0] == "waiver":
            return rule[1]
        return rule_id(self.arrays, rule) if may_break(self.arrays, rule) else None

    def _scales(self, duals: Numbers, cost: float) -> dict[Hashable, float]:
        """The rows that share a waiver must not pay more than it costs, or the bound would not hold."""
        paid: dict[Hashable, float] = defaultdict(float)
        for rule, row in self.rules.items():
            waiver = self._waiver_of(rule)
            if waiver is not None:
                worth = 1 if rule[0] == "waiver" else excess(self.arrays, rule)
                paid[waiver] += worth * max(0.0, float(duals[row]))
        return {waiver: min(1.0, cost / price) for waiver, price in paid.items() if price > 0}


def earned_by_seats(arrays: Arrays, prices: Prices) -> float:
    """The most that selling everybody's seats at these prices can earn, later seats costing more."""
    sold = np.arange(arrays.seat_costs.shape[1]) < arrays.capacity[:, None]
    costs = arrays.seat_costs + prices.waiver * arrays.extra_seats
    return float(np.maximum(0.0, prices.person[:, None] - costs)[sold].sum())
