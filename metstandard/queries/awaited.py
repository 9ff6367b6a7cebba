"""How far somebody may follow the line of a criterion now, and what is said where it is not there yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from metstandard.common import words
from metstandard.queries.timeline import View, entered_at
from metstandard.records.reviews import Review
from metstandard.rules.dates import dates_of
from metstandard.rules.editions import workflow_of
from metstandard.workflow import calendar
from metstandard.workflow.definition import ENTERED

# The stage whose end brings a step of the line.
_BROUGHT_BY = {
    "own": "self_assessment", "evidence": "self_assessment", "marks": "scoring", "agreed": "consensus",
    "report": "reporting", "findings": "consensus", "actions": "appeal_window", "proof": "follow_up",
    "effect": "follow_up",
}  # fmt: skip
_TELLS_UNIT = "appeal_window"
_EFFECT_TIMER = "second_visit"
_BY = ", by "

_CLOSED = {
    "own": "The unit gave no level of its own.",
    "evidence": "No evidence is linked to this criterion.",
    "marks": "No mark stands.",
    "agreed": "No level was agreed.",
    "report": "The report has no paragraph on this criterion.",
    "findings": "The panel made no finding on this criterion.",
    "actions": "There is no recommendation, so there is no action.",
    "proof": "There is no action, so there is nothing to prove.",
    "effect": "There is no action, so there is no effect to look for.",
}
_COMING = {
    "own": "The unit’s own level comes with its self-assessment{}.",
    "evidence": "The evidence comes with the self-assessment{}.",
    "marks": "Every sheet is sealed until the last of them is locked{}.",
    "agreed": "The panel agrees a level once every sheet is locked{}.",
    "report": "The paragraph is written after the consensus{}.",
    "findings": "Findings come with the consensus{}.",
    "actions": "A recommendation becomes an action when the result is published{}.",
    "proof": "The proof comes when the action is done and somebody else has verified it.",
    "effect": "The effect is looked for twelve months after publication{}.",
}
_COMING_TO_UNIT = _COMING | {
    "own": "Your own level comes with your self-assessment{}.",
    "evidence": "Your evidence comes with your self-assessment{}.",
    "marks": "The marks of single reviewers stay with the panel. You read the level that they agree.",
    "agreed": "You read the agreed level with your result{}.",
    "report": "You read the paragraph when the draft is sent to you{}.",
    "findings": "You read the findings with your result{}.",
}


@dataclass(frozen=True)
class Reach:
    """How far a view may follow the line of any criterion of a review now; `entered` has each stage's last moment."""

    own: bool
    marks: bool
    levels: bool
    report: bool
    findings: bool
    entered: Mapping[str, datetime]


def reach_of(session: Session, review: Review, view: View) -> Reach:
    """The unit's self-assessment is its own until submitted; levels are the panel's until it has signed them.

    The unit reads the report from the draft on, levels and findings from its notice on, single marks never.
    """
    entered = entered_at(session, review)
    unit, panel = view is View.UNIT, view is View.PANEL
    told = review.notified_on is not None
    signed = "reporting" in entered and review.state != "consensus"
    sent = review.draft_sent_on is not None and review.state not in {"consensus", "reporting"}
    return Reach(
        own=unit or "evidence_review" in entered,
        marks=not unit,
        levels=told if unit else signed or panel,
        report=sent or (panel and signed),
        findings=told if unit else signed or panel,
        entered=entered,
    )


def waits(session: Session, review: Review, reach: Reach, view: View) -> dict[str, str]:
    """A sentence for each step, for when it is empty: what is missing for good, or what comes and by when.

    `effect_on` is the day on which the effect is looked for, in words; empty before publication.
    """
    unit = view is View.UNIT
    signed = "reporting" in reach.entered and review.state != "consensus"
    submitted, published = "evidence_review" in reach.entered, review.published_on is not None
    over = {
        "own": submitted, "evidence": submitted, "marks": signed and not unit, "agreed": signed and reach.levels,
        "report": reach.report, "findings": signed and reach.findings,
        "actions": published, "proof": published, "effect": published,
    }  # fmt: skip
    days = _days(session, review, reach, view)
    coming = _COMING_TO_UNIT if unit else _COMING
    found = {step: said if over[step] else coming[step].format(days[step]) for step, said in _CLOSED.items()}
    return found | {"effect_on": days["effect"].removeprefix(_BY)}


def _days(session: Session, review: Review, reach: Reach, view: View) -> dict[str, str]:
    """`, by 14 October 2026` for each step of which the day is known, else nothing."""
    days = {step: _by(_ends(session, review, reach, stage)) for step, stage in _BROUGHT_BY.items()}
    if view is View.UNIT:
        told = _by(_ends(session, review, reach, _TELLS_UNIT))
        days |= {"agreed": told, "findings": told}
    return days | {"effect": _by(_effect_on(session, review))}


def _ends(session: Session, review: Review, reach: Reach, stage: str) -> date | None:
    """When a stage that is not over is due to end; None where that depends on what has not happened yet."""
    if review.state == stage:
        return review.due_on
    workflow = workflow_of(session, review)
    if stage in reach.entered or stage not in workflow.states:
        return None
    dates = {name: day for name, day in dates_of(session, review).items() if name != ENTERED}
    known = [calendar.due_on(one.due, dates, workflow.numbers) for one in workflow.states[stage].timers]
    return next((one for one in known if one is not None), None)


def _effect_on(session: Session, review: Review) -> date | None:
    workflow = workflow_of(session, review)
    timers = workflow.states["follow_up"].timers if "follow_up" in workflow.states else ()
    due = next((one.due for one in timers if one.name == _EFFECT_TIMER), None)
    return calendar.due_on(due, dates_of(session, review), workflow.numbers) if due is not None else None


def _by(day: date | None) -> str:
    return "" if day is None else f"{_BY}{words.day(day)}"
