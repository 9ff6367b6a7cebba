"""The cycle with constraints that may give way, each counted as a waiver.

A waiver that one reviewer uses on several reviews (training, travel) counts once.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.cycle import Cycle, kind_of
from metstandard.panels.instance import Slot
from metstandard.panels.numbering import Extra, Flags, Ints

_BETWEEN = frozenset({"double_booking", "reciprocal", "pair_cap"})


class SoftArrays(Arrays):
    """The cycle by number, with waivers. `banned` constraints must be kept; `granted` ones are waived already."""

    soft = True

    def __init__(self, cycle: Cycle, banned: Collection[str] = (), granted: Collection[str] = ()) -> None:
        super().__init__(cycle, granted)
        self._banned = frozenset(banned)
        self._strict = self.capacity
        extra = [self.may_waive(f"capacity:{person.id}") for person in self.reviewers]
        self.capacity = (self._strict + np.array(extra, dtype=np.int32)).astype(np.int32)
        self._names: dict[tuple[int, int], list[str]] = {}
        self._waivers: dict[str, int] = {}
        self._persons: dict[int, int] = {}
        self._needed: dict[int, list[Extra]] = {}
        self._offered: dict[int, tuple[Flags, Ints]] = {}

    def may_waive(self, constraint: str) -> bool:
        """Whether a constraint may still give way."""
        settled = constraint in self._banned or constraint in self.relaxed
        return kind_of(constraint) in self.cycle.relaxable and not settled

    @cached_property
    def extra_seats(self) -> Flags:
        """The seat beyond the capacity of each reviewer."""
        steps = np.arange(self.seat_costs.shape[1])
        beyond: Flags = steps >= self._strict[:, None]
        return beyond

    def may_break(self, rule: str) -> bool:
        """Whether a rule between panels may be broken."""
        return kind_of(rule) in _BETWEEN and self.may_waive(rule)

    def open_to(self, review: int) -> Flags:
        """Everybody whom only waivable rules keep off, too."""
        return self._offer(review)[0]

    @cached_property
    def _shareable(self) -> frozenset[str]:
        """Kinds whose waiver one reviewer may use on several reviews."""
        kinds = {"training", "travel"}
        if len(set(self.review_units)) < len(self.reviews):
            kinds |= {"own_unit", "ex_unit", "interest", "la_borough", "supplier", "rotation"}
        return frozenset(kinds)

    @cached_property
    def shared(self) -> dict[tuple[int, int], tuple[int, ...]]:
        """Pairs (reviewer, review) to the numbers of the shared waivers that they need."""
        found: dict[tuple[int, int], tuple[int, ...]] = {}
        for review in range(len(self.reviews)):
            self._offer(review)
        for (who, review), names in self._names.items():
            numbers = [self._waivers.setdefault(name, len(self._waivers)) for name in names]
            self._persons.update(dict.fromkeys(numbers, who))
            found[who, review] = tuple(numbers)
        return found

    def waiver_of(self, number: int) -> int:
        """The reviewer whom a shared waiver is about."""
        return self._persons[number]

    def _offer(self, review: int) -> tuple[Flags, Ints]:
        """Who may sit on a review, and how many waivers it takes."""
        if review not in self._offered:
            free, waivers = super().open_to(review), np.zeros(len(self.reviewers), dtype=np.int32)
            for who in np.flatnonzero(~free & (self.capacity > 0)).tolist():
                bars = self.bars(who, review)
                free[who] = all(self.may_waive(bar) for bar in bars)
                shared = [bar for bar in bars if kind_of(bar) in self._shareable] if free[who] else []
                waivers[who] = len(bars) - len(shared)
                if shared:
                    self._names[who, review] = shared
            self._offered[review] = free, waivers
        return self._offered[review]

    def bars(self, who: int, review: int) -> list[str]:
        """Every rule that still keeps somebody off a review."""
        bars = self.cycle.all_bars(self.reviewers[who], self.reviews[review])
        return [bar for bar in bars if bar not in self.relaxed]

    def bars_of_seat(self, who: int, seat: int) -> list[str]:
        """Every rule that keeps somebody off a seat: those of the pair, and that the seat stands."""
        stands = [name for name, holder in self._holders.get(seat, ()) if holder != who]
        return self.bars(who, int(self.seat_review[seat])) + stands

    @cached_property
    def _holders(self) -> dict[int, list[tuple[str, int]]]:
        """Each seat that stands, with the constraints that say so and whom they name."""
        found: dict[int, list[tuple[str, int]]] = {}
        for constraint, seat in self.cycle.held:
            place = self.seat_number[seat.review, seat.slot]
            if constraint not in self.relaxed:
                found.setdefault(place, []).append((constraint, self.number[seat.reviewer]))
        return found

    def may_take(self, seat: int, slot: Slot) -> Flags:
        """Who is of the seat's category; the holder alone where a seat stands and that may not be waived."""
        able = self.takers[slot].copy()
        for constraint, who in self._holders.get(seat, ()):
            if not self.may_waive(constraint):
                able &= np.arange(len(able)) == who
        return able

    def waivers_of(self, review: int) -> list[Extra]:
        """How many waivers people need on a seat of a review: for the pair, and for a seat that stood."""
        if review not in self._needed:
            everybody = np.arange(len(self.reviewers), dtype=np.int32)
            found = []
            for place, seat in enumerate(range(int(self.first_seat[review]), int(self.first_seat[review + 1]))):
                count = self._offer(review)[1].copy()
                for _, who in self._holders.get(seat, ()):
                    count += everybody != who
                some = np.flatnonzero(count).astype(np.int32)
                found.append((place, some, count[some]))
            self._needed[review] = found
        return self._needed[review]
