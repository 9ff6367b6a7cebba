"""The optimum with its proof, at the size of one force: the relaxation over whole panels, then all panels that matter.

The relaxation's prices give a bound. A panel that nets less than the best of its review by more than the distance
between the bound and the best known plan cannot be in a better plan. So the choice among the others is the optimum.
"""

from __future__ import annotations

import numpy as np

from metstandard.panels.choice import Chooser
from metstandard.panels.effort import Effort
from metstandard.panels.linear import FREE, Index, Numbers, Verdict
from metstandard.panels.master import Master, earned_by_seats
from metstandard.panels.numbering import NOBODY
from metstandard.panels.prices import Panels, Prices
from metstandard.panels.pricing import Pricer
from metstandard.panels.standing import Standing

EXACT_MOST = 200
"""Reviews up to which the optimum is proved."""

_FIRST_WITHIN = 8.0
_FIRST_OFFERS = 10
_FIRST_GAP = 3.0
_TINY = 1e-6
_OFFERS_MOST = 60_000


class Relaxation:
    """The relaxation over whole panels, by columns and rows: prices, what each review nets at best, and the bound.

    `optimal` once nothing is left to add; `lacking` is then how many reviews even a mixture must leave empty. In the
    soft cycle `allow` says how many waivers there may be.
    """

    def __init__(self, pricer: Pricer, known: Panels) -> None:
        self.pricer, self.arrays = pricer, pricer.arrays
        self._master = Master(self.arrays)
        self._master.add(known)
        self._restart()

    @property
    def panels(self) -> Panels:
        """The panels known; `taken` says how much of each the mixture takes."""
        return self._master.panels

    def close(self, within: float) -> Panels:
        """The panels known that net at most so much less than the best of their review."""
        return self._master.close(within)

    def _restart(self) -> None:
        self.prices = Prices.free(self.arrays)
        self.best: Numbers = np.full(len(self.arrays.reviews), -np.inf)
        self.bound, self._constant = np.inf, 0.0
        self.lacking, self.optimal = 0.0, False
        self.taken: Numbers = np.zeros(0)

    def allow(self, waivers: int) -> None:
        """Allow so many waivers from now on; panels met so far stay."""
        self._master.allow(waivers)
        self._restart()
        self._settle(Effort(np.inf))

    def run(self, effort: Effort) -> None:
        """Add panels and rules until nothing is left to add, or the time is over."""
        while not effort.over and not self.optimal:
            offers, bound = self._offers()
            self.bound = min(self.bound, bound)
            new = self._master.add(offers)
            self.optimal = self._settle(effort) and not new
            effort.tell("prices", bound=self.bound)

    def _settle(self, effort: Effort) -> bool:
        """Solve with the rules that matter; whether the panels known decide (no new rule, and time enough)."""
        rules = 0
        while not effort.over:
            _, self.taken, empty = self._master.solve(seconds=effort.left)
            if not self._master.optimal:
                return False
            broken = self._master.tighten(self.taken)
            rules += broken
            if not broken:
                self.prices, self.best, self._constant = self._master.prices()
                self.lacking = float(empty.sum())
                return not rules
        return False

    def _offers(self) -> tuple[Panels, float]:
        """New panels at these prices, and the bound that they prove."""
        pairs, offers = self.pricer.pair_costs(self.prices), []
        bound = self._constant + earned_by_seats(self.arrays, self.prices)
        for review in range(len(self.best)):
            above = max(self.best[review] + _TINY, -1e9)
            found = self.pricer.best(review, self.prices, pairs, above=above, within=_FIRST_WITHIN, most=_FIRST_OFFERS)
            offers.append(found.panels)
            bound += max(found.bound, -self.arrays.empty_cost, self.best[review])
        return Panels.joined(offers), bound


def prove(at: Relaxation, standing: Standing, effort: Effort, *, seed: int) -> tuple[Standing, float]:
    """The best plan among the panels close to the bound, wider and wider until nothing outside can matter.

    The plan and the bound on any plan at all; they meet (less than a point apart) unless the time ran out.
    """
    gap, bound = _FIRST_GAP, at.bound
    while True:
        panels, complete = _close(at, gap)
        best, verdict, inner = _choose(at, panels, standing, effort, seed=seed)
        if not len(best.empty) and (len(standing.empty) or best.objective > standing.objective):
            standing = best
        outside = at.bound - gap if complete else at.bound
        bound = min(bound, max(inner, outside))
        whole = not len(standing.empty)
        effort.tell("proof", objective=standing.objective if whole else None, bound=bound)
        needed = at.bound - standing.objective if whole else np.inf
        if verdict is Verdict.STOPPED or effort.over or not complete or needed <= gap:
            return standing, bound
        gap = min(needed, 3 * gap if len(best.empty) else needed) + _TINY


def _close(at: Relaxation, gap: float) -> tuple[Panels, bool]:
    """All panels that net at most `gap` less than the best of their review; whether these are all there are."""
    pairs, offers, count, complete = at.pricer.pair_costs(at.prices), [], 0, True
    for review in range(len(at.best)):
        found = at.pricer.best(review, at.prices, pairs, above=at.best[review] - gap, most=_OFFERS_MOST - count)
        offers.append(found.panels)
        count += len(found.panels)
        complete = complete and found.complete
    return Panels.joined(offers), complete


def _choose(
    at: Relaxation, panels: Panels, standing: Standing, effort: Effort, *, seed: int
) -> tuple[Standing, Verdict, float]:
    arrays, reviews = at.arrays, np.arange(len(at.best))
    nobody = np.zeros(len(arrays.reviewers), dtype=np.int32)
    known = standing.panels(reviews)
    panels = Panels.joined([known, panels]).distinct()
    start = np.full(len(reviews), NOBODY)
    start[known.review] = np.arange(len(known))
    chooser = Chooser(arrays, panels, reviews, used=nobody, empty=None)
    first = None if (start == NOBODY).any() else start

    def heard(objective: float, bound: float) -> None:
        effort.tell("proof", objective=round(-objective) if abs(objective) < FREE else None, bound=-bound)

    choice = chooser.choose(seconds=effort.left, seed=seed, start=first, heard=heard)
    best = Standing(arrays)
    best.take(panels, _places(choice.picked))
    return best, choice.verdict, choice.bound


def _places(picked: Index) -> list[int]:
    return [place for place in picked.tolist() if place != NOBODY]
