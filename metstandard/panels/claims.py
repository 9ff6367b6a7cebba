"""Whether some demands can hold together under some limits: the question behind every conflict.

A demand is a seat to be filled (composition) or a seat that stands (lock, accepted). A limit is every other hard
constraint. Dropping the demand of a seat leaves it empty; dropping a limit lifts it altogether.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from metstandard.panels.cycle import Cycle, pair_id
from metstandard.panels.effort import Effort
from metstandard.panels.instance import Slot
from metstandard.panels.linear import FREE, Linear, Verdict

_TAKEN = 0.5
_NOTHING = 1e-9


@dataclass(frozen=True)
class Demand:
    """A seat that must be filled, by anybody of its category or by one person."""

    id: str
    review: str
    slot: Slot
    who: str | None = None


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
        self.demands = (*filled, *held)
        self.bars = cache(self._bars)

    def _bars(self, who: str, review: str) -> tuple[str, ...]:
        return tuple(self.cycle.bars(self.cycle.reviewers[who], self.cycle.reviews[review]))

    @cache  # noqa: B019 - lives as long as the question
    def takers(self, slot: Slot) -> tuple[str, ...]:
        """Everybody of a slot's category."""
        return tuple(person.id for person in self.cycle.instance.reviewers if self.cycle.takes(slot, person))

    def possible(self, demands: Collection[Demand], limits: Collection[str] | None = None) -> bool:
        """Whether the demands can hold together under these limits, or under all. Raises OutOfTime."""
        programme = _Programme(self, demands, limits)
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
        programme = _Programme(self, demands, None, barred=True)
        if programme.unmet:
            alone = next(demand for demand in demands if demand.id in programme.unmet)
            return [alone], self.limits_on([alone])
        weights = programme.linear.ray(seconds=self._effort.left)
        if not len(weights):
            return None
        needed = [demand for demand in demands if np.abs(weights[programme.demand_rows[demand.id]]).max() > _NOTHING]
        limits = [limit for limit, row in programme.limit_rows.items() if abs(weights[row]) > _NOTHING]
        return needed, limits + programme.bars_needed(weights)

    def sifted(self, demands: Sequence[Demand], limits: Sequence[str]) -> tuple[list[Demand], list[str], list[str]]:
        """Demands and limits that fail as a linear programme, without those that can be left out one after another.

        The third list names those that whole numbers have not shown to be needed: without them a mixture is possible.
        Raises OutOfTime.
        """
        programme = _Programme(self, demands, frozenset(limits), barred=True)
        sieve = _Sieve(programme, self._effort)
        kept = [demand for demand in demands if not sieve.can_do_without(demand.id)]
        left = [limit for limit in limits if not sieve.can_do_without(limit)]
        return kept, left, sieve.doubtful

    def limits_on(self, demands: Collection[Demand]) -> list[str]:
        """Every limit but pair_cap that could bind these demands, each once."""
        return list(dict.fromkeys(_Programme(self, demands, frozenset()).limits_that_matter()))

    def holders(self, demands: Collection[Demand]) -> set[str]:
        """The people whom demands name."""
        return {demand.who for demand in demands if demand.who is not None}


class _Programme:
    """The demands and limits as an integer programme without wishes.

    `barred` gives barred people a variable too, which cannot be taken.
    """

    def __init__(
        self, claims: Claims, demands: Collection[Demand], limits: Collection[str] | None, *, barred: bool = False
    ) -> None:
        self._barred = barred
        self.claims, self.cycle, self.limits = claims, claims.cycle, limits
        self.linear = Linear()
        self.seats: dict[tuple[str, Slot], dict[str, int]] = defaultdict(dict)
        self.members: dict[str, dict[str, int]] = defaultdict(dict)
        self.demand_rows: dict[str, list[int]] = {}
        self.limit_rows: dict[str, int] = {}
        self.unmet: set[str] = set()
        self._capped: set[str] = set()
        for demand in demands:
            self._seat(demand)
        for demand in demands:
            self._demand(demand)
        self._people()
        self._capacities()
        self._weeks()
        self._organisations()
        self._units()

    @property
    def hopeless(self) -> bool:
        """Whether a demand fails with nobody to fill its seat."""
        return bool(self.unmet)

    def active(self, limit: str) -> bool:
        """Whether a limit counts."""
        return self.limits is None or limit in self.limits

    def _open(self, who: str, review: str) -> bool:
        return not any(self.active(bar) for bar in self.claims.bars(who, review))

    def _seat(self, demand: Demand) -> None:
        people = self.claims.takers(demand.slot) if demand.who is None else (demand.who,)
        seat = self.seats[demand.review, demand.slot]
        for who in people:
            if who not in seat and (self._barred or self._open(who, demand.review)):
                seat[who] = int(self.linear.variables([0.0], upper=float(self._open(who, demand.review)), whole=True)[0])

    def _demand(self, demand: Demand) -> None:
        """A filled seat holds one person, of its category. So it is the only row that a stranger must not be in."""
        seat = self.seats[demand.review, demand.slot]
        takers = set(self.claims.takers(demand.slot)) if demand.who is None else {demand.who}
        meets = [variable for who, variable in seat.items() if who in takers]
        if not meets:
            self.unmet.add(demand.id)
            return
        self.demand_rows[demand.id] = [self._row(meets, 1.0, 1.0)]
        strangers = [variable for who, variable in seat.items() if who not in takers]
        if demand.who is None and strangers:
            self.demand_rows[demand.id].append(self._row(strangers, 0.0, 0.0))

    def _row(self, variables: list[int], lower: float, upper: float) -> int:
        row = self.linear.rows(lower, upper)
        self.linear.also(np.repeat(row, len(variables)), np.array(variables, dtype=np.int64), 1.0)
        return int(row[0])

    def _at_most(self, limit: str, variables: list[int], most: int) -> None:
        if len(variables) > most and self.active(limit):
            self.limit_rows[limit] = self._row(variables, -FREE, most)

    def _people(self) -> None:
        """Who is a member of which panel; same_person where somebody could take two of its seats."""
        seated: dict[tuple[str, str], list[int]] = defaultdict(list)
        for (review, _), people in self.seats.items():
            for who, variable in people.items():
                seated[review, who].append(variable)
        for (review, who), variables in seated.items():
            self._at_most(f"same_person:{review}:{who}", variables, 1)
            self.members[review][who] = variables[0] if len(variables) == 1 else self._any_of(variables)

    def _any_of(self, variables: list[int]) -> int:
        """A variable that is 1 as soon as one of these is."""
        found = int(self.linear.variables([0.0])[0])
        for variable in variables:
            row = self.linear.rows(-FREE, 0.0)
            self.linear.also(row, np.array([variable]), 1.0)
            self.linear.also(row, np.array([found]), -1.0)
        return found

    def _capacities(self) -> None:
        seats: dict[str, list[int]] = defaultdict(list)
        for people in self.seats.values():
            for who, variable in people.items():
                seats[who].append(variable)
        for who, variables in seats.items():
            self._at_most(f"capacity:{who}", variables, self.cycle.reviewers[who].capacity)

    def _weeks(self) -> None:
        weeks: dict[tuple[str, int], list[int]] = defaultdict(list)
        for review, people in self.members.items():
            for who, variable in people.items():
                weeks[who, self.cycle.reviews[review].week].append(variable)
        for (who, week), variables in weeks.items():
            self._at_most(f"double_booking:{who}:{week}", variables, 1)

    def _organisations(self) -> None:
        for review, people in self.members.items():
            orgs: dict[str, list[int]] = defaultdict(list)
            for who, variable in people.items():
                orgs[self.cycle.reviewers[who].org].append(variable)
            for org, variables in orgs.items():
                self._at_most(f"same_org:{review}:{org}", variables, 1)

    def _units(self) -> None:
        ways: dict[tuple[str, str], list[int]] = defaultdict(list)
        for review, people in self.members.items():
            judged = self.cycle.reviews[review].unit
            for who, variable in people.items():
                unit = self.cycle.reviewers[who].unit
                if unit is not None and unit != judged:
                    ways[unit, judged].append(variable)
        for (one, other), variables in ways.items():
            if one < other and (other, one) in ways and self.active(pair_id("reciprocal", one, other)):
                both = [self._any_of(variables), self._any_of(ways[other, one])]
                self.limit_rows[pair_id("reciprocal", one, other)] = self._row(both, -FREE, 1.0)

    def cap(self, values: np.ndarray) -> int:
        """Write out pair_cap for the pairs that an answer breaks; how many those are."""
        together: dict[tuple[str, str], int] = defaultdict(int)
        for people in self.members.values():
            panel = sorted(who for who, variable in people.items() if values[variable] > _TAKEN)
            for pair in combinations(panel, 2):
                together[pair] += 1
        most = self.cycle.params.pair_cap
        broken = [
            pair
            for pair, count in sorted(together.items())
            if count > most and self.active(pair_id("pair_cap", *pair)) and pair_id("pair_cap", *pair) not in self._capped
        ]
        for pair in broken:
            self._write_cap(pair)
        return len(broken)

    def _write_cap(self, pair: tuple[str, str]) -> None:
        self._capped.add(pair_id("pair_cap", *pair))
        met = []
        for people in self.members.values():
            if pair[0] in people and pair[1] in people:
                variable = int(self.linear.variables([0.0])[0])
                row = self.linear.rows(-FREE, 1.0)
                self.linear.also(np.repeat(row, 2), np.array([people[pair[0]], people[pair[1]]]), 1.0)
                self.linear.also(row, np.array([variable]), -1.0)
                met.append(variable)
        self._row(met, -FREE, self.cycle.params.pair_cap)

    def bars_needed(self, weights: np.ndarray) -> list[str]:
        """One bar for each barred person whom the proof of these weights needs to be barred; shared ones if possible."""
        sums = self.linear.weighted(weights)
        chosen: dict[str, None] = {}
        for (review, _), people in self.seats.items():
            for who, variable in people.items():
                bars = self.claims.bars(who, review)
                if bars and sums[variable] > _NOTHING and not any(bar in chosen for bar in bars):
                    chosen[bars[0]] = None
        return list(chosen)

    def limits_that_matter(self) -> Iterator[str]:
        """Every limit but pair_cap that could bind these demands."""
        for (review, _), people in self.seats.items():
            for who in people:
                yield from self.claims.bars(who, review)
        yield from self._limits_of_people()

    def _limits_of_people(self) -> Iterable[str]:
        people = {who for seat in self.seats.values() for who in seat}
        yield from (f"capacity:{who}" for who in sorted(people))
        for review, members in self.members.items():
            week = self.cycle.reviews[review].week
            yield from (f"double_booking:{who}:{week}" for who in members)
            yield from (f"same_person:{review}:{who}" for who in members)
            yield from (f"same_org:{review}:{self.cycle.reviewers[who].org}" for who in members)
        units = sorted({self.cycle.reviews[review].unit for review in self.members})
        yield from (pair_id("reciprocal", *pair) for pair in combinations(units, 2))


class _Sieve:
    """Takes constraints out of a linear programme that fails, as long as it still fails."""

    def __init__(self, programme: _Programme, effort: Effort) -> None:
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
        if np.abs(values - np.rint(values)).max(initial=0.0) > _NOTHING:
            self.doubtful.append(constraint)
        self._bars.add(constraint)
        for row in self._rows.get(constraint, ()):
            self._trial.bind_row(row)
        for variable in opened:
            self._trial.let(variable, 0.0)
        return False

    def _opened(self, bar: str) -> list[int]:
        """Variables of the people whom this bar alone still keeps off."""
        bars = self._programme.claims.bars
        return [
            variable
            for (review, _), people in self._programme.seats.items()
            for who, variable in people.items()
            if bar in bars(who, review) and not any(other in self._bars for other in bars(who, review))
        ]
