"""One line of the bench: what was measured, beside what, and how far apart the two may be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """`figure` and `peer` in the same unit, measured in the same run.

    `ratio` is figure / peer, and `target` the bound: at most it where less is better (`unit` is a cost), else at least.
    """

    name: str
    figure: float
    unit: str
    peer: float
    ratio: float
    target: float
    less_is_better: bool = True

    @property
    def met(self) -> bool:
        """Whether the ratio keeps its target."""
        return self.ratio <= self.target if self.less_is_better else self.ratio >= self.target
