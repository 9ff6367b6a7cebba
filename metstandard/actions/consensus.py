"""Agreeing levels once every sheet is open: discussion, dissent, findings, signatures."""

from statistics import median_low

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.panels import own_seat
from metstandard.actions.remembering import remember
from metstandard.actions.reporting import draft
from metstandard.actions.risks import follow_finding, raise_immediate_risk
from metstandard.actions.signing import sign
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours, Stale
from metstandard.queries.agreeing import nameable
from metstandard.queries.consensus import last_declared
from metstandard.queries.scoring import evidence_titles
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import Declaration, Interest
from metstandard.records.sheets import AgreedLevel, Finding, NewEvidence
from metstandard.rubric.shapes import Grade
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.guards.scoring import marks_by_criterion
from metstandard.rules.signatures import all_for

LONGEST = 20_000


def _begin(session: Session, review: Review, act: str, by: Person) -> None:
    """A quiet act of a panel member, with the review locked: nobody writes while a last signature moves it on."""
    session.refresh(review, with_for_update=True)
    moving.allow(session, review, act, by=by)
    own_seat(session, review, by)


def agree_level(  # noqa: PLR0913  the fields of one criterion
    session: Session, review: Review, *, by: Person, criterion: str, level: str, rationale: str, revision: int,
    discussion: str = "", new_evidence: str = "",
) -> AgreedLevel:  # fmt: skip
    """Write the level that the panel agrees for one criterion, with its rationale; never an average (SCO-4).

    A draft may be incomplete. A level that changes takes moderation's change of the old one with it; the journal keeps
    that. Raises Stale with both versions, or Invalid naming the field.
    """
    _begin(session, review, "agree_level", by)
    rubric = rubric_of(session, review)
    if criterion not in rubric.criteria or criterion in review.not_applicable:
        raise NotFound("No such criterion in this review")
    if level and level not in {str(one) for one in range(rubric.top + 1)}:
        raise Invalid(
            "Choose one of the levels: “not enough evidence” must be cleared here", field="level", rule="SCO-1"
        )
    row = _row(session, review, criterion)
    mine = {
        "level": level, "rationale": _text(rationale, "rationale"), "discussion": _text(discussion, "discussion"),
        "new_evidence": _text(new_evidence, "new_evidence"),
    }  # fmt: skip
    theirs = {name: getattr(row, name) for name in mine}
    if mine == theirs:
        return row
    if row.revision != revision:
        raise Stale(
            "A colleague saved this criterion since you opened it.",
            mine=mine,
            theirs=theirs | {"revision": row.revision},
        )
    if row.dissent and level != row.level:
        raise Invalid(
            "A dissent is recorded, so the median stands. Take the dissent back to agree another level", field="level",
            rule="SCO-4",
        )  # fmt: skip
    if level != row.level:
        row.moderated, row.moderation_reason, row.moderated_by_id = None, "", None
    for name, value in mine.items():
        setattr(row, name, value)
    row.revision = revision + 1
    return remember(session, row, by)


def _text(value: str, field: str) -> str:
    text = value.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Invalid(f"Write at most {LONGEST:,} characters", field=field)
    return text


def _row(session: Session, review: Review, criterion: str) -> AgreedLevel:
    query = select(AgreedLevel).where(AgreedLevel.review_id == review.key, AgreedLevel.criterion == criterion)
    found = session.exec(query.with_for_update().execution_options(populate_existing=True)).first()
    return found or AgreedLevel(review_id=review.key, criterion=criterion)


def name_evidence(session: Session, review: Review, *, by: Person, criterion: str, items: list[int]) -> None:
    """Name the items that bear out a level outside the range of the marks, in place of those named before (SCO-4).

    New is what no mark on the criterion rests on. Raises Invalid for an item that is none of this review's, or not new.
    """
    _begin(session, review, "agree_level", by)
    row = _row(session, review, criterion)
    if row.id is None:
        raise NotNow("Agree a level first, then name the evidence for it")
    known = evidence_titles(session, review, reader=by)
    if any(one not in nameable(session, review, criterion, known) for one in items):
        raise Invalid("Choose evidence on which none of the three marks rests", field="items", rule="SCO-4")
    rows = session.exec(select(NewEvidence).where(NewEvidence.agreed_id == row.key)).all()
    for one in rows:
        if one.evidence_id in known and one.evidence_id not in items:
            session.delete(one)
    held = {one.evidence_id for one in rows}
    for number in dict.fromkeys(items):
        if number not in held:
            session.add(NewEvidence(agreed_id=row.key, evidence_id=number, named_by_id=by.key, named_at=clock.now()))
    session.flush()


def median_level(session: Session, review: Review, criterion: str) -> str:
    """The level that stands when the panel cannot agree (SCO-4): the middle of the locked marks.

    A mark of “not enough evidence” counts as the rubric says (SCO-1). Raises NotFound without marks.
    """
    marks = marks_by_criterion(session, review).get(criterion, [])
    if not marks:
        raise NotFound("No marks for this criterion in this review")
    not_enough = rubric_of(session, review).not_enough_evidence
    counts_as = not_enough.counts_as if not_enough else 0
    return str(median_low([int(one.level) if one.level.isdigit() else counts_as for one in marks]))


def record_dissent(session: Session, review: Review, *, by: Person, criterion: str, dissent: str) -> AgreedLevel:
    """Record that the panel did not agree: the median stands and moderation must look at it (SCO-4).

    The person who dissents may rewrite it. Raises Invalid when a colleague's dissent stands already.
    """
    _begin(session, review, "record_dissent", by)
    if not dissent.strip():
        raise Invalid("Say what you hold and why", field="dissent", rule="SCO-4")
    row = _row(session, review, criterion)
    if row.dissent and row.dissent_by_id != by.key:
        raise Invalid(
            "A colleague’s dissent is recorded here. Write yours into the discussion: moderation reads both",
            field="dissent", rule="SCO-4",
        )  # fmt: skip
    text, median = _text(dissent, "dissent"), median_level(session, review, criterion)
    if (row.dissent, row.level) == (text, median):
        return row
    row.dissent, row.dissent_by_id, row.level = text, by.key, median
    row.revision += 1
    return remember(session, row, by)


def withdraw_dissent(session: Session, review: Review, *, by: Person, criterion: str) -> AgreedLevel:
    """Take one's own dissent back: the panel may then agree another level. Raises NotYours for a colleague's."""
    _begin(session, review, "record_dissent", by)
    row = _row(session, review, criterion)
    if not row.dissent:
        return row
    if row.dissent_by_id != by.key:
        raise NotYours("Only the reviewer who dissents can take it back")
    row.dissent, row.dissent_by_id = "", None
    row.revision += 1
    return remember(session, row, by)


def add_finding(
    session: Session, review: Review, *, by: Person, criterion: str, grade: Grade, text: str, recommendation: str = "",
    standards: bool = False,
) -> Finding:  # fmt: skip
    """Add a finding against a criterion, in consensus (B6). The same twice is one; all but GOOD recommend something.

    Of a critical one the commander and both keys are told at once, outside the report; `standards` notes a matter for
    professional standards. No level is told.
    """
    made, new = _put(session, review, by=by, criterion=criterion, grade=grade, text=text, recommendation=recommendation)
    if new:
        _tell(session, review, made, by=by, standards=standards)
    return made


def _tell(session: Session, review: Review, finding: Finding, *, by: Person, standards: bool) -> None:
    """A critical finding cannot wait for the report; an edition from before that rule has no such move here."""
    open_here = workflow_of(session, review).moves_from(review.state, "raise_immediate_risk")
    if finding.grade is Grade.CRITICAL and open_here:
        text = f"Critical finding on {finding.criterion}: {finding.text}"
        raise_immediate_risk(session, review, by=by, text=text, standards=standards, finding=finding)


def _put(
    session: Session, review: Review, *, by: Person, criterion: str, grade: Grade, text: str, recommendation: str
) -> tuple[Finding, bool]:
    """The finding's row, and whether it is new."""
    _begin(session, review, "agree_level", by)
    if criterion not in rubric_of(session, review).criteria or criterion in review.not_applicable:
        raise NotFound("No such criterion in this review")
    text, recommendation = _text(text, "text"), _text(recommendation, "recommendation")
    if not text:
        raise Invalid("Write the finding", field="text", rule="B6")
    if grade is not Grade.GOOD and not recommendation:
        raise Invalid("Write what you recommend", field="recommendation", rule="B6")
    same = session.exec(
        select(Finding).where(
            Finding.review_id == review.key, Finding.criterion == criterion, Finding.grade == grade,
            Finding.text == text, Finding.recommendation == recommendation, col(Finding.removed_at).is_(None),
        )
    ).first()  # fmt: skip
    if same is not None:
        return same, False
    made = Finding(
        review_id=review.key, criterion=criterion, grade=grade, text=text, recommendation=recommendation,
        raised_by_id=by.key, raised_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made, True


def change_finding(  # noqa: PLR0913  the fields of one finding
    session: Session, review: Review, finding: Finding, *, by: Person, criterion: str, grade: Grade, text: str,
    recommendation: str = "", standards: bool = False,
) -> Finding:  # fmt: skip
    """Put another finding in the place of one; the old row stays, as taken back.

    Who was told of a critical one is told again only of other words.
    """
    made, new = _put(session, review, by=by, criterion=criterion, grade=grade, text=text, recommendation=recommendation)
    if made.key == finding.key:
        return made
    goes_on = follow_finding(session, finding, made)
    remove_finding(session, review, finding, by=by)
    if new and not goes_on:
        _tell(session, review, made, by=by, standards=standards)
    return made


def remove_finding(session: Session, review: Review, finding: Finding, *, by: Person) -> None:
    """Take a finding back, in consensus; the row stays."""
    _begin(session, review, "agree_level", by)
    if finding.review_id != review.key:
        raise NotFound("No such finding in this review")
    finding.removed_at = finding.removed_at or clock.now()
    session.add(finding)
    session.flush()
    follow_finding(session, finding, None)


def sign_consensus(session: Session, review: Review, *, by: Person, seen: str) -> None:
    """Sign the consensus as shown, which re-affirms the declaration of interests (COI-8). The last drafts the report.

    Signing the same content twice leaves one signature. Raises Invalid when the content has changed since it was shown.
    """
    session.refresh(review, with_for_update=True)
    if _signed(session, review, by, seen):
        return
    turn = moving.begin(session, review, "sign_consensus", by=by)
    own_seat(session, review, by)
    if seen != digest(session, review, "consensus"):
        raise Invalid("The consensus has changed since this page was opened. Read it again, then sign", field="seen")
    _reaffirm(session, review, by)
    signature = sign(session, review, "consensus", by=by, part=turn.part)
    line = turn.finish(data={"digest": signature.digest})
    if line.after != line.before:
        draft(session, review, by=by, at=line.at)


def _signed(session: Session, review: Review, by: Person, seen: str) -> bool:
    """Whether this person's signature on this content stands: made in this consensus, or the one that closed it."""
    mine = [one for one in all_for(session, review, "consensus") if one.person_id == by.key and one.digest == seen]
    closed = not workflow_of(session, review).moves_from(review.state, "sign_consensus")
    return any(closed or one.signed_at >= review.state_since for one in mine)


def _reaffirm(session: Session, review: Review, by: Person) -> None:
    """What this person declared last still holds: nothing, or the personal interest with which they may sit (COI-9)."""
    earlier = last_declared(session, review, by)
    said = earlier.interest if earlier and earlier.interest is not Interest.PREJUDICIAL else Interest.NONE
    session.add(
        Declaration(
            review_id=review.key, person_id=by.key, stage="consensus", interest=said,
            detail=earlier.detail if earlier and said is not Interest.NONE else "", declared_at=clock.now(),
        )
    )  # fmt: skip
