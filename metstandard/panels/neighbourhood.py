"""Large-neighbourhood search: free some reviews, choose their panels anew as well as can be, keep what is better.

Prices say where a plan loses against the bound: each review by how much its panel nets less than its best one. The
search frees a review that loses, with the reviews whose people its better panels would need.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from metstandard.panels.arrays import Arrays
from metstandard.panels.choice import Chooser
from metstandard.panels.effort import Effort
from metstandard.panels.linear import Index, Numbers
from metstandard.panels.numbering import NOBODY
from metstandard.panels.prices import FORBIDDEN, Panels, Prices
from metstandard.panels.pricing import Pricer
from metstandard.panels.standing import Standing

_NODES = 200
_NEAR = 3.0
_NEAR_MOST = 8
_FOLLOWED = 4
_ALWAYS = 0.05
_WIDTHS = (40, 80, 160, 240)
_STALLED = 60
_FILLS = 6
_FILL_NODES = 10
_FILL_WIDTH = 15
_FILL_WITHIN = 60.0
_FILL_OFFERS = 60


@dataclass(frozen=True)
class Terrain:
    """Prices, what each review nets at best, and the panels that come near, by review."""

    prices: Prices
    best: Numbers
    near: dict[int, Panels]


def terrain(panels: Panels, net: Numbers, prices: Prices, best: Numbers) -> Terrain:
    """The terrain that a pool of panels makes, given what each nets."""
    places: dict[int, list[int]] = defaultdict(list)
    order = np.argsort(-net, kind="stable")
    for place in order[net[order] > best[panels.review[order]] - _NEAR].tolist():
        review = int(panels.review[place])
        if len(places[review]) < _NEAR_MOST and panels.members[place, 0] != NOBODY:
            places[review].append(place)
    return Terrain(
        prices, best, {review: panels.kept(np.array(found, dtype=np.int64)) for review, found in places.items()}
    )


class Neighbourhood:
    """A search over one plan. The same seed searches in the same order."""

    def __init__(self, pricer: Pricer, standing: Standing, ground: Terrain, *, seed: int) -> None:
        self.pricer, self.standing, self.ground = pricer, standing, ground
        self._dice: Generator = np.random.default_rng(seed)
        self._rounds = 0

    def search(self, effort: Effort, *, enough: float, doing: str = "search", bound: float | None = None) -> None:
        """Search wider and wider until the plan is worth `enough`, nothing helps any more, or the time is over.

        Once all reviews were free together and nothing was better, nothing will be.
        """
        for width in _WIDTHS:
            stalled = 0
            while stalled < _STALLED * self._scale(width) and not effort.over and self._worse_than(enough):
                free = self._pick(min(width, len(self.standing.worth)))
                better = self.improve(free, effort)
                stalled = 0 if better else stalled + 1
                if not better and len(free) == len(self.standing.worth):
                    return
                if better and not len(self.standing.empty):
                    effort.tell(doing, objective=self.standing.objective, bound=bound)

    def fill(self, effort: Effort) -> bool:
        """Try to give every empty review a panel by freeing others around it; whether every review has one now.

        What a panel is worth hardly matters here, so each review offers far more than its best panels.
        """
        tries, fewest = 0, len(self.standing.empty)
        while fewest and tries < _FILLS and not effort.over:
            width = min(_FILL_WIDTH * (1 + tries // 3), len(self.standing.worth))
            self.improve(self._pick(width), effort, within=_FILL_WITHIN, most=_FILL_OFFERS, nodes=_FILL_NODES)
            tries = 0 if len(self.standing.empty) < fewest else tries + 1
            fewest = len(self.standing.empty)
        return not fewest

    def _scale(self, width: int) -> float:
        """A small cycle is searched through sooner."""
        return max(1.0, len(self.standing.worth) / width / 4)

    def _worse_than(self, enough: float) -> bool:
        return len(self.standing.empty) > 0 or self.standing.objective < enough

    def improve(self, free: Index, effort: Effort, *, within: float = 4.0, most: int = 30, nodes: int = _NODES) -> bool:
        """Choose the panels of the `free` reviews anew, the others standing; whether the plan got better.

        Each review offers its panel now, and up to `most` within `within` points of its best at these prices.
        """
        standing = self.standing
        here = standing.restricted(self.ground.prices, free)
        pairs = self.pricer.pair_costs(here)
        now = standing.panels(free)
        offers = [now]
        for review in free.tolist():
            found = self.pricer.best(review, here, pairs, above=-FORBIDDEN / 2, within=within, most=most)
            offers.append(found.panels)
        panels = Panels.joined(offers).distinct()
        seated = {review: place for place, review in enumerate(now.review.tolist())}
        start = np.array([seated.get(review, NOBODY) for review in free.tolist()])
        used, empty = standing.used(without=free), float(standing.arrays.empty_cost)
        taken = standing.meetings(without=free)
        chooser = Chooser(standing.arrays, panels, free, used=used, empty=empty, taken=taken)
        self._rounds += 1
        choice = chooser.choose(seconds=effort.left, seed=self._rounds, start=start, mip_max_nodes=nodes)
        if not len(choice.picked) or (choice.picked == start).all():
            return False
        return self._replace(free, panels, choice.picked[choice.picked != NOBODY])

    def _replace(self, free: Index, panels: Panels, chosen: Index) -> bool:
        new = self.standing.copy()
        new.clear(free)
        new.take(panels, chosen.tolist())
        if (len(new.empty), -new.objective) >= (len(self.standing.empty), -self.standing.objective):
            return False
        self.standing.members, self.standing.worth = new.members, new.worth
        return True

    def _pick(self, width: int) -> Index:
        """Reviews that lose, and those around them."""
        loss = self.ground.best - self.pricer.net(self.standing.members, self.standing.worth, self.ground.prices)
        if width >= len(loss):
            return np.arange(len(loss))
        odds, where = np.maximum(loss, 0.0) + _ALWAYS, self._where()
        picked: dict[int, None] = dict.fromkeys(self._some(self.standing.empty.tolist(), width // 10 + 1))
        queue = list(picked)
        while len(picked) < width:
            if not queue:
                odds[list(picked)] = 0.0
                queue = [int(self._dice.choice(len(odds), p=odds / odds.sum()))]
                picked.setdefault(queue[0])
            for review in self._around(queue.pop(0), where):
                if review not in picked and len(picked) < width:
                    picked[review] = None
                    queue.append(review)
        return np.sort(np.array(list(picked)))

    def _some(self, reviews: list[int], most: int) -> list[int]:
        return [int(review) for review in self._dice.permutation(np.array(reviews, dtype=np.int64))[:most]]

    def _where(self) -> dict[int, list[int]]:
        """The reviews that everybody sits on."""
        row, seat = np.nonzero(self.standing.members != NOBODY)
        where: dict[int, list[int]] = defaultdict(list)
        for review, who in zip(row.tolist(), self.standing.members[row, seat].tolist(), strict=True):
            where[who].append(review)
        return where

    def _around(self, review: int, where: dict[int, list[int]]) -> list[int]:
        """Some reviews whose people the better panels of this review would need."""
        panels = self.ground.near.get(review)
        if panels is None:
            panels = self.ground.near.setdefault(review, self._offers(review))
        wanted = {who for row in panels.members.tolist() for who in row if who != NOBODY}
        reviews = sorted({other for who in wanted for other in where.get(who, ()) if other != review})
        return self._some(reviews, _FOLLOWED)

    def _offers(self, review: int) -> Panels:
        pairs = self.pricer.pair_costs(self.ground.prices)
        found = self.pricer.best(review, self.ground.prices, pairs, above=-FORBIDDEN, within=_NEAR, most=_NEAR_MOST)
        return found.panels


def flat(arrays: Arrays) -> Terrain:
    """The terrain before any prices are known: every review loses the same."""
    return Terrain(Prices.free(arrays), np.zeros(len(arrays.reviews)), {})
