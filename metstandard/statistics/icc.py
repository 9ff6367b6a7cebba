"""Intraclass correlations: how much of the differences between ratings lies between the units.

Only where they fit: every rater has rated every unit, and the values are quantities. Source of the six forms and their
intervals: Shrout and Fleiss 1979, Psychological Bulletin 86, 420-428; McGraw and Wong 1996, Psychological Methods 1,
30-46.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from metstandard.statistics.estimates import CONFIDENCE, Estimate, FloatArray, NotDefined

Form = Literal["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]
FORMS: tuple[Form, ...] = ("1,1", "2,1", "3,1", "1,k", "2,k", "3,k")

_ZERO = 1e-12  # of the total sum of squares: below this a mean square is nothing but rounding


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Mean squares of a complete table of `n` units by `k` raters: units, raters, within units, what is left."""

    n: int
    k: int
    units: float
    raters: float
    within: float
    left: float


def mean_squares(table: FloatArray) -> MeanSquares:
    """The two-way analysis of variance of a (units, raters) table.

    Raises NotDefined for a missing value, fewer than two units or raters, or no variation.
    """
    n, k = table.shape
    if n < 2 or k < 2:  # noqa: PLR2004
        raise NotDefined("It needs at least two units and two raters.")
    if not np.isfinite(table).all():
        raise NotDefined("Not every rater has rated every unit.")
    mean, by_unit, by_rater = table.mean(), table.mean(axis=1), table.mean(axis=0)
    if (table == table[0, 0]).all():
        raise NotDefined("Every rating is the same, so there is no variation to explain.")
    units = k * float(((by_unit - mean) ** 2).sum())
    raters = n * float(((by_rater - mean) ** 2).sum())
    left = float(((table - by_unit[:, None] - by_rater[None, :] + mean) ** 2).sum())
    slack = _ZERO * (units + raters + left)
    units, raters, left = (part if part > slack else 0.0 for part in (units, raters, left))
    return MeanSquares(
        n, k, units / (n - 1), raters / (k - 1), (raters + left) / (n * (k - 1)), left / ((n - 1) * (k - 1))
    )


def icc(squares: MeanSquares, form: Form, *, level: float = CONFIDENCE) -> Estimate:
    """One form: 1 raters differ by unit, 2 raters are a sample, 3 these raters only; then single ratings or means of k.

    Raises NotDefined when the form divides by nothing. Without residual variation there is a value but no interval.
    """
    value = _value(squares, form)
    ends = _single_interval(squares, form[0], level)
    if ends is None:
        return Estimate(value)
    low, high = (_of_means(end, squares.k) for end in ends) if form.endswith("k") else ends
    return Estimate(value, None, low, high)


def _value(squares: MeanSquares, form: Form) -> float:
    n, k, between = squares.n, squares.k, squares.units
    error = squares.within if form[0] == "1" else squares.left
    top = between - error
    bottom = between if form.endswith("k") else between + (k - 1) * error
    if form == "2,1":
        bottom += k * (squares.raters - error) / n
    elif form == "2,k":
        bottom += (squares.raters - error) / n
    if abs(bottom) <= _ZERO * (between + error + squares.raters):
        raise NotDefined("The units do not differ, so nothing lies between them.")
    return top / bottom


def _single_interval(squares: MeanSquares, kind: str, level: float) -> tuple[float, float] | None:
    """The interval of the form for single ratings."""
    n, k = squares.n, squares.k
    error, freedom = (squares.within, n * (k - 1)) if kind == "1" else (squares.left, (n - 1) * (k - 1))
    if not error or not squares.units:
        return None
    if kind == "2":
        return _two_way_interval(squares, level)
    upper = (1.0 + level) / 2.0
    ratio = squares.units / error
    low = ratio / float(stats.f.ppf(upper, n - 1, freedom))
    high = ratio * float(stats.f.ppf(upper, freedom, n - 1))
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


def _two_way_interval(squares: MeanSquares, level: float) -> tuple[float, float]:
    n, k, value = squares.n, squares.k, _value(squares, "2,1")
    rater_ratio = squares.raters / squares.left
    share = n * (1 + (k - 1) * value) - k * value
    top = (k - 1) * (n - 1) * (k * value * rater_ratio + share) ** 2
    freedom = top / ((n - 1) * k**2 * value**2 * rater_ratio**2 + share**2)
    upper = (1.0 + level) / 2.0
    first = float(stats.f.ppf(upper, n - 1, freedom))
    second = float(stats.f.ppf(upper, freedom, n - 1))
    noise = k * squares.raters + (k * n - k - n) * squares.left
    low = n * (squares.units - first * squares.left) / (first * noise + n * squares.units)
    high = n * (second * squares.units - squares.left) / (noise + n * second * squares.units)
    return low, high


def _of_means(single: float, k: int) -> float:
    """Spearman and Brown: what single ratings of this correlation give as means of k."""
    return single * k / (1 + single * (k - 1))
