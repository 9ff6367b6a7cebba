"""How harsh each reviewer marks, and what each review is worth once that is allowed for.

Review and reviewer are crossed random effects: a mark is the review's true value, less the reviewer's severity, plus
what is left. Because the effects are random, every reviewer is drawn towards the mean as far as the evidence is thin.
Reviewers who share no review with the rest, not even through others, cannot be compared with them; they are named by
group. Calibration cases with an agreed value tie the groups together and fix the zero. Sources: Longford 1994, Journal
of Educational and Behavioral Statistics 19, 171-200 (reviewers' severity as a random effect); Henderson 1975
(prediction); Garrick, Taylor and Fernando 2009, Genetics Selection Evolution 41, 55 (undoing the drawing-in before two
estimates are compared).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from metstandard.statistics import mixed
from metstandard.statistics.equations import CrossedFit, System, prepare
from metstandard.statistics.estimates import Estimate, FloatArray, IntArray, NotDefined
from metstandard.statistics.layout import Layout, Mark, laid_out

FEWEST = 3
"""Marks of one reviewer below which nothing is said about them, unless the caller sets another number."""


@dataclass(frozen=True, slots=True)
class Severity:
    """One reviewer. `estimate` is in levels, positive is harsher, None where `n` marks are too few.

    `group` numbers the reviewers that can be compared with each other, from 1. `unshrunk` is the estimate with the
    drawing towards the mean undone, for comparing one cycle with another; None where the model found no differences.
    """

    estimate: Estimate | None
    n: int
    group: int
    unshrunk: Estimate | None = None


@dataclass(frozen=True, slots=True)
class Variances:
    """REML variances in squared levels: between reviews, between reviewers (of one kind), and what is left."""

    review: float
    reviewer: float
    residual: float


@dataclass(frozen=True, eq=False, slots=True)
class SeverityModel:
    """Severities by reviewer and by kind of seat, variances, and reviewers by group (one group: all can be compared).

    `kinds` is empty when no kinds were given. `undefined` says what could not be estimated and why. `averaged` is what
    `metstandard.statistics.probability` takes the intervals of reviews from; None with too few marks.
    """

    reviewers: dict[str, Severity]
    kinds: dict[str, Estimate]
    variances: Variances
    groups: tuple[tuple[str, ...], ...]
    undefined: dict[str, str]
    layout: Layout
    reml: CrossedFit
    averaged: mixed.Averaged | None


def fit(
    marks: Sequence[Mark],
    *,
    anchors: Mapping[str, float] | None = None,
    kinds: Mapping[str, str] | None = None,
    fewest: int = FEWEST,
) -> SeverityModel:
    """Fit severities to the marks of a cycle, or of several.

    `anchors` gives the agreed value, in levels, of those reviews that are calibration cases; severity is then measured
    from them, else from the mean reviewer. `kinds` gives each reviewer's kind of seat; each kind then has a mean of
    its own. Estimates are REML predictions; standard errors and intervals count the uncertainty of the variances too.

    Raises Invalid for a reviewer without kind, a value that is no number, or a review marked twice by one reviewer;
    NotDefined when the marks cannot carry the model at all (no review marked twice).
    """
    layout = laid_out(marks, anchors or {}, kinds)
    system = prepare(layout.design)
    reml = mixed.fit(system, free=layout.free)
    averaged = _averaged(system, layout.free, reml) if reml.residual_variance else None
    undefined: dict[str, str] = {}
    if not reml.residual_variance:
        undefined["residual"] = "Every mark is exactly the sum of its two parts, so errors can hardly be judged."
    if not layout.free[1]:
        undefined["reviewers"] = "Too few have marked the same things to tell severity from chance."
    counts = np.bincount(layout.design.second, minlength=len(layout.reviewers))
    reviewers = _reviewers(layout, reml, averaged, counts, fewest)
    for name, severity in reviewers.items():
        if severity.n < fewest:
            undefined.setdefault(f"reviewers.{name}", f"Too few: {severity.n} of at least {fewest} marks.")
    return SeverityModel(
        reviewers=reviewers,
        kinds=_kinds(layout, reml, averaged) if kinds else {},
        variances=Variances(reml.first.variance, reml.second.variance, reml.residual_variance),
        groups=layout.groups,
        undefined=undefined,
        layout=layout,
        reml=reml,
        averaged=averaged,
    )


def drift(before: Severity, after: Severity) -> float:
    """How far one reviewer's severity moved between two cycles fitted apart, as a standard normal z.

    Positive is harsher. Compares the unshrunk estimates, because two estimates drawn towards the mean hide half of any
    change. With anchors in both cycles the change is absolute, else relative to the reviewers of each cycle. Raises
    NotDefined where either cycle has too few marks or shows no differences between reviewers.
    """
    if before.unshrunk is None or after.unshrunk is None:
        raise NotDefined("One of the two cycles has too few marks for this reviewer, or shows no differences.")
    errors = (before.unshrunk.standard_error or 0.0, after.unshrunk.standard_error or 0.0)
    return (after.unshrunk.value - before.unshrunk.value) / sqrt(errors[0] ** 2 + errors[1] ** 2)


def _averaged(system: System, free: tuple[bool, bool], near: CrossedFit) -> mixed.Averaged | None:
    try:
        return mixed.average(system, free=free, near=near)
    except NotDefined:
        return None


def _severities(layout: Layout, found: CrossedFit) -> tuple[FloatArray, FloatArray]:
    """Severity of each reviewer and the variance of its error: the kind's mean plus the reviewer's own part."""
    columns = layout.kind_columns[layout.kind_of]
    centre = columns @ found.fixed - found.second.prediction
    together = 2.0 * (columns * found.second.with_fixed).sum(axis=1)
    fixed = ((columns @ found.fixed_covariance) * columns).sum(axis=1)
    return centre, fixed + found.second.error_variance - together


def _reviewers(
    layout: Layout, reml: CrossedFit, averaged: mixed.Averaged | None, counts: IntArray, fewest: int
) -> dict[str, Severity]:
    group_of = {name: number for number, names in enumerate(layout.groups, start=1) for name in names}
    if not layout.free[1]:
        return {
            name: Severity(None, int(count), group_of[name])
            for name, count in zip(layout.reviewers, counts, strict=True)
        }
    estimates = _estimates(*_severities(layout, reml), averaged, [_severities(layout, at) for at in _fits(averaged)])
    unshrunk = _unshrunk(layout, reml)
    return {
        name: Severity(estimate, int(count), group_of[name], raw)
        if count >= fewest
        else Severity(None, int(count), group_of[name])
        for name, count, estimate, raw in zip(layout.reviewers, counts, estimates, unshrunk, strict=True)
    }


def _kinds(layout: Layout, reml: CrossedFit, averaged: mixed.Averaged | None) -> dict[str, Estimate]:
    def means(found: CrossedFit) -> tuple[FloatArray, FloatArray]:
        columns = layout.kind_columns
        return columns @ found.fixed, ((columns @ found.fixed_covariance) * columns).sum(axis=1)

    estimates = _estimates(*means(reml), averaged, [means(at) for at in _fits(averaged)])
    return dict(zip(layout.kinds, estimates, strict=True))


def _fits(averaged: mixed.Averaged | None) -> tuple[CrossedFit, ...]:
    return averaged.fits if averaged else ()


def _estimates(
    centre: FloatArray,
    variance: FloatArray,
    averaged: mixed.Averaged | None,
    at_each: Sequence[tuple[FloatArray, FloatArray]],
) -> list[Estimate]:
    """REML estimates with the error about them over every plausible pair of variances, where there are marks enough."""
    if averaged is None:
        errors = [sqrt(value) if value > 0 else None for value in variance.tolist()]
        return [Estimate(value, error) for value, error in zip(centre.tolist(), errors, strict=True)]
    centres, variances = np.array([each[0] for each in at_each]), np.array([each[1] for each in at_each])
    mean, deviation = averaged.spread(centres, variances)
    error = np.sqrt(deviation**2 + (mean - centre) ** 2)
    low, high = averaged.interval(centres, variances)
    columns = (centre.tolist(), error.tolist(), low.tolist(), high.tolist())
    return [Estimate(*row) for row in zip(*columns, strict=True)]


def _unshrunk(layout: Layout, reml: CrossedFit) -> list[Estimate | None]:
    """Each reviewer's estimate with the drawing-in undone: what their own marks alone say of them.

    The own part is divided by its reliability, one less the share of variance left in error once the fixed effects are
    given; their uncertainty would be counted twice, since it cancels when the mean of the kind is added again.
    """
    if reml.second.variance <= 0 or not reml.residual_variance:
        return [None] * len(layout.reviewers)
    kind = layout.kind_columns[layout.kind_of] @ reml.fixed
    shared = reml.second.with_fixed @ np.linalg.pinv(reml.fixed_covariance)
    error = reml.second.error_variance - (shared * reml.second.with_fixed).sum(axis=1)
    reliability = 1.0 - error / reml.second.variance
    found: list[Estimate | None] = []
    for mean, own, left, share in zip(kind, reml.second.prediction, error, reliability, strict=True):
        known = share > _LEAST_RELIABILITY
        found.append(Estimate(float(mean - own / share), sqrt(left / share)) if known else None)
    return found


_LEAST_RELIABILITY = 0.05
