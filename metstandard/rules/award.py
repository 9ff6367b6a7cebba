"""What the rubric's rules make of a review as it stands: levels, open findings, evidence, process."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlmodel import Session, col, select

from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType, Scan, StoredFile
from metstandard.records.reviews import Review
from metstandard.records.sheets import AgreedLevel, Finding
from metstandard.records.sheets import Mark as SheetMark
from metstandard.rubric import award, sufficiency
from metstandard.rubric.arithmetic import Mark, OpenFinding
from metstandard.rubric.award import Result
from metstandard.rubric.sufficiency import Item
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.signatures import all_for


def final_levels(session: Session, review: Review) -> dict[str, Mark]:
    """The level of each criterion as it stands: moderated where it was changed, else agreed; NA as agreed at scoping.

    A criterion without an agreed level is NE, which counts as the rubric says.
    """
    rows = session.exec(select(AgreedLevel).where(AgreedLevel.review_id == review.key)).all()
    stands = {one.criterion: one.moderated or one.level for one in rows}
    found: dict[str, Mark] = {}
    for code in rubric_of(session, review).criteria:
        level = "NA" if code in review.not_applicable else stands.get(code) or "NE"
        found[code] = int(level) if level.isdigit() else level
    return found


def open_findings(session: Session, review: Review) -> tuple[OpenFinding, ...]:
    """The findings that are neither closed nor removed; of a decided review, those that were open at its decision.

    Follow-up closes findings later, and what was decided must not change with that.
    """
    rows = session.exec(select(Finding).where(Finding.review_id == review.key, col(Finding.removed_at).is_(None))).all()
    return tuple(
        OpenFinding(one.grade, one.criterion)
        for one in rows
        if one.closed_on is None or (review.decided_on is not None and one.closed_on > review.decided_on)
    )


def evidence_gaps(session: Session, review: Review, levels: Mapping[str, Mark] | None = None) -> dict[str, str]:
    """The criteria whose evidence does not carry their level, each with what is missing (rules.md B5; R7).

    `levels` in place of the final ones answers "what if".
    """
    rubric = rubric_of(session, review)
    if rubric.evidence is None:
        return {}
    held = _evidence(session, review)
    found = {}
    for code, level in (final_levels(session, review) if levels is None else levels).items():
        missing = sufficiency.missing(rubric, level, held.get(code, []))
        if missing:
            found[code] = " ".join(missing)
    return found


def _evidence(session: Session, review: Review) -> dict[str, list[Item]]:
    rows = session.exec(select(EvidenceLink.criterion, Evidence).join(Evidence).where(*_counts(review))).all()
    found: dict[str, list[Item]] = {}
    for criterion, one in rows:
        found.setdefault(criterion, []).append(as_item(one.kind, one.by_unit, one.external, one.outcome_years))
    return found


def _counts(review: Review) -> tuple[Any, ...]:
    """What of a review carries a level: neither what was taken out nor what lost its file to a virus."""
    infected = select(StoredFile.id).where(StoredFile.scan == Scan.INFECTED)
    file = col(Evidence.file_id)
    return Evidence.review_id == review.key, col(Evidence.removed_at).is_(None), file.is_(None) | file.not_in(infected)


def as_item(kind: EvidenceType, by_unit: bool, external: bool, outcome_years: int) -> Item:  # noqa: FBT001 (columns)
    """One row of evidence as far as a level is concerned, its kind spelt as rubrics spell it."""
    return Item(kind.value.replace("_", "-"), by_unit, external, outcome_years)


def linked_items(session: Session, review: Review, numbers: Collection[int]) -> dict[int, Item]:
    """What stands behind the numbers that a mark links, by number, as far as it counts."""
    if not numbers:
        return {}
    rows = session.exec(select(Evidence).where(*_counts(review), col(Evidence.id).in_(numbers))).all()
    return {one.key: as_item(one.kind, one.by_unit, one.external, one.outcome_years) for one in rows}


def thin_marks(session: Session, review: Review, marks: Iterable[SheetMark]) -> dict[str, str]:
    """The marks of one sheet whose own linked evidence does not carry their level, with what is missing (R7).

    A mark without a level, or that links nothing at all, is incomplete already (SCO-2) and not named again.
    """
    weighed = [one for one in marks if one.level.isdigit() and one.evidence]
    rubric = rubric_of(session, review)
    items = linked_items(session, review, {number for one in weighed for number in one.evidence})
    found = {}
    for one in weighed:
        linked = [items[number] for number in one.evidence if number in items]
        missing = sufficiency.missing(rubric, int(one.level), linked)
        if missing:
            found[one.criterion] = " ".join(missing)
    return {code: found[code] for code in rubric.criteria if code in found and code not in review.not_applicable}


def process_complete(session: Session, review: Review) -> bool:
    """R8 without the keys, which are turned on this very result: sheets, consensus, accuracy window, moderation."""
    workflow = workflow_of(session, review)
    seats = len(workflow.panel.seats) if workflow.panel else 0
    signed = {one.person_id for one in all_for(session, review, "consensus")}
    moderated = {one.seat for one in all_for(session, review, "moderation")}
    return len(signed) >= seats and review.accuracy_closed_on is not None and set(workflow.moderators) <= moderated


def result(session: Session, review: Review, levels: Mapping[str, Mark] | None = None) -> Result:
    """The rules' outcome now; `levels` in place of the final ones answers "what if"."""
    return award.evaluate(
        rubric_of(session, review),
        final_levels(session, review) if levels is None else levels,
        open_findings=open_findings(session, review),
        evidence_sufficient=not evidence_gaps(session, review),
        process_complete=process_complete(session, review),
    )
