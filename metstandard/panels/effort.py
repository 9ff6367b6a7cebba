"""How long a search may take, and who hears how far it is."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """How far a search is: what it does, after how many seconds, the best plan and the bound so far, if any."""

    doing: str
    seconds: float
    objective: int | None
    bound: float | None


_MOST = 0.9

Heard = Callable[[Step], None]


class Effort:
    """A budget of seconds from now on, and a listener. The clock only measures: it never decides what is found.

    `offset` is what the search counts beyond the objective.
    """

    def __init__(self, seconds: float, heard: Heard | None = None, *, offset: int = 0) -> None:
        self._began = time.monotonic()
        self._seconds = seconds
        self._heard = heard
        self._offset = offset
        self.first_answer: float | None = None

    @property
    def spent(self) -> float:
        """Seconds so far."""
        return time.monotonic() - self._began

    @property
    def left(self) -> float:
        """Seconds that remain, 0 or more."""
        return max(0.0, self._seconds - self.spent)

    @property
    def short(self) -> bool:
        """Whether nine tenths of the time are over: what is under way should come to an end."""
        return self.spent > _MOST * self._seconds

    @property
    def over(self) -> bool:
        """Whether the time ran out."""
        return self.left <= 0

    def tell(self, doing: str, objective: int | None = None, bound: float | None = None) -> None:
        """Tell the listener, in points of the objective; the first plan's moment is kept."""
        if objective is not None and self.first_answer is None:
            self.first_answer = self.spent
        if self._heard is not None:
            points = None if objective is None else int(objective) - self._offset
            best = None if bound is None or not math.isfinite(bound) else float(bound) - self._offset
            self._heard(Step(doing, self.spent, points, best))
