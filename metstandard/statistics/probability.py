"""How sure the overall score of a review is, and how likely the unit really meets the standard.

The figure of interest is the score that very many reviewers of ordinary severity would arrive at, of whom three were
asked. Its interval comes from the model of `severity`, which has learnt from all reviews how far reviewers and chance
move a score. Three sheets alone cannot say: a bootstrap over three reviewers covered .72 where .95 was promised, one
over criteria .76 to .79. The simulation in tests/statistics/test_coverage.py shows what this one covers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from metstandard.common.errors import Invalid
from metstandard.statistics.equations import CrossedFit
from metstandard.statistics.estimates import CONFIDENCE, FloatArray, NotDefined
from metstandard.statistics.severity import SeverityModel

TOP_LEVEL = 4
"""The highest level of the scale; a mean level of this is a score of 100."""


@dataclass(frozen=True, slots=True)
class Overall:
    """A review's overall score, 0 to 100, its interval at `level`, and the probability of reaching the threshold."""

    score: float
    low: float
    high: float
    probability: float
    level: float = CONFIDENCE


def mean_level(levels: Mapping[str, int], weights: Mapping[str, int | Fraction]) -> Fraction:
    """One sheet's weighted mean in levels: what goes into the model as that reviewer's mark of the review.

    `levels` by criterion, without criteria that do not apply. Exact. Raises Invalid for a criterion without weight and
    NotDefined for an empty sheet. Source: the award rules' overall score, before it is put on 0 to 100.
    """
    for criterion in levels:
        if criterion not in weights:
            raise Invalid(f"Criterion {criterion} has no weight.", field=criterion)
    total = sum((Fraction(weights[criterion]) for criterion in levels), Fraction(0))
    if not total:
        raise NotDefined("The sheet has no level for any criterion that counts.")
    return sum((Fraction(weights[criterion]) * level for criterion, level in levels.items()), Fraction(0)) / total


def overall(
    model: SeverityModel,
    *,
    threshold: float,
    top: int = TOP_LEVEL,
    level: float = CONFIDENCE,
) -> dict[str, Overall]:
    """Every review of the model (calibration cases left out) with its interval and probability of `threshold` or more.

    `threshold` is a score, 0 to 100; `top` the highest level of the scale the marks are in. The interval is cut at 0
    and 100. Sources: best linear unbiased prediction with its error (Henderson 1975), averaged over the plausible
    variances (see `metstandard.statistics.mixed`). Raises NotDefined when the marks are too few.
    """
    averaged = model.averaged
    if averaged is None:
        raise NotDefined("There are too few marks for an interval of the overall score.")
    if not model.layout.reviews:
        raise NotDefined("There are only calibration cases.")
    per_level = 100.0 / top
    values = [_true_levels(found) for found in averaged.fits]
    centres, variances = np.array([value[0] for value in values]), np.array([value[1] for value in values])
    score = per_level * (averaged.weights @ centres)
    low, high = averaged.interval(centres, variances, level=level)
    short = averaged.below(np.full(score.size, threshold / per_level), centres, variances)
    return {
        review: Overall(
            score=_within(float(score[number])),
            low=_within(per_level * float(low[number])),
            high=_within(per_level * float(high[number])),
            probability=1.0 - float(short[number]),
            level=level,
        )
        for number, review in enumerate(model.layout.reviews)
    }


def _true_levels(found: CrossedFit) -> tuple[FloatArray, FloatArray]:
    """The level each review is worth and the variance of its error: general mean plus the review's own part."""
    own = found.first
    return found.fixed[0] + own.prediction, found.fixed_covariance[0, 0] + own.error_variance + 2.0 * own.with_fixed[
        :, 0
    ]


def _within(score: float) -> float:
    return min(100.0, max(0.0, score))
