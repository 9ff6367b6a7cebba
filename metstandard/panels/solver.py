"""The solver: instance in, best plan out, with a proven bound.

A greedy plan comes first and its holes are filled. At the size of one force the optimum follows with its proof; above
that, prices from a smooth dual guide a large-neighbourhood search. Randomness comes from the seed alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from metstandard.panels.arrays import HELD_MOST, Arrays
from metstandard.panels.cycle import Cycle
from metstandard.panels.effort import Effort, Heard
from metstandard.panels.exact import EXACT_MOST, Relaxation, prove
from metstandard.panels.feasible import any_plan
from metstandard.panels.greedy import first_plan
from metstandard.panels.instance import Instance, Seat
from metstandard.panels.linear import Verdict
from metstandard.panels.matching import one_too_many
from metstandard.panels.neighbourhood import Neighbourhood, Terrain, flat
from metstandard.panels.pricing import Pricer
from metstandard.panels.standing import Standing

DEFAULT_SECONDS = 180.0
_ENOUGH = 0.9999
"""A plan this close to its bound is left alone at the larger sizes."""


class Ending(StrEnum):
    """How a search ended: with a plan, with the certainty that there is none, or without either."""

    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    LATE = "late"


@dataclass(frozen=True)
class Answer:
    """A plan (seats of every slot, empty unless solved), its objective and the bound on any plan, in whole points."""

    ending: Ending
    plan: tuple[Seat, ...]
    objective: int | None
    bound: int | None
    seconds: float
    first_seconds: float | None
    relaxed: tuple[str, ...] = ()

    @property
    def proved(self) -> bool:
        """Whether no plan is better."""
        return self.objective is not None and self.objective == self.bound

    @property
    def gap(self) -> float | None:
        """The distance to the bound as a share of the objective; None without both."""
        if self.objective is None or self.bound is None:
            return None
        return (self.bound - self.objective) / max(1, abs(self.objective))


def solve(
    instance: Instance,
    *,
    seconds: float = DEFAULT_SECONDS,
    seed: int = 0,
    relaxed: Iterable[str] = (),
    heard: Heard | None = None,
) -> Answer:
    """The best plan for a whole cycle. `relaxed` are constraint ids openly waived, of kinds that may be.

    The same instance and seed give the same plan unless the time runs out. `heard` is told of progress.
    """
    cycle = Cycle(instance)
    relaxed = tuple(sorted(relaxed))
    effort = Effort(seconds, heard, offset=cycle.kept_worth)
    search = _Search(Arrays(cycle, relaxed), effort, seed)
    ending = search.run()
    objective = search.plan.objective - cycle.kept_worth if ending is Ending.SOLVED else None
    bound = None
    if math.isfinite(search.bound):
        bound = math.floor(search.bound - cycle.kept_worth + 1e-6)
        bound = bound if objective is None else max(bound, objective)
    return Answer(
        ending=ending,
        plan=search.arrays.plan(search.plan.holders()) if ending is Ending.SOLVED else (),
        objective=objective,
        bound=bound,
        seconds=effort.spent,
        first_seconds=effort.first_answer,
        relaxed=relaxed,
    )


class _Search:
    """One run: the plan so far and the bound so far.

    Points count kept invitations as earned (`Cycle.kept_worth`).
    """

    def __init__(self, arrays: Arrays, effort: Effort, seed: int) -> None:
        self.arrays, self.effort, self.seed = arrays, effort, seed
        narrow = len(arrays.seats) * len(arrays.reviewers) > HELD_MOST
        self.pricer = Pricer(arrays, arrays.narrow() if narrow else arrays.columns())
        self.everybody = Pricer(arrays, None) if narrow else None
        self.plan = Standing(arrays)
        self.bound = math.inf

    def run(self) -> Ending:
        """Search until the optimum is proved, nothing helps any more, or the time is over."""
        if not self.arrays.reviews:
            self.bound = 0.0
            return Ending.SOLVED
        if self._seat_without_anybody():
            return Ending.INFEASIBLE
        everybody = [] if self.everybody is None else [self.everybody]
        self.plan = first_plan(self.arrays, [self.pricer, *everybody], self.effort)
        self._neighbourhood(flat(self.arrays)).fill(self.effort)
        self._tell("first plan")
        small = len(self.arrays.reviews) <= EXACT_MOST
        ending = self._small() if small else self._large()
        self._tell("done")
        return ending

    def _seat_without_anybody(self) -> bool:
        return any(
            len(who) == 0 for review in range(len(self.arrays.reviews)) for who, _ in self.pricer.candidates(review)
        )

    def _tell(self, doing: str) -> None:
        whole = not len(self.plan.empty)
        self.effort.tell(
            doing,
            objective=self.plan.objective if whole else None,
            bound=self.bound if math.isfinite(self.bound) else None,
        )

    def _neighbourhood(self, ground: Terrain) -> Neighbourhood:
        return Neighbourhood(self.pricer, self.plan, ground, seed=self.seed)

    def _small(self) -> Ending:
        if len(self.plan.empty) and self._complete() is Verdict.INFEASIBLE:
            return Ending.INFEASIBLE
        found = Relaxation(self.pricer, self.plan.panels(np.arange(len(self.arrays.reviews))))
        found.run(self.effort)
        self.bound = found.bound
        self._tell("prices")
        if found.optimal and not self.effort.over:
            self.plan, self.bound = prove(found, self.plan, self.effort, seed=self.seed)
        return Ending.LATE if len(self.plan.empty) else Ending.SOLVED

    def _large(self) -> Ending:
        if self.effort.over:
            return Ending.LATE if len(self.plan.empty) else Ending.SOLVED
        whole = None if self.everybody is not None or not len(self.plan.empty) else self.pricer.columns
        if whole is not None and one_too_many(self.arrays, whole) is not None:
            return Ending.INFEASIBLE
        from metstandard.panels.dive import approach  # noqa: PLC0415 - scipy.optimize takes a second to import

        known = self.plan.panels(np.arange(len(self.arrays.reviews)))
        found = approach(self.pricer, known, self.effort, everybody=self.everybody)
        self.bound, self.pricer, first = found.bound, found.pricer, self.plan
        self.plan = found.plan
        self._neighbourhood(found.ground).fill(self.effort)
        if (len(first.empty), -first.objective) < (len(self.plan.empty), -self.plan.objective):
            self.plan = first
        self._tell("search")
        self._search(found.ground)
        if len(self.plan.empty) and self.everybody is None:
            if self._complete() is Verdict.INFEASIBLE:
                return Ending.INFEASIBLE
            self._search(found.ground)
        return Ending.LATE if len(self.plan.empty) else Ending.SOLVED

    def _search(self, ground: Terrain) -> None:
        enough = self.bound - (1 - _ENOUGH) * abs(self.bound) if math.isfinite(self.bound) else math.inf
        self._neighbourhood(ground).search(self.effort, enough=enough, bound=self.bound)

    def _complete(self) -> Verdict:
        """Any plan at all in place of one with empty panels; INFEASIBLE if there is none, STOPPED if none in time."""
        if self.effort.over:
            return Verdict.STOPPED
        possible = any_plan(self.arrays, self.pricer, self.effort, seed=self.seed)
        if possible.plan is not None:
            self.plan = possible.plan
        return possible.verdict
