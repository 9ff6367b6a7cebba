"""Whole panels, and what people cost: each alone, each in one week or on one review, and two who meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metstandard.panels.arrays import Arrays
from metstandard.panels.linear import Numbers
from metstandard.panels.numbering import Ints

SEATS_MOST = 4

# More than any panel can be worth: the price of what a rule forbids.
FORBIDDEN = 1e7


@dataclass(frozen=True)
class Panels:
    """Whole panels: the review, its members by seat (NOBODY beyond the last seat) and what the panel is worth."""

    review: Ints
    members: Ints
    worth: Ints

    def __len__(self) -> int:
        return len(self.review)

    def kept(self, mask: NDArray[Any]) -> Panels:
        """The panels that a mask or a list of numbers keeps."""
        return Panels(self.review[mask], self.members[mask], self.worth[mask])

    def distinct(self) -> Panels:
        """Every panel once; the first of two stays where it is."""
        key = np.concatenate([self.review[:, None], self.members], axis=1)
        _, first = np.unique(key, axis=0, return_index=True)
        return self.kept(np.sort(first))

    @classmethod
    def none(cls) -> Panels:
        """No panels at all."""
        return cls.joined([])

    @classmethod
    def joined(cls, parts: list[Panels]) -> Panels:
        """One list of panels out of several."""
        empty = np.zeros(0, dtype=np.int32)
        return cls(
            np.concatenate([part.review for part in parts] or [empty]),
            np.concatenate([part.members for part in parts] or [empty.reshape(0, SEATS_MOST)]),
            np.concatenate([part.worth for part in parts] or [empty]),
        )


@dataclass
class Prices:
    """What a seat costs: per person, per week and person, per review and person, per two people who meet, per waiver.

    `week` has a row for each week. `pair` is keyed by the smaller number times the number of people plus the greater.
    """

    person: Numbers
    week: Numbers
    review: dict[int, dict[int, float]] = field(default_factory=dict)
    pair: dict[int, float] = field(default_factory=dict)
    waiver: float = 0.0

    @classmethod
    def free(cls, arrays: Arrays) -> Prices:
        """Nobody costs anything."""
        people, weeks = len(arrays.reviewers), int(arrays.week.max(initial=0)) + 1
        return cls(np.zeros(people), np.zeros((weeks, people)))

    def copy(self) -> Prices:
        """The same prices, to be changed freely."""
        reviews = {review: dict(found) for review, found in self.review.items()}
        return Prices(self.person.copy(), self.week.copy(), reviews, dict(self.pair), self.waiver)

    def raise_on(self, review: int, people: Iterable[int], price: float) -> None:
        """Make people dearer on one review."""
        here = self.review.setdefault(review, {})
        for who in people:
            here[who] = here.get(who, 0.0) + price

    def of(self, arrays: Arrays, review: int, who: Ints) -> Numbers:
        """What these people cost on one review, meetings aside."""
        found: Numbers = self.person[who] + self.week[arrays.week[review]][who]
        here = self.review.get(review)
        if here:
            people = np.array(sorted(here), dtype=np.int32)
            found += points_of(who, people, np.array([here[number] for number in people.tolist()]))
        return found


def points_of(who: Ints, people: Ints, points: NDArray[Any]) -> NDArray[Any]:
    """The points of each of `who`, out of sorted `people` with their `points`; 0 for the others."""
    if not len(people):
        return np.zeros(len(who), dtype=points.dtype)
    place = np.minimum(np.searchsorted(people, who), len(people) - 1)
    found: NDArray[Any] = np.where(people[place] == who, points[place], points.dtype.type(0))
    return found


class PairCosts:
    """Costs of two people who meet, looked up in bulk."""

    def __init__(self, people: int, costs: dict[int, float]) -> None:
        self._people = people
        self._keys = np.array(sorted(costs), dtype=np.int64)
        self._costs = np.array([costs[key] for key in self._keys.tolist()], dtype=np.float64)

    def between(self, one: NDArray[Any], other: NDArray[Any]) -> Numbers:
        """The costs of two broadcast arrays of people."""
        if not len(self._keys):
            return np.zeros(np.broadcast_shapes(one.shape, other.shape))
        key = np.minimum(one, other).astype(np.int64) * self._people + np.maximum(one, other)
        place = np.minimum(np.searchsorted(self._keys, key), len(self._keys) - 1)
        found: Numbers = np.where(self._keys[place] == key, self._costs[place], 0.0)
        return found
