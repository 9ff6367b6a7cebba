"""The right of reply as the report prints it: each point of fact, its answer, and the difference it made (B7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metstandard.documents.differences import Stretch, merged


@dataclass(frozen=True, slots=True)
class AccuracyPoint:
    """One factual-accuracy point: the draft's text, what the unit asked for, and what the report says now (B7).

    `own_words`: the panel accepted it in other words than the unit's.
    """

    paragraph: int
    before: str
    proposed: str
    after: str
    accepted: bool
    reason: str
    raised_on: date
    answered_on: date
    own_words: bool = False

    @property
    def difference(self) -> tuple[Stretch, ...]:
        """What the answer did to the draft; for a refused point, what it would have done."""
        return merged(self.before, self.after if self.accepted else self.proposed)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The factual-accuracy window. No points means silence, which counts as acceptance and is logged."""

    opened_on: date
    closed_on: date
    points: tuple[AccuracyPoint, ...]
