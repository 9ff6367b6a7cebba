"""Facts about actions."""

from sqlmodel import select

from metstandard.records.followup import Action, Progress
from metstandard.rubric.shapes import Grade
from metstandard.rules.case import Case
from metstandard.rules.guards.register import guard

SETTLED = ("verified", "effect_recorded", "declined")


def actions_of(case: Case) -> list[Action]:
    """The actions of the case's review."""
    return list(case.session.exec(select(Action).where(Action.review_id == case.review.key)).all())


@guard("Every action needs a plan.")
def every_action_planned(case: Case) -> bool:
    """The notional contract: each recommendation says what will be done, or why it is declined."""
    return all(one.plan.strip() or one.state == "declined" for one in actions_of(case))


@guard("An action is neither verified nor declined.")
def every_action_settled(case: Case) -> bool:
    """B6: closing needs verification by somebody else."""
    return all(one.state in SETTLED for one in actions_of(case))


@guard("Report progress first.")
def progress_reported(case: Case) -> bool:
    """B6: done is claimed on the strength of something reported."""
    query = select(Progress.id).where(Progress.action_id == case.record.key)
    return case.session.exec(query).first() is not None


@guard("Whoever owns an action cannot verify it.")
def verifier_not_owner(case: Case) -> bool:
    """B6: closing by the owner alone is impossible."""
    action = case.record
    return isinstance(action, Action) and case.person is not None and action.owner_id != case.person.key


@guard("Only areas for improvement and good practice may be declined.")
def may_be_declined(case: Case) -> bool:
    """B6: an area for improvement is answered by accepting it, in part or whole, or declining with a reason."""
    action = case.record
    return isinstance(action, Action) and action.grade in {Grade.AFI, Grade.GOOD}
