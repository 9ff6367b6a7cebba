"""An instance as arrays: seats and reviewers by number, and who may take which seat, with how good a fit.

A column is one reviewer on one seat. Seats are numbered in the order of the reviews and their slots.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from metstandard.panels.cycle import DISTANCE_MOST, DISTANCE_STEP, KNOWN_TYPE
from metstandard.panels.instance import Category, Slot
from metstandard.panels.numbering import NOBODY, Extra, Flags, Ints, Numbering

HELD_MOST = 50_000_000
"""Pairs of seat and person that are held at once; beyond, only the people worth considering are."""

NARROW = 150
"""People considered for each seat where there are too many to consider all."""


@dataclass(frozen=True)
class Columns:
    """Who may take which seat: three arrays of one length, ordered by seat and then by reviewer."""

    seat: Ints
    who: Ints
    fit: Ints

    def __len__(self) -> int:
        return len(self.seat)

    @classmethod
    def of(cls, seats: Iterable[tuple[Ints, Ints]]) -> Columns:
        """Columns out of the people and their fits, seat by seat."""
        found = list(seats)
        empty = np.zeros(0, dtype=np.int32)
        return cls(
            np.repeat(np.arange(len(found), dtype=np.int32), [len(who) for who, _ in found]),
            np.concatenate([who for who, _ in found] or [empty]),
            np.concatenate([fit for _, fit in found] or [empty]),
        )

    def narrowed(self, most: int, prices: NDArray[np.float64] | None = None) -> Columns:
        """The people of greatest fit less price for each seat."""
        starts = np.searchsorted(self.seat, np.arange(self.seat.max(initial=-1) + 2)).tolist()
        cuts = [slice(one, other) for one, other in pairwise(starts)]
        return Columns.of(_best(self.who[cut], self.fit[cut], most, prices) for cut in cuts)


def _best(who: Ints, fit: Ints, most: int, prices: NDArray[np.float64] | None = None) -> tuple[Ints, Ints]:
    """The people of greatest fit, less their prices; of those who are even the first."""
    if len(who) <= most:
        return who, fit
    net = fit if prices is None else fit - prices[who]
    least = np.partition(net, len(net) - most)[len(net) - most]
    better, even = np.flatnonzero(net > least), np.flatnonzero(net == least)
    order = np.sort(np.concatenate([better, even[: most - len(better)]]))
    return who[order], fit[order]


class Arrays(Numbering):
    """Who may take which seat, and with how good a fit."""

    soft = False
    """Whether constraints may give way, each at the cost of a waiver. What follows is for that case (`soft`)."""

    @property
    def extra_seats(self) -> Flags:
        """Which seats of which reviewer need a waiver of the capacity; as wide as `seat_costs`."""
        return np.zeros(self.seat_costs.shape, dtype=np.bool_)

    def waivers_of(self, review: int) -> list[Extra]:
        """How many waivers people need on a seat of a review, shared ones apart."""
        del review
        return []

    @property
    def shared(self) -> dict[tuple[int, int], tuple[int, ...]]:
        """Pairs (reviewer, review) to the numbers of the waivers that other reviews of that person may share."""
        return {}

    def waiver_of(self, number: int) -> int:
        """The reviewer whom a shared waiver is about. Raises KeyError where there are no waivers."""
        raise KeyError(number)

    def may_break(self, rule: str) -> bool:
        """Whether a rule between panels may be broken, a waiver each time."""
        del rule
        return False

    @cached_property
    def takers(self) -> dict[Slot, Flags]:
        """For each slot, who is of its category."""
        takes = self.cycle.takes
        return {slot: np.array([takes(slot, person) for person in self.reviewers], dtype=np.bool_) for slot in Slot}

    @cached_property
    def held(self) -> dict[int, int]:
        """Seat to the reviewer who holds it by a lock or an acceptance that is not waived; NOBODY if two do."""
        found: dict[int, int] = {}
        for constraint, seat in self.cycle.held:
            if constraint not in self.relaxed:
                place, who = self.seat_number[seat.review, seat.slot], self.number[seat.reviewer]
                found[place] = who if found.get(place, who) == who else NOBODY
        return found

    @cached_property
    def _distances(self) -> Ints:
        places = np.array([(region.x, region.y) for region in self.cycle.instance.regions], dtype=np.int32)
        found: Ints = np.abs(places[:, None, :] - places[None, :, :]).sum(axis=2, dtype=np.int32)
        return found

    @cached_property
    def _levels(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        names = {name: place for place, name in enumerate(sorted({n for r in self.reviews for n in r.domains}))}
        levels = np.zeros((len(self.reviewers), len(names)))
        for number, person in enumerate(self.reviewers):
            for name, level in person.expertise.items():
                if name in names:
                    levels[number, names[name]] = level
        weights = np.zeros((len(self.reviews), len(names)))
        for number, review in enumerate(self.reviews):
            for name, weight in review.domains.items():
                weights[number, names[name]] = weight
        return levels, weights, 3 * weights.sum(axis=1)

    @cached_property
    def _knows(self) -> dict[str, Ints]:
        """For each type of unit what knowing it earns everybody."""
        kinds = {unit.type for unit in self.cycle.instance.units}
        return {
            kind: np.array([KNOWN_TYPE * (kind in person.unit_types) for person in self.reviewers], dtype=np.int32)
            for kind in kinds
        }

    def fits(self, review: int) -> Ints:
        """The fit of every reviewer for a review, as `Cycle.fit` has it. Whole numbers stay exact below 2**52."""
        levels, weights, whole = self._levels
        expertise = np.floor((100 * (levels @ weights[review]) + 0.5) / whole[review])  # never near the next number
        known = self._knows[self.cycle.unit_of(self.reviews[review]).type]
        fits: Ints = (expertise + known - self._journeys[self.review_region[review]][self.region]).astype(np.int32)
        return fits

    @cached_property
    def _journeys(self) -> Ints:
        found: Ints = np.minimum(DISTANCE_MOST, DISTANCE_STEP * self._distances)
        return found

    @cached_property
    def _reach(self) -> Ints:
        return np.array([person.travel_max for person in self.reviewers], dtype=np.int32)

    @cached_property
    def _trained(self) -> Ints:
        return np.array([person.training_until for person in self.reviewers], dtype=np.int32)

    @cached_property
    def _away(self) -> dict[int, Ints]:
        found: dict[int, list[int]] = defaultdict(list)
        for number, person in enumerate(self.reviewers):
            for week in person.unavailable:
                found[week].append(number)
        return {week: np.array(people, dtype=np.int32) for week, people in found.items()}

    @cached_property
    def _suspects(self) -> dict[str, set[int]]:
        """People whom a rule names for a unit, an employer, a borough or a review: these pairs are asked one by one."""
        found: dict[str, set[int]] = defaultdict(set)
        for number, person in enumerate(self.reviewers):
            found[f"org:{person.org}"].add(number)
            units = {left.unit for left in person.ex_units} | set(person.interests) | {person.unit or ""}
            for unit in units:
                found[f"unit:{unit}"].add(number)
            if person.category is Category.LA:
                found[f"borough:{person.borough}"].add(number)
        for unit, people in self.cycle.last_panel.items():
            found[f"unit:{unit}"].update(self.number[who] for who in people if who in self.number)
        for who, review in self.cycle.blocked | self.cycle.declined:
            found[f"review:{review}"].add(self.number[who])
        for constraint in self.relaxed:
            _, _, rest = constraint.partition(":")
            if rest.partition(":")[0] in self.number:
                found["waived"].add(self.number[rest.partition(":")[0]])
        return found

    def _named(self, review: int) -> Iterator[int]:
        unit = self.cycle.unit_of(self.reviews[review])
        keys = [f"unit:{unit.id}", f"borough:{unit.borough}", f"review:{self.reviews[review].id}", "waived"]
        keys += [f"org:{org}" for org in unit.suppliers]
        yield from sorted({number for key in keys for number in self._suspects.get(key, ())})

    def open_to(self, review: int) -> Flags:
        """Who may sit on a review as far as rules about the pair alone go; capacity 0 sits nowhere."""
        whole, here = self.reviews[review], self._distances[self.review_region[review]]
        free: Flags = (here[self.region] <= self._reach) & (self._trained >= whole.week) & (self.capacity > 0)
        free[self._away.get(whole.week, [])] = False
        for number in self._named(review):
            bars = self.cycle.bars(self.reviewers[number], whole)
            free[number] = self.capacity[number] > 0 and all(bar in self.relaxed for bar in bars)
        return free

    def candidates(self, review: int) -> list[tuple[Ints, Ints]]:
        """For each seat of a review who may take it, by number, and their fits; a held seat has its holder only."""
        free, fit = self.open_to(review), self.fits(review)
        found = []
        for seat in range(self.first_seat[review], self.first_seat[review + 1]):
            who = np.flatnonzero(free & self.may_take(seat, self.seats[seat][1])).astype(np.int32)
            found.append((who, fit[who]))
        return found

    def columns(self) -> Columns:
        """Every column, held seats with their holder only."""
        return Columns.of(pair for review in range(len(self.reviews)) for pair in self.candidates(review))

    def narrow(self, prices: NDArray[np.float64] | None = None) -> Columns:
        """As `columns`, for the people of greatest fit less price for each seat only."""
        seats = (pair for review in range(len(self.reviews)) for pair in self.candidates(review))
        return Columns.of(_best(who, fit, NARROW, prices) for who, fit in seats)

    def apart(self, review: int, one: Ints, other: Ints) -> Flags:
        """Who may not share a panel of this review (same_person, same_org), for two broadcast arrays of people."""
        clash: Flags = self.org[one] == self.org[other]
        if self.cycle.params.pair_cap == 0:
            clash = np.ones_like(clash)
        for constraint in self.relaxed:
            kind, _, rest = constraint.partition(":")
            if kind == "same_org" and rest.startswith(f"{self.reviews[review].id}:"):
                org = rest.partition(":")[2]
                waived = self.org[one] == (self.orgs.index(org) if org in self.orgs else NOBODY)
                clash = (clash & ~waived) | (one == other)
            if kind == "pair_cap" and self.cycle.params.pair_cap == 0:
                pair = [self.number.get(who, NOBODY) for who in rest.split(":")]
                clash &= ~(np.isin(one, pair) & np.isin(other, pair)) | (self.org[one] == self.org[other])
        return clash

    def may_take(self, seat: int, slot: Slot) -> Flags:
        """Who is of the seat's category, and its holder alone where somebody holds it."""
        takers = self.takers[slot]
        if seat not in self.held:
            return takers
        only = np.zeros_like(takers)
        if self.held[seat] != NOBODY:
            only[self.held[seat]] = takers[self.held[seat]]
        return only
