"""A cycle by number: reviews, seats, reviewers, employers and units, and what their seats cost.

Seats are numbered in the order of the reviews and their slots.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from metstandard.panels.cycle import DISTANCE_MOST, REPEATS_MOST, Cycle, kind_of, pair_id
from metstandard.panels.instance import Seat

Ints: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]

# A seat's place on its panel, people in the order of their numbers, and their points.
Extra: TypeAlias = tuple[int, Ints, Ints]

NOBODY = -1

_EMPTY_LEAST = 1000


class Numbering:
    """The cycle by number. `relaxed` holds ids of constraints that are openly waived."""

    def __init__(self, cycle: Cycle, relaxed: Iterable[str] = ()) -> None:
        self.cycle = cycle
        self.relaxed = Counter(name for name in relaxed if kind_of(name) in cycle.relaxable)
        self.reviews = cycle.instance.reviews
        self.reviewers = cycle.instance.reviewers
        self.number = {reviewer.id: number for number, reviewer in enumerate(self.reviewers)}
        self.seats = [(review, slot) for review in range(len(self.reviews)) for slot in self.reviews[review].slots]
        self.seat_number = {(self.reviews[review].id, slot): number for number, (review, slot) in enumerate(self.seats)}
        self.seat_review = np.array([review for review, _ in self.seats], dtype=np.int32)
        sizes = [len(review.slots) for review in self.reviews]
        self.first_seat = np.concatenate([[0], np.cumsum(sizes, dtype=np.int32)]).astype(np.int32)
        self.size = np.array(sizes, dtype=np.int32)
        self.week = np.array([review.week for review in self.reviews], dtype=np.int32)
        self._index_reviewers()

    def _index_reviewers(self) -> None:
        people, cycle = self.reviewers, self.cycle
        regions = {region: number for number, region in enumerate(cycle.regions)}
        orgs: dict[str, int] = {}
        units = {unit: number for number, unit in enumerate(cycle.units)}
        self.region = np.array([regions[person.region] for person in people], dtype=np.int32)
        self.org = np.array([orgs.setdefault(person.org, len(orgs)) for person in people], dtype=np.int32)
        self.unit = np.array([units.get(person.unit or "", NOBODY) for person in people], dtype=np.int32)
        self.orgs = list(orgs)
        self.units = list(units)
        self.review_unit = np.array([units[review.unit] for review in self.reviews], dtype=np.int32)
        self.review_region = np.array(
            [regions[cycle.units[review.unit].region] for review in self.reviews], dtype=np.int32
        )
        extra = [self.relaxed[f"capacity:{person.id}"] for person in people]
        own = np.array([person.capacity for person in people], dtype=np.int32)
        self.capacity = np.minimum(own + np.array(extra, dtype=np.int32), len(self.reviews)).astype(np.int32)
        self.experienced = np.array([person.experienced for person in people], dtype=np.bool_)

    @cached_property
    def weeks(self) -> list[int]:
        """The week of each review, as plain numbers."""
        return [int(week) for week in self.week]

    @cached_property
    def review_units(self) -> list[int]:
        """The unit of each review, as plain numbers."""
        return [int(unit) for unit in self.review_unit]

    @cached_property
    def member_units(self) -> list[int]:
        """The unit of each reviewer, as plain numbers; NOBODY for those who belong to none."""
        return [int(unit) for unit in self.unit]

    @cached_property
    def sits_twice(self) -> list[bool]:
        """Whether each reviewer may take more than one seat in the cycle."""
        return [bool(seats > 1) for seats in self.capacity]

    @cached_property
    def reviews_of(self) -> dict[int, list[int]]:
        """The reviews of each unit; none for a unit that nobody reviews."""
        found: dict[int, list[int]] = defaultdict(list)
        for review, unit in enumerate(self.review_units):
            found[unit].append(review)
        return found

    @cached_property
    def reviews_by_unit(self) -> tuple[Ints, Ints]:
        """All reviews in the order of their units, and where the reviews of each unit begin."""
        order = np.argsort(self.review_unit, kind="stable").astype(np.int32)
        starts = np.searchsorted(self.review_unit[order], np.arange(len(self.units) + 1)).astype(np.int32)
        return order, starts

    @cached_property
    def last_week(self) -> int:
        """One more than the last week of any review."""
        return int(self.week.max(initial=0)) + 1

    @cached_property
    def members_of(self) -> dict[int, list[int]]:
        """The reviewers who belong to each unit."""
        found: dict[int, list[int]] = defaultdict(list)
        for who, unit in enumerate(self.member_units):
            found[unit].append(who)
        return {unit: found[unit] for unit in range(len(self.units))}

    @cached_property
    def one_of(self) -> list[bool]:
        """Units of which only one member can sit on any panel, because all of them share an employer."""
        employers: dict[int, set[int]] = defaultdict(set)
        for unit, org in zip(self.member_units, self.org.tolist(), strict=True):
            employers[unit].add(org)
        waived = any(kind_of(name) == "same_org" for name in self.relaxed)
        return [len(employers[unit]) <= 1 and not waived for unit in range(len(self.units))]

    @cached_property
    def seat_costs(self) -> Ints:
        """What the first, second, third seat of each reviewer costs: a row each, as wide as the greatest capacity."""
        steps = np.arange(int(self.capacity.max(initial=1)), dtype=np.int32)
        load = self.cycle.params.weights.load
        return np.broadcast_to(load * steps, (len(self.reviewers), len(steps))).astype(np.int32)

    @cached_property
    def empty_cost(self) -> int:
        """More than a panel may be worth and lose: the price of a review that stays without one."""
        weights, floor, seats = self.cycle.params.weights, self.cycle.params.floor, int(self.size.max(initial=1))
        panel = weights.shortfall * (floor + DISTANCE_MOST) * seats + weights.no_experienced + weights.one_region
        people = weights.load * int(self.capacity.max(initial=1)) + weights.change + weights.repeat_pair * REPEATS_MOST
        return _EMPTY_LEAST + 2 * (panel + people * seats)

    @cached_property
    def total_costs(self) -> Ints:
        """What no, one, two, three seats of each reviewer cost together."""
        return np.pad(np.cumsum(self.seat_costs, axis=1, dtype=np.int32), ((0, 0), (1, 0)))

    def extras(self, review: int) -> list[Extra]:
        """Points that people earn or lose on a seat of a review, over and above their fit."""
        return self._kept_seats.get(review, [])

    @cached_property
    def _kept_seats(self) -> dict[int, list[Extra]]:
        found: dict[int, list[Extra]] = defaultdict(list)
        change = self.cycle.params.weights.change
        for seat, who in self.invited.items():
            review = int(self.seat_review[seat])
            one = np.array([who], dtype=np.int32)
            found[review].append((seat - int(self.first_seat[review]), one, np.array([change], dtype=np.int32)))
        return found

    @cached_property
    def invited(self) -> dict[int, int]:
        """Seat to the reviewer invited to it before."""
        return {self.seat_number[seat]: self.number[who] for seat, who in self.cycle.invited.items()}

    @cached_property
    def repeats(self) -> dict[tuple[int, int], int]:
        """Pairs of reviewers (smaller number first) to how often they sat together before this cycle."""
        found = {}
        for pair, count in self.cycle.repeats.items():
            numbers = sorted(self.number[who] for who in pair if who in self.number)
            if len(numbers) == 2:  # noqa: PLR2004 - a pair
                found[numbers[0], numbers[1]] = count
        return found

    def waives_pair(self, pair: tuple[int, int]) -> bool:
        """Whether two people may openly sit together more often than pair_cap allows."""
        one, other = (self.reviewers[who].id for who in pair)
        return bool(self.relaxed) and pair_id("pair_cap", one, other) in self.relaxed

    def plan(self, holders: Iterable[int]) -> tuple[Seat, ...]:
        """Seats by name, from one reviewer's number for each seat; seats of NOBODY are left out."""
        return tuple(
            Seat(review=self.reviews[review].id, slot=slot, reviewer=self.reviewers[who].id)
            for (review, slot), who in zip(self.seats, holders, strict=True)
            if who != NOBODY
        )

    def holders(self, plan: Iterable[Seat]) -> Ints:
        """The inverse of `plan`: one reviewer's number for each seat, NOBODY where the seat is empty."""
        found = np.full(len(self.seats), NOBODY, dtype=np.int32)
        for seat in plan:
            found[self.seat_number[seat.review, seat.slot]] = self.number[seat.reviewer]
        return found
