"""The dates that a workflow's deadlines may count from, by the names that its files use."""

from datetime import date

from sqlmodel import Session

from metstandard.common import clock
from metstandard.records.certificates import Certificate
from metstandard.records.followup import Action
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review
from metstandard.rubric.shapes import Grade
from metstandard.rules.case import Record, review_of
from metstandard.rules.editions import workflow_of
from metstandard.workflow import calendar
from metstandard.workflow.definition import Due


def dates_of(session: Session, record: Record) -> dict[str, date]:
    """Local dates known of a record; a name that is missing has not happened yet."""
    found: dict[str, date | None] = {"entered": clock.local_date(record.state_since)}
    if isinstance(record, Nomination):
        found |= {"happened": record.happened_on, "decided": record.decided_on}
        return {name: day for name, day in found.items() if day is not None}
    review = review_of(session, record)
    found |= {
        "visit_starts": review.starts_on,
        "visit_ends": review.ends_on,
        "visit_ended": review.visit_ended_on,
        "decided": review.decided_on,
        "notified": review.notified_on,
        "published": review.published_on,
    }
    if isinstance(record, Certificate):
        found |= {"decided": record.decided_on, "valid_until": record.valid_until}
    if isinstance(record, Action):
        found["action_due"] = action_due(session, review, record.grade)
    return {name: day for name, day in found.items() if day is not None}


def action_due(session: Session, review: Review, grade: Grade) -> date | None:
    """When an action must be done: by the grade of its finding, counted from publication (rules.md B6)."""
    if review.published_on is None:
        return None
    workflow = workflow_of(session, review)
    if grade is Grade.CRITICAL:
        return calendar.due_on(Due(working_days="B6-critical"), {"entered": review.published_on}, workflow.numbers)
    rule = "B6-major-verified" if grade is Grade.MAJOR else "B6-minor-verified"
    return calendar.due_on(Due(months=rule), {"entered": review.published_on}, workflow.numbers)
