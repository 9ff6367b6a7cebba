"""Facts about self-assessment and the visit."""

from collections import Counter

from sqlmodel import col, select

from metstandard.records.evidence import Activity, ActivityKind, Evidence, EvidenceLink, SelfMark
from metstandard.rules.case import Case
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.register import guard

_TALKS = (ActivityKind.INTERVIEW, ActivityKind.FOCUS_GROUP)


@guard("Every criterion needs a level of your own, an account and at least one piece of evidence.")
def self_assessment_complete(case: Case) -> bool:
    """schemes.md A5, 6; criteria agreed as not applicable are left out."""
    return not self_assessment_gaps(case)


def self_assessment_gaps(case: Case) -> list[str]:
    """The codes of the criteria that still lack a level, an account or evidence, in the rubric's order."""
    review = case.review
    marks = {
        one.criterion: one for one in case.session.exec(select(SelfMark).where(SelfMark.review_id == review.key)).all()
    }
    linked = set(
        case.session.exec(
            select(EvidenceLink.criterion)
            .join(Evidence)
            .where(Evidence.review_id == review.key, col(Evidence.removed_at).is_(None))
        ).all()
    )
    return [
        code
        for code in rubric_of(case.session, review).criteria
        if code not in review.not_applicable
        and not (code in marks and marks[code].level and marks[code].account.strip() and code in linked)
    ]


@guard("The visit's log is short of interviews, partner meetings or observations.")
def visit_logged(case: Case) -> bool:
    """schemes.md A5, 8: the counts are numbers of the workflow file."""
    return not visit_gaps(case)


def visit_gaps(case: Case) -> dict[str, int]:
    """How many more of each are wanted: `interviews`, `partners`, `observations`; only those still short."""
    kinds = Counter(case.session.exec(select(Activity.kind).where(Activity.review_id == case.review.key)).all())
    wanted = {
        "interviews": case.workflow.number("A5-interviews") - sum(kinds[one] for one in _TALKS),
        "partners": case.workflow.number("A5-partners") - kinds[ActivityKind.PARTNER_MEETING],
        "observations": case.workflow.number("A5-observations") - kinds[ActivityKind.OBSERVATION],
    }
    return {name: number for name, number in wanted.items() if number > 0}
