"""Coefficients of agreement against published figures, statsmodels, and their definitions pair by pair."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats import inter_rater

from metstandard.statistics.agreement import (
    METRICS,
    Metric,
    Pair,
    Weighting,
    cohen_kappa,
    fleiss_kappa,
    gwet_ac,
    krippendorff_alpha,
    pairs,
)
from metstandard.statistics.estimates import Estimate, NotDefined
from metstandard.statistics.ratings import Ratings, parse_scale, ratings_of
from tests.statistics.published import (
    ABSTRACTORS,
    DIAGNOSES,
    FIVE_OBSERVERS,
    FOUR_OBSERVERS,
    SIX_PSYCHIATRISTS,
    ratings_from,
    ratings_from_counts,
    ratings_from_table,
)


def rounded(estimate: Estimate, digits: int) -> tuple[float | None, ...]:
    figures = (estimate.value, estimate.standard_error, estimate.low, estimate.high)
    return tuple(None if figure is None else round(figure, digits) for figure in figures)


@pytest.mark.parametrize(
    ("metric", "value", "error", "low"),
    [
        # Krippendorff 2011 gives .743, .815, .849 and .797. Errors and lower ends: irrCAC.
        ("nominal", 0.743, 0.146, 0.419),
        ("interval", 0.849, 0.129, 0.561),
        ("ratio", 0.797, 0.140, 0.484),
    ],
)
def test_alpha_and_its_interval_are_the_published_ones(metric: Metric, value: float, error: float, low: float) -> None:
    assert rounded(krippendorff_alpha(ratings_from(FOUR_OBSERVERS), metric), 3) == (value, error, low, 1.0)


def test_ordinal_alpha_is_krippendorffs_own_and_not_that_of_ordinal_weights() -> None:
    """The `ordinal` weights of irrCAC give .834 on the same data."""
    assert round(krippendorff_alpha(ratings_from(FOUR_OBSERVERS), "ordinal").value, 3) == 0.815


def test_alpha_of_five_observers_is_the_published_one() -> None:
    assert rounded(krippendorff_alpha(ratings_from(FIVE_OBSERVERS), "nominal"), 3) == (0.481, 0.114, 0.237, 0.724)


@pytest.mark.parametrize(
    ("weighting", "published"),
    [
        ("unweighted", (0.775, 0.143, 0.461, 1.0)),
        ("linear", (0.859, 0.117, 0.600, 1.0)),
        ("quadratic", (0.914, 0.104, 0.685, 1.0)),
    ],
)
def test_ac1_and_ac2_and_their_intervals_are_the_published_ones(
    weighting: Weighting, published: tuple[float, ...]
) -> None:
    assert rounded(gwet_ac(ratings_from(FOUR_OBSERVERS), weighting), 3) == published


def test_ac1_is_the_published_one_for_counts_of_raters_and_for_five_observers() -> None:
    assert rounded(gwet_ac(ratings_from_counts(SIX_PSYCHIATRISTS)), 3) == (0.445, 0.084, 0.264, 0.625)
    assert rounded(gwet_ac(ratings_from(FIVE_OBSERVERS)), 3) == (0.497, 0.122, 0.235, 0.758)


def test_fleiss_kappa_is_the_published_one_with_and_without_missing_ratings() -> None:
    assert round(fleiss_kappa(ratings_from_counts(SIX_PSYCHIATRISTS)).value, 7) == 0.4139265
    assert rounded(fleiss_kappa(ratings_from_counts(SIX_PSYCHIATRISTS)), 3) == (0.414, 0.081, 0.240, 0.588)
    assert rounded(fleiss_kappa(ratings_from(FOUR_OBSERVERS)), 5) == (0.76117, 0.15302, 0.42438, 1.0)


@pytest.mark.parametrize(
    ("table", "weighting", "published"),
    [
        (ABSTRACTORS, "unweighted", 0.796),
        (ABSTRACTORS, "linear", 0.843),
        (ABSTRACTORS, "quadratic", 0.892),
        (DIAGNOSES, "unweighted", 0.432),
        (DIAGNOSES, "linear", 0.407),
        (DIAGNOSES, "quadratic", 0.383),
    ],
)
def test_cohens_kappas_are_the_published_ones_and_errors_those_of_statsmodels(
    table: list[list[int]], weighting: Weighting, published: float
) -> None:
    ratings = ratings_from_table(table)
    (pair,) = pairs(ratings)

    found = cohen_kappa(pair, ratings, weighting)

    theirs = inter_rater.cohens_kappa(np.array(table), wt=None if weighting == "unweighted" else weighting)
    assert round(found.value, 3) == published
    assert found.value == pytest.approx(theirs.kappa, abs=1e-12)
    assert found.standard_error == pytest.approx(theirs.std_kappa, abs=1e-12)
    assert (found.low, found.high) == pytest.approx((theirs.kappa_low, theirs.kappa_upp), abs=1e-9)


def test_fleiss_kappa_equals_that_of_statsmodels_on_complete_ratings() -> None:
    rng = np.random.default_rng(4)
    table = rng.integers(0, 5, (200, 3))
    ratings = ratings_of((f"u{unit}", f"R{rater}", int(table[unit, rater])) for unit, rater in np.ndindex(table.shape))

    theirs = inter_rater.fleiss_kappa(inter_rater.aggregate_raters(table)[0])

    assert fleiss_kappa(ratings).value == pytest.approx(theirs, abs=1e-12)


def test_alpha_is_nothing_and_ac2_nearly_one_when_nearly_every_mark_is_one_level() -> None:
    """With 93 % of one level alpha is .00 and AC2 .99, which is why they are always shown together."""
    rng = np.random.default_rng(11)
    levels = rng.permutation([3] * 1116 + [2, 4] * 42).reshape(400, 3)
    ratings = ratings_of(
        ((f"u{unit}", f"R{rater}", int(levels[unit, rater])) for unit, rater in np.ndindex(levels.shape)),
        parse_scale("0,1,2,3,4"),
    )

    assert (levels == 3).mean() == 0.93
    assert abs(krippendorff_alpha(ratings, "interval").value) < 0.05
    assert round(gwet_ac(ratings, "quadratic").value, 2) == 0.99


tables = st.lists(
    st.lists(st.sampled_from([None, 0, 1, 2, 3, 4]), min_size=3, max_size=3), min_size=2, max_size=8
).filter(lambda table: len({value for line in table for value in line} - {None}) > 1)


def ratings_of_table(table: list[list[int | None]], scale: str | None = None) -> Ratings:
    rows = [(f"u{unit}", f"R{rater}", value) for unit, line in enumerate(table) for rater, value in enumerate(line)]
    return ratings_of(rows, None if scale is None else parse_scale(scale))


def alpha_by_definition(table: list[list[int | None]], metric: Metric) -> float | None:
    """Krippendorff's observed over expected disagreement, pair by pair."""
    units = [[value for value in line if value is not None] for line in table]
    units = [values for values in units if len(values) > 1]
    pool = [value for values in units for value in values]
    if len(set(pool)) < 2:
        return None

    def apart(left: int, right: int) -> float:
        low, high = sorted((left, right))
        between = sum(low <= value <= high for value in pool) - (pool.count(low) + pool.count(high)) / 2
        return {
            "nominal": float(left != right),
            "ordinal": between**2 if left != right else 0.0,
            "interval": float((left - right) ** 2),
            "ratio": ((left - right) / (left + right)) ** 2 if left + right else 0.0,
        }[metric]

    observed = sum(sum(apart(a, b) for a, b in permutations(values, 2)) / (len(values) - 1) for values in units)
    expected = sum(apart(a, b) for a, b in permutations(pool, 2)) / (len(pool) - 1)
    return 1 - observed / expected


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from(METRICS))
def test_alpha_equals_its_definition_pair_by_pair(table: list[list[int | None]], metric: Metric) -> None:
    expected = alpha_by_definition(table, metric)

    if expected is None:
        with pytest.raises(NotDefined):
            krippendorff_alpha(ratings_of_table(table), metric)
    else:
        assert krippendorff_alpha(ratings_of_table(table), metric).value == pytest.approx(expected, abs=1e-9)


def ac_by_definition(table: list[list[int | None]], power: int) -> float:
    """Gwet's agreement over pairs within units, and chance from the mean shares, over the scale 0 to 4."""
    units = [[value for value in line if value is not None] for line in table]
    units = [values for values in units if values]

    def weight(left: int, right: int) -> float:
        return float(left == right) if power == 0 else 1 - (abs(left - right) / 4) ** power

    agreed = [
        sum(weight(a, b) for a, b in permutations(values, 2)) / (len(values) * (len(values) - 1))
        for values in units
        if len(values) > 1
    ]
    observed = sum(agreed) / len(agreed)
    shares = [sum(values.count(level) / len(values) for values in units) / len(units) for level in range(5)]
    total = sum(weight(a, b) for a in range(5) for b in range(5))
    chance = total / 20 * sum(share * (1 - share) for share in shares)
    return (observed - chance) / (1 - chance)


@settings(max_examples=60, deadline=None)
@given(tables, st.sampled_from([("unweighted", 0), ("linear", 1), ("quadratic", 2)]))
def test_ac_equals_its_definition_pair_by_pair(table: list[list[int | None]], weighting: tuple[Weighting, int]) -> None:
    ratings = ratings_of_table(table, "0,1,2,3,4")

    if max(ratings.per_unit) < 2:
        with pytest.raises(NotDefined, match="No unit has two ratings"):
            gwet_ac(ratings, weighting[0])
    else:
        expected = ac_by_definition(table, weighting[1])
        assert gwet_ac(ratings, weighting[0]).value == pytest.approx(expected, abs=1e-9)


def test_full_agreement_is_exactly_one() -> None:
    ratings = ratings_of((f"u{unit}", rater, unit % 3) for unit in range(7) for rater in "ABC")

    found = [krippendorff_alpha(ratings, metric).value for metric in METRICS]
    found += [gwet_ac(ratings).value, gwet_ac(ratings, "linear").value, fleiss_kappa(ratings).value]
    found += [cohen_kappa(pair, ratings, "quadratic").value for pair in pairs(ratings)]

    assert found == [1.0] * 10


def test_pairs_count_only_units_that_both_have_rated() -> None:
    ratings = ratings_of([("u", "A", 1), ("u", "B", 2), ("v", "B", 1), ("v", "C", 1), ("w", "A", 2), ("w", "B", 2)])

    assert [(pair.first, pair.second, pair.n, pair.table.tolist()) for pair in pairs(ratings)] == [
        (0, 1, 2, [[0, 1], [0, 1]]),
        (1, 2, 1, [[1, 0], [0, 0]]),
    ]


def test_raters_who_share_nothing_make_no_pair_and_have_no_kappa() -> None:
    ratings = ratings_of([("u", "A", 1), ("v", "B", 2)])

    assert list(pairs(ratings)) == []
    with pytest.raises(NotDefined, match="They have rated no unit in common"):
        cohen_kappa(Pair(0, 1, np.zeros((2, 2))), ratings)


def test_a_single_unit_has_a_value_but_no_interval() -> None:
    found = gwet_ac(ratings_of([("u", "A", 1), ("u", "B", 2)]))

    assert (found.value, found.standard_error, found.low, found.high) == (-1.0, None, None, None)


@pytest.mark.parametrize(
    ("rows", "metric", "why"),
    [
        ([("u", "A", 1), ("v", "B", 2)], "nominal", "No unit has two ratings."),
        (
            [("u", "A", 1), ("u", "B", 1)],
            "nominal",
            "Every rating is the same, so there is no variation to agree about.",
        ),
        (
            [("u", "A", "x"), ("u", "B", "y")],
            "ordinal",
            "The values are not all numbers, and no scale says their order.",
        ),
        ([("u", "A", "x"), ("u", "B", "y")], "interval", "The values are not all numbers."),
        ([("u", "A", -1), ("u", "B", 2)], "ratio", "Ratios need values of zero or more."),
    ],
)
def test_alpha_says_why_it_is_not_defined(rows: list[tuple[str, str, float | str]], metric: Metric, why: str) -> None:
    with pytest.raises(NotDefined) as refused:
        krippendorff_alpha(ratings_of(rows), metric)

    assert str(refused.value) == why


def test_the_interval_of_ac2_holds_what_it_promises() -> None:
    """Over 200 simulated cycles of 60 cells the interval holds the AC2 of a very large one about 19 times in 20."""
    rng = np.random.default_rng(3)

    def ac2(cells: int) -> Estimate:
        quality = rng.normal(2.6, 0.8, (cells, 1))
        levels = np.clip(np.round(quality + rng.normal(0, 0.5, (cells, 3))), 0, 4).astype(int)
        rows = ((f"u{unit}", f"R{rater}", int(levels[unit, rater])) for unit, rater in np.ndindex(levels.shape))
        return gwet_ac(ratings_of(rows, parse_scale("0,1,2,3,4")), "quadratic")

    truth = ac2(20_000).value
    held = [found.low <= truth <= found.high for found in (ac2(60) for _ in range(200)) if found.low and found.high]

    assert len(held) == 200
    assert 0.91 <= sum(held) / 200 <= 0.98
