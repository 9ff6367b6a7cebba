"""The consensus as its pages show it: three marks side by side, what was agreed, what is still missing, who has signed.

Everything here is empty while the sheets are sealed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.queries.judgement import findings_of
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import Declaration, Seat, SeatStatus
from metstandard.records.sheets import AgreedLevel, Finding, Mark, Sheet
from metstandard.rubric.definition import Criterion, Domain
from metstandard.rubric.shapes import Grade
from metstandard.rules import award
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.guards.scoring import Limits, agreed, level_missing, new_evidence, sealed
from metstandard.rules.signatures import all_for, counting


@dataclass(frozen=True)
class Member:
    """One holder of a seat, as colleagues see them."""

    seat: Seat
    person: Person

    @property
    def kind(self) -> str:
        """The seat in words: `Local authority`."""
        return self.seat.kind.replace("_", " ").capitalize()


@dataclass(frozen=True)
class SeatMark:
    """What one seat marked."""

    member: Member
    mark: Mark


@dataclass(frozen=True)
class Line:
    """One criterion in consensus. `missing` holds back the signatures; `thin` only warns that R7 would fail.

    `named` are the items of new evidence (SCO-4); `cap` is the gravest open finding, with the level at which it holds
    the criterion (SCO-5).
    """

    criterion: Criterion
    marks: tuple[SeatMark, ...]
    row: AgreedLevel | None
    limits: Limits
    thin: str = ""
    named: tuple[int, ...] = ()
    cap: tuple[Grade, int] | None = None

    @property
    def counts_as(self) -> str:
        """The level as the rules take it: held down by an open finding, where that lies lower (SCO-5)."""
        level = self.row.level if self.row else ""
        if self.cap is None or not level.isdigit() or int(level) <= self.cap[1]:
            return level
        return str(self.cap[1])

    @property
    def outside(self) -> bool:
        """Whether the agreed level lies outside what was marked, so that new evidence must be named (SCO-4)."""
        return self.row is not None and self.limits.outside_range(self.row.level, [one.mark for one in self.marks])

    @property
    def spread(self) -> int:
        """Levels between the lowest and the highest mark."""
        return self.limits.spread([one.mark for one in self.marks])

    @property
    def apart(self) -> bool:
        """Whether the marks lie so far apart that the discussion must be recorded (SCO-4)."""
        return bool(self.marks) and self.spread >= self.limits.apart

    @property
    def not_enough(self) -> bool:
        """Whether somebody marked “not enough evidence”, which must be cleared here (SCO-1)."""
        return any(not one.mark.level.isdigit() for one in self.marks)

    @property
    def range(self) -> tuple[int, int]:
        """The lowest and the highest level marked."""
        levels = self.limits.levels([one.mark for one in self.marks])
        return levels[0], levels[-1]

    @property
    def missing(self) -> list[str]:
        """What this criterion still needs before anybody can sign."""
        return level_missing(self.row) + self.limits.missing(self.row, [one.mark for one in self.marks], self.named)

    @property
    def median(self) -> str:
        """The level that stands when the panel cannot agree: NE counts as the rubric says."""
        counts_as = self.limits.not_enough_counts_as
        levels = sorted(int(one.mark.level) if one.mark.level.isdigit() else counts_as for one in self.marks)
        return str(levels[(len(levels) - 1) // 2]) if levels else ""

    @property
    def state(self) -> str:
        """The words of a task list."""
        if not self.missing:
            return "Completed"
        begun = self.row is not None and (self.row.level or self.row.rationale or self.row.discussion)
        return "In progress" if begun else "Not started"


def members(session: Session, review: Review) -> list[Member]:
    """Who sits on the panel now, in the order of the workflow's seats."""
    panel = workflow_of(session, review).panel
    order = {kind: number for number, kind in enumerate(panel.seats if panel else ())}
    rows = session.exec(
        select(Seat, Person)
        .join(Person, col(Person.id) == Seat.person_id)
        .where(Seat.review_id == review.key, Seat.status == SeatStatus.ACCEPTED)
    ).all()
    return sorted((Member(seat, person) for seat, person in rows), key=lambda one: order.get(one.seat.kind, len(order)))


def lines(session: Session, review: Review) -> dict[str, Line]:
    """Every criterion that applies, by code in the rubric's order; empty while the sheets are sealed (SCO-3)."""
    if sealed(session, review):
        return {}
    marks = _marks(session, review)
    rows, limits, thin = agreed(session, review), Limits.of(session, review), award.evidence_gaps(session, review)
    named, caps = new_evidence(session, review), _caps(session, review)
    return {
        code: Line(
            criterion,
            tuple(marks.get(code, ())),
            rows.get(code),
            limits,
            _thin(rows.get(code), thin.get(code, "")),
            tuple(named.get(code, ())),
            caps.get(code),
        )
        for code, criterion in rubric_of(session, review).criteria.items()
        if code not in review.not_applicable
    }


def _caps(session: Session, review: Review) -> dict[str, tuple[Grade, int]]:
    """The lowest cap of the open findings, with its grade, by criterion (SCO-5)."""
    kinds = rubric_of(session, review).findings
    found: dict[str, tuple[Grade, int]] = {}
    for one in award.open_findings(session, review):
        at = kinds[one.grade].caps_at if one.grade in kinds else None
        if at is not None and one.criterion and (one.criterion not in found or at < found[one.criterion][1]):
            found[one.criterion] = (one.grade, at)
    return found


def _thin(row: AgreedLevel | None, gap: str) -> str:
    return gap if row is not None and row.level else ""


def _marks(session: Session, review: Review) -> dict[str, list[SeatMark]]:
    found: dict[str, list[SeatMark]] = {}
    by_seat = {one.seat.key: one for one in members(session, review)}
    rows = session.exec(
        select(Sheet.seat_id, Mark)
        .join(Mark, col(Mark.sheet_id) == Sheet.id)
        .where(Sheet.review_id == review.key, col(Sheet.locked_at).is_not(None))
    ).all()
    order = list(by_seat)
    held = [(seat, mark) for seat, mark in rows if seat in by_seat]
    for seat, mark in sorted(held, key=lambda one: order.index(one[0])):
        found.setdefault(mark.criterion, []).append(SeatMark(by_seat[seat], mark))
    return found


@dataclass(frozen=True)
class DomainLines:
    """A domain with its lines, for the overview."""

    domain: Domain
    lines: tuple[Line, ...]

    @property
    def complete(self) -> int:
        """How many need nothing more."""
        return sum(not one.missing for one in self.lines)

    @property
    def state(self) -> str:
        """The words of a task list."""
        if self.complete == len(self.lines):
            return "Completed"
        return "Not started" if all(one.state == "Not started" for one in self.lines) else "In progress"


def by_domain(session: Session, review: Review, found: Mapping[str, Line]) -> list[DomainLines]:
    """The lines under their domains; a domain of which nothing applies is left out."""
    grouped = [
        DomainLines(domain, tuple(found[code] for code in domain.criteria if code in found))
        for domain in rubric_of(session, review).domains.values()
    ]
    return [one for one in grouped if one.lines]


@dataclass(frozen=True)
class Signing:
    """Who has signed what now stands, and who has not; `void` are those whose signature a later change took away."""

    signed: tuple[Member, ...]
    void: tuple[Member, ...]
    waiting: tuple[Member, ...]
    vacant: tuple[str, ...]


def signing(session: Session, review: Review) -> Signing:
    """The signatures that count now; `vacant` names seats that nobody holds, without whom it cannot be closed."""
    people = members(session, review)
    ever = [one for one in all_for(session, review, "consensus") if one.signed_at >= review.state_since]
    by = {one.person_id for one in counting(session, review, "consensus")}
    lost = {one.person_id for one in ever} - by
    panel = workflow_of(session, review).panel
    held = {one.seat.kind for one in people}
    return Signing(
        tuple(one for one in people if one.person.key in by),
        tuple(one for one in people if one.person.key in lost),
        tuple(one for one in people if one.person.key not in by | lost),
        tuple(kind for kind in (panel.seats if panel else ()) if kind not in held),
    )


def last_declared(session: Session, review: Review, person: Person) -> Declaration | None:
    """What a person declared last in a review, at whatever stage; a signature re-affirms it (COI-8)."""
    return session.exec(
        select(Declaration)
        .where(Declaration.review_id == review.key, Declaration.person_id == person.key)
        .order_by(col(Declaration.id).desc())
    ).first()


def finding_of(session: Session, review: Review, number: int) -> Finding | None:
    """One finding of a review that stands, by its number."""
    return next((one for one in findings_of(session, review) if one.key == number), None)
