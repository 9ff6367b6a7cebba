"""The figures of the statistics pages, drawn from records: marks of a panel, a cycle's levels, severity."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.figures import severities as harsh
from metstandard.figures.domains import DomainBar, domains
from metstandard.figures.figure import Figure
from metstandard.figures.heat import HeatRow, heat
from metstandard.figures.spread import SpreadLine, spread
from metstandard.figures.timetable import Stage, timetable
from metstandard.queries.statistics.marks import Opened, OpenReview
from metstandard.queries.statistics.signs import Watch
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from metstandard.records.sheets import AgreedLevel
from metstandard.records.units import Unit
from metstandard.rubric.arithmetic import shown
from metstandard.rubric.clauses import DomainsRule
from metstandard.rubric.definition import Rubric
from metstandard.rules import award
from metstandard.rules.dates import dates_of
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.statistics.estimates import Estimate
from metstandard.workflow.calendar import due_on


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


def domains_figure(session: Session, review: Review) -> Figure | None:
    """The domains of a decided review against the standard (R2); None before the decision, or without such a rule."""
    rubric = rubric_of(session, review)
    rules = rubric.award.rules.values() if rubric.award else ()
    threshold = next((one.at_least for one in rules if isinstance(one, DomainsRule)), None)
    if review.decided_on is None or threshold is None:
        return None
    result, panel = award.result(session, review), workflow_of(session, review).panel
    bars = [
        DomainBar(
            code, one.title, score := result.domains[code], "" if score is None else shown(score),
            sum(result.levels[each] is not None for each in one.criteria),
        )
        for code, one in rubric.domains.items()
    ]  # fmt: skip
    return domains(bars, threshold=threshold, assessed_by=len(panel.seats) if panel else 0)


def timetable_figure(session: Session, review: Review) -> Figure | None:
    """The stages that a review has entered and that have a due date; None before the first of them."""
    lines = session.exec(
        select(JournalLine)
        .where(
            JournalLine.record_kind == "review", JournalLine.record_id == review.key,
            col(JournalLine.before) != col(JournalLine.after),
        )
        .order_by(col(JournalLine.seq))
    ).all()  # fmt: skip
    days = [clock.local_date(one.at) for one in lines]
    stages = [
        stage
        for line, began, left in zip(lines, days, [*days[1:], None], strict=False)
        if (stage := _stage(session, review, line.after, began, left)) is not None
    ]
    return timetable(stages, today=clock.today()) if stages else None


def _stage(session: Session, review: Review, state: str, began: date, left: date | None) -> Stage | None:
    """A stage with the first of its due dates, counted as on the day it was entered; None where it has none."""
    workflow = workflow_of(session, review)
    known = dates_of(session, review) | {"entered": began}
    due = [due_on(one.due, known, workflow.numbers) for one in workflow.states[state].timers]
    first = min((one for one in due if one is not None), default=None)
    return None if first is None else Stage(workflow.states[state].title, began, first, left)


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
