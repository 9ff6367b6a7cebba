"""The facts that `panels/conflicts` judges, gathered from the records; and which conflicts are waived by both keys.

Whatever the number of candidates, the facts take the same number of queries: a pool of a thousand is judged at once.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.panels.conflicts import Candidate, Conflict, Holder, Panel, Seating, Service, judge
from metstandard.panels.conflicts import Supply as SupplyFact
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.bodies import Employer, ReviewerProfile, Supply
from metstandard.records.reviews import Review, Signature
from metstandard.records.seats import HOLDING, Declaration, Interest, Seat, SeatStatus, Waiver
from metstandard.records.units import Unit
from metstandard.rules.content import hashed, of_waiver
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import (
    PREJUDICIAL,
    UNIT_PARTS,
    People,
    apart,
    bound,
    duties,
    people_with,
    running,
    standing_in,
)
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


def judged_pool(session: Session, review: Review, seats: Collection[str]) -> dict[str, list[Judged]]:
    """Everybody in the pool for each of some seats with the rules in the way, those with the fewest first."""
    about = panel(session, review)
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


def of_panel(session: Session, review: Review) -> list[Standing]:
    """Every seat now held, judged as it stands."""
    seats = session.exec(
        select(Seat).where(Seat.review_id == review.key, col(Seat.status).in_(HOLDING)).order_by(col(Seat.id))
    ).all()
    people = [one.person_id for one in seats]
    about, known, asked = panel(session, review), candidates(session, review, people), waivers(session, review)
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


def candidate(session: Session, review: Review, person: Person) -> Candidate:
    """What the records know of a person as a candidate for this review."""
    return candidates(session, review, [person.key])[person.key]


def candidates(session: Session, review: Review, people: People) -> dict[int, Candidate]:
    """What the records know of people as candidates, by person; in or out of the pool."""
    rows = session.execute(
        sa.select(col(Person.id), col(Person.name), col(Person.active), ReviewerProfile, Employer, Unit)
        .join(ReviewerProfile, col(ReviewerProfile.person_id) == Person.id, isouter=True)
        .join(Employer, col(Employer.id) == ReviewerProfile.employer_id, isouter=True)
        .join(Unit, col(Unit.id) == ReviewerProfile.unit_id, isouter=True)
        .where(col(Person.id).in_(people))
    ).all()
    services, supplies = _services(session, people), _supplies(session)
    personal = _personal(session, review, people)
    binding, programme = bound(session, review, people), _programme_parts(session, people)
    found = {}
    for number, name, active, pooled, employer, home in rows:
        held = binding.get(number, frozenset())
        busy = (duties(held) | programme.get(number, frozenset())) - {apart("reviewer")}
        profile = pooled or ReviewerProfile(person_id=number, seat="")
        found[number] = Candidate(
            person=number, name=name, seat=profile.seat, active=active,
            origin=home.title if home else employer.name if employer else "",
            home=profile.unit_id, group=home.business_group if home else None,
            borough=employer.borough if employer else None, employer=employer.name if employer else None,
            employer_kind=employer.kind if employer else None, rank=profile.rank,
            services=tuple(services.get(number, ())),
            supplies=tuple(supplies.get(employer.key, ())) if employer else (),
            trained_until=profile.trained_until, vetted_until=profile.vetted_until,
            terms_signed=profile.terms_signed_on is not None, observed=profile.observed_on is not None,
            prejudicial=PREJUDICIAL in held, personal=number in personal, other_parts=tuple(sorted(busy)),
        )  # fmt: skip
    return found


def _services(session: Session, people: People) -> dict[int, list[Service]]:
    """Postings, and the appointments in which somebody spoke for a unit, by person."""
    postings = session.execute(
        sa.select(
            col(Posting.person_id), col(Posting.unit_id), col(Posting.command_team), col(Posting.until_on)
        ).where(
            col(Posting.person_id).in_(people), col(Posting.unit_id).is_not(None)
        )
    ).all()
    spoke = session.execute(
        sa.select(
            col(Appointment.person_id), col(Appointment.unit_id), col(Appointment.part) == "commander",
            col(Appointment.until_on),
        ).where(
            col(Appointment.person_id).in_(people),
            col(Appointment.part).in_(UNIT_PARTS),
            col(Appointment.unit_id).is_not(None),
        )
    ).all()
    found: dict[int, list[Service]] = {}
    for person_id, unit_id, command_team, until in (*postings, *spoke):
        found.setdefault(person_id, []).append(Service(unit_id, bool(command_team), until))
    return found


def _supplies(session: Session) -> dict[int, list[SupplyFact]]:
    """Every spell of every company as supplier, bidder or sponsor, by employer."""
    query = sa.select(col(Supply.employer_id), col(Supply.role), col(Supply.until_on))
    found: dict[int, list[SupplyFact]] = {}
    for employer_id, role, until in session.execute(query).all():
        found.setdefault(employer_id, []).append(SupplyFact(role, until))
    return found


def _personal(session: Session, review: Review, people: People) -> set[int]:
    """Those who have declared a personal interest in this review."""
    return set(
        session.exec(
            select(Declaration.person_id).where(
                Declaration.review_id == review.key,
                Declaration.interest == Interest.PERSONAL,
                col(Declaration.person_id).in_(people),
            )
        ).all()
    )


def _programme_parts(session: Session, people: People) -> dict[int, frozenset[str]]:
    """The groups of B3 that people hold in every review, whether they have acted in this one or not."""
    rows = session.execute(
        sa.select(col(Appointment.person_id), col(Appointment.part)).where(
            col(Appointment.person_id).in_(people), col(Appointment.part).not_in(UNIT_PARTS), running()
        )
    ).all()
    found: dict[int, set[str]] = {}
    for person_id, part in rows:
        found.setdefault(person_id, set()).add(part)
    return {person_id: duties(parts) for person_id, parts in found.items()}


def panel(session: Session, review: Review) -> Panel:
    """What the records know of the review, the seats held on its panel, and other panels."""
    unit = session.get_one(Unit, review.unit_id)
    workflow = workflow_of(session, review)
    seats = session.exec(select(Seat).where(Seat.review_id == review.key, col(Seat.status).in_(HOLDING))).all()
    last = _last_panel(session, review)
    origins = {seat: workflow.panel.origin(seat).value for seat in workflow.panel.seats} if workflow.panel else {}
    return Panel(
        unit=unit.key,
        unit_name=unit.title,
        group=unit.business_group,
        borough=unit.borough,
        commander_rank=_commander_rank(session, review),
        today=clock.today(),
        on=review.starts_on,
        publication=review.ends_on + timedelta(days=workflow.number("A5-publication")),
        origins=origins,
        holders=tuple(Holder(one.person_id, one.kind) for one in seats),
        history=tuple(_history(session, review)),
        last_panel=tuple(one.person_id for one in last),
        last_led_by_peer=any(one.lead and origins.get(one.kind) == "unit" for one in last),
        numbers=dict(workflow.numbers),
    )


def _commander_rank(session: Session, review: Review) -> int | None:
    """The rank of the unit's commander, where the records know it."""
    commanders = people_with(session, "commander", review)
    if not commanders:
        return None
    return session.exec(select(ReviewerProfile.rank).where(ReviewerProfile.person_id == commanders[0].key)).first()


def _history(session: Session, review: Review) -> Iterator[Seating]:
    """Seats of other reviews, held or served, with the unit where the reviewer was posted when the visit began."""
    rows = session.execute(
        sa.select(col(Seat.person_id), col(Review.unit_id), col(Review.starts_on), col(ReviewerProfile.unit_id))
        .join(Review, col(Review.id) == col(Seat.review_id))
        .join(ReviewerProfile, col(ReviewerProfile.person_id) == Seat.person_id, isouter=True)
        .where(col(Seat.review_id) != review.key, col(Seat.status).in_(HOLDING), col(Review.state) != "cancelled")
    ).all()
    postings = _postings_of_reviewers(session)
    for person_id, unit_id, on, home in rows:
        at_the_time = (unit for unit, since, until in postings.get(person_id, ()) if since <= on <= (until or on))
        yield Seating(unit=unit_id, person=person_id, home=next(at_the_time, home), on=on)


def _postings_of_reviewers(session: Session) -> dict[int, list[tuple[int, date, date | None]]]:
    """Unit, first and last day of each posting of everybody who was ever seated, by person."""
    rows = session.execute(
        sa.select(col(Posting.person_id), col(Posting.unit_id), col(Posting.from_on), col(Posting.until_on)).where(
            col(Posting.person_id).in_(select(Seat.person_id)), col(Posting.unit_id).is_not(None)
        )
    ).all()
    found: dict[int, list[tuple[int, date, date | None]]] = {}
    for person_id, unit_id, since, until in rows:
        found.setdefault(person_id, []).append((unit_id, since, until))
    return found


def _last_panel(session: Session, review: Review) -> list[Seat]:
    """The seats of the unit's last decided review."""
    before = session.exec(
        select(Review)
        .where(Review.unit_id == review.unit_id, Review.id != review.key, col(Review.decided_on).is_not(None))
        .order_by(col(Review.starts_on).desc())
    ).first()
    if before is None:
        return []
    return list(
        session.exec(select(Seat).where(Seat.review_id == before.key, Seat.status == SeatStatus.ACCEPTED)).all()
    )
