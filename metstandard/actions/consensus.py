"""Agreeing levels once every sheet is open: discussion, dissent, findings, signatures."""

from statistics import median_low

from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.actions.panels import own_seat
from metstandard.actions.reporting import draft
from metstandard.actions.signing import sign
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, Stale
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import Declaration, Interest
from metstandard.records.sheets import AgreedLevel, Finding
from metstandard.rubric.shapes import Grade
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.scoring import marks_by_criterion


def agree_level(
    session: Session, review: Review, *, by: Person, criterion: str, level: str, rationale: str, revision: int,
    discussion: str = "", new_evidence: str = "",
) -> AgreedLevel:  # fmt: skip
    """Write the level that the panel agrees for one criterion, with its rationale; never an average (SCO-4).

    Raises Stale with both versions, or Invalid naming the field.
    """
    moving.allow(session, review, "agree_level", by=by)
    own_seat(session, review, by)
    rubric = rubric_of(session, review)
    if criterion not in rubric.criteria or criterion in review.not_applicable:
        raise NotFound("No such criterion in this review")
    if level and level not in {str(one) for one in range(rubric.top + 1)}:
        raise Invalid("Choose one of the levels: “not enough evidence” must be cleared here", field="level", rule="SCO-1")
    row = _row(session, review, criterion)
    mine = {
        "level": level, "rationale": rationale.strip(), "discussion": discussion.strip(),
        "new_evidence": new_evidence.strip(),
    }  # fmt: skip
    theirs = {name: getattr(row, name) for name in mine}
    if row.revision != revision and mine != theirs:
        raise Stale("A colleague saved this criterion since you opened it", mine=mine, theirs=theirs | {"revision": row.revision})
    for name, value in mine.items():
        setattr(row, name, value)
    row.revision = max(row.revision, revision) + 1
    session.add(row)
    session.flush()
    return row


def _row(session: Session, review: Review, criterion: str) -> AgreedLevel:
    found = session.exec(
        select(AgreedLevel)
        .where(AgreedLevel.review_id == review.key, AgreedLevel.criterion == criterion)
        .with_for_update()
    ).first()
    return found or AgreedLevel(review_id=review.key, criterion=criterion)


def median_level(session: Session, review: Review, criterion: str) -> str:
    """The level that stands when the panel cannot agree (SCO-4): the lower middle of the sealed marks; NE counts 0."""
    marks = marks_by_criterion(session, review).get(criterion, [])
    return str(median_low([int(one.level) if one.level.isdigit() else 0 for one in marks]))


def record_dissent(session: Session, review: Review, *, by: Person, criterion: str, dissent: str) -> AgreedLevel:
    """Record that the panel did not agree: the median stands and moderation must look at it (SCO-4)."""
    moving.allow(session, review, "record_dissent", by=by)
    own_seat(session, review, by)
    if not dissent.strip():
        raise Invalid("Say what you hold and why", field="dissent", rule="SCO-4")
    row = _row(session, review, criterion)
    row.dissent, row.dissent_by_id = dissent.strip(), by.key
    row.level = median_level(session, review, criterion)
    row.revision += 1
    session.add(row)
    session.flush()
    return row


def add_finding(
    session: Session, review: Review, *, by: Person, criterion: str, grade: Grade, text: str, recommendation: str = ""
) -> Finding:
    """Add a finding against a criterion, in consensus (B6). All but GOOD need a recommendation."""
    moving.allow(session, review, "agree_level", by=by)
    own_seat(session, review, by)
    if criterion not in rubric_of(session, review).criteria:
        raise NotFound("No such criterion in this review")
    if not text.strip():
        raise Invalid("Write the finding", field="text", rule="B6")
    if grade is not Grade.GOOD and not recommendation.strip():
        raise Invalid("Write what you recommend", field="recommendation", rule="B6")
    made = Finding(
        review_id=review.key, criterion=criterion, grade=grade, text=text.strip(),
        recommendation=recommendation.strip(), raised_by_id=by.key, raised_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def remove_finding(session: Session, review: Review, finding: Finding, *, by: Person) -> None:
    """Take a finding back, in consensus; the row stays."""
    moving.allow(session, review, "agree_level", by=by)
    own_seat(session, review, by)
    if finding.review_id != review.key:
        raise NotFound("No such finding in this review")
    finding.removed_at = finding.removed_at or clock.now()
    session.add(finding)
    session.flush()


def sign_consensus(session: Session, review: Review, *, by: Person, seen: str) -> None:
    """Sign the consensus as shown, which re-affirms having no prejudicial interest (COI-8). The last one drafts the report."""
    turn = moving.begin(session, review, "sign_consensus", by=by)
    own_seat(session, review, by)
    if seen != digest(session, review, "consensus"):
        raise Invalid("The consensus has changed since this page was opened. Read it again, then sign", field="seen")
    session.add(
        Declaration(
            review_id=review.key, person_id=by.key, stage="consensus", interest=Interest.NONE, declared_at=clock.now()
        )
    )
    signature = sign(session, review, "consensus", by=by, part=turn.part)
    line = turn.finish(data={"digest": signature.digest})
    if line.after != line.before:
        draft(session, review, by=by)
