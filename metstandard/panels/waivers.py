"""Which constraints of a programme may be waived, and the variable that says that one is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np

from metstandard.panels.cycle import kind_of
from metstandard.panels.linear import Index, Linear, Numbers
from metstandard.panels.numbering import NOBODY

_TAKEN = 0.5


@dataclass
class Waivers:
    """The waivers of one programme: those named in `only`, or every constraint of the `kinds`.

    `numbers` fills as rows ask: from constraint id to its variable, whole, at this `cost`.
    """

    kinds: Collection[str] = ()
    only: Collection[str] | None = None
    cost: float = 0.0
    numbers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def for_ids(cls, names: Iterable[str]) -> Waivers:
        """Waivers for these constraints and no other."""
        only = frozenset(names)
        return cls(kinds=frozenset(kind_of(name) for name in only), only=only)

    def cover(self, kind: str) -> bool:
        """Whether any constraint of this kind may be waived, so that naming its rows is worth while."""
        return kind in self.kinds

    def variables(self, linear: Linear, names: Iterable[str]) -> Index:
        """For each constraint its waiver's variable, or NOBODY where it may not be waived."""
        return np.array([self._variable(linear, name) for name in names], dtype=np.int64)

    def _variable(self, linear: Linear, name: str) -> int:
        if kind_of(name) not in self.kinds or (self.only is not None and name not in self.only):
            return NOBODY
        if name not in self.numbers:
            self.numbers[name] = int(linear.variables([self.cost], whole=True)[0])
        return self.numbers[name]

    def taken(self, values: Numbers) -> frozenset[str]:
        """The constraints that an answer waives."""
        return frozenset(name for name, number in self.numbers.items() if values[number] > _TAKEN)
