"""The cycle as an integer programme over columns: one variable for each reviewer who may take a seat.

Costs are points with the sign turned, so the least cost is the best plan. Rules about a pair of one reviewer and one
review are already in the columns; rules about two people who meet (pair_cap) are written only for the pairs asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metstandard.panels.arrays import Arrays, Columns
from metstandard.panels.cycle import REPEATS_MOST, pair_id
from metstandard.panels.linear import FREE, Index, Linear, Numbers
from metstandard.panels.numbering import NOBODY, Ints
from metstandard.panels.waivers import Waivers

Pair = tuple[int, int]


class Model:
    """The programme for these columns. `capped` are the pairs of reviewers whose pair_cap is written out.

    Without `wishes` every plan that keeps the rules is as good as any other.
    """

    def __init__(
        self,
        arrays: Arrays,
        columns: Columns,
        *,
        capped: Iterable[Pair] = (),
        wishes: bool = True,
        waivers: Waivers | None = None,
    ) -> None:
        self.arrays, self.columns, self.linear = arrays, columns, Linear()
        self.waivers = Waivers.for_ids(arrays.relaxed) if waivers is None else waivers
        self.weights = arrays.cycle.params.weights
        self.review = arrays.seat_review[columns.seat].astype(np.int64)
        self.who = columns.who.astype(np.int64)
        self.wishes = wishes
        self.x = self.linear.variables(-self._earned() if wishes else np.zeros(len(columns)), whole=True)
        self.linear.also(self.linear.rows(np.ones(len(arrays.seats)), 1.0)[columns.seat], self.x, 1.0)
        self._loads()
        self._one_at_a_time()
        self._reciprocity()
        if wishes:
            self._experience()
            self._floor()
            self._regions()
            self._repeats()
        self._caps(sorted(capped))

    def holders(self, values: Numbers) -> Ints:
        """Who sits where in an answer: one reviewer's number for each seat."""
        found = np.full(len(self.arrays.seats), NOBODY, dtype=np.int32)
        taken = values[self.x] > 0.5  # noqa: PLR2004 - a whole number, give or take the solver's tolerance
        found[self.columns.seat[taken]] = self.columns.who[taken]
        return found

    def _earned(self) -> Numbers:
        earned: Numbers = self.columns.fit.astype(np.float64)
        for seat, who in self.arrays.invited.items():
            earned[(self.columns.seat == seat) & (self.columns.who == who)] += self.weights.change
        return earned

    def _soften(self, kind: str, rows: Index, names: Callable[[], list[str]], *, worth: float) -> None:
        """Let the waivers of some rows, in their order, raise the upper limit by `worth`."""
        if self.waivers.cover(kind):
            variables = self.waivers.variables(self.linear, names())
            may = variables != NOBODY
            self.linear.also(rows[may], variables[may], -worth)

    def _loads(self) -> None:
        """Seats of one reviewer, as steps: the second costs one `load`, the third two, up to the capacity."""
        arrays, linear, load = self.arrays, self.linear, self.weights.load * self.wishes
        who, count = np.unique(self.who, return_counts=True)
        most = arrays.capacity[who]
        rows = linear.rows(np.full(len(who), -FREE), np.minimum(1, most))
        row_of = np.full(len(arrays.reviewers), NOBODY)
        row_of[who] = rows
        linear.also(row_of[self.who], self.x, 1.0)
        steps = np.maximum(np.minimum(most, count) - 1, 0)
        step = np.arange(steps.sum()) - np.repeat(np.cumsum(steps) - steps, steps) + 1
        linear.also(np.repeat(rows, steps), linear.variables(load * step), -1.0)
        if self.waivers.cover("capacity"):
            waived = self.waivers.variables(linear, [f"capacity:{arrays.reviewers[number].id}" for number in who])
            may = waived != NOBODY
            extra = linear.variables(load * most[may])
            linear.also(rows[may], extra, -1.0)
            only_if = linear.rows(np.full(len(extra), -FREE), 0.0)
            linear.also(only_if, extra, 1.0)
            linear.also(only_if, waived[may], -1.0)

    def _at_most_one(self, key: Index, mask: NDArray[np.bool_] | None = None) -> tuple[NDArray[Any], Index]:
        """A row for each key that two or more columns share: one of them at most. The keys and their rows."""
        places = np.arange(len(key)) if mask is None else np.flatnonzero(mask)
        _, group, count = np.unique(key[places], return_inverse=True, return_counts=True)
        places = places[count[group] > 1]
        return self.linear.grouped(key[places], self.x[places], -FREE, 1.0)

    def _one_at_a_time(self) -> None:
        """double_booking, same_org and same_person. Nobody shares an employer twice, so same_org covers same_person."""
        arrays, reviews, reviewers = self.arrays, self.arrays.reviews, self.arrays.reviewers
        weeks = int(arrays.week.max(initial=0)) + 1
        key, rows = self._at_most_one(self.who * weeks + arrays.week[self.review], self._sits_twice)
        self._soften(
            "double_booking",
            rows,
            lambda: [f"double_booking:{reviewers[label // weeks].id}:{label % weeks}" for label in key.tolist()],
            worth=len(reviews),
        )
        many = len(arrays.orgs)
        org_key, org_rows = self._at_most_one(self.review * many + arrays.org[self.who])
        self._soften(
            "same_org",
            org_rows,
            lambda: [f"same_org:{reviews[label // many].id}:{arrays.orgs[label % many]}" for label in org_key.tolist()],
            worth=max(self.arrays.size, default=1),
        )
        if self.waivers.cover("same_org"):
            self._at_most_one(self.review * len(reviewers) + self.who)

    @property
    def _sits_twice(self) -> NDArray[np.bool_] | None:
        """Columns of people who may sit more than once; the others cannot be in two places in one week anyway."""
        if self.waivers.cover("capacity"):
            return None
        return self.arrays.capacity[self.who] > 1

    def _panel_row(self, cost: float, lower: NDArray[Any], *, upper: float = 1.0) -> Index:
        """A shortcoming for each review, and a row that demands it; the row's limits from `lower` up."""
        short = self.linear.variables(np.full(len(self.arrays.reviews), cost), upper=upper)
        rows = self.linear.rows(lower, FREE)
        self.linear.also(rows, short, 1.0)
        return rows

    def _experience(self) -> None:
        rows = self._panel_row(self.weights.no_experienced, np.ones(len(self.arrays.reviews)))
        known = self.arrays.experienced[self.who]
        self.linear.also(rows[self.review[known]], self.x[known], 1.0)

    def _floor(self) -> None:
        rows = self._panel_row(self.weights.shortfall, self.arrays.cycle.params.floor * self.arrays.size, upper=FREE)
        self.linear.also(rows[self.review], self.x, self.columns.fit)

    def _regions(self) -> None:
        """one_region, only for the regions that could fill every seat of the review."""
        arrays = self.arrays
        count = len(arrays.cycle.regions)
        key = self.review * count + arrays.region[self.who]
        seats = np.unique(key * (len(arrays.seats) + 1) + self.columns.seat) // (len(arrays.seats) + 1)
        labels, filled = np.unique(seats, return_counts=True)
        whole = labels[filled == arrays.size[labels // count]]
        if not len(whole):
            return
        alone = self.linear.variables(np.full(len(arrays.reviews), self.weights.one_region))
        mask = np.isin(key, whole)
        rows = self.linear.rows(np.full(len(whole), -FREE), arrays.size[whole // count] - 1)
        self.linear.also(rows[np.searchsorted(whole, key[mask])], self.x[mask], 1.0)
        self.linear.also(rows, alone[whole // count], -1.0)

    def _reciprocity(self) -> None:
        """Members of one unit on the other's panels, or the other way round, but not both."""
        arrays = self.arrays
        home, away = arrays.unit[self.who].astype(np.int64), arrays.review_unit[self.review].astype(np.int64)
        units = len(arrays.units)
        key = np.minimum(home, away) * units + np.maximum(home, away)
        judges = (home != NOBODY) & (home != away)
        up = home < away
        both = np.intersect1d(key[judges & up], key[judges & ~up])
        places = np.flatnonzero(judges & np.isin(key, both))
        plain = self._plain_units[home[places]] & self._plain_units[away[places]]
        labels, rows = self.linear.grouped(key[places[plain]], self.x[places[plain]], -FREE, 1.0)
        more_labels, more_rows = self._either_way(key, up, places[~plain])
        names = np.concatenate([labels, more_labels]).astype(np.int64).tolist()
        self._soften(
            "reciprocal",
            np.concatenate([rows, more_rows]),
            lambda: [
                pair_id("reciprocal", arrays.units[label // units], arrays.units[label % units]) for label in names
            ],
            worth=max(self.arrays.size, default=1),
        )

    @cached_property
    def _plain_units(self) -> NDArray[np.bool_]:
        """Units reviewed once whose members share one employer, so that only one of them can sit on a panel."""
        arrays = self.arrays
        members = arrays.unit != NOBODY
        pairs = np.unique(arrays.unit[members].astype(np.int64) * len(arrays.orgs) + arrays.org[members])
        employers = np.bincount(pairs // max(1, len(arrays.orgs)), minlength=len(arrays.units))
        reviewed = np.bincount(arrays.review_unit, minlength=len(arrays.units))
        plain: NDArray[np.bool_] = (employers <= 1) & (reviewed <= 1) & (not self.waivers.cover("same_org"))
        return plain

    def _either_way(self, key: Index, up: NDArray[np.bool_], places: Index) -> tuple[Index, Index]:
        """Reciprocity where one sum does not do: a direction is taken as soon as one seat takes it."""
        way = key[places] * 2 + up[places]
        ways = np.unique(way)
        direction = self.linear.variables(np.zeros(len(ways)))
        seats = way * len(self.arrays.seats) + self.columns.seat[places]
        labels, rows = self.linear.grouped(seats, self.x[places], -FREE, 0.0)
        self.linear.also(rows, direction[np.searchsorted(ways, labels // len(self.arrays.seats))], -1.0)
        return self.linear.grouped(ways // 2, direction, -FREE, 1.0)

    def _meetings(self, pairs: list[Pair]) -> tuple[Index, Index, Index]:
        """Every review where both of a pair have a column: a `met` variable's row (met >= both - 1) for each.

        Gives three arrays of one length: the pair's place in the list, the review, and the row, which lacks `met`.
        """
        people = len(self.arrays.reviewers)
        key = self.review * people + self.who
        order = np.argsort(key, kind="stable")
        by_who = np.argsort(self.who, kind="stable")
        starts = np.searchsorted(self.who[by_who], np.arange(people + 1))
        reviews = [np.unique(self.review[by_who[starts[who] : starts[who + 1]]]) for who in range(people)]
        shared = [np.intersect1d(reviews[one], reviews[other]) for one, other in pairs]
        number = np.repeat(np.arange(len(pairs)), [len(found) for found in shared])
        review = np.concatenate(shared) if shared else np.zeros(0, dtype=np.int64)
        rows = self.linear.rows(np.full(len(review), -FREE), np.ones(len(review)))
        for side in (0, 1):
            wanted = review * people + np.array([pair[side] for pair in pairs], dtype=np.int64)[number]
            first = np.searchsorted(key[order], wanted, side="left")
            count = np.searchsorted(key[order], wanted, side="right") - first
            offsets = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
            self.linear.also(np.repeat(rows, count), self.x[order[np.repeat(first, count) + offsets]], 1.0)
        return number, review, rows

    def _repeats(self) -> None:
        """repeat_pair: people who sat together before."""
        pairs = sorted(self.arrays.repeats)
        number, _, rows = self._meetings(pairs)
        often = np.array([min(REPEATS_MOST, self.arrays.repeats[pair]) for pair in pairs], dtype=np.int64)
        self.linear.also(rows, self.linear.variables(self.weights.repeat_pair * often[number]), -1.0)

    def _caps(self, pairs: list[Pair]) -> None:
        number, _, rows = self._meetings(pairs)
        met = self.linear.variables(np.zeros(len(number)))
        self.linear.also(rows, met, -1.0)
        labels, caps = self.linear.grouped(number, met, -FREE, self.arrays.cycle.params.pair_cap)
        people = self.arrays.reviewers
        self._soften(
            "pair_cap",
            caps,
            lambda: [pair_id("pair_cap", people[pairs[label][0]].id, people[pairs[label][1]].id) for label in labels],
            worth=len(self.arrays.reviews),
        )
