"""The sealed sheets: saving marks and locking."""

from collections.abc import Sequence

from sqlmodel import Session, select

from metstandard.actions import moving
from metstandard.actions.panels import own_seat
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, Stale
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.sheets import Confidence, Mark, Sheet
from metstandard.rubric.definition import Rubric
from metstandard.rules.editions import rubric_of

UNDECIDED = ""
NOT_ENOUGH = "NE"


def sheet_of(session: Session, review: Review, person: Person) -> Sheet:
    """A reviewer's own sheet, made when it is first asked for."""
    seat = own_seat(session, review, person)
    found = session.exec(select(Sheet).where(Sheet.seat_id == seat.key)).first()
    if found is None:
        found = Sheet(review_id=review.key, seat_id=seat.key, person_id=person.key)
        session.add(found)
        session.flush()
    return found


def save_mark(
    session: Session, review: Review, *, by: Person, criterion: str, level: str, strengths: str = "",
    improvements: str = "", confidence: Confidence | None = None, evidence: Sequence[int] = (), revision: int,
) -> Mark:  # fmt: skip
    """Save one mark of one's own sheet; an incomplete draft saves too.

    Raises NotNow once the sheet is locked, Stale with both versions when `revision` is not the newest.
    """
    moving.allow(session, review, "save_mark", by=by)
    sheet = sheet_of(session, review, by)
    session.refresh(sheet, with_for_update=True)
    if sheet.locked_at is not None:
        raise NotNow("Your sheet is locked: a later change is made only as a consensus level (SCO-3)")
    _check(rubric_of(session, review), review, criterion, level)
    mark = session.exec(select(Mark).where(Mark.sheet_id == sheet.key, Mark.criterion == criterion)).first()
    mark = mark or Mark(sheet_id=sheet.key, criterion=criterion)
    mine = {
        "level": level, "strengths": strengths.strip(), "improvements": improvements.strip(), "confidence": confidence,
        "evidence": list(evidence),
    }  # fmt: skip
    theirs = {name: getattr(mark, name) for name in mine}
    if mark.revision != revision:
        if mine == theirs:
            return mark
        raise Stale("This criterion was saved elsewhere since you opened it", mine=mine, theirs=theirs | {"revision": mark.revision})
    for name, value in mine.items():
        setattr(mark, name, value)
    mark.revision, mark.saved_at = revision + 1, clock.now()
    session.add(mark)
    session.flush()
    return mark


def _check(rubric: Rubric, review: Review, criterion: str, level: str) -> None:
    if criterion not in rubric.criteria or criterion in review.not_applicable:
        raise NotFound("No such criterion in this review")
    allowed = {UNDECIDED, *(str(one) for one in range(rubric.top + 1))}
    if rubric.not_enough_evidence is not None:
        allowed.add(NOT_ENOUGH)
    if level not in allowed:
        raise Invalid("Choose one of the levels", field="level", rule="SCO-1")


def gaps(session: Session, review: Review, sheet: Sheet) -> dict[str, list[str]]:
    """What each criterion of a sheet still lacks before it can be locked (SCO-2), in the rubric's order."""
    marks = {one.criterion: one for one in session.exec(select(Mark).where(Mark.sheet_id == sheet.key)).all()}
    found = {}
    for code in rubric_of(session, review).criteria:
        if code in review.not_applicable:
            continue
        mark = marks.get(code)
        missing = _missing(mark) if mark else ["a level"]
        if missing:
            found[code] = missing
    return found


def _missing(mark: Mark) -> list[str]:
    missing = []
    if mark.level == UNDECIDED:
        missing.append("a level")
    if not mark.strengths.strip() and not mark.improvements.strip():
        missing.append("a strength or an area for improvement")
    if mark.confidence is None:
        missing.append("your confidence")
    if not mark.evidence and mark.level != NOT_ENOUGH:
        missing.append("linked evidence")
    return missing


def lock_sheet(session: Session, review: Review, *, by: Person) -> Sheet:
    """Lock one's sheet for ever. The last lock opens consensus. Raises Invalid naming what is missing (SCO-2)."""
    sheet = sheet_of(session, review, by)
    if sheet.locked_at is not None:
        return sheet
    turn = moving.begin(session, review, "lock_sheet", by=by)
    session.refresh(sheet, with_for_update=True)
    missing = gaps(session, review, sheet)
    if missing:
        code, what = next(iter(missing.items()))
        raise Invalid(f"{len(missing)} criteria are not complete: {code} lacks {what[0]}", field=code, rule="SCO-2")
    sheet.locked_at = clock.now()
    session.add(sheet)
    turn.finish(data={"sheet": sheet.key})
    return sheet
