"""Facts about sheets, consensus and its signatures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.records.evidence import Evidence
from metstandard.records.reviews import Review
from metstandard.records.seats import Interest, Seat
from metstandard.records.sheets import AgreedLevel, Mark, NewEvidence, Sheet
from metstandard.rules.case import Case
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.guards.panels import accepted_seats, declared
from metstandard.rules.guards.register import guard
from metstandard.rules.signatures import counting

NOT_ENOUGH = "NE"
_FEWEST_WORDS = 3


def sealed(session: Session, review: Review) -> bool:
    """Whether the sheets of a review are still sealed: until every kind of seat of its workflow has locked (SCO-3).

    A reviewer who leaves does not open the sheets of the others: kinds are counted, not the people who happen to sit.
    """
    panel = workflow_of(session, review).panel
    wanted = set(panel.seats) if panel else {one.kind for one in accepted_seats(session, review)}
    locked = session.exec(
        select(Seat.kind)
        .join(Sheet, col(Sheet.seat_id) == Seat.id)
        .where(Sheet.review_id == review.key, col(Sheet.locked_at).is_not(None))
    ).all()
    return not wanted or not wanted <= set(locked)


@guard("Not every sheet is locked.")
def every_sheet_locked(case: Case) -> bool:
    """SCO-3: as many locked sheets as the panel has seats, by distinct people, each in a seat still held."""
    seats = accepted_seats(case.session, case.review)
    locked = set(
        case.session.exec(
            select(Sheet.seat_id).where(Sheet.review_id == case.review.key, col(Sheet.locked_at).is_not(None))
        ).all()
    )
    return bool(seats) and panel_complete(case, seats) and all(one.key in locked for one in seats)


def panel_complete(case: Case, seats: list[Seat]) -> bool:
    """Whether `seats` are exactly those that the workflow names: nobody judges with fewer (glossary.md)."""
    panel = case.workflow.panel
    return panel is None or sorted(one.kind for one in seats) == sorted(panel.seats)


def mark_gaps(mark: Mark | None) -> list[str]:
    """What a mark still lacks before its sheet can be locked (SCO-2); empty when it is complete."""
    if mark is None:
        return ["a level", "a strength or an area for improvement", "your confidence", "linked evidence"]
    missing = []
    if not mark.level:
        missing.append("a level")
    if not _sentence(mark.strengths) and not _sentence(mark.improvements):
        missing.append("a strength or an area for improvement in a full sentence")
    if mark.confidence is None:
        missing.append("your confidence")
    if not mark.evidence and mark.level != NOT_ENOUGH:
        missing.append("linked evidence")
    return missing


def _sentence(text: str) -> bool:
    return len(text.split()) >= _FEWEST_WORDS


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
    asked = (code for code in rubric_of(case.session, case.review).criteria if code not in case.review.not_applicable)
    return [code for code in asked if level_missing(levels.get(code))]


def level_missing(row: AgreedLevel | None) -> list[str]:
    """What an agreed level still lacks for itself: the level, its rationale."""
    missing = []
    if row is None or row.level in {"", NOT_ENOUGH}:
        missing.append("an agreed level")
    if row is None or not row.rationale.strip():
        missing.append("the reasons for it")
    return missing


@guard("Marks two or more levels apart need a record of the discussion; a level outside the range, new evidence.")
def every_discussion_recorded(case: Case) -> bool:
    """SCO-4."""
    return not discussion_gaps(case)


def discussion_gaps(case: Case) -> list[str]:
    """The codes of criteria that lack a discussion record or the new evidence that SCO-4 asks for."""
    levels = agreed(case.session, case.review)
    limits, named = Limits.of(case.session, case.review), new_evidence(case.session, case.review)
    return [
        code
        for code, marks in marks_by_criterion(case.session, case.review).items()
        if code not in case.review.not_applicable and limits.missing(levels.get(code), marks, named.get(code, ()))
    ]


def new_evidence(session: Session, review: Review) -> dict[str, list[int]]:
    """The items that the panel named as new evidence and that were not taken out, by criterion (SCO-4)."""
    rows = session.exec(
        select(AgreedLevel.criterion, NewEvidence.evidence_id)
        .join(NewEvidence, col(NewEvidence.agreed_id) == AgreedLevel.id)
        .join(Evidence, col(Evidence.id) == NewEvidence.evidence_id)
        .where(AgreedLevel.review_id == review.key, col(Evidence.removed_at).is_(None))
        .order_by(col(NewEvidence.id))
    ).all()
    found: dict[str, list[int]] = {}
    for criterion, number in rows:
        found.setdefault(criterion, []).append(number)
    return found


@dataclass(frozen=True)
class Limits:
    """The numbers of SCO-4: levels apart that ask for a discussion, levels outside that ask for new evidence."""

    apart: int
    outside: int
    not_enough_counts_as: int

    @classmethod
    def of(cls, session: Session, review: Review) -> "Limits":
        """The numbers of a review's own workflow and rubric editions."""
        workflow, not_enough = workflow_of(session, review), rubric_of(session, review).not_enough_evidence
        return cls(
            workflow.number("SCO-4-spread"), workflow.number("SCO-4-evidence"),
            not_enough.counts_as if not_enough else 0,
        )  # fmt: skip

    def levels(self, marks: Iterable[Mark]) -> list[int]:
        """The levels marked, lowest first. Where nobody had enough evidence, the level that this counts as (SCO-1)."""
        return sorted(int(one.level) for one in marks if one.level.isdigit()) or [self.not_enough_counts_as]

    def spread(self, marks: Iterable[Mark]) -> int:
        """How many levels lie between the lowest and the highest mark."""
        levels = self.levels(marks)
        return levels[-1] - levels[0]

    def outside_range(self, level: str, marks: Iterable[Mark]) -> bool:
        """Whether a level lies so far outside what was marked that new evidence must be named."""
        levels = self.levels(marks)
        away = max(levels[0] - int(level), int(level) - levels[-1]) if level.isdigit() else 0
        return away >= self.outside

    def missing(self, row: AgreedLevel | None, marks: Sequence[Mark], named: Sequence[int]) -> list[str]:
        """What SCO-4 still asks of an agreed level: the discussion's record, new evidence `named` by its item."""
        missing = []
        if self.spread(marks) >= self.apart and not (row and row.discussion.strip()):
            missing.append("the record of the discussion")
        if row is not None and self.outside_range(row.level, marks) and not named:
            missing.append("the new evidence")
        return missing


@guard("Every reviewer must sign the consensus as it now stands.")
def every_reviewer_signed(case: Case) -> bool:
    """R8: signed by every seat, each having re-affirmed the declaration of interests (COI-8)."""
    seats = accepted_seats(case.session, case.review)
    if not panel_complete(case, seats):
        return False
    signed = {one.person_id for one in counting(case.session, case.record, "consensus")}
    affirmed = [declared(case.session, case.review, seat.person_id, "consensus") for seat in seats]
    clean = all(one is not None and one.interest is not Interest.PREJUDICIAL for one in affirmed)
    return bool(seats) and clean and all(seat.person_id in signed for seat in seats)
