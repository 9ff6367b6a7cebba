"""The facts that `panels/conflicts` judges, gathered from the records: people who might sit, and the panel itself.

Whatever the number of people, the facts take the same number of queries: a pool of a thousand is judged at once.
"""

from collections.abc import Collection, Iterator
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.panels.conflicts import Away, Candidate, Holder, Panel, Seating, Service
from metstandard.panels.conflicts import Supply as SupplyFact
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.bodies import Employer, ReviewerProfile, Supply
from metstandard.records.pool import Gift, Period, PeriodKind, StandingInterest
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Declaration, Interest, Seat, SeatStatus
from metstandard.records.units import Unit
from metstandard.rules.duties import PREJUDICIAL, UNIT_PARTS, People, apart, bound, duties
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import people_with, running


def candidate(session: Session, review: Review, person: Person) -> Candidate:
    """What the records know of a person as a candidate for this review."""
    return candidates(session, review, [person.key])[person.key]


def candidates(session: Session, review: Review, people: People) -> dict[int, Candidate]:
    """What the records know of people as candidates, by person; in or out of the pool."""
    if isinstance(people, list) and not people:
        return {}
    rows = session.execute(
        sa.select(col(Person.id), col(Person.name), col(Person.active), ReviewerProfile, Employer, Unit)
        .join(ReviewerProfile, col(ReviewerProfile.person_id) == Person.id, isouter=True)
        .join(Employer, col(Employer.id) == ReviewerProfile.employer_id, isouter=True)
        .join(Unit, col(Unit.id) == ReviewerProfile.unit_id, isouter=True)
        .where(col(Person.id).in_(people))
    ).all()
    services, supplies = _services(session, people), _supplies(session)
    personal, prejudiced = _interests(session, review, people)
    away, gifts = _away(session, people), _gifts(session, review, people)
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
            trained_until=profile.trained_until, calibrated_until=profile.calibrated_until,
            vetted_until=profile.vetted_until,
            terms_signed=profile.terms_signed_on is not None, observed=profile.observed_on is not None,
            prejudicial=PREJUDICIAL in held or number in prejudiced, personal=number in personal,
            away=tuple(away.get(number, ())), capacity=pooled.capacity if pooled else None,
            gifts=tuple(gifts.get(number, ())), other_parts=tuple(sorted(busy)),
        )  # fmt: skip
    return found


def _services(session: Session, people: People) -> dict[int, list[Service]]:
    """Postings, and the appointments in which somebody spoke for a unit, by person."""
    postings = session.execute(
        sa.select(col(Posting.person_id), col(Posting.unit_id), col(Posting.command_team), col(Posting.until_on)).where(
            col(Posting.person_id).in_(people), col(Posting.unit_id).is_not(None)
        )
    ).all()
    spoke = session.execute(
        sa.select(
            col(Appointment.person_id),
            col(Appointment.unit_id),
            col(Appointment.part) == "commander",
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


def _interests(session: Session, review: Review, people: People) -> tuple[set[int], set[int]]:
    """Those with a personal interest, declared here or standing, and those with a standing prejudicial one."""
    said = session.exec(
        select(Declaration.person_id).where(
            Declaration.review_id == review.key,
            Declaration.interest == Interest.PERSONAL,
            col(Declaration.person_id).in_(people),
        )
    ).all()
    standing = session.exec(
        select(StandingInterest).where(
            StandingInterest.unit_id == review.unit_id,
            col(StandingInterest.person_id).in_(people),
            col(StandingInterest.until_on).is_(None) | (col(StandingInterest.until_on) >= review.starts_on),
        )
    ).all()
    personal = {one.person_id for one in standing if one.interest is Interest.PERSONAL}
    return personal | set(said), {one.person_id for one in standing if one.interest is Interest.PREJUDICIAL}


def _away(session: Session, people: People) -> dict[int, list[Away]]:
    """The spells in which people cannot sit, as they have entered them, by person."""
    found: dict[int, list[Away]] = {}
    for one in session.exec(select(Period).where(col(Period.person_id).in_(people))).all():
        spell = Away(one.from_on, one.until_on, can_finish=one.kind is PeriodKind.CAN_FINISH)
        found.setdefault(one.person_id, []).append(spell)
    return found


def _gifts(session: Session, review: Review, people: People) -> dict[int, list[date]]:
    """The days on which people accepted something from the unit under review, by person (COI-11)."""
    query = sa.select(col(Gift.person_id), col(Gift.offered_on)).where(
        col(Gift.unit_id) == review.unit_id, col(Gift.accepted).is_(True), col(Gift.person_id).in_(people)
    )
    found: dict[int, list[date]] = {}
    for person_id, day in session.execute(query).all():
        found.setdefault(person_id, []).append(day)
    return found


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


def panel(session: Session, review: Review, *, beyond: Collection[int] = ()) -> Panel:
    """What the records know of the review, the seats held on its panel, and other panels.

    Seats of the reviews numbered in `beyond` are left out of the history: whoever plans those judges them together.
    """
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
        until=review.ends_on,
        publication=review.ends_on + timedelta(days=workflow.number("A5-publication")),
        origins=origins,
        holders=tuple(Holder(one.person_id, one.kind) for one in seats),
        history=tuple(_history(session, {review.key, *beyond})),
        last_panel=tuple(one.person_id for one in last),
        last_led_by_peer=any(one.lead and origins.get(one.kind) == "unit" for one in last),
        numbers=dict(workflow.numbers),
    )


def history(session: Session) -> tuple[Seating, ...]:
    """Every seat held or served in any review, whoever's unit at the time sent the reviewer."""
    return tuple(_history(session, ()))


def _commander_rank(session: Session, review: Review) -> int | None:
    """The rank of the unit's commander, where the records know it."""
    commanders = people_with(session, "commander", review)
    if not commanders:
        return None
    return session.exec(select(ReviewerProfile.rank).where(ReviewerProfile.person_id == commanders[0].key)).first()


def _history(session: Session, but: Collection[int]) -> Iterator[Seating]:
    """Seats of all but some reviews, held or served, with the unit where each reviewer was posted at that time."""
    rows = session.execute(
        sa.select(col(Seat.person_id), col(Review.unit_id), col(Review.starts_on), col(ReviewerProfile.unit_id))
        .join(Review, col(Review.id) == col(Seat.review_id))
        .join(ReviewerProfile, col(ReviewerProfile.person_id) == Seat.person_id, isouter=True)
        .where(col(Seat.review_id).not_in(but), col(Seat.status).in_(HOLDING), col(Review.state) != "cancelled")
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
