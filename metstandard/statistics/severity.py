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

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from metstandard.common.errors import Invalid
from metstandard.statistics import mixed
from metstandard.statistics.equations import CrossedFit, Design, System, prepare
from metstandard.statistics.estimates import Estimate, FloatArray, IntArray, NotDefined

FEWEST = 3
"""Marks of one reviewer below which nothing is said about them, unless the caller sets another number."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one reviewer gave one review, in levels of the scale: a whole sheet's weighted mean, or a single level."""

    review: str
    reviewer: str
    value: float


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
class Layout:
    """Who marked what, as numbers: the design of the fit and the names behind its levels and columns."""

    design: Design
    reviews: tuple[str, ...]
    reviewers: tuple[str, ...]
    kind_of: IntArray  # reviewer to kind
    kinds: tuple[str, ...]
    kind_columns: FloatArray  # (kinds, p): severity of a kind from the fixed effects
    groups: tuple[tuple[str, ...], ...]
    free: tuple[bool, bool]


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
    layout = _laid_out(marks, anchors or {}, kinds)
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


def connected(pairs: Collection[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Reviewers by group, from (review, reviewer) pairs: within a group all are linked through reviews they share.

    Groups and names are sorted, larger groups first. Weeks and Williams 1964, Technometrics 6, 319-324.
    """
    reviews = {name: number for number, name in enumerate(sorted({review for review, _ in pairs}))}
    reviewers = sorted({reviewer for _, reviewer in pairs})
    places = {name: len(reviews) + number for number, name in enumerate(reviewers)}
    size = len(reviews) + len(reviewers)
    ends = [(reviews[review], places[reviewer]) for review, reviewer in pairs]
    graph = sparse.coo_array((np.ones(len(ends)), tuple(zip(*ends, strict=True)) or ([], [])), shape=(size, size))
    _, labels = csgraph.connected_components(graph, directed=False)
    groups: dict[int, list[str]] = {}
    for name in reviewers:
        groups.setdefault(int(labels[places[name]]), []).append(name)
    return tuple(sorted((tuple(names) for names in groups.values()), key=lambda names: (-len(names), names)))


def groups_of(marks: Sequence[Mark], anchors: Collection[str] = ()) -> tuple[tuple[str, ...], ...]:
    """Reviewers by group, as `connected`, with all calibration cases (`anchors`) as one: their values are known."""
    return connected([(_REFERENCE if mark.review in anchors else mark.review, mark.reviewer) for mark in marks])


_REFERENCE = "\0reference"  # all calibration cases are one node: their values are known


def _laid_out(marks: Sequence[Mark], anchors: Mapping[str, float], kinds: Mapping[str, str] | None) -> Layout:
    _check(marks, kinds)
    reviews = tuple(sorted({mark.review for mark in marks} - set(anchors)))
    reviewers = tuple(sorted({mark.reviewer for mark in marks}))
    review_numbers = {name: number for number, name in enumerate(reviews)}
    reviewer_numbers = {name: number for number, name in enumerate(reviewers)}
    names = tuple(sorted({kinds[reviewer] for reviewer in reviewers})) if kinds else ("",)
    kind_of = np.array([names.index(kinds[reviewer]) if kinds else 0 for reviewer in reviewers], dtype=np.int64)
    first = np.array([review_numbers.get(mark.review, -1) for mark in marks], dtype=np.int64)
    second = np.array([reviewer_numbers[mark.reviewer] for mark in marks], dtype=np.int64)
    coding = np.eye(len(names)) if (first < 0).any() else np.vstack([np.eye(len(names) - 1), -np.ones(len(names) - 1)])
    real = (first >= 0).astype(np.float64)[:, None][:, : 1 if reviews else 0]
    y = np.array([mark.value - anchors.get(mark.review, 0.0) for mark in marks], dtype=np.float64)
    pairs = [(_REFERENCE if mark.review in anchors else mark.review, mark.reviewer) for mark in marks]
    groups = groups_of(marks, anchors)
    return Layout(
        design=Design(y, np.hstack([real, -coding[kind_of[second]]]), first, second, len(reviews), len(reviewers)),
        reviews=reviews,
        reviewers=reviewers,
        kind_of=kind_of,
        kinds=names,
        kind_columns=np.hstack([np.zeros((len(names), real.shape[1])), coding]),
        groups=groups,
        free=_estimable(pairs, len(reviews), len(reviewers), len(groups)),
    )


def _check(marks: Sequence[Mark], kinds: Mapping[str, str] | None) -> None:
    seen: set[tuple[str, str]] = set()
    for mark in marks:
        if not np.isfinite(mark.value):
            raise Invalid(f"The mark of {mark.reviewer} for {mark.review} is not a number.", field="value")
        if (mark.review, mark.reviewer) in seen:
            raise Invalid(f"{mark.reviewer} has marked {mark.review} twice.", field="reviewer")
        if kinds is not None and mark.reviewer not in kinds:
            raise Invalid(f"{mark.reviewer} has no kind of seat.", field="kinds")
        seen.add((mark.review, mark.reviewer))


def _estimable(pairs: Sequence[tuple[str, str]], reviews: int, reviewers: int, groups: int) -> tuple[bool, bool]:
    """Which variances the marks can tell from the residual's: something must be left once every effect is taken out."""
    nodes = len({review for review, _ in pairs}) + reviewers
    if len(pairs) > nodes - groups:
        return reviews > 1, reviewers > 1
    if len(pairs) > len({review for review, _ in pairs}) and reviews > 1:
        return True, False
    raise NotDefined("Hardly anything is marked by two or more, so there is nothing to compare.")


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
