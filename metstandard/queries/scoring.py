"""One reviewer's own sheet, as its pages show it. Nothing here ever reads somebody else's."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType, SelfMark
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.records.sheets import Mark, Sheet
from metstandard.rubric.arithmetic import Mark as Level
from metstandard.rubric.definition import Criterion, Domain, Rubric
from metstandard.rules import award
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.scoring import mark_gaps

# What is asked each time somebody opens the sheet: made once, and columns instead of whole rows where that is enough.
_CODES = sa.bindparam("codes", type_=sa.String, expanding=True)
_REVIEW = sa.bindparam("review", type_=sa.Integer)
_OWN = (
    sa.select(Sheet, Mark)
    .join(Mark, col(Mark.sheet_id) == Sheet.id, isouter=True)
    .where(col(Sheet.seat_id) == sa.bindparam("seat", type_=sa.Integer))
)
_LINKED = (
    sa.select(
        col(EvidenceLink.criterion), col(Evidence.id), col(Evidence.title), col(Evidence.kind), col(Evidence.by_unit),
        col(Evidence.period), col(Evidence.removed_at),
    )
    .join(Evidence, col(Evidence.id) == EvidenceLink.evidence_id)
    .where(col(Evidence.review_id) == _REVIEW, col(EvidenceLink.criterion).in_(_CODES))
    .order_by(col(Evidence.by_unit).desc(), col(Evidence.id))
)  # fmt: skip
_SELF = sa.select(col(SelfMark.criterion), col(SelfMark.level), col(SelfMark.account)).where(
    col(SelfMark.review_id) == _REVIEW, col(SelfMark.criterion).in_(_CODES)
)

NOT_STARTED, IN_PROGRESS, COMPLETED = "Not started", "In progress", "Completed"


@dataclass(frozen=True)
class OwnSheet:
    """A reviewer's sheet with its marks by criterion; `sheet` is None before the first save."""

    rubric: Rubric
    sheet: Sheet | None
    marks: Mapping[str, Mark]
    set_aside: frozenset[str]

    @property
    def locked(self) -> bool:
        """Whether it can only be read."""
        return self.sheet is not None and self.sheet.locked_at is not None

    def asked(self, domain: Domain) -> list[Criterion]:
        """The criteria of a domain that apply to this review."""
        return [one for code, one in domain.criteria.items() if code not in self.set_aside]

    @property
    def gaps(self) -> dict[str, list[str]]:
        """What each criterion lacks before the sheet can be locked, in the rubric's order."""
        codes = (code for code in self.rubric.criteria if code not in self.set_aside)
        return {code: missing for code in codes if (missing := mark_gaps(self.marks.get(code)))}

    def begun(self, code: str) -> bool:
        """Whether anything was saved for a criterion."""
        mark = self.marks.get(code)
        return mark is not None and bool(
            mark.level or mark.strengths or mark.improvements or mark.confidence or mark.evidence
        )

    @property
    def place(self) -> str:
        """Where the reviewer was: the criterion saved last while it lacks something, else the next that does.

        Empty once every criterion is complete.
        """
        open_ones = list(self.gaps)
        if not open_ones:
            return ""
        saved = [mark for mark in self.marks.values() if mark.criterion not in self.set_aside]
        last = max(saved, key=lambda mark: mark.saved_at).criterion if saved else ""
        if not last or last in open_ones:
            return last or open_ones[0]
        codes = list(self.rubric.criteria)
        return next((code for code in open_ones if codes.index(code) > codes.index(last)), open_ones[0])


def thin(session: Session, review: Review, own: OwnSheet) -> dict[str, str]:
    """The criteria whose evidence would not carry the level marked, each with what is missing (rules.md B5).

    A warning only: no evidence can be added after the visit, so another level may be the honest one.
    """
    levels: dict[str, Level] = {code: int(one.level) for code, one in own.marks.items() if one.level.isdigit()}
    return award.evidence_gaps(session, review, levels)


@dataclass(frozen=True)
class DomainProgress:
    """One line of the task list."""

    domain: Domain
    complete: int
    asked: int
    state: str


def own_sheet(session: Session, review: Review, seat: Seat) -> OwnSheet:
    """The sheet of one seat; reads only, makes nothing."""
    rows = session.execute(_OWN, {"seat": seat.key}).all()
    marks = {mark.criterion: mark for _, mark in rows if mark is not None}
    return OwnSheet(rubric_of(session, review), rows[0][0] if rows else None, marks, frozenset(review.not_applicable))


def progress(own: OwnSheet) -> list[DomainProgress]:
    """Every domain with an applicable criterion, and how far it is."""
    missing = own.gaps
    found = []
    for domain in own.rubric.domains.values():
        asked = [one.code for one in own.asked(domain)]
        complete = sum(code not in missing for code in asked)
        begun = any(own.begun(code) for code in asked)
        state = COMPLETED if complete == len(asked) else IN_PROGRESS if begun else NOT_STARTED
        if asked:
            found.append(DomainProgress(domain, complete, len(asked), state))
    return found


@dataclass(frozen=True)
class Item:
    """One piece of evidence as it is ticked: its number, title, and where it comes from in words."""

    key: int
    title: str
    about: str
    removed: bool


def linked_evidence(session: Session, review: Review, codes: Collection[str]) -> dict[str, list[Item]]:
    """The evidence of a review for some criteria, the unit's first; what was taken out since says so."""
    rows = session.execute(_LINKED, {"review": review.key, "codes": list(codes)}).all()
    found: dict[str, list[Item]] = {}
    for criterion, key, title, kind, by_unit, period, removed_at in rows:
        about = _about(kind, period, by_unit=by_unit, removed=removed_at is not None)
        found.setdefault(criterion, []).append(Item(key, title, about, removed_at is not None))
    return found


def _about(kind: EvidenceType, period: str, *, by_unit: bool, removed: bool) -> str:
    words = [kind.value.replace("_", " ").capitalize(), "from the unit" if by_unit else "from the panel"]
    if period:
        words.append(period[0].lower() + period[1:])
    if removed:
        words.append("taken out since")
    return ", ".join(words)


def evidence_titles(session: Session, review: Review) -> dict[int, str]:
    """The title of every piece of evidence of a review by its number, also of those taken out."""
    rows = session.exec(select(Evidence).where(Evidence.review_id == review.key)).all()
    return {one.key: one.title for one in rows}


def self_marks(session: Session, review: Review, codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """The unit's own level and account for some criteria, by criterion."""
    rows = session.execute(_SELF, {"review": review.key, "codes": list(codes)}).all()
    return {code: (level, account) for code, level, account in rows}
