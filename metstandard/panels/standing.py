"""A plan under way: one panel or none for each review, and what that leaves to the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.linear import Index
from metstandard.panels.numbering import NOBODY, Flags, Ints
from metstandard.panels.prices import FORBIDDEN, SEATS_MOST, Panels, Prices
from metstandard.panels.rules import Rule, charge, limit, rules_of, rules_of_panel


class Standing:
    """Members by review (NOBODY beyond the last seat and in empty panels) and what each panel is worth."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.members = np.full((len(arrays.reviews), SEATS_MOST), NOBODY, dtype=np.int32)
        self.worth = np.zeros(len(arrays.reviews), dtype=np.int64)

    def copy(self) -> Standing:
        """The same plan, to be changed freely."""
        twin = Standing(self.arrays)
        twin.members, twin.worth = self.members.copy(), self.worth.copy()
        return twin

    @property
    def empty(self) -> Index:
        """Reviews without a panel."""
        return np.flatnonzero(self.members[:, 0] == NOBODY)

    def used(self, without: Index | None = None) -> Ints:
        """Seats of everybody, leaving out some reviews."""
        members = self.members if without is None else np.delete(self.members, without, axis=0)
        taken: Ints = np.bincount(members[members != NOBODY], minlength=len(self.arrays.reviewers)).astype(np.int32)
        return taken

    def meetings(self, without: Index) -> Mapping[Rule, int]:
        """How often two people meet, leaving out some reviews; nothing where once is all that is allowed."""
        if self.arrays.cycle.params.pair_cap <= 1:
            return {}
        rest = np.delete(np.arange(len(self.worth)), without)
        return Counter(rule for _, rule in rules_of(self.arrays, self.panels(rest)) if rule[0] == "pair")

    @property
    def objective(self) -> int:
        """What the plan is worth so far, loads included; reviews without a panel count nothing."""
        used, arrays = self.used(), self.arrays
        seats = int(arrays.total_costs[np.arange(len(used)), used].sum(dtype=np.int64))
        return int(self.worth.sum()) - seats

    def take(self, panels: Panels, places: Iterable[int]) -> None:
        """Seat these panels of a list."""
        for place in places:
            self.members[panels.review[place]] = panels.members[place]
            self.worth[panels.review[place]] = panels.worth[place]

    def clear(self, reviews: Index) -> None:
        """Unseat these panels."""
        self.members[reviews] = NOBODY
        self.worth[reviews] = 0

    def holders(self) -> Ints:
        """One reviewer's number for each seat."""
        return np.concatenate(
            [row[:size] for row, size in zip(self.members, self.arrays.size.tolist(), strict=True)]
            or [np.zeros(0, dtype=np.int32)]
        )

    def panels(self, reviews: Index) -> Panels:
        """The panels that these reviews have now; empty ones left out."""
        seated = reviews[self.members[reviews, 0] != NOBODY]
        return Panels(seated.astype(np.int32), self.members[seated], self.worth[seated].astype(np.int32))

    def restricted(self, prices: Prices, free: Index) -> Prices:
        """These prices for the `free` reviews, with everything forbidden that the other panels rule out."""
        arrays = self.arrays
        others = np.delete(self.members, free, axis=0)
        rest = np.delete(np.arange(len(arrays.reviews)), free)
        row, seat = np.nonzero(others != NOBODY)
        who, review = others[row, seat], rest[row]
        found = prices.copy()
        full = np.bincount(who, minlength=len(found.person)) >= arrays.capacity
        found.person[full] += FORBIDDEN
        if arrays.relaxed:
            self._forbid_slowly(found, rest)
            return found
        found.week[arrays.week[review], who] += FORBIDDEN
        self._forbid_judges(found, free, who, review)
        for key in self._met(others, full):
            found.pair[key] = FORBIDDEN
        return found

    def _forbid_slowly(self, prices: Prices, rest: Index) -> None:
        """Rule by rule, so that what is waived stays open."""
        arrays = self.arrays
        taken = Counter(rule for _, rule in rules_of(arrays, self.panels(rest)))
        for rule, count in taken.items():
            if count >= limit(arrays, rule):
                charge(arrays, prices, rule, FORBIDDEN)

    def _forbid_judges(self, prices: Prices, free: Index, who: Ints, review: Index) -> None:
        """Nobody of a unit may judge where somebody of the judged unit judges that unit already."""
        arrays = self.arrays
        judging = arrays.unit[who]
        concerned = np.isin(judging, np.unique(arrays.review_unit[free]))
        judged = arrays.review_unit[review[concerned]]
        for number in free.tolist():
            for unit in np.unique(judged[judging[concerned] == arrays.review_unit[number]]).tolist():
                prices.raise_on(number, arrays.members_of[unit], FORBIDDEN)

    def _met(self, members: Ints, full: Flags) -> list[int]:
        """Keys of pairs who sit together as often as they may, and both have seats left."""
        cap, people = self.arrays.cycle.params.pair_cap, len(self.arrays.reviewers)
        keys = []
        for one, other in combinations(range(SEATS_MOST), 2):
            both = (members[:, one] != NOBODY) & (members[:, other] != NOBODY)
            both &= ~full[members[:, one]] & ~full[members[:, other]]
            low = np.minimum(members[both, one], members[both, other]).astype(np.int64)
            keys.append(low * people + np.maximum(members[both, one], members[both, other]))
        found, count = np.unique(np.concatenate(keys), return_counts=True)
        often: list[int] = found[count >= cap].tolist()
        return often


class Ledger:
    """What is used up so far, for seating one panel after another."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.used = np.zeros(len(arrays.reviewers), dtype=np.int32)
        self._taken = Counter[Rule]()

    def allows(self, review: int, row: list[int]) -> bool:
        """Whether a panel may still be seated as a whole."""
        members = [who for who in row if who != NOBODY]
        if any(self.used[who] >= self.arrays.capacity[who] for who in members):
            return False
        rules = rules_of_panel(self.arrays, review, members)
        return all(self._taken[rule] < limit(self.arrays, rule) for rule in rules)

    def seat(self, review: int, row: list[int]) -> None:
        """Write a panel in."""
        members = [who for who in row if who != NOBODY]
        self.used[members] += 1
        self._taken.update(rules_of_panel(self.arrays, review, members))
