"""Prices of people over whole panels, where the simplex is slow: a growing pool of panels, cooled step by step.

The smoothed dual (`balance`) needs only sums over the pool, so each of its steps takes milliseconds; new panels come
from exact pricing in between, which also proves a bound.
"""

from __future__ import annotations

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.balance import PRICE_MOST, Balance
from metstandard.panels.codes import coded, decoded, limits
from metstandard.panels.effort import Effort
from metstandard.panels.linear import Numbers
from metstandard.panels.master import earned_by_seats
from metstandard.panels.numbering import NOBODY
from metstandard.panels.prices import SEATS_MOST, Panels, Prices
from metstandard.panels.pricing import Pricer
from metstandard.panels.rules import charge, priced

_MANIFEST = 1e-3
_BROKEN = 0.05
_ROUNDS = ((0.5, 4.0), (0.2, 6.0), (0.1, 15.0), (0.05, PRICE_MOST))
"""The heat of each round, and how far prices may move in it."""
_STEPS = 60
_WITHIN = 6.0
_OFFERS = 10
_KEPT = 10.0
"""Panels that net so much less than the best of their review are forgotten."""


class Duals:
    """A pool of panels and the prices that balance it."""

    def __init__(self, arrays: Arrays, values: Numbers) -> None:
        self.arrays, self.values = arrays, values
        reviews = len(arrays.reviews)
        nobody = np.full((reviews, SEATS_MOST), NOBODY, dtype=np.int32)
        self.panels = Panels(
            np.arange(reviews, dtype=np.int32), nobody, np.full(reviews, -arrays.empty_cost, dtype=np.int32)
        )
        self._place, self._code = coded(arrays, self.panels)
        self._rules = np.zeros(0, dtype=np.int64)
        self._build()

    def add(self, panels: Panels) -> None:
        """Take panels that are not known yet, and forget those that no longer matter."""
        net = self.net()
        empty = self.panels.members[:, 0] == NOBODY
        kept = self.panels.kept(empty | (net > self.best()[self.panels.review] - _KEPT))
        self.keep(Panels.joined([kept, panels]).distinct())

    def keep(self, panels: Panels) -> None:
        """Have these panels in the pool, at least one for each review."""
        self.panels = panels.kept(np.argsort(panels.review, kind="stable"))
        self._place, self._code = coded(self.arrays, self.panels)
        self._build()

    def _build(self) -> None:
        panel, seat = np.nonzero(self.panels.members != NOBODY)
        column = self.panels.members[panel, seat].astype(np.int64)
        rule = np.full(len(self._code), NOBODY)
        if len(self._rules):
            order = np.argsort(self._rules)
            near = np.minimum(np.searchsorted(self._rules[order], self._code), len(order) - 1)
            rule = np.where(self._rules[order][near] == self._code, order[near], NOBODY)
        some = rule != NOBODY
        entries = (
            np.concatenate([panel, self._place[some]]),
            np.concatenate([column, len(self.arrays.reviewers) + rule[some]]),
        )
        most = limits(self.arrays, self._rules)
        self.balance = Balance(self.arrays, self.panels.review, self.panels.worth, entries, most)

    def fit(self, heat: float, *, steps: int = _STEPS, reach: float = PRICE_MOST) -> None:
        """Move the prices of people to the minimum at this heat, by at most `reach`; `shares` follow them."""
        self.values = self.balance.fit(self.values, heat, steps=steps, within=reach)
        self.shares = self.balance.shares(self.values, heat)

    def tighten(self) -> int:
        """Write out the rules that the shares break; how many those are."""
        some = self.shares[self._place] > _MANIFEST
        codes, place = np.unique(self._code[some], return_inverse=True)
        total = np.bincount(place, weights=self.shares[self._place[some]], minlength=len(codes))
        over = codes[total > limits(self.arrays, codes) + _BROKEN]
        new = [
            code for code in np.setdiff1d(over, self._rules).tolist() if priced(self.arrays, decoded(self.arrays, code))
        ]
        if new:
            self._rules = np.append(self._rules, new)
            self.values = np.append(self.values, np.zeros(len(new)))
            self._build()
        return len(new)

    def prices(self) -> Prices:
        """What people cost now."""
        prices = Prices.free(self.arrays)
        prices.person = self.persons.copy()
        for code, price in zip(self._rules.tolist(), self.values[len(self.persons) :].tolist(), strict=True):
            if price > 0:
                charge(self.arrays, prices, decoded(self.arrays, code), price)
        return prices

    def net(self) -> Numbers:
        """What each panel of the pool nets."""
        return self.balance.net(self.values)

    def best(self) -> Numbers:
        """The most that any panel of the pool nets, for each review."""
        return self.balance.best(self.values)

    @property
    def persons(self) -> Numbers:
        """What each person costs now."""
        return self.values[: len(self.arrays.reviewers)]

    def constant(self) -> float:
        """What the rules between panels are worth in the bound."""
        return float(limits(self.arrays, self._rules) @ self.values[len(self.persons) :])


def offers(pricer: Pricer, duals: Duals, *, within: float = _WITHIN) -> tuple[Panels, float]:
    """Panels close to the best at these prices, and the bound that they prove for the people considered."""
    prices, best = duals.prices(), duals.best()
    pairs, found = pricer.pair_costs(prices), []
    bound = duals.constant() + earned_by_seats(duals.arrays, prices)
    for review in range(len(best)):
        here = pricer.best(review, prices, pairs, above=best[review] - within, within=within, most=_OFFERS)
        found.append(here.panels)
        bound += max(here.bound, float(best[review]))
    return Panels.joined(found), bound


def cooled(pricer: Pricer, values: Numbers, known: Panels, effort: Effort) -> tuple[Duals, float]:
    """Prices cooled down step by step, from these and a pool of known panels on; the best bound met on the way.

    Stops early when the time is over. The bound holds all the same, for the people that the pricer considers.
    """
    duals, bound = Duals(pricer.arrays, values), np.inf
    duals.add(known)
    for heat, reach in _ROUNDS:
        if effort.over:
            break
        new, here = offers(pricer, duals)
        bound = min(bound, here)
        duals.add(new)
        for _ in range(2):
            duals.fit(heat, reach=reach)
            if not duals.tighten():
                break
        effort.tell("prices")
    return duals, bound
