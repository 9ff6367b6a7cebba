"""Whether some demands can hold together under some limits: the question behind every conflict."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from metstandard.panels.cycle import Cycle
from metstandard.panels.effort import Effort
from metstandard.panels.linear import Verdict
from metstandard.panels.programme import NOTHING, Demand, People, Programme


class OutOfTime(Exception):
    """The question was not answered in time."""


class Claims:
    """The demands of a cycle, and the question whether some of them can hold together."""

    def __init__(self, cycle: Cycle, effort: Effort) -> None:
        self.cycle = cycle
        self._effort = effort
        seats = [(review.id, slot) for review in cycle.instance.reviews for slot in review.slots]
        filled = [Demand(f"composition:{review}:{slot}", review, slot) for review, slot in seats]
        held = [Demand(name, seat.review, seat.slot, seat.reviewer) for name, seat in cycle.held]
        self.demands = tuple(dict.fromkeys((*filled, *held)))
        self.people = People(cycle)

    def possible(self, demands: Collection[Demand], limits: Collection[str] | None = None) -> bool:
        """Whether the demands can hold together under these limits, or under all. Raises OutOfTime."""
        programme = Programme(self.people, demands, limits)
        if programme.hopeless:
            return False
        while True:
            outcome = programme.linear.whole(seconds=self._effort.left)
            if outcome.verdict is Verdict.INFEASIBLE:
                return False
            if not outcome.found:
                raise OutOfTime
            if not programme.cap(outcome.values):
                return True

    def certificate(self, demands: Collection[Demand]) -> tuple[list[Demand], list[str]] | None:
        """Demands and limits that fail together as a linear programme already; None if the demands do not."""
        programme = Programme(self.people, demands, None, barred=True)
        if programme.unmet:
            alone = next(demand for demand in demands if demand.id in programme.unmet)
            return [alone], self.limits_on([alone])
        weights = programme.linear.ray(seconds=self._effort.left)
        if not len(weights):
            return None
        rows = programme.demand_rows
        needed = [demand for demand in demands if np.abs(weights[rows[demand.id]]).max() > NOTHING]
        limits = [limit for limit, row in programme.limit_rows.items() if abs(weights[row]) > NOTHING]
        return needed, limits + programme.bars_needed(weights)

    def sifted(self, demands: Sequence[Demand], limits: Sequence[str]) -> tuple[list[Demand], list[str], list[str]]:
        """Demands and limits that fail as a linear programme, without those that can be left out one after another.

        The third list names those that whole numbers have not shown to be needed: without them a mixture is possible.
        Raises OutOfTime.
        """
        programme = Programme(self.people, demands, frozenset(limits), barred=True)
        sieve = _Sieve(programme, self._effort)
        kept = [demand for demand in demands if not sieve.can_do_without(demand.id)]
        left = [limit for limit in limits if not sieve.can_do_without(limit)]
        return kept, left, sieve.doubtful

    def limits_on(self, demands: Collection[Demand]) -> list[str]:
        """Every limit but pair_cap that could bind these demands, each once."""
        return list(dict.fromkeys(Programme(self.people, demands, frozenset()).limits_that_matter()))

    def holders(self, demands: Collection[Demand]) -> set[str]:
        """The people whom demands name."""
        return {demand.who for demand in demands if demand.who is not None}


class _Sieve:
    """Takes constraints out of a linear programme that fails, as long as it still fails."""

    def __init__(self, programme: Programme, effort: Effort) -> None:
        self._programme, self._effort = programme, effort
        self._trial = programme.linear.trial()
        self._rows = programme.demand_rows | {limit: [row] for limit, row in programme.limit_rows.items()}
        self._bars = set(programme.limits or ())
        self.doubtful: list[str] = []

    def can_do_without(self, constraint: str) -> bool:
        """Whether the rest still fails without a constraint; if so it stays out."""
        for row in self._rows.get(constraint, ()):
            self._trial.free_row(row)
        self._bars.discard(constraint)
        opened = [] if constraint in self._rows else self._opened(constraint)
        for variable in opened:
            self._trial.let(variable, 1.0)
        verdict, values = self._trial.ask(seconds=self._effort.left)
        if verdict is Verdict.INFEASIBLE:
            return True
        if verdict is Verdict.STOPPED:
            raise OutOfTime
        if np.abs(values - np.rint(values)).max(initial=0.0) > NOTHING:
            self.doubtful.append(constraint)
        self._bars.add(constraint)
        for row in self._rows.get(constraint, ()):
            self._trial.bind_row(row)
        for variable in opened:
            self._trial.let(variable, 0.0)
        return False

    def _opened(self, bar: str) -> list[int]:
        """Variables of the people whom this bar alone still keeps off."""
        bars = self._programme.people.bars
        return [
            variable
            for (review, _), people in self._programme.seats.items()
            for who, variable in people.items()
            if bar in bars(who, review) and not any(other in self._bars for other in bars(who, review))
        ]
