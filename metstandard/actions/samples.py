"""What a demonstration types into long forms: sentences made from the rubric's own descriptors, the same every time.

Everything goes through the acts that people use; nothing here writes a row by itself.
"""

import io
import zlib
from collections.abc import Mapping

from sqlmodel import Session, col, select

from metstandard.actions import consensus, evidence, followup, scoring
from metstandard.actions.interviews import Talk
from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.evidence import ActivityKind, Evidence, EvidenceLink, EvidenceType, SelfMark
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from metstandard.records.sheets import AgreedLevel, Confidence, Mark
from metstandard.records.units import Unit
from metstandard.rubric.definition import Criterion, Rubric
from metstandard.rubric.shapes import Grade
from metstandard.rules import markings
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.scoring import Limits, agreed, level_missing, marks_by_criterion, new_evidence
from metstandard.rules.parts import seat_of

_UNIT_PAPERS = (
    (EvidenceType.DOCUMENT, "Unit plan and briefing cycle"),
    (EvidenceType.DATA, "Three years of indicators with the most similar group"),
    (EvidenceType.SURVEY, "Staff survey, by rank and shift"),
)
_PANEL_NOTES = (
    (EvidenceType.FOCUS_GROUP, "Focus group of sergeants and supervisors"),
    (EvidenceType.OBSERVATION, "Night-duty briefing and tasking meeting"),
    (EvidenceType.PARTNER_TESTIMONY, "Council chief officer and ward councillor"),
)
_LOG = (
    (ActivityKind.INTERVIEW, 7, 1, 45, "Command team and team leaders"),
    (ActivityKind.FOCUS_GROUP, 4, 8, 60, "Constables, staff and volunteers of all shifts"),
    (ActivityKind.PARTNER_MEETING, 3, 5, 60, "Council, prosecutors, community panel"),
    (ActivityKind.OBSERVATION, 3, 12, 90, "Briefings, front counter, night duty"),
    (ActivityKind.FEEDBACK, 5, 3, 15, "Daily feedback to the commander"),
)

_COMPARED = "The panel compared what each had seen and agreed on the evidence most of the unit would know."
_BROUGHT = "Records that one of the panel brought to the table, read by all three."


def steady(*words: object) -> int:
    """A number that depends on nothing but the words: the demonstration is the same on every machine."""
    return zlib.crc32(":".join(str(word) for word in words).encode())


def level_of(unit: str, code: str, who: str, rubric: Rubric, lean: Mapping[str, int] | int = 3) -> int:
    """A plausible level: `lean` for the unit or by criterion, one off for about one mark in six."""
    base = lean if isinstance(lean, int) else lean.get(code, 3)
    roll = steady(unit, code, who) % 12
    return max(0, min(rubric.top, base + (1 if roll == 0 else -1 if roll == 1 else 0)))


def first_sentence(criterion: Criterion, level: int) -> str:
    """The opening of a level's descriptor, as somebody would quote what they saw."""
    return criterion.descriptors[level].split(". ")[0].rstrip(".") + "."


def _two_sentences(criterion: Criterion, level: int) -> str:
    """The opening of a level's descriptor, long enough to stand as a reason."""
    return f"{'. '.join(criterion.descriptors[level].split('. ')[:2]).rstrip('.')}."


def fill_self_assessment(session: Session, review: Review, *, by: Person, lean: Mapping[str, int] | int = 3) -> int:
    """Write every criterion that is still empty, and three papers that speak to all. Gives how many were written."""
    rubric = rubric_of(session, review)
    unit = session.get_one(Unit, review.unit_id).code
    written = {
        one.criterion
        for one in session.exec(select(SelfMark).where(SelfMark.review_id == review.key)).all()
        if one.level
    }
    revisions = {
        one.criterion: one.revision
        for one in session.exec(select(SelfMark).where(SelfMark.review_id == review.key)).all()
    }
    open_codes = [code for code in rubric.criteria if code not in review.not_applicable and code not in written]
    for code in open_codes:
        level = level_of(unit, code, "self", rubric, lean)
        account = (
            f"{first_sentence(rubric.criteria[code], level)} We show this in our plan, our figures and our survey."
        )
        evidence.save_self_assessment(
            session, review, by=by, criterion=code, level=str(level), account=account, revision=revisions.get(code, 0)
        )
    there = set(session.exec(select(Evidence.title).where(Evidence.review_id == review.key)).all())
    for kind, title in _UNIT_PAPERS:
        if title not in there:
            content = f"{title}\n{unit}\nPlaceholder paper of the demonstration.\n".encode()
            evidence.add_evidence(
                session, review, by=by, kind=kind, title=title, source="The unit",
                criteria={code: f"section {code}" for code in rubric.criteria}, author="Staff officer",
                dated_on=clock.today(), period="Last three years", outcome_years=3 if kind is EvidenceType.DATA else 0,
                upload=io.BytesIO(content), file_name=f"{title}.txt",
            )  # fmt: skip
    return len(open_codes)


def fill_visit(session: Session, review: Review, *, by: Person) -> None:
    """The log of a usual visit, and what the panel itself saw and heard as evidence."""
    codes = list(rubric_of(session, review).criteria)
    for kind, times, people, minutes, group in _LOG:
        for number in range(times):
            evidence.log_activity(
                session, review, by=by, kind=kind, held_on=clock.today(), people=people + number % 3, minutes=minutes,
                group=group,
            )  # fmt: skip
    ladder = markings.profile().ladder
    for source, title in _PANEL_NOTES:
        talked = source is EvidenceType.FOCUS_GROUP
        evidence.add_evidence(
            session, review, by=by, kind=source, title=title, criteria=codes, source="The panel's own work",
            dated_on=clock.today(), note="Seen and heard on site by the panel.", unit_may_see=False,
            marking=ladder[1] if talked else ladder[0], talk=Talk(8, "All shifts") if talked else None,
        )  # fmt: skip


def fill_sheet(session: Session, review: Review, *, by: Person, lean: Mapping[str, int] | int = 3) -> int:
    """Complete every criterion of one's own sheet, keeping what was written; the sheet stays unlocked.

    Gives how many were completed.
    """
    rubric = rubric_of(session, review)
    unit = session.get_one(Unit, review.unit_id).code
    seat = seat_of(session, review, by)
    sheet = scoring.sheet_of(session, review, by)
    marks = {one.criterion: one for one in session.exec(select(Mark).where(Mark.sheet_id == sheet.key)).all()}
    linked = _linked(session, review, by)
    missing = scoring.gaps(session, review, sheet) | scoring.thin(session, review, sheet)
    open_codes = [code for code in rubric.criteria if code in missing]
    for code in open_codes:
        criterion = rubric.criteria[code]
        mark = marks.get(code) or Mark(sheet_id=sheet.key, criterion=code)
        level = mark.level or str(level_of(unit, code, seat.kind if seat else "", rubric, lean))
        seen = int(level) if level.isdigit() else 0
        better = first_sentence(criterion, min(seen + 1, rubric.top))
        more = "" if seen == rubric.top else f"It is yet to be shown that {_lower(better)}"
        scoring.save_mark(
            session, review, by=by, criterion=code, level=level,
            strengths=mark.strengths or first_sentence(criterion, seen),
            improvements=mark.improvements or more,
            confidence=mark.confidence or (Confidence.HIGH if steady(code, unit) % 3 else Confidence.MEDIUM),
            evidence=[*mark.evidence, *linked.get(code, [])], revision=mark.revision,
        )  # fmt: skip
    return len(open_codes)


def _lower(sentence: str) -> str:
    return f"{sentence[0].lower()}{sentence[1:]}"


def _linked(session: Session, review: Review, by: Person) -> dict[str, list[int]]:
    query = (
        select(EvidenceLink.criterion, EvidenceLink.evidence_id)
        .join(Evidence)
        .where(Evidence.review_id == review.key, col(Evidence.removed_at).is_(None))
    )
    rows = session.exec(markings.cleared(query, by)).all()
    found: dict[str, list[int]] = {}
    for code, number in rows:
        found.setdefault(code, []).append(number)
    return found


def fill_consensus(session: Session, review: Review, *, by: Person, major: int = 0) -> None:
    """Complete what is not agreed yet with the middle level and its reasons, keeping what was written; add findings."""
    rubric = rubric_of(session, review)
    done, limits = agreed(session, review), Limits.of(session, review)
    named = new_evidence(session, review)
    levels: dict[str, int] = {}
    for code, marks in marks_by_criterion(session, review).items():
        row = done.get(code) or AgreedLevel(review_id=review.key, criterion=code)
        level = row.level or consensus.median_level(session, review, code)
        levels[code] = int(level)
        if not level_missing(row) and not limits.missing(row, marks, named.get(code, ())):
            continue
        apart, outside = limits.spread(marks) >= limits.apart, limits.outside_range(level, marks)
        consensus.agree_level(
            session, review, by=by, criterion=code, level=level,
            rationale=row.rationale or _two_sentences(rubric.criteria[code], levels[code]),
            discussion=row.discussion or (_COMPARED if apart else ""),
            new_evidence=row.new_evidence or (_BROUGHT if outside else ""), revision=row.revision,
        )  # fmt: skip
        if outside and not named.get(code):
            _bring(session, review, code, by=by)
    _fill_findings(session, review, rubric, levels, by=by, major=major)


def _bring(session: Session, review: Review, criterion: str, *, by: Person) -> None:
    """New evidence for a level outside the range of the marks: what a reviewer looked at again (SCO-4)."""
    item = evidence.add_evidence(
        session, review, by=by, kind=EvidenceType.OBSERVATION, title=f"Looked at again for {criterion}",
        criteria=[criterion], note=_BROUGHT, unit_may_see=False,
    )  # fmt: skip
    consensus.name_evidence(session, review, by=by, criterion=criterion, items=[item.key])


def _fill_findings(
    session: Session, review: Review, rubric: Rubric, levels: Mapping[str, int], *, by: Person, major: int
) -> None:
    lowest = sorted(levels, key=lambda code: (levels[code], code))
    grades = [Grade.MAJOR] * major + [Grade.MINOR, Grade.MINOR, Grade.AFI, Grade.AFI]
    for grade, code in zip(grades, lowest, strict=False):
        criterion = rubric.criteria[code]
        consensus.add_finding(
            session, review, by=by, criterion=code, grade=grade, text=first_sentence(criterion, levels[code]),
            recommendation=f"Reach the standard: {first_sentence(criterion, 3)}",
        )  # fmt: skip
    best = max(levels, key=lambda code: (levels[code], code))
    consensus.add_finding(
        session,
        review,
        by=by,
        criterion=best,
        grade=Grade.GOOD,
        text=first_sentence(rubric.criteria[best], levels[best]),
    )


def fill_plan(session: Session, review: Review, *, by: Person, owner: Person) -> None:
    """Plan every action of a review that has no plan yet."""
    rows = session.exec(select(Action).where(Action.review_id == review.key)).all()
    for action in rows:
        if action.plan:
            continue
        followup.plan_action(
            session, action, by=by, owner=owner, plan="The superintendent for operations will lead this, monthly.",
            capital=steady(action.key) % 9 * 1_000_00, revenue=steady(action.key, "r") % 5 * 500_00,
        )  # fmt: skip
