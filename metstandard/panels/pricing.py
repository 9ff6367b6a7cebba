"""The best whole panels of a review when people have prices: exact, by pruning before combining.

A panel is worth its fits, less what it lacks, less the prices of its people. The floor makes that worth concave: for
any m from 0 to `shortfall`, sum((1 + m) * fit - price) - m * floor is at least the worth. Each m gives an upper bound
that is a sum over seats, so most people are ruled out alone, most pairs as pairs, and few whole panels are left.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metstandard.panels.arrays import Arrays, Columns
from metstandard.panels.cycle import REPEATS_MOST
from metstandard.panels.linear import Index, Numbers
from metstandard.panels.numbering import NOBODY, Ints
from metstandard.panels.prices import FORBIDDEN, SEATS_MOST, PairCosts, Panels, Prices, points_of

_TANGENTS = 3
_COMBINED_MOST = 300_000
_QUICK = {1: 60, 2: 30, 3: 8, 4: 5}
_QUICK_AMONG_MANY = {1: 60, 2: 30, 3: 12, 4: 8}
"""How many people are combined at once for each seat, by the size of the panel; more where there are many."""

_MANY = 1000

_QUICK_OFFERS = 60
_TINY = 1e-9


@dataclass(frozen=True)
class Found:
    """Panels worth more than asked, net of prices, best first. No panel at all nets more than `bound`.

    `complete`: every panel above the threshold is here.
    """

    panels: Panels
    net: Numbers
    bound: float
    complete: bool


class Pricer:
    """Finds panels. `columns` are the people considered; without them every eligible one is, review by review."""

    def __init__(self, arrays: Arrays, columns: Columns | None) -> None:
        self.arrays = arrays
        weights = arrays.cycle.params.weights
        self.weights = weights
        self.floor = arrays.cycle.params.floor
        self.columns = columns
        if columns is not None:
            self._starts = np.searchsorted(columns.seat, np.arange(len(arrays.seats) + 1))
        people = len(arrays.reviewers)
        self.repeat_costs = {
            one * people + other: float(weights.repeat_pair * min(REPEATS_MOST, count))
            for (one, other), count in arrays.repeats.items()
        }
        self._repeats = PairCosts(people, self.repeat_costs)

    @property
    def all_columns(self) -> Columns:
        """The people considered for every seat."""
        return self.arrays.columns() if self.columns is None else self.columns

    def candidates(self, review: int) -> list[tuple[Ints, Ints]]:
        """For each seat of a review the people considered and their fits."""
        first, last = self.arrays.first_seat[review], self.arrays.first_seat[review + 1]
        if self.columns is None:
            return self.arrays.candidates(review)
        cuts = [slice(self._starts[seat], self._starts[seat + 1]) for seat in range(first, last)]
        return [(self.columns.who[cut], self.columns.fit[cut]) for cut in cuts]

    def pair_costs(self, prices: Prices) -> PairCosts:
        """What two people cost when they meet: history and prices together."""
        if not prices.pair:
            return self._repeats
        both = dict(self.repeat_costs)
        for key, price in prices.pair.items():
            both[key] = both.get(key, 0.0) + price
        return PairCosts(len(self.arrays.reviewers), both)

    def net(self, members: Ints, worth: NDArray[Any], prices: Prices) -> Numbers:
        """What the panels of a whole plan (a row for each review) net at these prices; 0 for empty rows."""
        arrays, free = self.arrays, np.append(prices.person, 0.0)
        found: Numbers = worth - free[members].sum(axis=1)
        weekly = np.pad(prices.week, ((0, 0), (0, 1)))
        found -= weekly[arrays.week[:, None], members].sum(axis=1)
        for review, here in prices.review.items():
            found[review] -= sum(here.get(who, 0.0) for who in members[review].tolist())
        meet = PairCosts(len(arrays.reviewers), prices.pair)
        for one, other in combinations(range(SEATS_MOST), 2):
            both = members[:, other] != NOBODY
            found[both] -= meet.between(members[both, one], members[both, other])
        return found

    def worth(self, review: int, members: Ints, fit: Ints | None = None) -> Ints:
        """What whole panels of one review (rows of reviewer numbers) are worth; hard rules are not looked at.

        `fit` is the sum of fits of each panel, where it is known already.
        """
        arrays = self.arrays
        total = arrays.fits(review)[members].sum(axis=1) if fit is None else fit
        found = total - self.weights.shortfall * np.maximum(0, self.floor * members.shape[1] - total)
        found = found - self._lacks(members)
        for one in range(members.shape[1]):
            for other in range(one):
                found = found - self._repeats.between(members[:, one], members[:, other])
        for place, who, points in arrays.extras(review):
            found = found + points_of(members[:, place], who, points)
        worth: Ints = np.rint(found).astype(np.int32)
        return worth

    def _lacks(self, members: Ints) -> Ints:
        """Costs of panels without experience, or all from one region."""
        arrays = self.arrays
        regions = arrays.region[members]
        lacks: Ints = self.weights.no_experienced * ~arrays.experienced[members].any(
            axis=1
        ) + self.weights.one_region * (regions == regions[:, :1]).all(axis=1)
        return lacks

    def best(
        self, review: int, prices: Prices, pairs: PairCosts, *, above: float, within: float = np.inf, most: int
    ) -> Found:
        """Panels of a review that net more than `above` and at most `within` less than the best one, `most` at most."""
        search = _Search(self, review, prices, pairs)
        known = -np.sort(-search.quick()[1])
        enough = float(known[most - 1]) - _TINY if len(known) >= most else -np.inf
        threshold = max(above, float(known.max(initial=-np.inf)) - within)
        above = max(threshold, enough)
        members, bound, complete = search.above(above)
        net = search.net(members)
        keep = np.flatnonzero(net > above)
        order = keep[np.argsort(-net[keep], kind="stable")][:most]
        complete = complete and len(keep) <= most and above == threshold
        best = max(above, float(net[order[0]])) if len(order) else above
        return Found(search.panels(members[order]), net[order], max(best, bound), complete)

    def quick(self, review: int, prices: Prices, pairs: PairCosts) -> Panels:
        """A few good panels of a review, the best first, out of those who look best seat by seat; maybe none."""
        search = _Search(self, review, prices, pairs)
        members, net = search.quick()
        keep = np.flatnonzero(net > -FORBIDDEN / 2)
        return search.panels(members[keep[np.argsort(-net[keep], kind="stable")][:_QUICK_OFFERS]])


class _Search:
    """One search for the panels of one review."""

    def __init__(self, pricer: Pricer, review: int, prices: Prices, pairs: PairCosts) -> None:
        self.pricer, self.review, self.pairs = pricer, review, pairs
        arrays = pricer.arrays
        self.size = int(arrays.size[review])
        self.target = pricer.floor * self.size
        self.slopes = np.linspace(0.0, pricer.weights.shortfall, _TANGENTS if pricer.weights.shortfall else 1)
        self.candidates, self.earned = self._open(prices)
        self.scores = [
            earned[None, :] + self.slopes[:, None] * fit[None, :]
            for earned, (_, fit) in zip(self.earned, self.candidates, strict=True)
        ]

    def _open(self, prices: Prices) -> tuple[list[tuple[Ints, Ints]], list[Numbers]]:
        """For each seat the people who are not forbidden with their fits, and what each earns net of prices."""
        pricer, review = self.pricer, self.review
        candidates, earned = [], []
        extras = pricer.arrays.extras(review)
        waivers = pricer.arrays.waivers_of(review) if prices.waiver else []
        for place, (who, fit) in enumerate(pricer.candidates(review)):
            price = prices.of(pricer.arrays, review, who)
            for where, people, count in waivers:
                if where == place:
                    price += prices.waiver * points_of(who, people, count)
            free = price < FORBIDDEN / 2
            here = fit[free] - price[free]
            for where, people, points in extras:
                if where == place:
                    here += points_of(who[free], people, points)
            candidates.append((who[free], fit[free]))
            earned.append(here)
        return candidates, earned

    @property
    def empty(self) -> bool:
        """Whether some seat has nobody."""
        return any(len(who) == 0 for who, _ in self.candidates)

    def quick(self) -> tuple[Ints, Numbers]:
        """Panels out of the few people who look best seat by seat, and what they net."""
        members, net = np.zeros((0, self.size), dtype=np.int32), np.zeros(0)
        if self.empty:
            return members, net
        middle = len(self.slopes) // 2
        order = [np.argsort(-score[middle], kind="stable") for score in self.scores]
        few = (_QUICK if len(self.pricer.arrays.reviewers) <= _MANY else _QUICK_AMONG_MANY)[self.size]
        for width in (few, 2 * few):
            grid = np.stack(
                [part.ravel() for part in np.meshgrid(*(part[:width] for part in order), indexing="ij")], axis=1
            )
            members = np.stack([self.candidates[k][0][grid[:, k]] for k in range(self.size)], axis=1)
            net = self.net(members)
            if net.max(initial=-np.inf) > -FORBIDDEN / 2:
                break
        return members, net

    def panels(self, members: Ints) -> Panels:
        """Whole panels of these members."""
        padded = np.full((len(members), SEATS_MOST), NOBODY, dtype=np.int32)
        padded[:, : self.size] = members
        worth = self.pricer.worth(self.review, members, self.fit(members))
        return Panels(np.full(len(members), self.review, dtype=np.int32), padded, worth)

    def net(self, members: Ints) -> Numbers:
        """What panels net: worth less prices, -inf where two members may not meet."""
        if not len(members):
            return np.zeros(0)
        total = np.zeros(len(members))
        fit = np.zeros(len(members))
        for place, (who, fits) in enumerate(self.candidates):
            where = np.searchsorted(who, members[:, place])
            total += self.earned[place][where]
            fit += fits[where]
        total -= self.pricer.weights.shortfall * np.maximum(0, self.target - fit)
        total -= self.pricer._lacks(members)  # noqa: SLF001 - one class in two parts
        for one in range(self.size):
            for other in range(one):
                total -= self.clash(members[:, one], members[:, other])
        return total

    def fit(self, members: Ints) -> Ints:
        """The sum of fits of each panel."""
        total = np.zeros(len(members), dtype=np.int32)
        for place, (who, fits) in enumerate(self.candidates):
            total += fits[np.searchsorted(who, members[:, place])]
        return total

    def clash(self, one: Ints, other: Ints) -> Numbers:
        """What two members cost together: inf where the rules of one panel keep them apart."""
        cost = self.pairs.between(one, other)
        cost[self.pricer.arrays.apart(self.review, one, other)] = np.inf
        return cost

    def above(self, threshold: float) -> tuple[Ints, float, bool]:
        """All panels whose bound is above the threshold; the best bound of what was cut off; whether nothing was."""
        nothing = np.zeros((0, self.size), dtype=np.int32)
        if self.empty:
            return nothing, -np.inf, True
        tops = [score.max(axis=1) for score in self.scores]
        total = np.sum(tops, axis=0) - self.slopes * self.target
        kept = [
            np.flatnonzero(((total - top)[:, None] + score).min(axis=0) > threshold)
            for top, score in zip(tops, self.scores, strict=True)
        ]
        order = sorted(range(self.size), key=lambda place: len(kept[place]))
        if not len(kept[order[0]]):
            return nothing, -np.inf, True
        return self._combine(order, kept, total, tops, threshold)

    def _combine(
        self, order: list[int], kept: list[Index], total: Numbers, tops: list[Numbers], threshold: float
    ) -> tuple[Ints, float, bool]:
        """Seat after seat, keeping the partial panels whose bound with the best of the rest is above the threshold."""
        first = order[0]
        chosen = kept[first][:, None]
        bounds = (total - tops[first])[:, None] + self.scores[first][:, kept[first]]
        lost, complete = -np.inf, True
        for depth, place in enumerate(order[1:], start=1):
            people = self.candidates[place][0][kept[place]]
            if len(chosen) * len(people) > _COMBINED_MOST:
                best = bounds.min(axis=0)
                cut = np.argsort(-best, kind="stable")
                keep = cut[: max(1, _COMBINED_MOST // len(people))]
                lost, complete = max(lost, float(best[cut[len(keep)]])), False
                chosen, bounds = chosen[keep], bounds[:, keep]
            cost = np.zeros((len(chosen), len(people)))
            for back in range(depth):
                seated, group = np.unique(chosen[:, back], return_inverse=True)
                here = self.candidates[order[back]][0][seated]
                cost += self.clash(here[:, None], people[None, :])[group]
            step = self.scores[place][:, kept[place]] - tops[place][:, None]
            best = (bounds[:, :, None] + step[:, None, :]).min(axis=0) - cost
            row, column = np.nonzero(best > threshold)
            bounds = bounds[:, row] + step[:, column] - cost[row, column]
            chosen = np.concatenate([chosen[row], kept[place][column][:, None]], axis=1)
        members = np.zeros((len(chosen), self.size), dtype=np.int32)
        for depth, place in enumerate(order):
            members[:, place] = self.candidates[place][0][chosen[:, depth]]
        return members, lost, complete
