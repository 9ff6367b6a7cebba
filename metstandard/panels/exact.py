"""The optimum with its proof, at the size of one force: the relaxation over whole panels, then all panels that matter.

The relaxation's prices give a bound. A panel that nets less than the best of its review by more than the distance
between the bound and the best known plan cannot be in a better plan. So the choice among the others is the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metstandard.panels.arrays import NOBODY, Arrays
from metstandard.panels.choice import Chooser
from metstandard.panels.effort import Effort
from metstandard.panels.linear import Index, Numbers, Verdict
from metstandard.panels.master import Master, earned_by_seats
from metstandard.panels.pricing import Panels, Pricer, Prices
from metstandard.panels.standing import Standing

EMPTY = 2000
_FIRST_WITHIN = 8.0
_FIRST_OFFERS = 10
_FIRST_GAP = 3.0
_TINY = 1e-6
_OFFERS_MOST = 60_000


@dataclass
class Relaxation:
    """Prices, what each review nets at best, and the bound they prove."""

    prices: Prices
    best: Numbers
    bound: float
    optimal: bool


def relaxation(arrays: Arrays, pricer: Pricer, standing: Standing, effort: Effort) -> Relaxation:
    """The relaxation over whole panels by columns and rows; not `optimal` if the time ran out before its end."""
    master = Master(arrays, empty=EMPTY)
    reviews = np.arange(len(arrays.reviews))
    master.add(standing.panels(reviews))
    found = Relaxation(Prices.free(arrays), np.full(len(reviews), -np.inf), np.inf, optimal=False)
    constant = 0.0
    while not effort.over:
        offers, bound = _offers(arrays, pricer, found, constant)
        found.bound = min(found.bound, bound)
        new = master.add(offers)
        _, taken, _ = master.solve(seconds=effort.left)
        broken = master.tighten(taken)
        while broken and not effort.over:
            _, taken, _ = master.solve(seconds=effort.left)
            new += broken
            broken = master.tighten(taken)
        if not master.optimal:
            break
        found.prices, found.best, constant = master.prices()
        effort.tell("prices", bound=found.bound)
        if not new:
            found.optimal = True
            break
    return found


def _offers(arrays: Arrays, pricer: Pricer, at: Relaxation, constant: float) -> tuple[Panels, float]:
    """New panels at these prices, and the bound that they prove."""
    pairs, offers = pricer.pair_costs(at.prices), []
    bound = constant + earned_by_seats(arrays, at.prices)
    for review in range(len(arrays.reviews)):
        above = max(at.best[review] + _TINY, -1e9)
        found = pricer.best(review, at.prices, pairs, above=above, within=_FIRST_WITHIN, most=_FIRST_OFFERS)
        offers.append(found.panels)
        bound += max(found.bound, -EMPTY, at.best[review])
    return Panels.joined(offers), bound


def prove(
    arrays: Arrays, pricer: Pricer, at: Relaxation, standing: Standing, effort: Effort, *, seed: int
) -> tuple[Standing, float]:
    """The best plan among the panels close to the bound, wider and wider until nothing outside can matter.

    The plan and the bound on any plan at all; they meet (less than a point apart) unless the time ran out.
    """
    gap, bound = _FIRST_GAP, at.bound
    while True:
        panels, complete = _close(pricer, at, gap)
        best, verdict, inner = _choose(arrays, panels, standing, effort, seed=seed)
        if not len(best.empty):
            standing = best
        outside = at.bound - gap if complete else at.bound
        bound = min(bound, max(inner, outside))
        objective = standing.objective if not len(standing.empty) else None
        effort.tell("proof", objective=objective, bound=bound)
        needed = at.bound - standing.objective if objective is not None else 4 * gap
        if verdict is Verdict.STOPPED or effort.over or not complete or needed <= gap:
            return standing, bound
        gap = needed + _TINY


def _close(pricer: Pricer, at: Relaxation, gap: float) -> tuple[Panels, bool]:
    """All panels that net at most `gap` less than the best of their review; whether these are all there are."""
    pairs, offers, count, complete = pricer.pair_costs(at.prices), [], 0, True
    for review in range(len(at.best)):
        found = pricer.best(review, at.prices, pairs, above=at.best[review] - gap, most=_OFFERS_MOST - count)
        offers.append(found.panels)
        count += len(found.panels)
        complete = complete and found.complete
    return Panels.joined(offers), complete


def _choose(
    arrays: Arrays, panels: Panels, standing: Standing, effort: Effort, *, seed: int
) -> tuple[Standing, Verdict, float]:
    reviews = np.arange(len(arrays.reviews))
    nobody = np.zeros(len(arrays.reviewers), dtype=np.int32)
    known = standing.panels(reviews)
    panels = Panels.joined([known, panels]).distinct()
    start = np.full(len(reviews), NOBODY)
    start[known.review] = np.arange(len(known))
    chooser = Chooser(arrays, panels, reviews, used=nobody, empty=None)
    choice = chooser.choose(seconds=effort.left, seed=seed, start=None if (start == NOBODY).any() else start)
    best = Standing(arrays)
    best.take(panels, _places(choice.picked))
    return best, choice.verdict, choice.bound


def _places(picked: Index) -> list[int]:
    return [place for place in picked.tolist() if place != NOBODY]
