"""The facts that `panels/conflicts` judges, gathered from the records; and which conflicts are waived by both keys."""

from collections.abc import Iterable
from datetime import timedelta

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.panels.conflicts import Candidate, Conflict, Kind, Panel, Seating, Service, judge
from metstandard.panels.conflicts import Supply as SupplyFact
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.bodies import Employer, ReviewerProfile, Supply
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Declaration, Interest, Seat, SeatStatus, Waiver
from metstandard.records.units import Unit
from metstandard.rules.content import hashed, of_waiver
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import apart, parts_of, people_with, played
from metstandard.rules.signatures import both_parties


def judged(session: Session, review: Review, person: Person, seat: str, *, lead: bool = False) -> tuple[Conflict, ...]:
    """Every rule that stands between a person and a seat of this review, waived or not, hard ones first."""
    return judge(candidate(session, review, person), seat, panel(session, review, person), lead=lead)


def unresolved(session: Session, review: Review, person: Person, seat: str) -> tuple[Conflict, ...]:
    """The conflicts that are hard, or not waived by both keys (COI-12)."""
    waived = {one.rule for one in waivers(session, review, person) if waived_by_both(session, review, one)}
    return tuple(
        one for one in judged(session, review, person, seat) if one.kind is Kind.HARD or one.rule not in waived
    )


def waivers(session: Session, review: Review, person: Person) -> list[Waiver]:
    """The waivers asked for a person in a review, whether both keys have agreed or not."""
    query = select(Waiver).where(Waiver.review_id == review.key, Waiver.person_id == person.key)
    return list(session.exec(query).all())


def waived_by_both(session: Session, review: Review, waiver: Waiver) -> bool:
    """Whether every party has signed this very waiver."""
    return both_parties(session, review, "waive_conflict", covered=hashed(of_waiver(waiver)))


def candidate(session: Session, review: Review, person: Person) -> Candidate:
    """What the records know of a person as a candidate for this review."""
    profile = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == person.key)).first()
    if profile is None:
        return Candidate(person=person.key, name=person.name, seat="none", other_parts=_others(session, review, person))
    employer = session.get(Employer, profile.employer_id) if profile.employer_id else None
    home = session.get(Unit, profile.unit_id) if profile.unit_id else None
    return Candidate(
        person=person.key,
        name=person.name,
        seat=profile.seat,
        home=profile.unit_id,
        group=home.business_group if home else None,
        borough=employer.borough if employer else None,
        employer=employer.name if employer else None,
        employer_kind=employer.kind if employer else None,
        rank=profile.rank,
        services=_services(session, person),
        supplies=_supplies(session, employer),
        trained_until=profile.trained_until,
        vetted_until=profile.vetted_until,
        terms_signed=profile.terms_signed_on is not None,
        prejudicial=_prejudicial(session, review, person),
        other_parts=_others(session, review, person),
    )


def _services(session: Session, person: Person) -> tuple[Service, ...]:
    postings = session.exec(select(Posting).where(Posting.person_id == person.key)).all()
    commands = session.exec(
        select(Appointment).where(Appointment.person_id == person.key, Appointment.part == "commander")
    ).all()
    spells = [Service(one.unit_id, one.command_team, one.until_on) for one in postings]
    return tuple(spells + [Service(one.unit_id, command_team=True, until=one.until_on) for one in commands if one.unit_id])


def _supplies(session: Session, employer: Employer | None) -> tuple[SupplyFact, ...]:
    if employer is None:
        return ()
    rows = session.exec(select(Supply).where(Supply.employer_id == employer.key)).all()
    return tuple(SupplyFact(one.role, one.until_on) for one in rows)


def _prejudicial(session: Session, review: Review, person: Person) -> bool:
    query = select(Declaration.id).where(
        Declaration.review_id == review.key,
        Declaration.person_id == person.key,
        Declaration.interest == Interest.PREJUDICIAL,
    )
    return session.exec(query).first() is not None


def _others(session: Session, review: Review, person: Person) -> tuple[str, ...]:
    """The groups of B3, other than reviewer, that a person holds for the unit or has acted in."""
    standing = {part for part in parts_of(session, person, review) if part in {"commander", "unit_author"}}
    groups: Iterable[str | None] = {apart(part) for part in played(session, person, review) | standing}
    return tuple(sorted(one for one in groups if one not in {None, "reviewer"}))  # type: ignore[type-var]


def panel(session: Session, review: Review, person: Person) -> Panel:
    """What the records know of the review, its other seats and earlier panels, seen from one candidate."""
    unit = session.get_one(Unit, review.unit_id)
    workflow = workflow_of(session, review)
    seats = session.exec(select(Seat).where(Seat.review_id == review.key, col(Seat.status).in_(HOLDING))).all()
    last = _last_panel(session, review)
    return Panel(
        unit=unit.key,
        unit_name=unit.title,
        group=unit.business_group,
        borough=unit.borough,
        commander_rank=_commander_rank(session, review),
        on=review.starts_on,
        publication=review.ends_on + timedelta(days=workflow.number("A5-publication")),
        origins={seat: workflow.panel.origin(seat).value for seat in workflow.panel.seats} if workflow.panel else {},
        others=tuple(one.person_id for one in seats if one.person_id != person.key),
        history=_history(session, review),
        last_panel=tuple(one.person_id for one in last),
        last_lead=next((one.person_id for one in last if one.lead), None),
        numbers=dict(workflow.numbers),
    )


def _commander_rank(session: Session, review: Review) -> int | None:
    commanders = people_with(session, "commander", review)
    if not commanders:
        return None
    profile = session.exec(select(ReviewerProfile).where(ReviewerProfile.person_id == commanders[0].key)).first()
    return profile.rank if profile else None


def _history(session: Session, review: Review) -> tuple[Seating, ...]:
    """Seats of other reviews, held or served, with the reviewer's home unit."""
    rows = session.exec(
        select(Seat, Review, ReviewerProfile)
        .join(Review, col(Review.id) == Seat.review_id)
        .join(ReviewerProfile, col(ReviewerProfile.person_id) == Seat.person_id)
        .where(Seat.review_id != review.key, col(Seat.status).in_(HOLDING), Review.state != "cancelled")
    ).all()
    return tuple(
        Seating(unit=one.unit_id, person=seat.person_id, home=profile.unit_id, on=one.starts_on, lead=seat.lead)
        for seat, one, profile in rows
    )


def _last_panel(session: Session, review: Review) -> list[Seat]:
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


def trained_today(profile: ReviewerProfile) -> bool:
    """Whether a reviewer's training and vetting run today."""
    today = clock.today()
    return all(day is not None and day >= today for day in (profile.trained_until, profile.vetted_until))
