"""Who could step in: ranked reserves for as many seats as the rules allow.

A reserve must be able to take that one seat as the plan stands, every rule kept, and serves `reserve_cap` seats at
most. The first round gives one reserve to as many seats as can have one; later rounds add second and third ones.
Seats that stand by a lock or an acceptance get none, because a reserve there would break that very rule.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.cycle import Cycle
from metstandard.panels.exact import EXACT_MOST
from metstandard.panels.feasible import standing_of
from metstandard.panels.instance import Instance, Seat
from metstandard.panels.linear import FREE, Linear
from metstandard.panels.numbering import Ints
from metstandard.panels.pricing import Pricer
from metstandard.panels.rules import Rule, limit, rules_of, rules_of_panel
from metstandard.panels.solution import FORMAT, Solution, broken
from metstandard.panels.solver import Answer, Ending
from metstandard.panels.standing import Standing

RANKS = 3
_CONSIDERED = 40
"""Candidates for each seat of a cycle too large to weigh all of them."""
_COVERED = 100_000.0
_TAKEN = 0.5


def with_reserves(instance: Instance, answer: Answer, *, seconds: float = 60.0) -> Solution:
    """The solution of a solved answer: its plan, ranked reserves, and the constraints that it openly waives.

    Raises ValueError for an answer without a plan.
    """
    if answer.ending is not Ending.SOLVED:
        raise ValueError(f"an answer that is {answer.ending} has no plan")
    cycle = Cycle(instance)
    waived = broken(cycle, answer.plan) & Counter(answer.relaxed)
    return Solution(
        format=FORMAT,
        instance=instance.name,
        assignments=answer.plan,
        reserves=reserves(cycle, answer.plan, relaxed=answer.relaxed, seconds=seconds),
        relaxed=tuple(sorted(waived.elements())),
    )


@dataclass(frozen=True)
class Candidate:
    """Somebody who could step into a seat, and how many points the plan would gain by it (mostly below 0)."""

    seat: int
    who: int
    gain: int


def reserves(
    cycle: Cycle, plan: Iterable[Seat], *, relaxed: Iterable[str] = (), beyond_held: bool = False, seconds: float = 60.0
) -> tuple[Seat, ...]:
    """Reserves for a whole plan, best first for each seat, in the order of its seats.

    `beyond_held` gives reserves to locked and accepted seats too, for the day when their holder drops out.
    """
    bench = Bench(cycle, plan, relaxed=relaxed)
    seats = range(len(bench.arrays.seats))
    open_seats = [seat for seat in seats if beyond_held or seat not in bench.arrays.held]
    most = None if len(bench.arrays.reviews) <= EXACT_MOST else _CONSIDERED
    offers = [offer for seat in open_seats for offer in bench.candidates(seat, most=most)]
    left = np.full(len(bench.arrays.reviewers), cycle.params.reserve_cap)
    chosen: list[Candidate] = []
    for _ in range(RANKS):
        taken = _round(offers, left, seconds)
        chosen += taken
        np.subtract.at(left, [offer.who for offer in taken], 1)
        given = {(offer.seat, offer.who) for offer in taken}
        offers = [offer for offer in offers if left[offer.who] > 0 and (offer.seat, offer.who) not in given]
        if not taken or not offers:
            break
    ranked = sorted(chosen, key=lambda offer: (offer.seat, -offer.gain, offer.who))
    return tuple(bench.seat(offer.seat, offer.who) for offer in ranked)


def _round(offers: list[Candidate], left: Ints, seconds: float) -> list[Candidate]:
    """At most one reserve for each seat: as many seats as possible, then the best ones.

    A transport problem, so the linear programme has a whole answer.
    """
    if not offers:
        return []
    linear = Linear()
    gain = np.array([offer.gain for offer in offers], dtype=np.float64)
    x = linear.variables(-(_COVERED + gain))
    seat, who = np.array([offer.seat for offer in offers]), np.array([offer.who for offer in offers])
    linear.grouped(seat, x, -FREE, 1.0)
    people, place = np.unique(who, return_inverse=True)
    rows = linear.rows(np.full(len(people), -FREE), left[people])
    linear.also(rows[place], x, 1.0)
    outcome = linear.relaxed(seconds=seconds)
    taken = outcome.values > _TAKEN if outcome.found else np.zeros(len(offers), dtype=np.bool_)
    return [offers[number] for number in np.flatnonzero(taken).tolist()]


class Bench:
    """A plan, and who could step into each of its seats."""

    def __init__(self, cycle: Cycle, plan: Iterable[Seat], *, relaxed: Iterable[str] = ()) -> None:
        self.arrays = Arrays(cycle, relaxed)
        self._pricer = Pricer(self.arrays, None)
        self.holders = self.arrays.holders(plan)
        self.standing: Standing = standing_of(self._pricer, self.holders)
        self._used = self.standing.used()
        self._load = cycle.params.weights.load
        everything = self.standing.panels(np.arange(len(self.arrays.reviews)))
        self._taken = Counter(rule for _, rule in rules_of(self.arrays, everything))

    def seat(self, seat: int, who: int) -> Seat:
        """A seat and a reviewer by name."""
        review, slot = self.arrays.seats[seat]
        return Seat(review=self.arrays.reviews[review].id, slot=slot, reviewer=self.arrays.reviewers[who].id)

    def candidates(self, seat: int, *, most: int | None = None) -> list[Candidate]:
        """Those who could step into a seat as the plan stands, the best first, `most` at most."""
        review = int(self.arrays.seat_review[seat])
        place = seat - int(self.arrays.first_seat[review])
        panel = self.standing.members[review][: self.arrays.size[review]]
        able = self._able(review, place, panel)
        if not len(able):
            return []
        rows = np.repeat(panel[None, :], len(able), axis=0)
        rows[:, place] = able
        gain = self._pricer.worth(review, rows) - int(self.standing.worth[review])
        gain = gain - self._load * self._used[able] + self._load * (int(self._used[panel[place]]) - 1)
        own = set(rules_of_panel(self.arrays, review, panel.tolist()))
        found: list[Candidate] = []
        for number in np.lexsort((able, -gain)).tolist():
            if self._keeps_rules(review, rows[number].tolist(), own):
                found.append(Candidate(seat, int(able[number]), int(gain[number])))
            if len(found) == most:
                break
        return found

    def _able(self, review: int, place: int, panel: Ints) -> Ints:
        """Who has a seat left and may share a panel with its other members."""
        arrays = self.arrays
        slot = arrays.seats[int(arrays.first_seat[review]) + place][1]
        able = arrays.open_to(review) & arrays.takers[slot] & (self._used < arrays.capacity)
        able[panel] = False
        who = np.flatnonzero(able).astype(np.int32)
        for other in np.delete(panel, place).tolist():
            who = who[~arrays.apart(review, who, np.full(len(who), other, dtype=np.int32))]
        return who

    def _keeps_rules(self, review: int, row: list[int], own: set[Rule]) -> bool:
        """Whether a changed panel keeps every rule together with the other panels, which the old one is not among."""
        return all(
            self._taken[rule] - (rule in own) < limit(self.arrays, rule)
            for rule in rules_of_panel(self.arrays, review, row)
        )
