"""The marks that statistics may use: sheets of open reviews, and each reviewer's first try at the reference reviews.

A locked sheet never changes (SCO-3), so what was read once is kept by the sheets' numbers and moments. A page asks
only which sheets are open; marks are read again when there are more of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common.errors import NotFound
from metstandard.records.calibration import Calibration, CalibrationMark
from metstandard.records.editions import Edition
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from metstandard.records.sheets import Mark, Sheet
from metstandard.rubric.definition import Rubric
from metstandard.rules.calibration import cases_in_use
from metstandard.rules.editions import rubric_from, workflow_from
from metstandard.statistics.estimates import NotDefined
from metstandard.statistics.probability import TOP_LEVEL, mean_level

_KEPT = 4


@dataclass(frozen=True, slots=True)
class OpenReview:
    """A review whose sheets are all locked."""

    key: int
    reference: str
    unit_id: int
    cycle: int
    rubric: Rubric = field(compare=False)
    set_aside: frozenset[str]
    decided: bool


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """One locked sheet of an open review: levels by criterion, without NE and NA."""

    review: OpenReview
    person_id: int
    kind: str
    levels: Mapping[str, int]

    @property
    def mean(self) -> float | None:
        """The weighted mean in levels of a scale up to TOP_LEVEL; None where no criterion has a level."""
        return _mean(self.levels, self.review.rubric)


@dataclass(frozen=True, slots=True)
class Tried:
    """One reviewer's first marks of one reference review, as a mean in levels beside the agreed one."""

    case: str
    person_id: int
    cycle: int
    mean: float
    agreed: float


@dataclass(frozen=True, eq=False)
class Opened:
    """Everything statistics are made from. Equal only to itself, so that what is computed from it can be kept."""

    sheets: tuple[OpenSheet, ...]
    tried: tuple[Tried, ...]

    @cached_property
    def reviews(self) -> dict[int, OpenReview]:
        """The open reviews by their number, in the order they were proposed."""
        return {one.review.key: one.review for one in self.sheets}

    @cached_property
    def cycles(self) -> tuple[int, ...]:
        """The years with an open review, newest first."""
        return tuple(sorted({one.cycle for one in self.reviews.values()}, reverse=True))

    def of(self, cycle: int | None) -> tuple[OpenSheet, ...]:
        """The sheets of a cycle; of all without one."""
        return tuple(one for one in self.sheets if cycle in {None, one.review.cycle})


_kept: OrderedDict[tuple[object, ...], Opened] = OrderedDict()


def opened(session: Session) -> Opened:
    """The marks of all open reviews and the first tries at the reference reviews. Six queries at most."""
    editions = {one.key: one for one in session.exec(select(Edition)).all()}
    found = _open_rows(session, editions)
    attempts = _first_attempts(session)
    key = (
        str(session.get_bind().engine.url),
        tuple((one.sheet_id, one.locked_at, one.review) for one in found),
        tuple(attempts),
    )
    if key not in _kept:
        _kept[key] = Opened(_with_marks(session, found), _tried(session, attempts))
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return _kept[key]


@dataclass(frozen=True, slots=True)
class _Row:
    """A locked sheet of an open review, its marks not read yet."""

    sheet_id: int
    locked_at: datetime
    person_id: int
    kind: str
    review: OpenReview


def _open_rows(session: Session, editions: Mapping[int, Edition]) -> list[_Row]:
    """The sheets of reviews in which every kind of seat has locked, cancelled reviews left out (SCO-3)."""
    rows = session.execute(
        sa.select(Review, col(Sheet.id), col(Sheet.locked_at), col(Sheet.person_id), col(Seat.kind), col(Seat.status))
        .join(Sheet, col(Sheet.review_id) == col(Review.id))
        .join(Seat, col(Seat.id) == col(Sheet.seat_id))
        .where(col(Sheet.locked_at).is_not(None), col(Review.state) != "cancelled")
        .order_by(col(Review.id), col(Seat.id))
    ).all()
    kinds: dict[int, set[str]] = {}
    for review, _sheet, _at, _person, kind, _status in rows:
        kinds.setdefault(review.key, set()).add(kind)
    opened_reviews: dict[int, OpenReview] = {}
    for review, *_ in rows:
        panel = workflow_from(editions[review.workflow_edition_id]).panel
        if panel is not None and set(panel.seats) <= kinds[review.key]:
            opened_reviews.setdefault(review.key, _review(review, editions))
    return [
        _Row(sheet_id, locked_at, person_id, kind, opened_reviews[review.key])
        for review, sheet_id, locked_at, person_id, kind, status in rows
        if review.key in opened_reviews and status == SeatStatus.ACCEPTED
    ]


def _review(review: Review, editions: Mapping[int, Edition]) -> OpenReview:
    return OpenReview(
        key=review.key,
        reference=review.reference,
        unit_id=review.unit_id,
        cycle=review.starts_on.year,
        rubric=rubric_from(editions[review.rubric_edition_id]),
        set_aside=frozenset(review.not_applicable),
        decided=review.decided_on is not None,
    )


def _first_attempts(session: Session) -> list[tuple[int, int, str, date]]:
    """Everybody's first submitted attempt at each edition: afterwards the agreed levels are known to them."""
    rows = session.execute(
        sa.select(
            col(Calibration.id), col(Calibration.person_id), col(Calibration.edition), col(Calibration.submitted_at)
        )
        .where(col(Calibration.submitted_at).is_not(None))
        .order_by(col(Calibration.submitted_at), col(Calibration.id))
    ).all()
    first: dict[tuple[int, str], tuple[int, int, str, date]] = {}
    for key, person_id, edition, at in rows:
        first.setdefault((person_id, edition), (key, person_id, edition, at.date()))
    return list(first.values())


def _with_marks(session: Session, found: Sequence[_Row]) -> tuple[OpenSheet, ...]:
    by_sheet: dict[int, dict[str, int]] = {one.sheet_id: {} for one in found}
    rows = session.execute(
        sa.select(col(Mark.sheet_id), col(Mark.criterion), col(Mark.level))
        .join(Sheet, col(Sheet.id) == col(Mark.sheet_id))
        .where(col(Sheet.review_id).in_({one.review.key for one in found}), col(Sheet.locked_at).is_not(None))
        .order_by(col(Mark.id))
    ).all()
    for sheet_id, criterion, level in rows:
        if sheet_id in by_sheet and level.isdecimal():
            by_sheet[sheet_id][criterion] = int(level)
    return tuple(
        OpenSheet(
            one.review, one.person_id, one.kind,
            {code: level for code, level in by_sheet[one.sheet_id].items() if code not in one.review.set_aside},
        )
        for one in found
    )  # fmt: skip


def _tried(session: Session, attempts: Sequence[tuple[int, int, str, date]]) -> tuple[Tried, ...]:
    try:
        cases, rubric = cases_in_use()
    except NotFound:
        return ()
    known = {key: (person_id, day) for key, person_id, edition, day in attempts if edition == cases.name}
    rows = session.execute(
        sa.select(
            col(CalibrationMark.calibration_id), col(CalibrationMark.case_code), col(CalibrationMark.criterion),
            col(CalibrationMark.level),
        )
        .where(col(CalibrationMark.calibration_id).in_(known))
        .order_by(col(CalibrationMark.id))
    ).all()  # fmt: skip
    levels: dict[tuple[int, str], dict[str, int]] = {}
    for key, case, criterion, level in rows:
        if case in cases.reviews and criterion in cases.reviews[case].criteria:
            levels.setdefault((key, case), {})[criterion] = level
    found = []
    for (key, case), given in levels.items():
        agreed = {code: cases.reviews[case].criteria[code].level for code in given}
        mine, theirs = _mean(given, rubric), _mean(agreed, rubric)
        if mine is not None and theirs is not None:
            found.append(Tried(f"{cases.name}:{case}", known[key][0], known[key][1].year, mine, theirs))
    return tuple(found)


def _mean(levels: Mapping[str, int], rubric: Rubric) -> float | None:
    weights = {code: one.weight for code, one in rubric.criteria.items()}
    try:
        return float(mean_level(levels, weights) * TOP_LEVEL / rubric.top)
    except NotDefined:
        return None
