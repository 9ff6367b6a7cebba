"""A cycle of reviews as it might be: true quality, severe and lenient reviewers, halo, chance, and whole levels.

With these sizes 14 % of cells spread over two levels or more, as in ordinary data.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from metstandard.statistics.layout import Mark

WEIGHTS = np.array([5, 4, 4, 4, 5, 5, 4, 4, 4, 4, 3, 3, 4, 3, 3, 3, 3, 3, 3, 4, 4, 3, 4, 3, 3, 3, 3, 2], dtype=float)
MEAN, UNITS, CRITERIA, CELLS = 2.7, 0.45, 0.35, 0.55
SEVERITY, HALO, CHANCE = 0.25, 0.15, 0.48


@dataclass(frozen=True, eq=False)
class Cycle:
    """`levels` (reviews, 3, 28), `seats` (reviews, 3) by reviewer, `severity` by reviewer, `truth` (reviews,) 0 to 100.

    The truth is the score that endlessly many reviewers, drawn as these were, would agree on.
    """

    levels: NDArray[np.int64]
    seats: NDArray[np.int64]
    severity: NDArray[np.float64]
    truth: NDArray[np.float64]

    @property
    def sheets(self) -> NDArray[np.float64]:
        """Each sheet's weighted mean in levels (reviews, 3)."""
        return np.asarray(self.levels @ WEIGHTS / WEIGHTS.sum())

    @property
    def marks(self) -> list[Mark]:
        """What goes into the model: one mark per sheet."""
        return [
            Mark(f"review {review}", f"reviewer {reviewer}", float(value))
            for review, (reviewers, values) in enumerate(zip(self.seats, self.sheets, strict=True))
            for reviewer, value in zip(reviewers, values, strict=True)
        ]


def cycle(reviews: int, pool: int, rng: np.random.Generator) -> Cycle:
    """A cycle in which each of three kinds of seat has `pool` reviewers, each with about as many reviews."""
    turns = -(-reviews // pool)
    seats = np.stack([rng.permutation(np.tile(np.arange(pool), turns))[:reviews] + pool * kind for kind in range(3)], 1)
    severity = rng.normal(0, SEVERITY, 3 * pool)
    quality = (
        MEAN + rng.normal(0, UNITS, (reviews, 1)) + rng.normal(0, CRITERIA, 28) + rng.normal(0, CELLS, (reviews, 28))
    )
    shift = rng.normal(0, HALO, (reviews, 3, 1)) - severity[seats][:, :, None]
    seen = quality[:, None, :] + shift + rng.normal(0, CHANCE, (reviews, 3, 28))
    levels = np.clip(np.round(seen), 0, 4).astype(np.int64)
    spread = np.sqrt(SEVERITY**2 + HALO**2 + CHANCE**2)
    expected = sum(special.ndtr((quality - cut) / spread) for cut in (0.5, 1.5, 2.5, 3.5))
    return Cycle(levels, seats, severity, 25.0 * (expected @ WEIGHTS) / WEIGHTS.sum())
