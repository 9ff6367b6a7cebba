"""Some demands under some limits as an integer programme without wishes.

A demand is a seat to be filled (composition) or a seat that stands (lock, accepted). A limit is every other hard
constraint. Dropping the demand of a seat leaves it empty; dropping a limit lifts it altogether.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np

from metstandard.panels.cycle import Cycle, pair_id
from metstandard.panels.instance import Slot
from metstandard.panels.linear import FREE, Linear, Numbers

_TAKEN = 0.5
NOTHING = 1e-9


@dataclass(frozen=True)
class Demand:
    """A seat that must be filled, by anybody of its category or by one person."""

    id: str
    review: str
    slot: Slot
    who: str | None = None


class People:
    """Who is of each category, and what bars whom from which review: asked again and again, found once."""

    def __init__(self, cycle: Cycle) -> None:
        self.cycle = cycle
        self.takers = cache(self._takers)

    def bars(self, who: str, review: str) -> tuple[str, ...]:
        """Every rule that keeps somebody off a review."""
        return self.cycle.all_bars(self.cycle.reviewers[who], self.cycle.reviews[review])

    def _takers(self, slot: Slot) -> tuple[str, ...]:
        return tuple(person.id for person in self.cycle.instance.reviewers if self.cycle.takes(slot, person))


class Programme:
    """The demands and limits as rows and variables.

    `barred` gives barred people a variable too, which cannot be taken.
    """

    def __init__(
        self, people: People, demands: Collection[Demand], limits: Collection[str] | None, *, barred: bool = False
    ) -> None:
        self._barred = barred
        self.people, self.cycle, self.limits = people, people.cycle, limits
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
        self._one_to_a_seat(demands)
        self._members()
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
        return not any(self.active(bar) for bar in self.people.bars(who, review))

    def _seat(self, demand: Demand) -> None:
        people = self.people.takers(demand.slot) if demand.who is None else (demand.who,)
        seat = self.seats[demand.review, demand.slot]
        for who in people:
            if who not in seat and (self._barred or self._open(who, demand.review)):
                most = float(self._open(who, demand.review))
                seat[who] = int(self.linear.variables([0.0], upper=most, whole=True)[0])

    def _demand(self, demand: Demand) -> None:
        """A filled seat holds one person, of its category. So it is the only row that a stranger must not be in."""
        seat = self.seats[demand.review, demand.slot]
        takers = set(self.people.takers(demand.slot)) if demand.who is None else {demand.who}
        meets = [variable for who, variable in seat.items() if who in takers]
        if not meets:
            self.unmet.add(demand.id)
            return
        self.demand_rows[demand.id] = [self._row(meets, 1.0, 1.0)]
        strangers = [variable for who, variable in seat.items() if who not in takers]
        if demand.who is None and strangers:
            self.demand_rows[demand.id].append(self._row(strangers, 0.0, 0.0))

    def _one_to_a_seat(self, demands: Collection[Demand]) -> None:
        """A seat holds one person, whatever else is dropped: two who both stand on it cannot."""
        named: dict[tuple[str, Slot], set[str]] = defaultdict(set)
        for demand in demands:
            if demand.who is not None:
                named[demand.review, demand.slot].add(demand.who)
        for seat, people in named.items():
            if len(people) > 1:
                self._row(list(self.seats[seat].values()), -FREE, 1.0)

    def _row(self, variables: list[int], lower: float, upper: float) -> int:
        row = self.linear.rows(lower, upper)
        self.linear.also(np.repeat(row, len(variables)), np.array(variables, dtype=np.int64), 1.0)
        return int(row[0])

    def _at_most(self, limit: str, variables: list[int], most: int) -> None:
        if len(variables) > most and self.active(limit):
            self.limit_rows[limit] = self._row(variables, -FREE, most)

    def _members(self) -> None:
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

    def cap(self, values: Numbers) -> int:
        """Write out pair_cap for the pairs that an answer breaks; how many those are."""
        together: dict[tuple[str, str], int] = defaultdict(int)
        for people in self.members.values():
            panel = sorted(who for who, variable in people.items() if values[variable] > _TAKEN)
            for pair in combinations(panel, 2):
                together[pair] += 1
        most = self.cycle.params.pair_cap
        often = {pair: pair_id("pair_cap", *pair) for pair, count in sorted(together.items()) if count > most}
        broken = [pair for pair, name in often.items() if self.active(name) and name not in self._capped]
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

    def bars_needed(self, weights: Numbers) -> list[str]:
        """One bar for each person whom the proof of these weights needs to be barred; shared ones if possible."""
        sums = self.linear.weighted(weights)
        chosen: dict[str, None] = {}
        for (review, _), people in self.seats.items():
            for who, variable in people.items():
                bars = self.people.bars(who, review)
                if bars and sums[variable] > NOTHING and not any(bar in chosen for bar in bars):
                    chosen[bars[0]] = None
        return list(chosen)

    def limits_that_matter(self) -> Iterator[str]:
        """Every limit but pair_cap that could bind these demands."""
        for (review, _), people in self.seats.items():
            for who in people:
                yield from self.people.bars(who, review)
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
