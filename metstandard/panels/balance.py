"""Prices that balance who is wanted with who there is: a smoothed dual, minimised by L-BFGS-B.

Groups (reviews, or seats) each take one offer at the prices of the people in it; people sell their seats, later ones
at a higher cost. Every price gives a bound, and the best prices minimise it. The minimum has kinks, so it is smoothed:
a group takes its offers in proportion to exp(net / heat).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, minimize
from scipy.sparse import csr_array

from metstandard.panels.arrays import Arrays, Columns
from metstandard.panels.linear import Index, Numbers

PRICE_MOST = 150.0
_ROUGH_HEATS = (10.0, 5.0, 2.0)
_ROUGH_STEPS = 30
_ROUGH_MOST = 60


class Balance:
    """Offers by group, in the order of the groups: what each is worth, and which columns (people, rules) it takes.

    `limits` are those of the columns beyond the people. Every group has an offer.
    """

    def __init__(
        self, arrays: Arrays, group: NDArray[Any], worth: NDArray[Any], entries: tuple[Index, Index], limits: Numbers
    ) -> None:
        self._group, self._worth, self._limits = group, worth.astype(np.float64), limits
        self._people = len(arrays.reviewers)
        shape = (len(group), self._people + len(limits))
        self._takes = csr_array((np.ones(len(entries[0])), entries), shape=shape)
        self._taken = self._takes.T.tocsr()
        self._starts = np.flatnonzero(np.diff(group, prepend=-1))
        self._seats = np.arange(arrays.total_costs.shape[1])
        self._costs = np.where(self._seats <= arrays.capacity[:, None], arrays.total_costs, np.inf)

    def net(self, values: Numbers) -> Numbers:
        """What each offer nets at these prices."""
        net: Numbers = self._worth - self._takes @ values
        return net

    def best(self, values: Numbers) -> Numbers:
        """The most that any offer of each group nets."""
        most: Numbers = np.maximum.reduceat(self.net(values), self._starts)
        return most

    def shares(self, values: Numbers, heat: float) -> Numbers:
        """How much of each offer its group takes."""
        return self._smooth(values, heat)[2]

    def _smooth(self, values: Numbers, heat: float) -> tuple[float, Numbers, Numbers]:
        """The smoothed bound, its gradient and the shares."""
        people = self._people
        net = self.net(values)
        best = np.maximum.reduceat(net, self._starts)
        share = np.exp((net - best[self._group]) / heat)
        whole = np.add.reduceat(share, self._starts)
        share /= whole[self._group]
        sold = values[:people, None] * self._seats - self._costs
        most = sold.max(axis=1)
        weight = np.exp((sold - most[:, None]) / heat)
        total = weight.sum(axis=1)
        bound = best.sum() + most.sum() + heat * (np.log(whole).sum() + np.log(total).sum())
        slope = -(self._taken @ share)
        slope[:people] += (weight @ self._seats) / total
        slope[people:] += self._limits
        return float(bound + self._limits @ values[people:]), slope, share

    def fit(self, values: Numbers, heat: float, *, steps: int, within: float = PRICE_MOST) -> Numbers:
        """The prices at the minimum at this heat, after at most so many steps from `values` on.

        No person's price moves by more than `within`: those whom no offer takes yet would become free at once.
        """
        low, high = np.zeros(len(values)), np.full(len(values), PRICE_MOST)
        low[: self._people] = np.maximum(0.0, values[: self._people] - within)
        high[: self._people] = np.minimum(PRICE_MOST, values[: self._people] + within)
        found = minimize(
            lambda here: self._smooth(here, heat)[:2],
            values,
            jac=True,
            method="L-BFGS-B",
            bounds=Bounds(low, high),
            options={"maxiter": steps, "maxcor": 20, "maxfun": 2 * steps},
        )
        fitted: Numbers = np.clip(found.x, low, high)
        return fitted


def rough(arrays: Arrays, columns: Columns, known: Numbers | None = None) -> Numbers:
    """Prices of people when seats are filled one by one, whatever the rest of the panel; better than those `known`."""
    columns = columns.narrowed(_ROUGH_MOST, known)
    rows = np.arange(len(columns), dtype=np.int64)
    seats = np.unique(columns.seat, return_inverse=True)[1]
    balance = Balance(arrays, seats, columns.fit, (rows, columns.who.astype(np.int64)), np.zeros(0))
    values = np.zeros(len(arrays.reviewers)) if known is None else known
    for heat in _ROUGH_HEATS if known is None else _ROUGH_HEATS[-1:]:
        values = balance.fit(values, heat, steps=_ROUGH_STEPS)
    return values
