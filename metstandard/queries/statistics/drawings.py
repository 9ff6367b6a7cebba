"""The figures of the statistics pages, drawn from records: marks of a panel, a cycle's levels, severity."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.figures import severities as harsh
from metstandard.figures.figure import Figure
from metstandard.figures.heat import HeatRow, heat
from metstandard.figures.spread import SpreadLine, spread
from metstandard.queries.statistics.marks import Opened, OpenReview
from metstandard.queries.statistics.signs import Watch
from metstandard.records.reviews import Review
from metstandard.records.sheets import AgreedLevel
from metstandard.records.units import Unit
from metstandard.rubric.definition import Rubric
from metstandard.rules.editions import workflow_of
from metstandard.statistics.estimates import Estimate


def in_words(kind: str) -> str:
    """A kind of seat as people read it: `Local authority`."""
    return kind.replace("_", " ").capitalize()


def marks_figure(session: Session, found: Opened, review: Review) -> Figure | None:
    """The marks of a panel by criterion, in red where SCO-4 asks for a discussion; None while the sheets are sealed."""
    sheets = [one for one in found.sheets if one.review.key == review.key]
    if not sheets:
        return None
    rubric, aside = sheets[0].review.rubric, sheets[0].review.set_aside
    lines = [
        SpreadLine(code, one.title, tuple(each.levels.get(code) for each in sheets))
        for code, one in rubric.criteria.items()
        if code not in aside
    ]
    return spread(
        lines,
        seats=[in_words(one.kind) for one in sheets],
        top=rubric.top,
        discuss_at=workflow_of(session, review).number("SCO-4-spread"),
    )


def levels_figure(session: Session, found: Opened, cycle: int | None) -> Figure | None:
    """Units by criteria as decided, the newest rubric's reviews of a cycle; None where none is decided."""
    decided = [one for one in found.reviews.values() if one.decided and cycle in {None, one.cycle}]
    if not decided:
        return None
    rubric = decided[-1].rubric
    shown = [one for one in decided if one.rubric.name == rubric.name]
    levels = _levels(session, shown)
    units = session.exec(select(Unit).where(col(Unit.id).in_({one.unit_id for one in shown}))).all()
    titles = {one.key: one.title for one in units}
    rows = sorted((HeatRow(titles[one.unit_id], levels.get(one.key, {})) for one in shown), key=lambda row: row.title)
    return heat(rows, criteria=_by_domain(rubric), top=rubric.top, title="Levels by unit and criterion")


def _levels(session: Session, reviews: Iterable[OpenReview]) -> dict[int, dict[str, int]]:
    aside = {one.key: one.set_aside for one in reviews}
    rows = session.execute(
        sa.select(
            col(AgreedLevel.review_id), col(AgreedLevel.criterion), col(AgreedLevel.level), col(AgreedLevel.moderated)
        ).where(col(AgreedLevel.review_id).in_(aside))
    ).all()
    found: dict[int, dict[str, int]] = {}
    for review_id, criterion, level, moderated in rows:
        stands = moderated or level
        if stands.isdecimal() and criterion not in aside[review_id]:
            found.setdefault(review_id, {})[criterion] = int(stands)
    return found


def _by_domain(rubric: Rubric) -> list[tuple[str, str]]:
    return [(code, domain.code) for domain in rubric.domains.values() for code in domain.criteria]


def severity_figure(watched: Watch) -> Figure | None:
    """Reviewers whose severity is shown, the harshest first; None where nobody's is."""
    lines = [
        harsh.SeverityLine(one.severity.name, *_ends(one.severity.estimate), n=one.severity.reviews, raised=one.severe)
        for one in watched.reviewers
        if one.severity.estimate is not None
    ]
    lines.sort(key=lambda one: -one.value)
    return harsh.severities(lines, title="Severity of reviewers") if lines else None


def _ends(estimate: Estimate) -> tuple[float, float, float]:
    """Value, low and high; a bare value where there is no interval."""
    low = estimate.value if estimate.low is None else estimate.low
    return estimate.value, low, estimate.value if estimate.high is None else estimate.high
