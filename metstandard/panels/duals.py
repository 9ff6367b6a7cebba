"""Prices of people by a smooth dual: the linear relaxation over whole panels, at sizes where the simplex is slow.

Every price gives a bound. The best prices minimise it; the minimum has kinks, so it is smoothed (a review takes its
panels in proportion to exp(net / heat)) and cooled down step by step. L-BFGS-B finds each minimum in milliseconds per
step, because only sums over a pool of panels are needed; new panels come from exact pricing in between.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from metstandard.panels.arrays import Arrays
from metstandard.panels.effort import Effort
from metstandard.panels.greedy import seat_first
from metstandard.panels.linear import Numbers
from metstandard.panels.master import earned_by_seats
from metstandard.panels.numbering import NOBODY
from metstandard.panels.prices import SEATS_MOST, Panels, Prices
from metstandard.panels.pricing import Pricer
from metstandard.panels.rules import Rule, charge, limit, priced, rules_of
from metstandard.panels.standing import Ledger, Standing

_MANIFEST = 1e-3
_BROKEN = 0.05
_HEATS = (10.0, 10.0, 5.0, 5.0, 2.0, 2.0, 1.0, 1.0, 0.5, 0.5, 0.2, 0.2, 0.1, 0.1)
_STEPS = 100
_PRICE_MOST = 150.0
_WITHIN = 6.0
_OFFERS = 10


class Duals:
    """A pool of panels and the prices that balance it."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        reviews, people = len(arrays.reviews), len(arrays.reviewers)
        nobody = np.full((reviews, SEATS_MOST), NOBODY, dtype=np.int32)
        self.panels = Panels(
            np.arange(reviews, dtype=np.int32), nobody, np.full(reviews, -arrays.empty_cost, dtype=np.int32)
        )
        self.values = np.zeros(people)
        self.rules: dict[Rule, int] = {}
        self._known: set[bytes] = set()
        self._seats = np.arange(arrays.total_costs.shape[1])
        self._costs = np.where(self._seats <= arrays.capacity[:, None], arrays.total_costs, np.inf)
        self._build()

    def add(self, panels: Panels) -> int:
        """Take panels that are not known yet; how many those were."""
        keys = [
            review.to_bytes(4, "little") + row.tobytes()
            for review, row in zip(panels.review.tolist(), panels.members, strict=True)
        ]
        new = [place for place, key in enumerate(keys) if key not in self._known]
        self._known.update(keys)
        joined = Panels.joined([self.panels, panels.kept(np.array(new, dtype=np.int64))])
        self.panels = joined.kept(np.argsort(joined.review, kind="stable"))
        self._build()
        return len(new)

    def _build(self) -> None:
        panel, seat = np.nonzero(self.panels.members != NOBODY)
        column = self.panels.members[panel, seat].astype(np.int64)
        if self.rules:
            places = [
                (place, self.rules[rule]) for place, rule in rules_of(self.arrays, self.panels) if rule in self.rules
            ]
            extra = np.array(places, dtype=np.int64).reshape(-1, 2)
            panel, column = np.concatenate([panel, extra[:, 0]]), np.concatenate([column, extra[:, 1]])
        shape = (len(self.panels), len(self.values))
        self._takes = csr_array((np.ones(len(panel)), (panel, column)), shape=shape)
        self._taken = self._takes.T.tocsr()
        self._starts = np.searchsorted(self.panels.review, np.arange(len(self.arrays.reviews)))
        self._limits = np.array([limit(self.arrays, rule) for rule in self.rules], dtype=np.float64)

    def _smooth(self, values: Numbers, heat: float) -> tuple[float, Numbers]:
        """The smoothed bound and its gradient; leaves the shares of the panels in `shares`."""
        people = len(self.arrays.reviewers)
        net = self.panels.worth - self._takes @ values
        best = np.maximum.reduceat(net, self._starts)
        share = np.exp((net - best[self.panels.review]) / heat)
        whole = np.add.reduceat(share, self._starts)
        self.shares = share / whole[self.panels.review]
        sold = values[:people, None] * self._seats - self._costs
        most = sold.max(axis=1)
        weight = np.exp((sold - most[:, None]) / heat)
        total = weight.sum(axis=1)
        bound = best.sum() + most.sum() + heat * (np.log(whole).sum() + np.log(total).sum())
        slope = -(self._taken @ self.shares)
        slope[:people] += (weight @ self._seats) / total
        slope[people:] += self._limits
        return float(bound + self._limits @ values[people:]), slope

    def fit(self, heat: float, *, steps: int, most: float) -> None:
        """Move the prices to the minimum at this heat, in at most so many steps; no price above `most`."""
        found = minimize(
            self._smooth,
            self.values,
            args=(heat,),
            jac=True,
            method="L-BFGS-B",
            bounds=[(0.0, most)] * len(self.values),
            options={"maxiter": steps, "maxcor": 20, "maxfun": 2 * steps},
        )
        self.values = np.clip(found.x, 0.0, most)
        self._smooth(self.values, heat)

    def tighten(self) -> int:
        """Write out the rules that the shares break; how many those are."""
        some = np.flatnonzero(self.shares > _MANIFEST)
        weight: dict[Rule, float] = defaultdict(float)
        for place, rule in rules_of(self.arrays, self.panels.kept(some)):
            weight[rule] += float(self.shares[some[place]])
        broken = [
            rule
            for rule, total in weight.items()
            if rule not in self.rules and total > limit(self.arrays, rule) + _BROKEN and priced(self.arrays, rule)
        ]
        for rule in broken:
            self.rules[rule] = len(self.values)
            self.values = np.append(self.values, 0.0)
        if broken:
            self._build()
        return len(broken)

    def prices(self) -> Prices:
        """What people cost now."""
        prices = Prices.free(self.arrays)
        prices.person = self.values[: len(self.arrays.reviewers)].copy()
        for rule, place in self.rules.items():
            if self.values[place] > 0:
                charge(self.arrays, prices, rule, float(self.values[place]))
        return prices

    def net(self) -> Numbers:
        """What each panel of the pool nets."""
        net: Numbers = self.panels.worth - self._takes @ self.values
        return net

    def best(self) -> Numbers:
        """The most that any panel of the pool nets, for each review."""
        most: Numbers = np.maximum.reduceat(self.net(), self._starts)
        return most

    def constant(self) -> float:
        """What the rules between panels are worth in the bound."""
        return float(self._limits @ self.values[len(self.arrays.reviewers) :])


def offers(pricer: Pricer, duals: Duals) -> tuple[Panels, float]:
    """Panels close to the best at these prices, and the bound that they prove."""
    prices, best = duals.prices(), duals.best()
    pairs, found = pricer.pair_costs(prices), []
    bound = duals.constant() + earned_by_seats(duals.arrays, prices)
    for review in range(len(best)):
        here = pricer.best(review, prices, pairs, above=best[review] - _WITHIN, within=_WITHIN, most=_OFFERS)
        found.append(here.panels)
        bound += max(here.bound, float(best[review]))
    return Panels.joined(found), bound


def cooled(pricer: Pricer, known: Panels, effort: Effort, *, everybody: bool = True) -> tuple[Duals, float]:
    """Prices cooled down step by step, from a pool of known panels on; the best bound met on the way.

    Stops early when the time is over; the bound holds all the same. Without `everybody` in the pricer there is none.
    """
    duals, bound = Duals(pricer.arrays), np.inf
    duals.add(known)
    for heat in _HEATS:
        if effort.over:
            break
        new, here = offers(pricer, duals)
        bound = min(bound, here) if everybody else bound
        duals.add(new)
        for _ in range(2):
            duals.fit(heat, steps=_STEPS, most=_PRICE_MOST)
            if not duals.tighten():
                break
        effort.tell("prices", bound=bound)
    return duals, bound


def rounded(duals: Duals) -> Standing:
    """A plan out of the shares of the relaxation, the clearest panels first; some reviews may stay empty."""
    standing, ledger = Standing(duals.arrays), Ledger(duals.arrays)
    seated = np.zeros(len(duals.arrays.reviews), dtype=np.bool_)
    for place in np.argsort(-duals.shares, kind="stable").tolist():
        review = int(duals.panels.review[place])
        if not seated[review] and duals.panels.members[place, 0] >= 0:
            seated[review] = seat_first(standing, ledger, duals.panels, [place])
    return standing
