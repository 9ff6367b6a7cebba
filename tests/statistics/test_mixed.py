"""Two crossed random effects: published figures, textbook formulas, statsmodels, and unsure variances."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd  # type: ignore[import-untyped]  # what statsmodels takes its data in
import pytest
from scipy import optimize, stats
from statsmodels.regression.mixed_linear_model import MixedLM

from metstandard.statistics import equations, mixed
from metstandard.statistics.equations import Design, prepare
from metstandard.statistics.estimates import FloatArray, NotDefined
from tests.statistics.published import PENICILLIN


def crossed(table: FloatArray) -> Design:
    """A complete table as a design: rows are the first factor, columns the second."""
    first, second = (part.ravel() for part in np.indices(table.shape))
    return Design(table.ravel(), np.ones((table.size, 1)), first, second, *table.shape)


def scattered(seed: int, *, rows: int = 110, firsts: int = 30, seconds: int = 12) -> Design:
    """An unbalanced design with two fixed effects and rows that lack the first factor, as calibration cases do."""
    rng = np.random.default_rng(seed)
    first, second = rng.integers(-1, firsts, rows), rng.integers(0, seconds, rows)
    first[:8] = -1
    present = (first >= 0).astype(float)
    y = 2.0 * present + rng.normal(0, 0.6, firsts)[first] * present - rng.normal(0, 0.4, seconds)[second]
    return Design(
        y + rng.normal(0, 0.5, rows), np.stack([present, -np.ones(rows)], axis=1), first, second, firsts, seconds
    )


def turned(design: Design) -> Design:
    """The same data with the factors the other way round."""
    return Design(design.y, design.x, design.second, design.first, design.second_levels, design.first_levels)


def covariance(design: Design, variances: FloatArray) -> FloatArray:
    """The covariance of the observations, by the textbook."""
    total = variances[2] * np.eye(design.y.size)
    for codes, variance in ((design.first, variances[0]), (design.second, variances[1])):
        total += variance * ((codes[:, None] == codes) & (codes >= 0))
    return np.asarray(total)


def textbook_deviance(logs: FloatArray, design: Design) -> float:
    """Minus twice the restricted log-likelihood, with dense matrices."""
    inverse = np.linalg.inv(covariance(design, np.exp(logs)))
    information = design.x.T @ inverse @ design.x
    left = design.y - design.x @ np.linalg.solve(information, design.x.T @ inverse @ design.y)
    spare = design.x.shape[0] - design.x.shape[1]
    logs_of = -np.linalg.slogdet(inverse)[1] + np.linalg.slogdet(information)[1]
    return float(logs_of + left @ inverse @ left + spare * np.log(2 * np.pi))


def test_penicillin_gives_the_figures_lme4_prints() -> None:
    found = mixed.fit(prepare(crossed(PENICILLIN)))

    deviations = [
        float(np.sqrt(each)) for each in (found.first.variance, found.second.variance, found.residual_variance)
    ]
    assert [round(each, 4) for each in deviations] == [0.8467, 1.9316, 0.5499]
    assert round(found.deviance, 4) == 330.8606
    assert round(float(found.fixed[0]), 2) == 22.97
    assert round(float(np.sqrt(found.fixed_covariance[0, 0])), 4) == 0.8086


def test_it_does_not_matter_which_factor_comes_first() -> None:
    design = scattered(1)

    one, other = mixed.fit(prepare(design)), mixed.fit(prepare(turned(design)))

    assert other.deviance == pytest.approx(one.deviance, abs=1e-8)
    assert other.second.prediction == pytest.approx(one.first.prediction, abs=1e-6)
    assert other.second.error_variance == pytest.approx(one.first.error_variance, abs=1e-6)
    assert other.first.with_fixed == pytest.approx(one.second.with_fixed, abs=1e-6)


def test_an_unbalanced_fit_equals_the_textbook_likelihood() -> None:
    design = scattered(1)

    found = mixed.fit(prepare(design))

    best = optimize.minimize(
        textbook_deviance,
        [-1.0, -1.0, -1.0],
        args=(design,),
        method="Nelder-Mead",
        options={"xatol": 1e-5, "fatol": 1e-7},
    )
    assert found.deviance == pytest.approx(best.fun, abs=1e-6)
    variances = [found.first.variance, found.second.variance, found.residual_variance]
    assert variances == pytest.approx(np.exp(best.x), rel=1e-3)


@pytest.mark.parametrize(
    "design",
    [scattered(2), turned(scattered(2)), scattered(3, rows=1400, firsts=500, seconds=250)],
    ids=["small", "small and turned", "large and sparse"],
)
def test_predictions_and_their_errors_equal_hendersons_equations_solved_whole(design: Design) -> None:
    found = mixed.fit(prepare(design))

    blocks = [design.x]
    blocks += [
        (codes[:, None] == np.arange(levels)).astype(float)
        for codes, levels in ((design.first, design.first_levels), (design.second, design.second_levels))
    ]
    wide = np.hstack(blocks)
    middle = 2 + design.first_levels
    ratios = np.zeros(middle + design.second_levels)
    ratios[2:middle] = found.residual_variance / found.first.variance
    ratios[middle:] = found.residual_variance / found.second.variance
    inverse = np.linalg.inv(wide.T @ wide + np.diag(ratios))
    solution, errors = inverse @ wide.T @ design.y, found.residual_variance * inverse

    assert found.fixed == pytest.approx(solution[:2], abs=1e-9)
    assert found.first.prediction == pytest.approx(solution[2:middle], abs=1e-9)
    assert found.second.prediction == pytest.approx(solution[middle:], abs=1e-9)
    assert found.fixed_covariance == pytest.approx(errors[:2, :2], abs=1e-9)
    assert found.first.error_variance == pytest.approx(np.diag(errors)[2:middle], abs=1e-9)
    assert found.second.error_variance == pytest.approx(np.diag(errors)[middle:], abs=1e-9)
    assert found.first.with_fixed == pytest.approx(errors[2:middle, :2], abs=1e-9)
    assert found.second.with_fixed == pytest.approx(errors[middle:, :2], abs=1e-9)


@pytest.mark.parametrize("size", [{}, {"rows": 1400, "firsts": 500, "seconds": 250}], ids=["small", "large and sparse"])
def test_the_slope_of_the_deviance_is_that_of_its_values(size: dict[str, int]) -> None:
    system = prepare(scattered(3, **size))
    step = 1e-5

    def deviance(first: float, second: float) -> float:
        return equations.solve(system, (float(np.exp(first)), float(np.exp(second)))).deviance

    slopes = equations.slopes(system, equations.solve(system, (float(np.exp(0.3)), float(np.exp(-0.7)))))

    assert slopes == pytest.approx(
        [
            (deviance(0.3 + step, -0.7) - deviance(0.3 - step, -0.7)) / (2 * step),
            (deviance(0.3, -0.7 + step) - deviance(0.3, -0.7 - step)) / (2 * step),
        ],
        abs=1e-4,
    )


def test_variances_equal_those_of_statsmodels() -> None:
    rng = np.random.default_rng(5)
    table = 2.5 + rng.normal(0, 0.5, (12, 1)) + rng.normal(0, 0.4, (1, 6)) + rng.normal(0, 0.3, (12, 6))
    design = crossed(table)
    columns = {"y": design.y, "first": design.first, "second": design.second}
    frame = pd.DataFrame(columns)

    found = mixed.fit(prepare(design))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = {"first": "0 + C(first)", "second": "0 + C(second)"}
        theirs = MixedLM.from_formula("y ~ 1", groups=np.ones(72), vc_formula=parts, data=frame).fit()
    assert [found.first.variance, found.second.variance] == pytest.approx(theirs.vcomp, rel=1e-3)
    assert found.residual_variance == pytest.approx(theirs.scale, rel=1e-3)
    assert found.deviance == pytest.approx(-2 * theirs.llf, abs=1e-4)


def test_a_factor_without_differences_gets_a_variance_of_exactly_zero() -> None:
    rng = np.random.default_rng(6)
    table = rng.normal(0, 1, (20, 1)) + rng.normal(0, 0.5, (20, 4))
    table -= table.mean(axis=0) - table.mean()

    found = mixed.fit(prepare(crossed(table)))

    assert found.second.variance == 0.0
    assert found.second.prediction.tolist() == [0.0] * 4
    assert found.first.variance > 0.5


def test_ratings_that_are_sums_of_their_parts_leave_no_residual() -> None:
    table = np.array([[1.0], [2.0], [4.0], [3.0]]) + np.array([[0.5, 0.0, -0.5]])

    found = mixed.fit(prepare(crossed(table)))

    assert found.residual_variance == 0.0
    assert found.second.prediction == pytest.approx([0.5, 0.0, -0.5], abs=1e-6)
    assert [found.first.variance, found.second.variance] == pytest.approx([5 / 3, 0.25], abs=1e-6)


def test_ratings_without_any_difference_have_no_variance_at_all() -> None:
    found = mixed.fit(prepare(crossed(np.full((3, 3), 2.0))))

    assert (found.first.variance, found.second.variance, found.residual_variance) == (0.0, 0.0, 0.0)
    assert found.fixed == pytest.approx([2.0])


def test_two_factors_too_large_to_factorise_are_refused() -> None:
    numbers = np.arange(equations.LARGEST_DENSE + 1)
    size = numbers.size

    with pytest.raises(NotDefined, match="There are more than 4000 units and more than 4000 raters at once"):
        prepare(Design(np.ones(size), np.ones((size, 1)), numbers, numbers, size, size))


def test_averaging_equals_integration_over_a_fine_grid() -> None:
    """One free variance, so that the posterior can be summed point by point: each standard deviation uniform."""
    rng = np.random.default_rng(8)
    first = np.repeat(np.arange(8), 3)
    y = rng.normal(0, 0.4, 8)[first] + rng.normal(0, 0.4, 24)
    system = prepare(Design(y, np.ones((24, 1)), first, np.full(24, -1), 8, 1))

    averaged = mixed.average(system, free=(True, False))
    centres = np.array([found.fixed[0] + found.first.prediction for found in averaged.fits])
    mean, _ = averaged.spread(centres, np.zeros_like(centres))

    logs = np.linspace(-14, 14, 401)
    solutions = [equations.solve(system, (float(np.exp(log)), 0.0)) for log in logs]
    heights = np.array(
        [log / 2 - each.deviance / 2 + np.log(each.penalised) for log, each in zip(logs, solutions, strict=True)]
    )
    weights = np.exp(heights - heights.max())
    fits = [equations.effects(system, each, residual_variance=1.0) for each in solutions]
    whole = (weights / weights.sum()) @ np.array([found.fixed[0] + found.first.prediction for found in fits])
    assert mean == pytest.approx(whole, abs=0.01)


def test_an_interval_of_an_average_has_the_promised_probability_on_each_side() -> None:
    averaged = mixed.average(prepare(crossed(PENICILLIN)))
    centres = np.array([found.second.prediction for found in averaged.fits])
    variances = np.array([found.second.error_variance for found in averaged.fits])

    low, high = averaged.interval(centres, variances, level=0.9)

    assert averaged.below(low, centres, variances) == pytest.approx(np.full(6, 0.05), abs=1e-6)
    assert averaged.below(high, centres, variances) == pytest.approx(np.full(6, 0.95), abs=1e-6)
    assert averaged.weights.sum() == pytest.approx(1.0)


def test_with_much_data_the_average_comes_down_to_the_maximum() -> None:
    rng = np.random.default_rng(9)
    table = rng.normal(0, 0.5, (150, 1)) + rng.normal(0, 0.4, (1, 50)) + rng.normal(0, 0.5, (150, 50))
    system = prepare(crossed(table))

    best, averaged = mixed.fit(system), mixed.average(system)
    centres = np.array([found.first.prediction + found.fixed[0] for found in averaged.fits])
    errors = np.array(
        [
            found.first.error_variance + found.fixed_covariance[0, 0] + 2 * found.first.with_fixed[:, 0]
            for found in averaged.fits
        ]
    )
    low, high = averaged.interval(centres, errors)

    plain = best.first.error_variance + best.fixed_covariance[0, 0] + 2 * best.first.with_fixed[:, 0]
    reach = stats.norm.ppf(0.975) * np.sqrt(plain)
    assert high - low == pytest.approx(2 * reach, rel=0.05)


def test_too_few_ratings_to_average_are_refused() -> None:
    with pytest.raises(NotDefined, match="too few ratings"):
        mixed.average(prepare(crossed(np.array([[1.0, 2.0], [3.0, 3.0]]))))


def test_fixed_effects_that_say_the_same_are_refused() -> None:
    design = crossed(PENICILLIN)
    twice = Design(design.y, np.ones((144, 2)), design.first, design.second, 24, 6)

    with pytest.raises(NotDefined, match="cannot be told apart"):
        prepare(twice)


def test_with_no_variance_to_estimate_there_is_one_fit_to_average() -> None:
    averaged = mixed.average(prepare(crossed(PENICILLIN)), free=(False, False))

    assert (len(averaged.fits), averaged.weights.tolist(), averaged.degrees) == (1, [1.0], 142)
    assert averaged.fits[0].residual_variance * 142 == pytest.approx(float(np.var(PENICILLIN)) * 144)
