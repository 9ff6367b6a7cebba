"""Henderson's mixed-model equations for two crossed factors, solved at given ratios of variance.

The model is `y = X beta + a[first] + b[second] + e`, with `a`, `b` and `e` normal, independent and of zero mean.
Effects are scaled to unit variance, so that a variance of zero is an ordinary value and not a division by zero (Bates,
Machler, Bolker and Walker 2015, Journal of Statistical Software 67(1), section 3). The factor with more levels has a
diagonal block and is absorbed; what remains to factorise is one dense matrix as large as the other factor, so a
thousand reviews take milliseconds. The equations: Henderson 1975, Biometrics 31, 423-447; Searle, Casella and
McCulloch 1992, Variance Components, chapter 7. The profiled restricted deviance and its gradient: Harville 1977, JASA
72, 320-338.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy import linalg, sparse

from metstandard.statistics.estimates import FloatArray, IntArray, NotDefined

LARGEST_DENSE = 4_000
"""Levels of the smaller factor; beyond it the dense matrix no longer fits an ordinary machine (128 MB)."""

Coupling: TypeAlias = sparse.csr_array | FloatArray

_ALIKE = "The kinds of rater cannot be told apart in these ratings."
_BLOCK = 2_000
_FEW = 150
_SMALL = 100_000  # cells up to which a plain array is quicker than a sparse one


@dataclass(frozen=True, eq=False, slots=True)
class Design:
    """The data of one fit: `y` (n,), `x` (n, p), and level numbers `first`, `second` (n,), -1 where there is none."""

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
    prediction error with the errors of the fixed effects; `variance` is the variance of the factor.
    """

    prediction: FloatArray
    error_variance: FloatArray
    with_fixed: FloatArray
    variance: float


@dataclass(frozen=True, eq=False, slots=True)
class CrossedFit:
    """Fixed effects (p,), their covariance (p, p), and both factors, in the unit of `y`; variances in its square.

    `deviance` is minus twice the restricted log-likelihood, constants included, as lme4 prints its REML criterion.
    """

    fixed: FloatArray
    fixed_covariance: FloatArray
    first: Effects
    second: Effects
    residual_variance: float
    deviance: float


@dataclass(frozen=True, eq=False, slots=True)
class System:
    """Cross-products, computed once per data set. The factor with more levels is `wide`, the other `narrow`."""

    design: Design
    swapped: bool  # whether the second factor is the wide one
    wide: IntArray
    narrow: IntArray
    narrow_levels: int
    wide_counts: FloatArray
    wide_y: FloatArray
    coupling: Coupling  # (wide levels, narrow levels + p): what absorbing the wide factor touches
    rest: FloatArray  # (narrow levels + p, the same): cross-products of the narrow factor and x
    rest_y: FloatArray

    @property
    def spare(self) -> int:
        """Observations less fixed effects."""
        return int(self.design.x.shape[0] - self.design.x.shape[1])


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """The scaled equations solved at one pair of ratios (effect's variance over the residual's), first factor first."""

    ratios: tuple[float, float]
    deviance: float
    squares: tuple[float, float]  # of the scaled effects of each factor
    penalised: float  # residual sum of squares plus those squares
    wide: FloatArray
    rest: FloatArray
    pivots: FloatArray
    reduced: FloatArray  # the equations left, narrow levels first, then fixed effects
    factor: FloatArray  # and their Cholesky factor


def prepare(design: Design) -> System:
    """Sum the data up.

    Raises NotDefined when both factors have too many levels to factorise, or when the fixed effects say the same.
    """
    swapped = design.first_levels < design.second_levels
    wide, narrow = (design.second, design.first) if swapped else (design.first, design.second)
    narrow_levels, wide_levels = sorted((design.first_levels, design.second_levels))
    if narrow_levels > LARGEST_DENSE:
        raise NotDefined(f"There are more than {LARGEST_DENSE} units and more than {LARGEST_DENSE} raters at once.")
    if np.linalg.matrix_rank(design.x.T @ design.x, hermitian=True) < design.x.shape[1]:
        raise NotDefined(_ALIKE)
    of_wide, of_narrow = _incidence(wide, wide_levels), _incidence(narrow, narrow_levels)
    others = sparse.hstack([of_narrow, sparse.csr_array(design.x)], format="csr")
    coupling = (of_wide.T @ others).tocsr()
    small = coupling.shape[0] * coupling.shape[1] <= _SMALL
    return System(
        design=design,
        swapped=swapped,
        wide=wide,
        narrow=narrow,
        narrow_levels=narrow_levels,
        wide_counts=np.asarray(of_wide.sum(axis=0), dtype=np.float64),
        wide_y=np.asarray(of_wide.T @ design.y),
        coupling=coupling.toarray() if small else coupling,
        rest=np.asarray((others.T @ others).toarray()),
        rest_y=np.asarray(others.T @ design.y),
    )


def solve(system: System, ratios: tuple[float, float]) -> Solution:
    """Solve at these ratios of variance. Raises NotDefined when the fixed effects cannot be told from the others."""
    narrow_levels = system.narrow_levels
    wide_ratio, narrow_ratio = reversed(ratios) if system.swapped else ratios
    pivots = 1.0 + wide_ratio * system.wide_counts
    scales = _scales(system, narrow_ratio)
    reduced = scales[:, None] * (system.rest - _squared(system.coupling, wide_ratio / pivots)) * scales
    reduced[np.arange(narrow_levels), np.arange(narrow_levels)] += 1.0
    factor, failed = linalg.lapack.dpotrf(reduced, lower=1)
    if failed:
        raise NotDefined(_ALIKE)
    right = scales * (system.rest_y - system.coupling.T @ (wide_ratio / pivots * system.wide_y))
    rest = linalg.cho_solve((factor, True), right)
    wide = np.sqrt(wide_ratio) * (system.wide_y - system.coupling @ (scales * rest)) / pivots
    wide_squares, narrow_squares = float(wide @ wide), float(rest[:narrow_levels] @ rest[:narrow_levels])
    left = _residual_squares(system, np.sqrt(wide_ratio) * wide, scales * rest)
    penalised = max(left + wide_squares + narrow_squares, np.finfo(float).tiny)
    squares = (narrow_squares, wide_squares) if system.swapped else (wide_squares, narrow_squares)
    determinant = float(np.log(pivots).sum() + 2.0 * np.log(np.diagonal(factor)).sum())
    return Solution(
        ratios=ratios,
        deviance=determinant + system.spare * (1.0 + float(np.log(2.0 * np.pi * penalised / system.spare))),
        squares=squares,
        penalised=penalised,
        wide=wide,
        rest=rest,
        pivots=pivots,
        reduced=reduced,
        factor=factor,
    )


def slopes(system: System, solution: Solution) -> FloatArray:
    """The slope of the deviance by the logarithm of each ratio, first factor first (2,)."""
    levels = system.narrow_levels
    wide_ratio, narrow_ratio = reversed(solution.ratios) if system.swapped else solution.ratios
    scales, inverse = _scales(system, narrow_ratio), _inverse(solution)
    traced = scales[:, None] * _squared(system.coupling, wide_ratio / solution.pivots**2) * scales
    wide = solution.pivots.size - float((1.0 / solution.pivots).sum()) - float(np.vdot(inverse, traced))
    narrow = levels - float(np.trace(inverse[:levels, :levels]))
    shrunk = (narrow, wide) if system.swapped else (wide, narrow)
    return np.array(shrunk) - system.spare * np.array(solution.squares) / solution.penalised


def effects(system: System, solution: Solution, *, residual_variance: float) -> CrossedFit:
    """Every effect with its error, given the residual variance to scale them by."""
    levels = system.narrow_levels
    inverse = _inverse(solution)
    wide = _wide_effects(system, solution, inverse, residual_variance)
    narrow = _narrow_effects(system, solution, inverse, residual_variance)
    first, second = (narrow, wide) if system.swapped else (wide, narrow)
    return CrossedFit(
        fixed=solution.rest[levels:],
        fixed_covariance=residual_variance * inverse[levels:, levels:],
        first=first,
        second=second,
        residual_variance=residual_variance,
        deviance=solution.deviance,
    )


def _inverse(solution: Solution) -> FloatArray:
    """The inverse of the reduced equations."""
    if (
        len(solution.reduced) <= _FEW
    ):  # the way from the factor wakes up every processor, which costs more than it saves
        return np.asarray(np.linalg.inv(solution.reduced))
    lower, _ = linalg.lapack.dpotri(solution.factor, lower=1)
    whole = lower + lower.T  # above the diagonal the factor holds zeros
    whole[np.diag_indices_from(whole)] /= 2.0
    return np.asarray(whole)


def _incidence(codes: IntArray, levels: int) -> sparse.csr_array:
    rows = np.flatnonzero(codes >= 0)
    return sparse.csr_array((np.ones(rows.size), (rows, codes[rows])), shape=(codes.size, levels))


def _scales(system: System, narrow_ratio: float) -> FloatArray:
    scales = np.ones(system.rest_y.size)
    scales[: system.narrow_levels] = np.sqrt(narrow_ratio)
    return scales


def _squared(coupling: Coupling, weights: FloatArray) -> FloatArray:
    """`coupling' diag(weights) coupling`, dense."""
    if isinstance(coupling, np.ndarray):
        return np.asarray((coupling.T * weights) @ coupling)
    return np.asarray((coupling.T @ sparse.diags_array(weights) @ coupling).toarray())


def _residual_squares(system: System, wide: FloatArray, rest: FloatArray) -> float:
    """The sum of squares left after every effect, from the residuals themselves so that nothing cancels."""
    fitted = system.design.x @ rest[system.narrow_levels :]
    for codes, values in ((system.wide, wide), (system.narrow, rest[: system.narrow_levels])):
        present = codes >= 0
        fitted[present] += values[codes[present]]
    left = system.design.y - fitted
    return float(left @ left)


def _narrow_effects(system: System, solution: Solution, inverse: FloatArray, residual_variance: float) -> Effects:
    levels, ratio = system.narrow_levels, solution.ratios[0 if system.swapped else 1]
    inner = inverse[:levels]
    return Effects(
        prediction=np.sqrt(ratio) * solution.rest[:levels],
        error_variance=residual_variance * ratio * np.diagonal(inner[:, :levels]),
        with_fixed=residual_variance * np.sqrt(ratio) * inner[:, levels:],
        variance=residual_variance * ratio,
    )


def _through(coupling: Coupling, shrink: FloatArray, inverse: FloatArray) -> tuple[FloatArray, FloatArray]:
    """With `c = coupling * shrink`: the product `c inverse`, and the diagonal of `c inverse c'`."""
    if isinstance(coupling, np.ndarray):
        touched = coupling * shrink
        through = touched @ inverse
        return through, np.einsum("ij,ij->i", through, touched)
    touched = (coupling @ sparse.diags_array(shrink)).tocsr()
    through = touched @ inverse
    rows = np.repeat(np.arange(touched.shape[0]), np.diff(touched.indptr))
    parts = touched.data * through[rows, touched.indices]
    sums: FloatArray = np.bincount(rows, parts, minlength=touched.shape[0]).astype(np.float64)
    return through, sums


def _wide_effects(system: System, solution: Solution, inverse: FloatArray, residual_variance: float) -> Effects:
    """By blocks of levels, so that the product with the dense inverse never holds more than some megabytes."""
    levels, (first, second) = system.narrow_levels, solution.ratios
    ratio, narrow_ratio = (second, first) if system.swapped else (first, second)
    shrink = np.sqrt(ratio) * _scales(system, narrow_ratio)
    variance = np.empty(solution.pivots.size)
    with_fixed = np.empty((solution.pivots.size, system.rest_y.size - levels))
    for start in range(0, solution.pivots.size, _BLOCK):
        block = slice(start, start + _BLOCK)
        pivots = solution.pivots[block]
        through, back = _through(system.coupling[block], shrink, inverse)
        variance[block] = 1.0 / pivots + back / pivots**2
        with_fixed[block] = -through[:, levels:] / pivots[:, None]
    return Effects(
        prediction=np.sqrt(ratio) * solution.wide,
        error_variance=residual_variance * ratio * variance,
        with_fixed=residual_variance * np.sqrt(ratio) * with_fixed,
        variance=residual_variance * ratio,
    )
