"""Who marked what: the marks of a cycle laid out for the model of severity, and who can be compared with whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from metstandard.common.errors import Invalid
from metstandard.statistics.equations import Design
from metstandard.statistics.estimates import FloatArray, IntArray, NotDefined

_REFERENCE = "\0reference"  # all calibration cases are one node: their values are known


@dataclass(frozen=True, slots=True)
class Mark:
    """What one reviewer gave one review, in levels of the scale: a whole sheet's weighted mean, or a single level."""

    review: str
    reviewer: str
    value: float


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


def laid_out(marks: Sequence[Mark], anchors: Mapping[str, float], kinds: Mapping[str, str] | None) -> Layout:
    """The design of the fit: reviews and reviewers as random effects, the general mean and the kinds' as fixed ones.

    With calibration cases every kind has a mean of its own; without, the kinds' means sum to nought. Raises Invalid for
    a reviewer without kind, a value that is no number, or a review marked twice by one reviewer; NotDefined when no two
    have marked the same review.
    """
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
