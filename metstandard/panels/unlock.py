"""What would unlock an impossible cycle: the fewest waivers, then the best plan that they allow.

Small cycles are one integer programme with a variable for each waiver. At the size of one force, sets of waivers are
searched by branch and bound: the relaxation over whole panels with a budget of waivers bounds every set that grants
some and bans others, and a set that is settled is solved like any cycle.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.cycle import Cycle
from metstandard.panels.effort import Effort
from metstandard.panels.exact import EXACT_MOST, Relaxation, prove
from metstandard.panels.giving import usage
from metstandard.panels.greedy import first_plan
from metstandard.panels.instance import Seat
from metstandard.panels.numbering import NOBODY
from metstandard.panels.prices import FORBIDDEN, Panels, Prices
from metstandard.panels.pricing import Pricer
from metstandard.panels.small import SMALL_MOST, small_unlocks
from metstandard.panels.soft import SoftArrays
from metstandard.panels.solution import broken, terms
from metstandard.panels.standing import Standing

ANSWERS = 3
_MORE = 40
_OFFERS = 10
_WITHIN = 8.0
_LACKING = 0.01
_WHOLE = 1e-4
_CLOSE = 15.0
"""Panels that net so much less than the best of their review are not handed on to the next question."""


@dataclass(frozen=True)
class Unlock:
    """Constraints to waive, the best objective then, and the plan."""

    relax: tuple[str, ...]
    objective: int
    plan: tuple[Seat, ...]


def unlocks(cycle: Cycle, effort: Effort, *, seed: int = 0, most: int = ANSWERS) -> list[Unlock]:
    """Up to `most` relaxations, the fewest waivers first, then the better objective.

    Fewer when there are no more, when the time ran out, or for a cycle too large. None contains another.
    """
    reviews = len(cycle.instance.reviews)
    if reviews > EXACT_MOST:
        return []
    found = _Hunt(cycle, effort, seed).run(most) if reviews > SMALL_MOST else []
    return found or [_unlock(cycle, plan) for plan in small_unlocks(cycle, effort, seed=seed, most=most)]


def _unlock(cycle: Cycle, plan: tuple[Seat, ...]) -> Unlock:
    waived = broken(cycle, plan)
    return Unlock(tuple(sorted(waived)), terms(cycle, plan).total, plan)


@dataclass(order=True)
class _Branch:
    """Sets of waivers that hold all `granted` and none of the `banned`; no plan under them is better than -`rank`.

    `parts` is how much of each waiver the best mixture uses; None until the branch is looked at by itself.
    """

    rank: float
    turn: int
    granted: frozenset[str] = field(compare=False)
    banned: frozenset[str] = field(compare=False)
    known: Panels = field(compare=False)
    parts: dict[str, float] | None = field(compare=False, default=None)


class _Hunt:
    """The search for one cycle."""

    def __init__(self, cycle: Cycle, effort: Effort, seed: int) -> None:
        self._cycle, self._effort, self._seed = cycle, effort, seed
        self._found: list[Unlock] = []
        self._tried: set[frozenset[str]] = set()
        self._turn = 0
        self._waiting: list[_Branch] = []

    def run(self, most: int) -> list[Unlock]:
        """All sets of one size, the best first, then of the next size, until there are enough."""
        known = self._first_panels()
        for size in range(1, _MORE):
            known = self._of_size(size, most, known)
            if len(self._found) >= most or self._effort.over:
                break
        return self._found[:most]

    def _first_panels(self) -> Panels:
        """A plan as far as it goes without any waiver, and panels that are good at rough prices."""
        from metstandard.panels.balance import rough  # noqa: PLC0415 - scipy.optimize takes half a second to import

        arrays, reviews = Arrays(self._cycle), np.arange(len(self._cycle.instance.reviews))
        pricer, prices = Pricer(arrays, arrays.columns()), Prices.free(arrays)
        plan = first_plan(arrays, [pricer], self._effort)
        prices.person = rough(arrays, pricer.all_columns)
        pairs = pricer.pair_costs(prices)
        found = [
            pricer.best(review, prices, pairs, above=-FORBIDDEN, within=_WITHIN, most=_OFFERS).panels
            for review in reviews.tolist()
        ]
        return Panels.joined([plan.panels(reviews), *found]).distinct()

    def _of_size(self, size: int, most: int, known: Panels) -> Panels:
        """Find the best sets of this size that contain none found so far; the panels met, for the next size."""
        self._waiting, reached = [], list[Unlock]()
        for granted, banned in self._roots():
            self._wait(-np.inf, granted, banned, known)
        while self._waiting and not self._effort.over:
            branch = heapq.heappop(self._waiting)
            known = branch.known
            reached.sort(key=lambda answer: -answer.objective)
            enough = most - len(self._found)
            if len(reached) >= enough and reached[enough - 1].objective > -branch.rank - 1:
                break
            if branch.parts is None:
                known = self._look(branch, size)
            else:
                self._split(reached, branch, branch.parts, size)
        self._found += sorted(reached, key=lambda answer: -answer.objective)
        return known

    def _roots(self) -> Iterable[tuple[frozenset[str], frozenset[str]]]:
        """Branches that together hold every set that contains none of those found."""
        roots = [(frozenset[str](), frozenset[str]())]
        for answer in self._found:
            roots = [
                (granted | set(answer.relax[:number]), banned | {waiver})
                for granted, banned in roots
                for number, waiver in enumerate(answer.relax)
                if waiver not in granted and not banned & set(answer.relax[:number])
            ]
        return roots

    def _wait(
        self,
        rank: float,
        granted: frozenset[str],
        banned: frozenset[str],
        known: Panels,
        parts: dict[str, float] | None = None,
    ) -> None:
        self._turn += 1
        heapq.heappush(self._waiting, _Branch(rank, self._turn, granted, banned, known, parts))

    def _look(self, branch: _Branch, size: int) -> Panels:
        """Bound a branch and keep it if it may hold a plan; the panels met."""
        if len(branch.granted) > size:
            return branch.known
        arrays = SoftArrays(self._cycle, branch.banned, branch.granted)
        found = self._bounded(arrays, size - len(branch.granted), branch.known)
        if found is None:
            return branch.known
        if found.optimal and found.lacking < _LACKING:
            shares = usage(arrays, found.panels, found.taken)
            parts = {name: share for name, share in shares.items() if share > _WHOLE}
            rank = max(branch.rank, self._cycle.kept_worth - found.bound)
            self._wait(rank, branch.granted, branch.banned, found.close(_CLOSE), parts)
        return found.close(_CLOSE)

    def _bounded(self, arrays: SoftArrays, waivers: int, known: Panels) -> Relaxation | None:
        pricer = Pricer(arrays, arrays.columns())
        if any(not len(who) for review in range(len(arrays.reviews)) for who, _ in pricer.candidates(review)):
            return None
        found = Relaxation(pricer, _still_open(pricer, known))
        found.allow(waivers)
        found.run(self._effort)
        return found

    def _split(self, reached: list[Unlock], branch: _Branch, parts: dict[str, float], size: int) -> None:
        """Settle a branch whose mixture waives in whole numbers, and divide what is left of it."""
        doubtful = [name for name, share in parts.items() if share < 1 - _WHOLE]
        if doubtful:
            name = min(doubtful, key=lambda waiver: (abs(parts[waiver] - 0.5), waiver))
            self._wait(branch.rank, branch.granted | {name}, branch.banned, branch.known)
            self._wait(branch.rank, branch.granted, branch.banned | {name}, branch.known)
            return
        whole = branch.granted | set(parts)
        self._settle(reached, whole, size, branch.known)
        rest = sorted(whole - branch.granted)
        for number, name in enumerate(rest):
            self._wait(branch.rank, branch.granted | set(rest[:number]), branch.banned | {name}, branch.known)

    def _settle(self, reached: list[Unlock], waived: frozenset[str], size: int, known: Panels) -> None:
        """Solve the cycle with these waivers, once."""
        if waived in self._tried or len(waived) != size:
            return
        self._tried.add(waived)
        arrays = Arrays(self._cycle, waived)
        pricer = Pricer(arrays, arrays.columns())
        found = Relaxation(pricer, _still_open(pricer, known))
        found.run(self._effort)
        if not found.optimal or found.lacking >= _LACKING:
            return
        plan, bound = prove(found, Standing(arrays), self._effort, seed=self._seed)
        if not len(plan.empty) and bound - plan.objective < 1:
            reached.append(_unlock(self._cycle, arrays.plan(plan.holders())))


def _still_open(pricer: Pricer, known: Panels) -> Panels:
    """The panels whose members may all sit where they are."""
    keep = np.ones(len(known), dtype=np.bool_)
    for review in np.unique(known.review).tolist():
        mine = np.flatnonzero(known.review == review)
        for place, (who, _) in enumerate(pricer.candidates(review)):
            keep[mine] &= np.isin(known.members[mine, place], who)
    return known.kept(keep & (known.members[:, 0] != NOBODY))
