"""The cycle as an integer programme over columns: one variable for each reviewer who may take a seat.

Costs are points with the sign turned, so the least cost is the best plan. Rules about a pair of one reviewer and one
review are already in the columns; rules about people who meet (pair_cap) are added only where a plan broke them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from metstandard.panels.arrays import NOBODY, Arrays, Columns, Ints
from metstandard.panels.cycle import REPEATS_MOST
from metstandard.panels.linear import FREE, Index, Linear, Numbers

Pair = tuple[int, int]


class Model:
    """The programme for these columns. `capped` are the pairs of reviewers whose pair_cap is written out.

    `light` leaves out earlier pairs: a relaxation that is quick to solve, and a bound all the same.
    """

    def __init__(self, arrays: Arrays, columns: Columns, *, capped: Iterable[Pair] = (), light: bool = False) -> None:
        self.arrays, self.columns, self.linear = arrays, columns, Linear()
        self.review = arrays.seat_review[columns.seat].astype(np.int64)
        self.x = self.linear.variables(-self._earned(), whole=True)
        self.seat_rows = self.linear.rows(np.ones(len(arrays.seats)), np.ones(len(arrays.seats)))
        self.linear.also(self.seat_rows[columns.seat], self.x, 1.0)
        self._loads()
        self._weeks()
        self._people()
        self._organisations()
        self._experience()
        self._floor()
        self._regions()
        self._reciprocity()
        if not light:
            self._repeats()
        self._caps(capped)

    @property
    def offset(self) -> int:
        """What the costs leave out: every invited seat counts as changed, and keeping it earns that back."""
        return self.arrays.cycle.params.weights.change * len(self.arrays.invited)

    def _earned(self) -> Numbers:
        earned: Numbers = self.columns.fit.astype(np.float64)
        for seat, who in self.arrays.invited.items():
            kept = (self.columns.seat == seat) & (self.columns.who == who)
            earned[kept] += self.arrays.cycle.params.weights.change
        return earned

    def _loads(self) -> None:
        """Seats of one reviewer, as steps: the second costs one `load`, the third two, up to the capacity."""
        columns, arrays = self.columns, self.arrays
        who, count = np.unique(columns.who, return_counts=True)
        rows = self.linear.rows(np.full(len(who), -FREE), np.ones(len(who)))
        row_of = np.full(len(arrays.reviewers), NOBODY)
        row_of[who] = rows
        self.linear.also(row_of[columns.who], self.x, 1.0)
        steps = np.minimum(arrays.capacity[who], count) - 1
        step = np.concatenate([np.arange(1, most + 1) for most in steps] or [np.zeros(0)])
        taken = self.linear.variables(arrays.cycle.params.weights.load * step)
        self.linear.also(np.repeat(rows, np.maximum(steps, 0)), taken, -1.0)

    def _crowded(self, key: Index, mask: np.ndarray | None = None) -> None:
        """At most one of each group of columns with one key, where there are two or more of them on different seats."""
        places = np.arange(len(key)) if mask is None else np.flatnonzero(mask)
        _, group, count = np.unique(key[places], return_inverse=True, return_counts=True)
        places = places[count[group] > 1]
        self.linear.grouped(key[places], self.x[places], -FREE, 1.0)

    def _weeks(self) -> None:
        """double_booking. One seat in the cycle is one seat in a week, so capacity 1 needs no such row."""
        arrays, who = self.arrays, self.columns.who
        key = who.astype(np.int64) * (int(arrays.week.max(initial=0)) + 1) + arrays.week[self.review]
        waived = self._named("double_booking", [(person, week) for person, week in zip(who, arrays.week[self.review])]) if any("double_booking" in name for name in arrays.relaxed) else None
        self._crowded(key, (arrays.capacity[who] > 1) & (True if waived is None else ~waived))
