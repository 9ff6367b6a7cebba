"""Facts about sheets, consensus and its signatures."""

from sqlmodel import Session, col, select

from metstandard.records.reviews import Review
from metstandard.records.seats import Interest
from metstandard.records.sheets import AgreedLevel, Mark, Sheet
from metstandard.rules.case import Case
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.panels import accepted_seats, declared
from metstandard.rules.guards.register import guard
from metstandard.rules.signatures import counting


def sealed(session: Session, review: Review) -> bool:
    """Whether the sheets of a review are still sealed: true until the last of all its seats has locked (SCO-3)."""
    seats = accepted_seats(session, review)
    sheets = session.exec(
        select(Sheet).where(Sheet.review_id == review.key, col(Sheet.locked_at).is_not(None))
    ).all()
    locked = {one.seat_id for one in sheets}
    return not seats or not all(seat.key in locked for seat in seats)


@guard("Not every sheet is locked.")
def every_sheet_locked(case: Case) -> bool:
    """SCO-3: as many locked sheets as the panel has seats, by distinct people, each in a seat still held."""
    panel = case.workflow.panel
    seats = accepted_seats(case.session, case.review)
    complete = panel is None or sorted(one.kind for one in seats) == sorted(panel.seats)
    return complete and not sealed(case.session, case.review)


def marks_by_criterion(session: Session, review: Review) -> dict[str, list[Mark]]:
    """The locked marks of a review by criterion, in the order of the seats. Empty while the sheets are sealed."""
    if sealed(session, review):
        return {}
    held = [one.key for one in accepted_seats(session, review)]
    found: dict[str, list[Mark]] = {}
    rows = session.exec(
        select(Mark).join(Sheet).where(col(Sheet.seat_id).in_(held)).order_by(col(Sheet.seat_id), col(Mark.id))
    ).all()
    for mark in rows:
        found.setdefault(mark.criterion, []).append(mark)
    return found


def agreed(session: Session, review: Review) -> dict[str, AgreedLevel]:
    """The agreed levels of a review by criterion."""
    rows = session.exec(select(AgreedLevel).where(AgreedLevel.review_id == review.key)).all()
    return {one.criterion: one for one in rows}


@guard("Every criterion needs an agreed level with its rationale; “not enough evidence” must be cleared.")
def every_level_agreed(case: Case) -> bool:
    """SCO-1: NE is cleared at consensus or becomes 0; SCO-2: each level has a rationale."""
    return not level_gaps(case)


def level_gaps(case: Case) -> list[str]:
    """The codes of criteria without an agreed level and rationale, or still at NE."""
    levels = agreed(case.session, case.review)
    return [
        code
        for code in rubric_of(case.session, case.review).criteria
        if code not in case.review.not_applicable
        and not (code in levels and levels[code].level not in {"", "NE"} and levels[code].rationale.strip())
    ]


@guard("Marks two or more levels apart need a record of the discussion; a level outside the range, new evidence.")
def every_discussion_recorded(case: Case) -> bool:
    """SCO-4."""
    return not discussion_gaps(case)


def discussion_gaps(case: Case) -> list[str]:
    """The codes of criteria that lack a discussion record or the new evidence that SCO-4 asks for."""
    spread_limit = case.workflow.number("SCO-4-spread")
    levels = agreed(case.session, case.review)
    missing = []
    for code, marks in marks_by_criterion(case.session, case.review).items():
        numbers = [int(one.level) for one in marks if one.level.isdigit()]
        one = levels.get(code)
        if not numbers or one is None:
            continue
        apart = max(numbers) - min(numbers) >= spread_limit and not one.discussion.strip()
        outside = one.level.isdigit() and not min(numbers) <= int(one.level) <= max(numbers)
        if apart or (outside and not one.new_evidence.strip()):
            missing.append(code)
    return missing


@guard("Every reviewer must sign the consensus as it now stands.")
def every_reviewer_signed(case: Case) -> bool:
    """R8: signed by every seat, each having re-affirmed the declaration of interests (COI-8)."""
    seats = accepted_seats(case.session, case.review)
    signed = {one.person_id for one in counting(case.session, case.record, "consensus")}
    affirmed = [declared(case.session, case.review, seat.person_id, "consensus") for seat in seats]
    clean = all(one is not None and one.interest is not Interest.PREJUDICIAL for one in affirmed)
    return bool(seats) and clean and all(seat.person_id in signed for seat in seats)
