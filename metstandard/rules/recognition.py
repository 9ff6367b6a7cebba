"""Who plays what in a nomination, and what keeps people from judging or deciding it (recognition.md D2, D3)."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.errors import RuleBroken
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.judging import Allotment
from metstandard.records.recognition import Nomination, Nominee
from metstandard.records.seats import Interest
from metstandard.rules.editions import rubric_of

JUDGES = ("judge", "judging_chair")
OF_A_SERVICE = ("sponsor", "standards_officer")

# What binds a person in a nomination: see `bound`.
NOMINATES, NOMINATED, SAME_SERVICE, SAME_UNIT = "nominates", "nominated", "same_service", "same_unit"
HAS_INTEREST, JUDGED = "has_interest", "judged"


def nominees_of(session: Session, nomination: Nomination) -> list[Nominee]:
    """The nominees who are still part of a nomination, in the order in which they were named."""
    query = select(Nominee).where(Nominee.nomination_id == nomination.key, col(Nominee.left_at).is_(None))
    return list(session.exec(query.order_by(col(Nominee.id))).all())


def own_parts(
    person_id: int, nomination: Nomination, appointments: Sequence[Appointment], services: set[str], *, allotted: bool
) -> frozenset[str]:
    """The parts that one active person plays in a nomination; pure.

    A sponsor or an officer of professional standards answers for the nominees of their service; the service of an
    appointment is its `seat`, and an empty one means every service.
    """
    found = set()
    for one in appointments:
        if one.unit_id is not None or one.part == "judge":
            continue
        if one.part in OF_A_SERVICE and one.seat and one.seat not in services:
            continue
        found.add(one.part)
    if allotted:
        found.add("judge")
    if nomination.nominator_id == person_id:
        found.add("nominator")
    return frozenset(found)


def parts_in(session: Session, person: Person, nomination: Nomination) -> frozenset[str]:
    """The parts of a person in one nomination, before anything keeps them from it."""
    appointments = session.exec(select(Appointment).where(Appointment.person_id == person.key, _running())).all()
    return own_parts(
        person.key, nomination, appointments, services_of(session, nomination),
        allotted=allotment_of(session, nomination, person) is not None,
    )  # fmt: skip


def allotment_of(session: Session, nomination: Nomination, person: Person) -> Allotment | None:
    """The nomination as it was given to one judge, unless that has ended."""
    return session.exec(
        select(Allotment).where(
            Allotment.nomination_id == nomination.key,
            Allotment.person_id == person.key,
            col(Allotment.ended_at).is_(None),
        )
    ).first()


def services_of(session: Session, nomination: Nomination) -> set[str]:
    """The services of the nominees; the empty text where somebody belongs to none."""
    return {one.service for one in nominees_of(session, nomination)}


def people_in(session: Session, part: str, nomination: Nomination) -> list[Person]:
    """The active people who play a part in a nomination now, by name. Those without an account are none of them."""
    query = select(Person).where(col(Person.active).is_(True))
    if part == "judge":
        allotted = select(Allotment.person_id).where(
            Allotment.nomination_id == nomination.key, col(Allotment.ended_at).is_(None)
        )
        query = query.where(col(Person.id).in_(allotted))
    elif part == "nominator":
        query = query.where(Person.id == nomination.nominator_id)
    else:
        held = select(Appointment.person_id).where(
            Appointment.part == part, col(Appointment.unit_id).is_(None), _running()
        )
        if part in OF_A_SERVICE:
            held = held.where(col(Appointment.seat).in_({"", *services_of(session, nomination)}))
        query = query.where(col(Person.id).in_(held))
    return list(session.exec(query.order_by(Person.name)).all())


def _running() -> sa.ColumnElement[bool]:
    today = clock.today()
    until = col(Appointment.until_on)
    return sa.and_(col(Appointment.from_on) <= today, sa.or_(until.is_(None), until >= today))


def bound(session: Session, nomination: Nomination, person: Person) -> frozenset[str]:
    """What binds a person in a nomination: the words above."""
    nominees = nominees_of(session, nomination)
    found = set()
    if nomination.nominator_id == person.key or (
        nomination.nominator_email and nomination.nominator_email.casefold() == person.email.casefold()
    ):
        found.add(NOMINATES)
    if any(
        one.person_id == person.key or (one.email and one.email.casefold() == person.email.casefold())
        for one in nominees
    ):
        found.add(NOMINATED)
    if _served(session, person) & {one.service for one in nominees if one.service}:
        found.add(SAME_SERVICE)
    units = {one.unit_id for one in nominees} | {nomination.unit_id}
    if _units(session, person) & {one for one in units if one is not None}:
        found.add(SAME_UNIT)
    rows = session.exec(
        select(Allotment).where(Allotment.nomination_id == nomination.key, Allotment.person_id == person.key)
    ).all()
    if any(one.interest is Interest.PREJUDICIAL for one in rows):
        found.add(HAS_INTEREST)
    if rows:
        found.add(JUDGED)
    return frozenset(found)


def services_answered_for(session: Session, person: Person, part: str) -> set[str]:
    """The services for which a sponsor or an officer of standards answers; the empty text means every service."""
    query = select(Appointment.seat).where(
        Appointment.person_id == person.key, Appointment.part == part, col(Appointment.unit_id).is_(None), _running()
    )
    return set(session.exec(query).all())


def _served(session: Session, person: Person) -> set[str]:
    """The services that a judge comes from: the seat of the appointment as judge."""
    query = select(Appointment.seat).where(
        Appointment.person_id == person.key, col(Appointment.part).in_(JUDGES), _running()
    )
    return {seat for seat in session.exec(query).all() if seat}


def _units(session: Session, person: Person) -> set[int]:
    """The units in which a person serves now, or for which they hold a part."""
    today = clock.today()
    posted = session.exec(
        select(Posting.unit_id).where(
            Posting.person_id == person.key,
            col(Posting.from_on) <= today,
            sa.or_(col(Posting.until_on).is_(None), col(Posting.until_on) >= today),
        )
    ).all()
    appointed = session.exec(select(Appointment.unit_id).where(Appointment.person_id == person.key, _running())).all()
    profiled = session.exec(select(ReviewerProfile.unit_id).where(ReviewerProfile.person_id == person.key)).all()
    return {one for one in (*posted, *appointed, *profiled) if one is not None}


def bar(part: str, binding: frozenset[str]) -> RuleBroken | None:
    """Why what binds a person keeps them from a part in a nomination; None when it does not.

    No self-nomination is judged or decided by its nominator or nominee, nobody judges their own service or unit, and
    a judge does not decide (D2).
    """
    own = {NOMINATED: "You are nominated here", NOMINATES: "You made this nomination"}
    if part in {"nominator", "press_officer", "programme_officer"}:
        return None
    for word, sentence in own.items():
        if word in binding:
            return RuleBroken(sentence, rule="D2-own")
    return _bar_of_judges(binding) if part in JUDGES else _bar_of_keys(part, binding)


def _bar_of_judges(binding: frozenset[str]) -> RuleBroken | None:
    if HAS_INTEREST in binding:
        return RuleBroken("You have declared a prejudicial interest, so take no part in judging", rule="COI-9")
    if binding & {SAME_SERVICE, SAME_UNIT}:
        return RuleBroken("Nobody judges people of their own service or unit", rule="D2-service")
    return None


def _bar_of_keys(part: str, binding: frozenset[str]) -> RuleBroken | None:
    if part.endswith(("_key", "_principal")) and JUDGED in binding:
        return RuleBroken("A judge of this nomination does not decide about it", rule="D2-own")
    return None


def independent(session: Session, nomination: Nomination, person: Person) -> None:
    """D3: whoever chairs the judges of an award shared by services belongs to none of them. Raises RuleBroken."""
    section = rubric_of(session, nomination).recognition
    scheme = section.schemes.get(nomination.scheme) if section else None
    if scheme is not None and scheme.incident and _served(session, person):
        raise RuleBroken("The chair of a shared award belongs to no service", rule="D3-chair")
