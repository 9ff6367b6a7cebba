"""One reviewer's own sheet, as its pages show it. Nothing here ever reads somebody else's."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.records.accounts import Person
from metstandard.records.base import Marking, choice
from metstandard.records.evidence import Evidence, EvidenceLink, EvidenceType, SelfMark
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.records.sheets import Mark, Sheet
from metstandard.rubric import sufficiency
from metstandard.rubric.definition import Criterion, Domain, Rubric
from metstandard.rules import award, markings
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.scoring import mark_gaps

# What is asked each time somebody opens the sheet: made once, and columns instead of whole rows where that is enough.
_CODES = sa.bindparam("codes", type_=sa.String, expanding=True)
_REVIEW = sa.bindparam("review", type_=sa.Integer)
_CLEARED = col(Evidence.marking).in_(sa.bindparam("markings", type_=choice(Marking), expanding=True))
_OWN = (
    sa.select(Sheet, Mark)
    .join(Mark, col(Mark.sheet_id) == Sheet.id, isouter=True)
    .where(col(Sheet.seat_id) == sa.bindparam("seat", type_=sa.Integer))
)
_LINKED = (
    sa.select(
        col(EvidenceLink.criterion), col(Evidence.id), col(Evidence.title), col(Evidence.kind), col(Evidence.by_unit),
        col(Evidence.external), col(Evidence.outcome_years), col(Evidence.period), col(Evidence.removed_at),
        col(Evidence.marking),
    )
    .select_from(Evidence)
    .join(
        EvidenceLink,
        sa.and_(col(EvidenceLink.evidence_id) == Evidence.id, col(EvidenceLink.criterion).in_(_CODES)),
        isouter=True,
    )
    .where(col(Evidence.review_id) == _REVIEW, _CLEARED)
    .order_by(col(Evidence.by_unit).desc(), col(Evidence.id))
)  # fmt: skip
_SELF = sa.select(col(SelfMark.criterion), col(SelfMark.level), col(SelfMark.account)).where(
    col(SelfMark.review_id) == _REVIEW, col(SelfMark.criterion).in_(_CODES)
)

NOT_STARTED, IN_PROGRESS, COMPLETED = "Not started", "In progress", "Completed"


@dataclass(frozen=True)
class OwnSheet:
    """A reviewer's sheet with its marks by criterion; `sheet` is None before the first save.

    `thin` names the levels that their linked evidence does not carry (R7), once the sheet was `weighed`.
    """

    rubric: Rubric
    sheet: Sheet | None
    marks: Mapping[str, Mark]
    set_aside: frozenset[str]
    thin: Mapping[str, str] = field(default_factory=dict)

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
        found = {}
        for code in self.rubric.criteria:
            missing = [] if code in self.set_aside else mark_gaps(self.marks.get(code))
            if code in self.thin:
                missing.append("evidence that carries its level")
            if missing:
                found[code] = missing
        return found

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


def weighed(session: Session, review: Review, own: OwnSheet) -> OwnSheet:
    """The same sheet with what the evidence linked to each mark does not carry (rules.md B5, R7)."""
    return replace(own, thin=award.thin_marks(session, review, own.marks.values()))


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
    """One piece of evidence as it is ticked: its number, title, where it comes from in words, and what it counts as."""

    key: int
    title: str
    about: str
    removed: bool
    counts: sufficiency.Item
    marking: Marking


@dataclass(frozen=True)
class Shelf:
    """The evidence that some criteria may rest on: what is linked to each of them, and the rest of the review's."""

    items: Mapping[int, Item]
    linked: Mapping[str, Sequence[int]]

    def __getitem__(self, code: str) -> list[Item]:
        """What is linked to a criterion, the unit's first."""
        return [self.items[key] for key in self.linked.get(code, ())]

    def near(self, code: str, ticked: Collection[int]) -> list[Item]:
        """What a criterion is offered first: linked to it, or ticked already. What was taken out only if ticked."""
        linked = self.linked.get(code, ())
        return [one for key, one in self.items.items() if key in ticked or (key in linked and not one.removed)]

    def others(self, code: str, ticked: Collection[int]) -> list[Item]:
        """What is linked to other criteria, and may be ticked for this one too."""
        linked = self.linked.get(code, ())
        return [one for key, one in self.items.items() if not (key in ticked or key in linked or one.removed)]

    def carried(self, ticked: Collection[int]) -> list[sufficiency.Item]:
        """What ticked numbers count as; what was taken out since no longer counts."""
        return [one.counts for key, one in self.items.items() if key in ticked and not one.removed]


def linked_evidence(session: Session, review: Review, codes: Collection[str], *, reader: Person) -> Shelf:
    """The evidence for some criteria that somebody is cleared for, the unit's first; what was taken out says so."""
    rows = session.execute(
        _LINKED, {"review": review.key, "codes": list(codes), "markings": markings.seen_by(reader)}
    ).all()
    items: dict[int, Item] = {}
    linked: dict[str, list[int]] = {}
    for criterion, key, title, kind, by_unit, external, years, period, removed_at, marking in rows:
        if key not in items:
            about = _about(kind, period, by_unit=by_unit, removed=removed_at is not None)
            counts = award.as_item(kind, by_unit, external, years)
            items[key] = Item(key, title, about, removed_at is not None, counts, marking)
        if criterion is not None:
            linked.setdefault(criterion, []).append(key)
    return Shelf(items, linked)


def _about(kind: EvidenceType, period: str, *, by_unit: bool, removed: bool) -> str:
    words = [kind.value.replace("_", " ").capitalize(), "from the unit" if by_unit else "from the panel"]
    if period:
        words.append(period[0].lower() + period[1:])
    if removed:
        words.append("taken out since")
    return ", ".join(words)


def evidence_titles(session: Session, review: Review, *, reader: Person) -> dict[int, str]:
    """The title of every piece of evidence that somebody is cleared for by its number, also of those taken out."""
    rows = session.exec(markings.cleared(select(Evidence).where(Evidence.review_id == review.key), reader)).all()
    return {one.key: one.title for one in rows}


def self_marks(session: Session, review: Review, codes: Collection[str]) -> dict[str, tuple[str, str]]:
    """The unit's own level and account for some criteria, by criterion."""
    rows = session.execute(_SELF, {"review": review.key, "codes": list(codes)}).all()
    return {code: (level, account) for code, level, account in rows}
