"""Two crossed random effects by restricted maximum likelihood (REML), sparse enough for thousands of reviews.

The model is `y = X beta + a[first] + b[second] + e`, with `a`, `b` and `e` normal, independent, of zero mean. It is solved
through Henderson's mixed-model equations with random effects scaled to unit variance, so that a variance of zero is an
ordinary value and not a division by zero (Bates, Machler, Bolker and Walker 2015, Journal of Statistical Software 67,
section 3). The factor with more levels has a diagonal block and is absorbed; what remains to factorise is a dense matrix
as large as the other factor. The two variance ratios are found by quasi-Newton on the profiled restricted deviance with its
exact gradient (Harville 1977, JASA 72, 320-338; Searle, Casella and McCulloch 1992, Variance Components, chapters 6 and 7).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg, optimize, sparse

from metstandard.statistics.estimates import FloatArray, IntArray, NotDefined

LARGEST_DENSE = 4_000
"""Levels of the smaller factor; beyond it the dense factor no longer fits an ordinary machine (128 MB)."""

_LOG_RATIO_BOUNDS = (-20.0, 20.0)
_START = 0.0  # both variances as large as the residual's
_NEAR_ZERO = 1e-3  # a ratio found below this is compared with zero itself
_ZERO_SLACK = 1e-7
_NOTHING_LEFT = 1e-12
_ENDLESS = 1e8
_BLOCK = 2_000


@dataclass(frozen=True, eq=False, slots=True)
class Design:
    """The data of one fit: `y` (n,), `x` (n, p), level numbers `first` and `second` (n,), -1 where an effect is absent."""

    y: FloatArray
    x: FloatArray
    first: IntArray
    second: IntArray
    first_levels: int
    second_levels: int


@dataclass(frozen=True, eq=False, slots=True)
class Effects:
    """The predicted effects of one factor: best linear unbiased predictions and their prediction error variances.

    `prediction` and `error_variance` have one entry per level; `with_fixed` (levels, p) is the covariance of each
    prediction error with the errors of the fixed effects; `variance` is the REML estimate of the factor's variance.
    """

    prediction: FloatArray
    error_variance: FloatArray
    with_fixed: FloatArray
    variance: float


@dataclass(frozen=True, eq=False, slots=True)
class CrossedFit:
    """What a fit found, in the unit of `y`; variances in its square.

    `deviance` is minus twice the restricted log-likelihood, constants included, as lme4 prints its REML criterion.
    """

    fixed: FloatArray
    fixed_covariance: FloatArray
    first: Effects
    second: Effects
    residual_variance: float
    deviance: float


@dataclass(frozen=True, eq=False, slots=True)
class _System:
    """Cross-products, computed once per data set. The factor with more levels is `wide`; the rest is `narrow` and `x`."""

    design: Design
    wide: IntArray
    narrow: IntArray
    narrow_levels: int
    wide_counts: FloatArray
    wide_y: FloatArray
    coupling: sparse.csr_array  # (wide levels, narrow levels + p): what absorbing the wide factor touches
    rest: FloatArray  # (narrow levels + p, the same): cross-products of the narrow factor and x
    rest_y: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class _Solution:
    """The scaled equations solved at one pair of variance ratios."""

    ratios: tuple[float, float]
    deviance: float
    gradient: FloatArray
    residual_variance: float
    wide: FloatArray  # effects in units of their standard deviation
    rest: FloatArray
    pivots: FloatArray
    inverse: FloatArray  # of the reduced equations, narrow levels first, then fixed effects


def fit_crossed(design: Design) -> CrossedFit:
    """Fit the model and predict every effect.

    Raises NotDefined when one factor alone has too many levels to factorise, or when nothing is left over to judge the
    residual by (every rating is exactly its unit's value plus its rater's).
    """
    swapped = design.first_levels < design.second_levels
    system = _system(design, swapped=swapped)
    solution = _maximise(system)
    scale = solution.residual_variance
    wide, narrow = _wide_effects(system, solution), _narrow_effects(system, solution)
    fixed = solution.rest[system.narrow_levels :]
    covariance = scale * solution.inverse[system.narrow_levels :, system.narrow_levels :]
    first, second = (narrow, wide) if swapped else (wide, narrow)
    return CrossedFit(fixed, covariance, first, second, scale, solution.deviance)


def _system(design: Design, *, swapped: bool) -> _System:
    wide, narrow = (design.second, design.first) if swapped else (design.first, design.second)
    wide_levels, narrow_levels = sorted((design.first_levels, design.second_levels), reverse=True)
    if narrow_levels > LARGEST_DENSE:
        raise NotDefined(f"More than {LARGEST_DENSE} units and more than {LARGEST_DENSE} raters at once.")
    of_wide, of_narrow = _incidence(wide, wide_levels), _incidence(narrow, narrow_levels)
    others = sparse.hstack([of_narrow, sparse.csr_array(design.x)], format="csr")
    return _System(
        design=design,
        wide=wide,
        narrow=narrow,
        narrow_levels=narrow_levels,
        wide_counts=np.asarray(of_wide.sum(axis=0), dtype=np.float64),
        wide_y=np.asarray(of_wide.T @ design.y),
        coupling=(of_wide.T @ others).tocsr(),
        rest=np.asarray((others.T @ others).toarray()),
        rest_y=np.asarray(others.T @ design.y),
    )


def _incidence(codes: IntArray, levels: int) -> sparse.csr_array:
    rows = np.flatnonzero(codes >= 0)
    return sparse.csr_array((np.ones(rows.size), (rows, codes[rows])), shape=(codes.size, levels))


def _solve(system: _System, wide_ratio: float, narrow_ratio: float) -> _Solution:
    """Solve at these ratios of variance (effect over residual); the gradient is by the logarithm of each ratio."""
    design, narrow_levels = system.design, system.narrow_levels
    n, p = design.x.shape
    pivots = 1.0 + wide_ratio * system.wide_counts
    scales = np.ones(narrow_levels + p)
    scales[:narrow_levels] = np.sqrt(narrow_ratio)
    reduced = scales[:, None] * (system.rest - _squared(system.coupling, wide_ratio / pivots)) * scales
    reduced[np.arange(narrow_levels), np.arange(narrow_levels)] += 1.0
    factor, failed = linalg.lapack.dpotrf(reduced, lower=1)
    if failed:
        raise NotDefined("The fixed effects cannot be told apart in these ratings.")
    right = scales * (system.rest_y - system.coupling.T @ (wide_ratio / pivots * system.wide_y))
    rest = linalg.cho_solve((factor, True), right)
    wide = np.sqrt(wide_ratio) * (system.wide_y - system.coupling @ (scales * rest)) / pivots
    lower, _ = linalg.lapack.dpotri(factor, lower=1)
    inverse = np.tril(lower) + np.tril(lower, -1).T
    penalised = _residual_squares(system, np.sqrt(wide_ratio) * wide, scales * rest)
    penalised += float(wide @ wide + rest[:narrow_levels] @ rest[:narrow_levels])
    spare = n - p
    determinant = float(np.log(pivots).sum() + 2.0 * np.log(np.diagonal(factor)).sum())
    traced = scales[:, None] * _squared(system.coupling, wide_ratio / pivots**2) * scales
    gradient = np.array([
        pivots.size - (1.0 / pivots).sum() - (inverse * traced).sum() - spare * float(wide @ wide) / penalised,
        narrow_levels
        - np.trace(inverse[:narrow_levels, :narrow_levels])
        - spare * float(rest[:narrow_levels] @ rest[:narrow_levels]) / penalised,
    ])
    return _Solution(
        ratios=(wide_ratio, narrow_ratio),
        deviance=determinant + spare * (1.0 + float(np.log(2.0 * np.pi * penalised / spare))),
        gradient=gradient,
        residual_variance=penalised / spare,
        wide=wide,
        rest=rest,
        pivots=pivots,
        inverse=inverse,
    )


def _squared(coupling: sparse.csr_array, weights: FloatArray) -> FloatArray:
    """`coupling' diag(weights) coupling`, dense."""
    return np.asarray((coupling.T @ sparse.diags_array(weights) @ coupling).toarray())


def _residual_squares(system: _System, wide: FloatArray, rest: FloatArray) -> float:
    """The sum of squares left after every effect, computed from the residuals so that nothing cancels."""
    design = system.design
    fitted = design.x @ rest[system.narrow_levels :]
    for codes, effects in ((system.wide, wide), (system.narrow, rest[: system.narrow_levels])):
        present = codes >= 0
        fitted[present] += effects[codes[present]]
    left = design.y - fitted
    return float(left @ left)


def _maximise(system: _System) -> _Solution:
    """The best solution, with a ratio set to exactly zero where zero is at least as good as anything above it."""
    free = _search(system, (None, None))
    best = free
    for held in ((0.0, None), (None, 0.0), (0.0, 0.0)):
        near_zero = all(
            ratio < _NEAR_ZERO for ratio, at in zip(free.ratios, held, strict=True) if at is not None
        )
        if near_zero:
            candidate = _search(system, held)
            if candidate.deviance <= best.deviance + _ZERO_SLACK:
                best = candidate
    if best.residual_variance <= _NOTHING_LEFT * float(np.var(system.design.y)) or max(best.ratios) > _ENDLESS:
        raise NotDefined("Every rating is exactly its unit's value plus its rater's: nothing is left to judge by.")
    return best


def _search(system: _System, held: tuple[float | None, float | None]) -> _Solution:
    """Minimise the deviance over the logarithm of each ratio that is not held."""
    free = [index for index, at in enumerate(held) if at is None]

    def at(logs: FloatArray) -> _Solution:
        ratios = [0.0 if value is None else value for value in held]
        for index, log in zip(free, logs, strict=True):
            ratios[index] = float(np.exp(log))
        return _solve(system, ratios[0], ratios[1])

    def value_and_slope(logs: FloatArray) -> tuple[float, FloatArray]:
        solution = at(logs)
        return solution.deviance, solution.gradient[free]

    if not free:
        return at(np.empty(0))
    found = optimize.minimize(
        value_and_slope,
        np.full(len(free), _START),
        jac=True,
        method="L-BFGS-B",
        bounds=[_LOG_RATIO_BOUNDS] * len(free),
        options={"ftol": 1e-14, "gtol": 1e-7},
    )
    return at(found.x)


def _narrow_effects(system: _System, solution: _Solution) -> Effects:
    levels, variance = system.narrow_levels, solution.residual_variance * solution.ratios[1]
    inner = solution.inverse[:levels]
    spread = np.sqrt(solution.ratios[1])
    return Effects(
        prediction=spread * solution.rest[:levels],
        error_variance=variance * np.diagonal(inner[:, :levels]),
        with_fixed=solution.residual_variance * spread * inner[:, levels:],
        variance=variance,
    )


def _wide_effects(system: _System, solution: _Solution) -> Effects:
    """By blocks of levels, so that the product with the dense inverse never holds more than a few megabytes."""
    ratio, levels = solution.ratios[0], system.narrow_levels
    scales = np.ones(system.rest_y.size)
    scales[:levels] = np.sqrt(solution.ratios[1])
    variance = np.empty(solution.pivots.size)
    with_fixed = np.empty((solution.pivots.size, system.rest_y.size - levels))
    for start in range(0, solution.pivots.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        touched = np.sqrt(ratio) * system.coupling[block].toarray() * scales
        through = touched @ solution.inverse
        pivots = solution.pivots[block]
        variance[block] = 1.0 / pivots + (through * touched).sum(axis=1) / pivots**2
        with_fixed[block] = -through[:, levels:] / pivots[:, None]
    scale = solution.residual_variance
    return Effects(
        prediction=np.sqrt(ratio) * solution.wide,
        error_variance=scale * ratio * variance,
        with_fixed=scale * np.sqrt(ratio) * with_fixed,
        variance=scale * ratio,
    )
