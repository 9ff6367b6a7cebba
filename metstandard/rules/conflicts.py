"""Who may sit on the panel of a review: people judged by every rule of B1 to B3, and what both keys have waived."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from metstandard.panels.conflicts import Candidate, Conflict, Holder, Panel, judge
from metstandard.records.accounts import Person
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.reviews import Review, Signature
from metstandard.records.seats import HOLDING, Declaration, Interest, Seat, Waiver
from metstandard.rules.candidates import candidate, candidates, panel
from metstandard.rules.content import hashed, of_waiver
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import standing_in
from metstandard.rules.signatures import all_for


@dataclass(frozen=True)
class Judged:
    """A candidate with every rule that stands between them and a seat, waived or not, hard ones first."""

    candidate: Candidate
    conflicts: tuple[Conflict, ...]

    @property
    def hard(self) -> int:
        """How many rules nobody may waive."""
        return sum(one.hard for one in self.conflicts)

    @property
    def only_away(self) -> bool:
        """Whether nothing but their own days away stands in the way, so that they may be asked all the same (PAN-1)."""
        return self.hard > 0 and all(one.own for one in self.conflicts if one.hard)

    @property
    def rank(self) -> tuple[int, int, str]:
        """The order in which people are offered: fewest hard rules, fewest warnings, name."""
        return (self.hard, len(self.conflicts), self.candidate.name)


def judged(session: Session, review: Review, person: Person, seat: str, *, lead: bool = False) -> tuple[Conflict, ...]:
    """Every rule that stands between a person and a seat of this review, waived or not, hard ones first."""
    return judge(candidate(session, review, person), seat, panel(session, review), lead=lead)


def judged_for_own_seat(session: Session, review: Review, person: Person) -> tuple[Conflict, ...]:
    """The same for the seat in whose pool the person is."""
    one = candidate(session, review, person)
    return judge(one, one.seat, panel(session, review))


def own_days(session: Session, review: Review, person: Person) -> bool:
    """Whether somebody has said that they cannot sit in the days of the visit, which they alone can change (PAN-1)."""
    return any(one.own for one in judged_for_own_seat(session, review, person))


def judged_pool(
    session: Session, review: Review, seats: Collection[str], about: Panel | None = None
) -> dict[str, list[Judged]]:
    """Everybody in the pool for each of some seats with the rules in the way, those with the fewest first.

    `about` is what `panel` found, for whoever has it at hand.
    """
    about = about or panel(session, review)
    pool = (
        select(ReviewerProfile.person_id)
        .join(Person, col(Person.id) == ReviewerProfile.person_id)
        .where(col(ReviewerProfile.seat).in_(seats), col(Person.active).is_(True))
    )
    found: dict[str, list[Judged]] = {seat: [] for seat in seats}
    for one in candidates(session, review, pool).values():
        found[one.seat].append(Judged(one, judge(one, one.seat, about)))
    return {seat: sorted(rows, key=lambda one: one.rank) for seat, rows in found.items()}


def unresolved(session: Session, review: Review) -> dict[int, tuple[Conflict, ...]]:
    """The conflicts of each seat now held that are hard, or not waived by both keys (COI-12), by the seat's number."""
    return {one.seat.key: one.open for one in of_panel(session, review)}


@dataclass(frozen=True)
class Asked:
    """A waiver asked for, the parties that have agreed to it, and whether that is enough.

    `outrun`: another personal interest was declared since, so it must be asked for again.
    """

    waiver: Waiver
    agreed: dict[str, Signature]
    granted: bool
    outrun: bool


@dataclass(frozen=True)
class Standing:
    """A seat that is held, the rules in its holder's way, and the waivers asked for."""

    seat: Seat
    candidate: Candidate
    conflicts: tuple[Conflict, ...]
    waivers: tuple[Asked, ...]

    @property
    def open(self) -> tuple[Conflict, ...]:
        """The conflicts that nothing covers: they keep the panel from the unit."""
        return tuple(one for one in self.conflicts if one.hard or one.rule not in self.waived)

    @property
    def waived(self) -> frozenset[str]:
        """The rules that both keys have waived."""
        return frozenset(one.waiver.rule for one in self.waivers if one.granted)

    @property
    def askable(self) -> tuple[str, ...]:
        """The rules for which a waiver can be asked for, or asked for anew."""
        asked = {one.waiver.rule for one in self.waivers if not one.outrun}
        return tuple(dict.fromkeys(one.rule for one in self.open if not one.hard and one.rule not in asked))


def of_panel(session: Session, review: Review, about: Panel | None = None) -> list[Standing]:
    """Every seat now held, judged as it stands. `about` is what `panel` found, for whoever has it at hand."""
    seats = session.exec(
        select(Seat).where(Seat.review_id == review.key, col(Seat.status).in_(HOLDING)).order_by(col(Seat.id))
    ).all()
    people = [one.person_id for one in seats]
    about = about or panel(session, review)
    known, asked = candidates(session, review, people), waivers(session, review)
    return [
        Standing(
            seat=one,
            candidate=known[one.person_id],
            conflicts=judge(known[one.person_id], one.kind, _as_it_stood(about, seats, one), lead=one.lead),
            waivers=tuple(each for each in asked if each.waiver.person_id == one.person_id),
        )
        for one in seats
    ]


def _as_it_stood(about: Panel, seats: Iterable[Seat], one: Seat) -> Panel:
    """The panel as it was when a seat was filled, so that only the last to come carries the rule of the new face."""
    return about.with_holders(tuple(Holder(each.person_id, each.kind) for each in seats if each.key <= one.key))


def waivers(session: Session, review: Review) -> list[Asked]:
    """The waivers asked for in a review, oldest first, with the agreement that each has.

    A signature counts whatever stage it was made at, as long as the waiver still says what was signed. A personal
    interest declared after a waiver of COI-12 was asked for is not covered by it.
    """
    rows = session.exec(select(Waiver).where(Waiver.review_id == review.key).order_by(col(Waiver.id))).all()
    workflow = workflow_of(session, review)
    signed = all_for(session, review, "waive_conflict") if rows else []
    found = []
    for one in rows:
        digest = hashed(of_waiver(one))
        by_party = {
            party: each
            for each in signed
            if each.digest == digest
            and each.withdrawn_at is None
            and (party := standing_in(workflow, each.part)) is not None
        }
        two = len({each.person_id for each in by_party.values()}) == len(workflow.parties) == len(by_party)
        outrun = _outrun(session, one)
        found.append(Asked(one, by_party, bool(workflow.parties) and two and not outrun, outrun))
    return found


def _outrun(session: Session, waiver: Waiver) -> bool:
    """Whether another personal interest was declared after the waiver of the first was asked for."""
    if waiver.rule != "COI-12":
        return False
    rows = session.exec(
        select(Declaration.detail, Declaration.declared_at).where(
            Declaration.review_id == waiver.review_id,
            Declaration.person_id == waiver.person_id,
            Declaration.interest == Interest.PERSONAL,
        )
    ).all()
    known = {detail for detail, at in rows if at <= waiver.asked_at}
    return any(at > waiver.asked_at and detail not in known for detail, at in rows)


def waived_by_both(session: Session, review: Review, waiver: Waiver) -> bool:
    """Whether every party has signed this very waiver."""
    return any(one.granted for one in waivers(session, review) if one.waiver.key == waiver.key)
