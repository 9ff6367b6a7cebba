"""A first plan within seconds: review after review, scarcest first, the best panel that still fits."""

from __future__ import annotations

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.effort import Effort
from metstandard.panels.linear import Index
from metstandard.panels.prices import FORBIDDEN, Panels, Prices
from metstandard.panels.pricing import Pricer
from metstandard.panels.standing import Ledger, Standing

_WITHIN = 10.0
_OFFERS = 20


def first_plan(arrays: Arrays, pricer: Pricer, effort: Effort) -> Standing:
    """Every review's best panel in turn, the reviews with the fewest people first; some may stay empty."""
    standing, ledger, prices = Standing(arrays), Ledger(arrays), Prices.free(arrays)
    pairs = pricer.pair_costs(prices)
    everybody = np.arange(len(arrays.reviewers))
    for review in _scarcest_first(arrays, pricer).tolist():
        if effort.over:
            break
        nexts = np.minimum(ledger.used, arrays.seat_costs.shape[1] - 1)
        full = ledger.used >= arrays.capacity
        prices.person = np.where(full, FORBIDDEN, arrays.seat_costs[everybody, nexts])
        found = pricer.best(review, prices, pairs, above=-FORBIDDEN / 2, within=_WITHIN, most=_OFFERS)
        seat_first(standing, ledger, found.panels, range(len(found.panels)))
    return standing


def seat_first(standing: Standing, ledger: Ledger, panels: Panels, places: list[int] | range) -> bool:
    """Seat the first of these panels that still fits; whether there was one."""
    for place in places:
        row = panels.members[place].tolist()
        review = int(panels.review[place])
        if ledger.allows(review, row):
            ledger.seat(review, row)
            standing.take(panels, [place])
            return True
    return False


def _scarcest_first(arrays: Arrays, pricer: Pricer) -> Index:
    fewest = [min(len(who) for who, _ in pricer.candidates(review)) for review in range(len(arrays.reviews))]
    order: Index = np.argsort(fewest, kind="stable")
    return order
