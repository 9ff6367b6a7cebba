"""Who must be told of an immediate risk, and who of them has not read it yet (rules.md B6)."""

from sqlmodel import Session, col, select

from metstandard.records.reviews import Review
from metstandard.records.risks import RiskReading
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import standing_in
from metstandard.workflow.definition import Workflow

COMMANDER = "commander"
# Ids of the numbers: working days to read it, and to contain it.
READ, CONTAIN = "B6-read", "B6-critical"


def addressees(workflow: Workflow) -> tuple[str, ...]:
    """Those who must read it: the commander, and each party by its key holder or, in their place, its principal."""
    return (COMMANDER, *workflow.parties)


def addressee(workflow: Workflow, part: str) -> str:
    """For which addressee a part answers; empty for a part that need not."""
    return COMMANDER if part == COMMANDER else standing_in(workflow, part) or ""


def unread(session: Session, review: Review, risk_id: int) -> list[str]:
    """The addressees of a risk for whom nobody has read it, in their order."""
    workflow = workflow_of(session, review)
    rows = session.exec(
        select(RiskReading.part).where(RiskReading.risk_id == risk_id).order_by(col(RiskReading.id))
    ).all()
    answered = {addressee(workflow, part) for part in rows}
    return [one for one in addressees(workflow) if one not in answered]
