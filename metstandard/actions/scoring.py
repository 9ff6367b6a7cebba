"""The sealed sheets: saving marks and locking."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.panels import own_seat
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, Stale
from metstandard.common.words import count
from metstandard.records.accounts import Person
from metstandard.records.evidence import Evidence
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from metstandard.records.sheets import Confidence, Mark, Sheet
from metstandard.rubric.definition import Rubric
from metstandard.rules import award, markings
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.guards.scoring import NOT_ENOUGH, mark_gaps

UNDECIDED = ""
LONGEST = 20_000


def sheet_of(session: Session, review: Review, person: Person) -> Sheet:
    """A reviewer's own sheet, locked against others until the transaction ends; made when it is first asked for.

    Raises NotFound without a seat, NotNow before it is accepted.
    """
    query = (
        select(Sheet)
        .join(Seat, col(Seat.id) == Sheet.seat_id)
        .where(Seat.review_id == review.key, Seat.person_id == person.key, Seat.status == SeatStatus.ACCEPTED)
        .with_for_update(of=Sheet)
        .execution_options(populate_existing=True)
    )
    found = session.exec(query).first()
    if found is not None:
        return found
    # Two tabs may both be the first: the seat's lock lets one of them make the sheet.
    seat = own_seat(session, review, person)
    session.refresh(seat, with_for_update=True)
    found = session.exec(query).first()
    if found is None:
        found = Sheet(review_id=review.key, seat_id=seat.key, person_id=person.key)
        session.add(found)
        session.flush()
    return found


def _may_save(session: Session, review: Review, by: Person) -> None:
    """Whether marks may be saved now. The seat is asked for by `sheet_of`.

    This is the act that happens most, every few seconds of typing. A draft has no effect before lock_sheet, which goes
    the whole way through the mover and asks for the segregation of duties (B3). A workflow that opens the act to
    others, or guards it, is asked in full.
    """
    moves = workflow_of(session, review).moves_from(review.state, "save_mark")
    plain = bool(moves) and all(one.by == ("reviewer",) and not one.when for one in moves)
    if review.paused or not plain:
        moving.allow(session, review, "save_mark", by=by)


def save_mark(  # noqa: PLR0913  the fields of one mark
    session: Session, review: Review, *, by: Person, criterion: str, level: str, strengths: str = "",
    improvements: str = "", confidence: Confidence | None = None, evidence: Sequence[int] = (), revision: int,
) -> Mark:  # fmt: skip
    """Save one mark of one's own sheet; an incomplete draft saves too, and what is saved already is left as it is.

    Raises NotNow once the sheet is locked, Stale with both versions when `revision` is not the newest.
    """
    _may_save(session, review, by)
    sheet = sheet_of(session, review, by)
    if sheet.locked_at is not None:
        raise NotNow("Your sheet is locked: a later change is made only as a consensus level (SCO-3)")
    _check(rubric_of(session, review), review, criterion, level)
    mark = session.exec(select(Mark).where(Mark.sheet_id == sheet.key, Mark.criterion == criterion)).first()
    mark = mark or Mark(sheet_id=sheet.key, criterion=criterion)
    mine = {
        "level": level, "strengths": _text(strengths, "strengths"), "improvements": _text(improvements, "improvements"),
        "confidence": confidence, "evidence": sorted(set(evidence)),
    }  # fmt: skip
    theirs = {name: getattr(mark, name) for name in mine} | {"evidence": sorted(mark.evidence)}
    if mine == theirs:
        return mark
    if mark.revision != revision:
        raise Stale(
            "This criterion was saved elsewhere since you opened it.", mine=mine,
            theirs=theirs | {"revision": mark.revision},
        )  # fmt: skip
    _check_evidence(session, review, set(evidence) - set(mark.evidence), by)
    for name, value in mine.items():
        setattr(mark, name, value)
    mark.revision, mark.saved_at = revision + 1, clock.now()
    session.add(mark)
    session.flush()
    return mark


def _text(value: str, field: str) -> str:
    text = value.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Invalid(f"Write at most {LONGEST:,} characters", field=field)
    return text


def levels(rubric: Rubric) -> set[str]:
    """Everything that a mark's level may be while it is written: undecided, a level, NE where the rubric has it."""
    more = set() if rubric.not_enough_evidence is None else {NOT_ENOUGH}
    return {UNDECIDED, *(str(one) for one in range(rubric.top + 1))} | more


def _check(rubric: Rubric, review: Review, criterion: str, level: str) -> None:
    if criterion not in rubric.criteria or criterion in review.not_applicable:
        raise NotFound("No such criterion in this review")
    if level not in levels(rubric):
        raise Invalid("Choose one of the levels", field="level", rule="SCO-1")


def _check_evidence(session: Session, review: Review, added: set[int], by: Person) -> None:
    """Only what stands in this review may be linked, by whoever is cleared for it; what was linked before may stay."""
    if not added:
        return
    query = select(Evidence.id).where(
        Evidence.review_id == review.key, col(Evidence.id).in_(added), col(Evidence.removed_at).is_(None)
    )
    if set(session.exec(markings.cleared(query, by)).all()) != added:
        raise Invalid("Tick evidence of this review only", field="evidence", rule="SCO-2")


def gaps(session: Session, review: Review, sheet: Sheet) -> dict[str, list[str]]:
    """What each criterion of a sheet still lacks before it can be locked (SCO-2), in the rubric's order."""
    marks = {one.criterion: one for one in session.exec(select(Mark).where(Mark.sheet_id == sheet.key)).all()}
    asked = (code for code in rubric_of(session, review).criteria if code not in review.not_applicable)
    return {code: missing for code in asked if (missing := mark_gaps(marks.get(code)))}


def thin(session: Session, review: Review, sheet: Sheet) -> dict[str, str]:
    """The criteria of a sheet whose linked evidence does not carry the level marked (R7), in the rubric's order."""
    return award.thin_marks(session, review, session.exec(select(Mark).where(Mark.sheet_id == sheet.key)).all())


def lock_sheet(session: Session, review: Review, *, by: Person) -> Sheet:
    """Lock one's sheet for ever; a second time leaves it as it is. The last lock opens consensus.

    Raises Invalid naming what is missing (SCO-2), or every level that its evidence does not carry (R7).
    """
    # The review first, then the sheet: of two presses at once, or two last sheets, the second sees what the first did.
    session.refresh(review, with_for_update=True)
    if sheet_of(session, review, by).locked_at is not None:
        return sheet_of(session, review, by)
    turn = moving.begin(session, review, "lock_sheet", by=by)
    sheet = sheet_of(session, review, by)
    missing = gaps(session, review, sheet)
    if missing:
        code, what = next(iter(missing.items()))
        short = count(len(missing), "criterion is", "criteria are")
        raise Invalid(f"{short} not complete: {code} lacks {what[0]}", field=code, rule="SCO-2")
    weak = thin(session, review, sheet)
    if weak:
        short = count(len(weak), "level is", "levels are")
        each = " ".join(f"{code}: {what}" for code, what in weak.items())
        raise Invalid(f"{short} not carried by the evidence linked. {each}", field=next(iter(weak)), rule="R7")
    sheet.locked_at = clock.now()
    session.add(sheet)
    turn.finish(data={"sheet": sheet.key})
    return sheet
