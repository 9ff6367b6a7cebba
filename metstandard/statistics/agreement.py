"""How far several raters agree beyond chance: Krippendorff's alpha, Gwet's AC1 and AC2, Fleiss' and Cohen's kappas.

Alpha is always shown beside AC1 and AC2. When nearly every mark is the same level, alpha and the kappas fall to
nothing although raters agree, because chance is then judged to do nearly everything; Gwet's coefficients do not (Gwet
2008, British Journal of Mathematical and Statistical Psychology 61, 29-48).

Missing ratings are left out where they are missing: nothing is filled in and no unit is dropped that still says
something. Intervals treat the units as the sample and use Student's t with one degree of freedom less than units (Gwet
2014, Handbook of Inter-Rater Reliability, 4th edition, chapters 5 and 6). They are cut at 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from metstandard.statistics.estimates import CONFIDENCE, Estimate, FloatArray, IntArray, NotDefined
from metstandard.statistics.ratings import Ratings

Metric = Literal["nominal", "ordinal", "interval", "ratio"]
Weighting = Literal["unweighted", "linear", "quadratic"]

METRICS: tuple[Metric, ...] = ("nominal", "ordinal", "interval", "ratio")
WEIGHTINGS: tuple[Weighting, ...] = ("unweighted", "linear", "quadratic")

_BLOCK_CELLS = 4_000_000


def krippendorff_alpha(ratings: Ratings, metric: Metric, *, level: float = CONFIDENCE) -> Estimate:
    """Krippendorff's alpha, 1 for full agreement and 0 for chance, over units with two ratings or more.

    Source: Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, University of Pennsylvania; the interval,
    which takes the distances between categories as given, Gwet 2014, chapter 6. Raises NotDefined without two ratings
    of one unit, without variation, or for a metric that the values do not have.
    """
    _need_a_pair(ratings)
    counted = ratings.per_unit
    paired = counted > 1
    kept = paired[ratings.unit]
    totals = np.bincount(ratings.category[kept], minlength=len(ratings.categories)).astype(np.float64)
    if np.count_nonzero(totals) < 2:  # noqa: PLR2004
        raise NotDefined("Every rating is the same, so there is no variation to agree about.")
    distances = _distances(ratings, metric, totals)
    within = _within(ratings, distances)[paired]
    size = counted[paired].astype(np.float64)
    n = float(totals.sum())
    by_chance = float(totals @ distances @ totals)
    value = 1.0 - (n - 1.0) * float((within / (size - 1.0)).sum()) / by_chance
    return _with_interval(value, _alpha_parts(ratings, distances, within, size, totals), level)


def gwet_ac(ratings: Ratings, weighting: Weighting = "unweighted", *, level: float = CONFIDENCE) -> Estimate:
    """Gwet's AC1 (unweighted) or AC2 (linear or quadratic weights), for any number of raters and missing ratings.

    Source: Gwet 2008 for AC1; Gwet 2014, chapters 4 to 6, for weights, missing ratings and the interval. Raises
    NotDefined without two ratings of one unit, with a single category, or for weights on values without order.
    """
    categories = len(ratings.categories)
    _need_a_pair(ratings)
    if categories < 2:  # noqa: PLR2004
        raise NotDefined("Only one category is known; a scale with the others would define it.")
    weights = 1.0 - _disagreement(ratings, weighting)
    observed, shares, counted = _observed(ratings, weights)
    per_chance = float(weights.sum()) / (categories * (categories - 1.0))
    chance = per_chance * float((shares * (1.0 - shares)).sum())
    each = per_chance * _mean_by_unit(ratings, 1.0 - shares, counted)
    return _chance_corrected(observed, chance, each, counted, level)


def fleiss_kappa(ratings: Ratings, weighting: Weighting = "unweighted", *, level: float = CONFIDENCE) -> Estimate:
    """Fleiss' kappa. With as many ratings for every unit it is Fleiss'; else Gwet's extension to missing ratings.

    Source: Fleiss 1971, Psychological Bulletin 76, 378-382; Gwet 2014, chapters 2 and 5. Raises NotDefined without two
    ratings of one unit, without variation, or for weights on values without order.
    """
    _need_a_pair(ratings)
    weights = 1.0 - _disagreement(ratings, weighting)
    observed, shares, counted = _observed(ratings, weights)
    if np.count_nonzero(shares) < 2:  # noqa: PLR2004
        raise NotDefined("Every rating is the same, so there is no variation to agree about.")
    chance = float(shares @ weights @ shares)
    return _chance_corrected(observed, chance, _mean_by_unit(ratings, weights @ shares, counted), counted, level)


@dataclass(frozen=True, eq=False, slots=True)
class Pair:
    """Two raters, by number, and the table (q, q) of what they gave to the units both have rated."""

    first: int
    second: int
    table: FloatArray

    @property
    def n(self) -> int:
        """Units that both have rated."""
        return int(self.table.sum())


def pairs(ratings: Ratings) -> Iterator[Pair]:
    """Every pair of raters that share a unit, in order of their names."""
    raters, categories = len(ratings.raters), len(ratings.categories)
    cells = categories * categories
    keys, counts = _joint(ratings, raters, categories)
    if not keys.size:
        return
    starts = np.flatnonzero(np.diff(keys // cells, prepend=-1))
    for start, stop in zip(starts, [*starts[1:], keys.size], strict=True):
        table = np.zeros(cells)
        table[keys[start:stop] % cells] = counts[start:stop]
        first, second = divmod(int(keys[start] // cells), raters)
        yield Pair(first, second, table.reshape(categories, categories))


def cohen_kappa(
    pair: Pair, ratings: Ratings, weighting: Weighting = "unweighted", *, level: float = CONFIDENCE
) -> Estimate:
    """Cohen's kappa of two raters over the units both have rated; weights stand at the values of the categories.

    Source: Cohen 1960, Educational and Psychological Measurement 20, 37-46; Cohen 1968, Psychological Bulletin 70,
    213-220; standard error: Fleiss, Cohen and Everitt 1969, Psychological Bulletin 72, 323-327. Raises NotDefined
    without a shared unit, when both always gave the same single category, or for weights on values without order.
    """
    total = float(pair.table.sum())
    if not total:
        raise NotDefined("They have rated no unit in common.")
    disagreement = _disagreement(ratings, weighting)
    rows, columns = pair.table.sum(axis=1), pair.table.sum(axis=0)
    by_chance = float(rows @ disagreement @ columns) / total
    if not by_chance:
        raise NotDefined("Both always gave the same value, so there is no variation to agree about.")
    value = 1.0 - float((disagreement * pair.table).sum()) / by_chance
    weights, shares = 1.0 - disagreement, pair.table / total
    row, column = rows / total, columns / total
    expected = 1.0 - by_chance / total
    means = (weights @ column)[:, None] + (weights.T @ row)[None, :]
    spread = float((shares * (weights - means * (1.0 - value)) ** 2).sum()) - (value - expected * (1.0 - value)) ** 2
    error = float(np.sqrt(max(spread, 0.0) / total)) / (1.0 - expected)
    reach = float(stats.norm.ppf((1.0 + level) / 2.0)) * error
    return Estimate(value, error, value - reach, min(1.0, value + reach))


def _need_a_pair(ratings: Ratings) -> None:
    if not (ratings.per_unit > 1).any():
        raise NotDefined("No unit has two ratings.")


def _disagreement(ratings: Ratings, weighting: Weighting) -> FloatArray:
    """One less the weights of agreement, 0 to 1 (q, q)."""
    if weighting == "unweighted":
        return 1.0 - np.eye(len(ratings.categories))
    positions = ratings.ordered()
    apart = np.abs(positions[:, None] - positions[None, :])
    share = apart / max(float(apart.max()), np.finfo(float).tiny)
    return share if weighting == "linear" else share**2


def _distances(ratings: Ratings, metric: Metric, totals: FloatArray) -> FloatArray:
    """Krippendorff's squared differences (q, q); the ordinal ones depend on how often each value was given."""
    if metric == "nominal":
        return 1.0 - np.eye(totals.size)
    if metric == "ordinal":
        ratings.ordered()
        middle = np.cumsum(totals) - totals / 2.0
        return np.asarray((middle[:, None] - middle[None, :]) ** 2)
    values = ratings.quantities()
    apart = values[:, None] - values[None, :]
    if metric == "interval":
        return np.asarray(apart**2)
    if values[0] < 0:
        raise NotDefined("Ratios need values of zero or more.")
    sums = values[:, None] + values[None, :]
    return np.asarray(np.divide(apart, sums, out=np.zeros_like(apart), where=sums > 0) ** 2)


def _within(ratings: Ratings, distances: FloatArray) -> FloatArray:
    """For each unit the sum of distances over all ordered pairs of its ratings (units,), in blocks of units."""
    categories = len(ratings.categories)
    units = len(ratings.units)
    step = max(1, _BLOCK_CELLS // max(categories, 1))
    sums = np.empty(units)
    for start in range(0, units, step):
        stop = min(units, start + step)
        low, high = np.searchsorted(ratings.unit, (start, stop))
        places = (ratings.unit[low:high] - start) * categories + ratings.category[low:high]
        counts = np.bincount(places, minlength=(stop - start) * categories).reshape(-1, categories).astype(np.float64)
        sums[start:stop] = ((counts @ distances) * counts).sum(axis=1)
    return sums


@dataclass(frozen=True, eq=False, slots=True)
class _Observed:
    """Mean agreement within units, and each unit's own (0 where it has one rating)."""

    mean: float
    each: FloatArray


def _observed(ratings: Ratings, weights: FloatArray) -> tuple[_Observed, FloatArray, IntArray]:
    """Observed agreement, the categories' mean shares over rated units (q,), and ratings per rated unit."""
    rated = ratings.per_unit > 0
    counted = ratings.per_unit[rated]
    ordered_pairs = counted * (counted - 1.0)
    apart = _within(ratings, 1.0 - weights)[rated]
    each = np.divide(ordered_pairs - apart, ordered_pairs, out=np.zeros(counted.size), where=ordered_pairs > 0)
    shares = np.bincount(
        ratings.category, weights=1.0 / ratings.per_unit[ratings.unit], minlength=len(ratings.categories)
    )
    return _Observed(float(each.sum() / (counted > 1).sum()), each), shares / counted.size, counted


def _mean_by_unit(ratings: Ratings, of_category: FloatArray, counted: IntArray) -> FloatArray:
    """The mean over each rated unit's ratings of a figure per category."""
    sums = np.bincount(ratings.unit, weights=of_category[ratings.category], minlength=len(ratings.units))
    return np.asarray(sums[ratings.per_unit > 0] / counted)


def _chance_corrected(
    observed: _Observed, chance: float, chance_each: FloatArray, counted: IntArray, level: float
) -> Estimate:
    """`(observed - chance) / (1 - chance)` with each unit's part in it (Gwet 2014, section 5.3)."""
    value = (observed.mean - chance) / (1.0 - chance)
    paired = counted > 1
    share = counted.size / float(paired.sum())
    parts = share * (observed.each - chance * paired) / (1.0 - chance)
    parts = parts - 2.0 * (1.0 - value) * (chance_each - chance) / (1.0 - chance)
    return _with_interval(value, parts, level)


def _alpha_parts(
    ratings: Ratings, distances: FloatArray, within: FloatArray, size: FloatArray, totals: FloatArray
) -> FloatArray:
    """Each unit's part in alpha, less its small-sample term (Gwet 2014, section 6.5)."""
    weights = 1.0 - distances / distances.max()
    mean_size, n = float(size.mean()), totals.sum()
    shares = totals / n
    chance = float(shares @ weights @ shares)
    agreed = (size * (size - 1.0) - within / distances.max()) / (mean_size * (size - 1.0))
    plain = float(agreed.mean())
    corrected = (1.0 - 1.0 / n) * plain + 1.0 / n
    value = (plain - chance) / (1.0 - chance)
    more = (size - mean_size) / mean_size
    by_category = (weights @ shares)[ratings.category]
    sums = np.bincount(ratings.unit, weights=by_category, minlength=len(ratings.units))
    chance_each = sums[ratings.per_unit > 1] / mean_size - chance * more
    parts = (agreed - corrected * more - chance) / (1.0 - chance)
    return np.asarray(parts - 2.0 * (1.0 - value) * (chance_each - chance) / (1.0 - chance))


def _with_interval(value: float, parts: FloatArray, level: float) -> Estimate:
    units = parts.size
    if units < 2:  # noqa: PLR2004
        return Estimate(value)
    error = float(np.sqrt(((parts - parts.mean()) ** 2).sum() / (units * (units - 1.0))))
    reach = float(stats.t.ppf((1.0 + level) / 2.0, units - 1)) * error
    return Estimate(value, error, value - reach, min(1.0, value + reach))


def _joint(ratings: Ratings, raters: int, categories: int) -> tuple[IntArray, IntArray]:
    """How often two raters gave two values to one unit: keys for (first, second, row, column), and counts."""
    order = np.lexsort((ratings.rater, ratings.unit))
    unit, rater, category = ratings.unit[order], ratings.rater[order], ratings.category[order]
    found_keys, found_counts = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for apart in range(1, int(ratings.per_unit.max(initial=0))):
        left = np.flatnonzero(unit[:-apart] == unit[apart:])
        right = left + apart
        keys = (rater[left] * raters + rater[right]) * categories + category[left]
        distinct, counts = np.unique(keys * categories + category[right], return_counts=True)
        found_keys.append(distinct)
        found_counts.append(counts)
    distinct, places = np.unique(np.concatenate(found_keys), return_inverse=True)
    return distinct, np.bincount(places, weights=np.concatenate(found_counts), minlength=distinct.size).astype(np.int64)
