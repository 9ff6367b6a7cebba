"""Signs in a reviewer's marking that add up over reviews, and how severity drifts from one cycle to the next.

Signs, never verdicts: nothing is raised from one sheet, nor from fewer reviews than REV-5-fewest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import sqrt

from sqlmodel import Session

from metstandard.queries.statistics.marks import Opened
from metstandard.queries.statistics.severity import (
    ReviewerSeverity,
    kinds_of,
    model_of,
    severities,
    too_few_reviews,
)
from metstandard.rules.calibration import number
from metstandard.statistics.estimates import Estimate, NotDefined
from metstandard.statistics.flags import ORDINARY, Sheet, Sign, Tally, tallies
from metstandard.statistics.severity import SeverityModel, drift

_KEPT = 16


@dataclass(frozen=True)
class Drift:
    """How far severity moved between two cycles, as a standard normal z; positive is harsher than before."""

    before: int
    after: int
    z: float


@dataclass(frozen=True)
class Watched:
    """One reviewer as the programme office sees them: severity, the signs raised, and the last drift."""

    severity: ReviewerSeverity
    raised: Mapping[Sign, Tally]
    severe: bool
    drift: Drift | None


@dataclass(frozen=True)
class KindSeverity:
    """A kind of seat: its mean severity, and the drift between its last two cycles."""

    kind: str
    reviewers: int
    estimate: Estimate
    drift: Drift | None


@dataclass(frozen=True)
class Watch:
    """All reviewers and kinds of seat; `why` says what keeps the kinds back."""

    reviewers: tuple[Watched, ...]
    kinds: tuple[KindSeverity, ...]
    why: str
    groups: int


def watch(session: Session, found: Opened, cycle: int | None = None) -> Watch:
    """Everybody who marked an open review (of a cycle): severity, signs and drift up to that cycle."""
    known = kinds_of(session, found)
    shown = severities(session, cycle, found=found)
    models = _models(found, known, cycle)
    signs = _tallied(found, cycle, number("REV-5-fewest"))
    marked = {year: Counter(one.person_id for one in found.of(year)) for year in models}
    reviewers = tuple(
        Watched(
            severity=one,
            raised={sign: tally for sign, tally in signs.get(str(key), {}).items() if tally.raised},
            severe=one.estimate is not None and _surely_out(one.estimate),
            drift=_drift(models, marked, key),
        )
        for key, one in shown.items()
    )
    kinds, why = _kinds(found, known, cycle, models)
    return Watch(reviewers, kinds, why, len({one.group for one in shown.values() if one.estimate}))


@lru_cache(maxsize=_KEPT)
def _tallied(found: Opened, cycle: int | None, fewest: int) -> dict[str, dict[Sign, Tally]]:
    rows = [
        Sheet(
            review=one.review.reference,
            reviewer=str(one.person_id),
            levels=tuple(one.levels.get(code) for code in one.review.rubric.criteria),
        )
        for one in found.of(cycle)
    ]
    return tallies(rows, limits=replace(ORDINARY, reviews=fewest))


def _surely_out(estimate: Estimate) -> bool:
    """Whether the whole interval lies further from zero than the levels that are let pass."""
    if estimate.low is None or estimate.high is None:
        return False
    return estimate.low > ORDINARY.severity or estimate.high < -ORDINARY.severity


def _models(found: Opened, kinds: Mapping[int, str], cycle: int | None) -> dict[int, SeverityModel]:
    """The models of the cycles up to one, newest first, as far as each has reviews enough."""
    models = {}
    for year in found.cycles:
        reviews = {one.review.key for one in found.of(year)}
        if (cycle is None or year <= cycle) and not too_few_reviews(len(reviews)):
            try:
                models[year] = model_of(found, kinds, year)
            except NotDefined:
                continue
    return models


def _drift(
    models: Mapping[int, SeverityModel], marked: Mapping[int, Mapping[int, int]], person_id: int
) -> Drift | None:
    """Between the last two cycles in which somebody marked enough reviews."""
    fewest = number("REV-5-fewest")
    years = [year for year in models if marked[year].get(person_id, 0) >= fewest]
    if len(years) < 2:  # noqa: PLR2004 (drift is between two)
        return None
    after, before = years[0], years[1]
    try:
        z = drift(models[before].reviewers[str(person_id)], models[after].reviewers[str(person_id)])
    except NotDefined:
        return None
    return Drift(before, after, z)


def _kinds(
    found: Opened, known: Mapping[int, str], cycle: int | None, models: Mapping[int, SeverityModel]
) -> tuple[tuple[KindSeverity, ...], str]:
    short = too_few_reviews(len({one.review.key for one in found.of(cycle)}))
    if short:
        return (), short
    try:
        model = model_of(found, known, cycle)
    except NotDefined as refusal:
        return (), str(refusal)
    sitting = {one.person_id: known.get(one.person_id, "") for one in found.of(cycle)}
    return tuple(
        KindSeverity(kind, sum(each == kind for each in sitting.values()), estimate, _drift_of_kind(models, kind))
        for kind, estimate in model.kinds.items()
        if kind in sitting.values()
    ), ""


def _drift_of_kind(models: Mapping[int, SeverityModel], kind: str) -> Drift | None:
    """Means of kinds are fixed effects, which nothing draws towards the mean: they compare as they are."""
    years = [year for year, model in models.items() if kind in model.kinds]
    if len(years) < 2:  # noqa: PLR2004 (drift is between two)
        return None
    after, before = models[years[0]].kinds[kind], models[years[1]].kinds[kind]
    error = sqrt((after.standard_error or 0.0) ** 2 + (before.standard_error or 0.0) ** 2)
    return Drift(years[1], years[0], (after.value - before.value) / error) if error else None
