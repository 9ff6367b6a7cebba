"""Follow-up: recommendations as actions, progress with evidence, verification by somebody else, joint closing."""

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.commissioning import keep_edition
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotYours
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.evidence import Evidence
from metstandard.records.followup import Action, Effect, Progress
from metstandard.records.reviews import Review
from metstandard.records.sheets import Finding
from metstandard.rules.editions import newest_workflow
from metstandard.rules.parts import parts_of, people_with


def open_actions(session: Session, review: Review, *, by: Person) -> list[Action]:
    """One action for each finding with a recommendation, owned by the commander until the plan says otherwise (B6)."""
    owners = people_with(session, "commander", review)
    if not owners:
        raise Invalid("The unit has no commander: appoint one first", field="commander")
    definition, text = newest_workflow("action")
    edition = keep_edition(session, "workflow", "action", definition.edition, text)
    made = []
    for finding in _recommendations(session, review):
        action = Action(
            workflow="action", workflow_edition_id=edition.key, state=definition.starts, review_id=review.key,
            finding_id=finding.key, unit_id=review.unit_id, grade=finding.grade, recommendation=finding.recommendation,
            owner_id=owners[0].key,
        )  # fmt: skip
        session.add(action)
        session.flush()
        moving.start(session, action, "issue", by=by, part="programme_officer", data={"finding": finding.key})
        made.append(action)
    return made


def _recommendations(session: Session, review: Review) -> list[Finding]:
    rows = session.exec(
        select(Finding)
        .where(Finding.review_id == review.key, col(Finding.removed_at).is_(None), Finding.recommendation != "")
        .order_by(col(Finding.id))
    ).all()
    return list(rows)


def plan_action(
    session: Session, action: Action, *, by: Person, plan: str, owner: Person, capital: int = 0, revenue: int = 0
) -> None:
    """Write what will be done, by whom and at what cost in pence, before the plan is submitted."""
    review = session.get_one(Review, action.review_id)
    if "commander" not in parts_of(session, by, review):
        raise NotYours("Only the commander plans the unit's actions")
    if review.state != "published":
        raise Invalid("The plan has been submitted", field="plan")
    if not plan.strip():
        raise Invalid("Write what will be done", field="plan")
    if capital < 0 or revenue < 0:
        raise Invalid("A cost cannot be negative", field="capital" if capital < 0 else "revenue")
    changed = owner.key != action.owner_id
    action.plan, action.owner_id, action.capital, action.revenue = plan.strip(), owner.key, capital, revenue
    session.add(action)
    session.flush()
    if changed:
        compose.owe(
            session, "action_assigned", to=owner, part="action_owner", record=action,
            once=f"action:{action.key}:owner:{owner.key}",
        )  # fmt: skip


def submit_action_plan(session: Session, review: Review, *, by: Person) -> None:
    """The commander submits the plan; follow-up begins."""
    turn = moving.begin(session, review, "submit_action_plan", by=by)
    review.plan_submitted_on = clock.today()
    turn.finish()


def report_progress(
    session: Session, action: Action, *, by: Person, text: str, evidence: Evidence | None = None
) -> Progress:
    """Report what has been done, with an evidence item of the same review where there is one."""
    turn = moving.begin(session, action, "report_progress", by=by)
    if not text.strip():
        raise Invalid("Write what has been done", field="text")
    if evidence is not None and evidence.review_id != action.review_id:
        raise NotFound("No such evidence in this review")
    made = Progress(
        action_id=action.key, text=text.strip(), evidence_id=evidence.key if evidence else None,
        reported_by_id=by.key, reported_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    turn.finish(data={"progress": made.key})
    return made


def claim_done(session: Session, action: Action, *, by: Person) -> None:
    """Say that the action is done; somebody who does not own it must verify."""
    moving.move(session, action, "claim_done", by=by)


def verify(session: Session, action: Action, *, by: Person, note: str) -> None:
    """Verify on evidence, as somebody who does not own the action; its finding is closed (B6)."""
    turn = moving.begin(session, action, "verify", by=by)
    if not note.strip():
        raise Invalid("Say what evidence shows that it is done", field="note", rule="B6")
    turn.finish(note=note)
    action.verified_by_id = by.key
    finding = session.get_one(Finding, action.finding_id)
    finding.closed_on = clock.today()
    session.add(action)
    session.add(finding)
    session.flush()


def send_back(session: Session, action: Action, *, by: Person, reason: str) -> None:
    """Not done yet: back to its owner, with the reason."""
    moving.move(session, action, "send_back", by=by, note=reason)


def record_effect(session: Session, action: Action, *, by: Person, effect: Effect) -> None:
    """Say, twelve months on, whether it changed anything (B6)."""
    turn = moving.begin(session, action, "record_effect", by=by)
    action.effect = effect
    session.add(action)
    turn.finish(data={"effect": effect.value})


def decline(session: Session, action: Action, *, by: Person, reason: str) -> None:
    """Decline an area for improvement, with the reason that will be public (B6)."""
    moving.move(session, action, "decline", by=by, note=reason)


def close_follow_up(session: Session, review: Review, *, by: Person) -> None:
    """Close the review once every action is settled and both keys have been turned on that."""
    moving.move(session, review, "close_follow_up", by=by)
