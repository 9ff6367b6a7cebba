"""What others do about panels, written as straightforwardly as it goes: greedy, min-cost flow, flow with local search.

They share the reading of the instance and the look-ups of rules with the solver, and nothing of its search. A seat that
no rule lets anybody take stays empty; the objective counts its fit as nothing and keeps the floor of its panel.
"""

from __future__ import annotations

import random
import time
from collections import Counter

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from metstandard.panels.arrays import Arrays
from metstandard.panels.cycle import Cycle
from metstandard.panels.instance import Instance, Seat
from metstandard.panels.numbering import NOBODY, Ints
from metstandard.panels.rules import Rule, limit, rules_of_panel
from metstandard.panels.solution import terms

BEST = 60
"""People considered for each seat of a cycle of more than 200 reviews, those of the greatest fit."""

_SHIFT = 10_000.0
_HOLE = 5_000.0


class Table:
    """A plan seat by seat, with what is used up; a seat is only ever given to somebody whom every rule lets sit."""

    def __init__(self, instance: Instance) -> None:
        self.cycle = Cycle(instance)
        self.arrays = Arrays(self.cycle)
        most = None if len(self.arrays.reviews) <= 200 else BEST
        self.people: list[Ints] = []
        self.fits: list[Ints] = []
        for review in range(len(self.arrays.reviews)):
            for who, fit in self.arrays.candidates(review):
                order = np.argsort(-fit, kind="stable")[:most]
                self.people.append(who[order])
                self.fits.append(fit[order])
        self.seated = [NOBODY] * len(self.arrays.seats)
        self.used = Counter[int]()
        self.taken = Counter[Rule]()

    def panel(self, review: int) -> list[int]:
        """Who sits on a review now."""
        first, last = self.arrays.first_seat[review], self.arrays.first_seat[review + 1]
        return [who for who in self.seated[first:last] if who != NOBODY]

    def allows(self, seat: int, who: int) -> bool:
        """Whether somebody may take an empty seat as the plan stands."""
        review = int(self.arrays.seat_review[seat])
        panel = self.panel(review)
        if self.used[who] >= self.arrays.capacity[who] or any(
            self.arrays.org[who] == self.arrays.org[one] for one in panel
        ):
            return False
        own = set(rules_of_panel(self.arrays, review, panel))
        rules = set(rules_of_panel(self.arrays, review, [*panel, who])) - own
        return all(self.taken[rule] < limit(self.arrays, rule) for rule in rules)

    def change(self, seat: int, who: int) -> None:
        """Seat somebody, or NOBODY, in place of who sits there."""
        review = int(self.arrays.seat_review[seat])
        self.taken.subtract(set(rules_of_panel(self.arrays, review, self.panel(review))))
        if self.seated[seat] != NOBODY:
            self.used[self.seated[seat]] -= 1
        self.seated[seat] = who
        if who != NOBODY:
            self.used[who] += 1
        self.taken.update(set(rules_of_panel(self.arrays, review, self.panel(review))))

    def fill(self) -> None:
        """Give every empty seat to whoever fits best and may sit, less what the load costs; scarce seats first."""
        load = self.cycle.params.weights.load
        for seat in sorted(range(len(self.seated)), key=lambda seat: (len(self.people[seat]), seat)):
            if self.seated[seat] == NOBODY:
                points = self.fits[seat] - load * np.array([self.used[who] for who in self.people[seat].tolist()])
                for who in self.people[seat][np.argsort(-points, kind="stable")].tolist():
                    if self.allows(seat, who):
                        self.change(seat, who)
                        break

    def worth(self, review: int) -> int:
        """What a panel is worth, its empty seats with it; loads are counted by person."""
        slots = self.arrays.reviews[review].slots
        first = int(self.arrays.first_seat[review])
        seats = [
            Seat(review=self.arrays.reviews[review].id, slot=slot, reviewer=self.arrays.reviewers[who].id)
            for slot, who in zip(slots, self.seated[first : first + len(slots)], strict=True)
            if who != NOBODY
        ]
        found = terms(self.cycle, seats)
        return found.total - found.load - found.change

    @property
    def plan(self) -> tuple[Seat, ...]:
        """The seats that are taken."""
        return self.arrays.plan(self.seated)

    @property
    def empty(self) -> int:
        """Seats that nobody takes."""
        return self.seated.count(NOBODY)


def greedy(instance: Instance) -> Table:
    """Seat after seat, scarce ones first, whoever fits best."""
    table = Table(instance)
    table.fill()
    return table


def flow(instance: Instance) -> Table:
    """Min-cost flow over seats and people with rising loads; what breaks a rule is taken out and filled greedily."""
    table = Table(instance)
    load, capacity = table.cycle.params.weights.load, table.arrays.capacity
    first = np.concatenate([[0], np.cumsum(capacity)])
    rows, columns, costs = [], [], []
    for seat, (people, fits) in enumerate(zip(table.people, table.fits, strict=True)):
        for who, fit in zip(people.tolist(), fits.tolist(), strict=True):
            for step in range(int(capacity[who])):
                rows.append(seat)
                columns.append(int(first[who]) + step)
                costs.append(_SHIFT - fit + load * step)
        rows.append(seat)
        columns.append(int(first[-1]) + seat)
        costs.append(_SHIFT + _HOLE)
    shape = (len(table.people), int(first[-1]) + len(table.people))
    seats, places = min_weight_full_bipartite_matching(csr_array((costs, (rows, columns)), shape=shape))
    for seat, place in zip(seats.tolist(), places.tolist(), strict=True):
        if place < first[-1]:
            who = int(np.searchsorted(first, place, side="right")) - 1
            if table.allows(seat, who):
                table.change(seat, who)
    table.fill()
    return table


def flow_with_local_search(instance: Instance, *, seconds: float, seed: int = 1) -> Table:
    """The flow's plan, and then changes of one seat, or of two whose people change places, as long as they help.

    `seconds` are CPU seconds.
    """
    table, dice, ends = flow(instance), random.Random(seed), time.process_time() + seconds  # noqa: S311  no secret
    still = 0
    while time.process_time() < ends and still < 40 * len(table.seated):
        seat = dice.randrange(len(table.seated))
        better = _swapped(table, seat, dice) if dice.random() < 0.5 else _replaced(table, seat, dice)
        still = 0 if better else still + 1
    return table


def _replaced(table: Table, seat: int, dice: random.Random) -> bool:
    """Somebody else on a seat, if that is better."""
    if not len(table.people[seat]):
        return False
    new = int(table.people[seat][min(int(dice.expovariate(0.1)), len(table.people[seat]) - 1)])
    return new != table.seated[seat] and _kept(table, {seat: new})


def _swapped(table: Table, seat: int, dice: random.Random) -> bool:
    """Two seats change their people, if that is better."""
    other = dice.randrange(len(table.seated))
    one, two = table.seated[seat], table.seated[other]
    if NOBODY in (one, two) or one == two or one not in table.people[other] or two not in table.people[seat]:
        return False
    return _kept(table, {seat: two, other: one})


def _kept(table: Table, changes: dict[int, int]) -> bool:
    """Make changes; take them back unless every rule lets them and they gain points."""
    before = {seat: table.seated[seat] for seat in changes}
    reviews = sorted({int(table.arrays.seat_review[seat]) for seat in changes})
    people = sorted({*before.values(), *changes.values()} - {NOBODY})
    was = _points(table, reviews, people)
    for seat in changes:
        table.change(seat, NOBODY)
    fine = True
    for seat, who in changes.items():
        fine = fine and table.allows(seat, who)
        if fine:
            table.change(seat, who)
    if fine and _points(table, reviews, people) > was:
        return True
    for seat in changes:
        table.change(seat, NOBODY)
    for seat, who in before.items():
        if who != NOBODY:
            table.change(seat, who)
    return False


def _points(table: Table, reviews: list[int], people: list[int]) -> int:
    load = table.cycle.params.weights.load
    loads = sum(table.used[who] * (table.used[who] - 1) // 2 for who in people)
    return sum(table.worth(review) for review in reviews) - load * loads
