"""A first plan within seconds: review after review, scarcest first, a good panel that still fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.effort import Effort
from metstandard.panels.numbering import NOBODY
from metstandard.panels.prices import FORBIDDEN, PairCosts, Panels, Prices
from metstandard.panels.pricing import Pricer
from metstandard.panels.standing import Ledger, Standing

_WITHIN = 40.0
_OFFERS = 60


def first_plan(arrays: Arrays, pricers: Sequence[Pricer], effort: Effort) -> Standing:
    """A good panel for every review in turn, the reviews with the fewest people first; some may stay empty.

    What one pricer leaves empty the next one tries, which may know more people.
    """
    standing, ledger, prices = Standing(arrays), Ledger(arrays), Prices.free(arrays)
    prices.person = np.where(arrays.capacity > 0, arrays.seat_costs[:, 0], FORBIDDEN).astype(np.float64)
    seat_rest(standing, ledger, pricers, prices, effort)
    return standing


def seat_rest(standing: Standing, ledger: Ledger, pricers: Sequence[Pricer], prices: Prices, effort: Effort) -> None:
    """A good panel at these prices, which rise, for every review that has none."""
    for pricer in pricers:
        pairs = pricer.pair_costs(prices)
        for review in _scarcest_first(standing, pricer):
            if effort.over:
                return
            if any(seat_first(standing, ledger, panels) for panels in _offers(pricer, review, prices, pairs)):
                _raise(prices, ledger, standing.members[review].tolist())


def _offers(pricer: Pricer, review: int, prices: Prices, pairs: PairCosts) -> Iterator[Panels]:
    """Good panels at once, and the best ones for whoever is not content."""
    yield pricer.quick(review, prices, pairs)
    yield pricer.best(review, prices, pairs, above=-FORBIDDEN / 2, within=_WITHIN, most=_OFFERS).panels


def _raise(prices: Prices, ledger: Ledger, row: list[int]) -> None:
    """What the next seat of these people costs."""
    arrays = ledger.arrays
    for who in row:
        if who != NOBODY:
            used = int(ledger.used[who])
            cost = arrays.seat_costs[who, used] if used < arrays.capacity[who] else FORBIDDEN
            prices.person[who] = max(prices.person[who], cost)


def seat_first(standing: Standing, ledger: Ledger, panels: Panels, places: Sequence[int] | None = None) -> bool:
    """Seat the first of these panels that still fits; whether there was one."""
    for place in range(len(panels)) if places is None else places:
        row = panels.members[place].tolist()
        review = int(panels.review[place])
        if ledger.allows(review, row):
            ledger.seat(review, row)
            standing.take(panels, [place])
            return True
    return False


def _scarcest_first(standing: Standing, pricer: Pricer) -> list[int]:
    empty = standing.empty
    fewest = [min(len(who) for who, _ in pricer.candidates(review)) for review in empty.tolist()]
    order: list[int] = empty[np.argsort(fewest, kind="stable")].tolist()
    return order
