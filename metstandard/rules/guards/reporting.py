"""Facts about the report, the unit's points, moderation, the decision and its windows."""

from sqlmodel import select

from metstandard.records.sheets import Answer, Paragraph, Point
from metstandard.rules import award
from metstandard.rules.case import Case
from metstandard.rules.guards.register import guard
from metstandard.rules.signatures import counting


@guard("The report has an empty paragraph.")
def report_complete(case: Case) -> bool:
    """Every paragraph of the draft is written."""
    rows = case.session.exec(select(Paragraph).where(Paragraph.review_id == case.review.key)).all()
    return bool(rows) and all(one.text.strip() for one in rows)


@guard("A factual-accuracy point has not been answered.")
def every_point_answered(case: Case) -> bool:
    """B7: each point is accepted, or refused with a reason."""
    query = select(Point.id).where(Point.review_id == case.review.key, Point.answer == Answer.OPEN)
    return case.session.exec(query).first() is None


@guard("Every member of the moderation panel must sign the report as it now stands.")
def every_moderator_signed(case: Case) -> bool:
    """B7: one signature for each seat that the workflow names, by distinct people."""
    signed = {one.seat: one.person_id for one in counting(case.session, case.record, "moderation")}
    seats = case.workflow.moderators
    return set(seats) <= set(signed) and len({signed[seat] for seat in seats}) == len(seats)


@guard("The rules allow no decision: evidence or process is incomplete (R7, R8).")
def decision_possible(case: Case) -> bool:
    """R7, R8."""
    return award.result(case.session, case.review).outcome is not None


@guard("The unit may still appeal.")
def appeal_window_over(case: Case) -> bool:
    """B7: the clock has closed the window."""
    return case.review.appeal_closed_on is not None
