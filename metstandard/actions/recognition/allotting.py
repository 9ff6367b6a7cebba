"""Giving a nomination to its judges: balanced, without conflicts, shown before it is confirmed (recognition.md D2)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow
from metstandard.records.accounts import Appointment, Person
from metstandard.records.judging import Allotment
from metstandard.records.recognition import Nomination
from metstandard.rules import recognition
from metstandard.rules.content import hashed
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.guards.recognition import allotments
from metstandard.rules.parts import running

JUDGING = ("sifted", "shortlisted")


@dataclass(frozen=True)
class Candidate:
    """A judge who may be given a nomination: how many they judge now, and the service they come from."""

    person: Person
    load: int
    service: str


@dataclass(frozen=True)
class Proposal:
    """Who would judge a nomination next, in order; `missing` are the judges for whom nobody is free.

    `digest` stands for exactly this proposal: a page shows it, and the confirmation carries it back.
    """

    judges: tuple[Candidate, ...]
    missing: int
    digest: str


def proposal(session: Session, nomination: Nomination, *, wanted: int = 0) -> Proposal:
    """The judges to add so that a nomination has as many as asked for, `D2-judges` at least.

    Judges without a conflict, fewest nominations first; in an award shared by services one from each service first
    (D3). Equal loads are ordered by a hash of reference and person, so that the same facts give the same proposal.
    """
    least = workflow_of(session, nomination).number("D2-judges")
    sitting = allotments(session, nomination)
    needed = max(0, max(wanted, least) - len(sitting))
    free = candidates(session, nomination)
    chosen = _spread(free, needed, _services(session, sitting)) if _shared(session, nomination) else free[:needed]
    digest = hashed({
        "nomination": nomination.reference, "round": nomination.round, "sitting": [one.key for one in sitting],
        "judges": [one.person.key for one in chosen],
    })  # fmt: skip
    return Proposal(tuple(chosen), needed - len(chosen), digest)


def candidates(session: Session, nomination: Nomination) -> list[Candidate]:
    """The judges whom nothing keeps from a nomination and who were never asked before, the one to ask next first."""
    asked = select(Allotment.person_id).where(Allotment.nomination_id == nomination.key)
    rows = session.exec(
        select(Person, Appointment.seat)
        .join(Appointment, col(Appointment.person_id) == Person.id)
        .where(Appointment.part == "judge", running(), col(Person.active).is_(True), col(Person.id).not_in(asked))
        .order_by(col(Person.id), col(Appointment.id))
    ).all()
    loads = _loads(session)
    found: dict[int, Candidate] = {}
    for person, service in rows:
        if person.key in found or recognition.bar("judge", recognition.bound(session, nomination, person)) is not None:
            continue
        found[person.key] = Candidate(person, loads.get(person.key, 0), service)
    return sorted(found.values(), key=lambda one: (one.load, _lot(nomination, one.person)))


def _lot(nomination: Nomination, person: Person) -> str:
    return hashlib.sha256(f"{nomination.reference}:{person.key}".encode()).hexdigest()


def _loads(session: Session) -> dict[int, int]:
    """How many nominations each judge has to judge at present, whether they have locked theirs or not."""
    rows = session.exec(
        select(Allotment.person_id, func.count())
        .join(Nomination, col(Nomination.id) == Allotment.nomination_id)
        .where(col(Allotment.ended_at).is_(None), col(Nomination.state).in_(JUDGING))
        .group_by(col(Allotment.person_id))
    ).all()
    return dict(rows)


def _shared(session: Session, nomination: Nomination) -> bool:
    section = rubric_of(session, nomination).recognition
    scheme = section.schemes.get(nomination.scheme) if section else None
    return scheme is not None and scheme.incident


def _services(session: Session, sitting: Iterable[Allotment]) -> set[str]:
    query = select(Appointment.seat).where(
        col(Appointment.person_id).in_([one.person_id for one in sitting]), Appointment.part == "judge", running()
    )
    return set(session.exec(query).all())


def _spread(free: list[Candidate], needed: int, seated: set[str]) -> list[Candidate]:
    """Those of services that have no judge yet come first; the order is otherwise kept."""
    chosen: list[Candidate] = []
    left = list(free)
    while left and len(chosen) < needed:
        known = seated | {one.service for one in chosen}
        taken = next((one for one in left if one.service not in known), left[0])
        chosen.append(taken)
        left.remove(taken)
    return chosen


def allot(session: Session, nomination: Nomination, *, by: Person, seen: str, wanted: int = 0) -> list[Allotment]:
    """Confirm a proposal exactly as it was shown. Raises Invalid when it has changed, NotNow when nobody is added."""
    turn = moving.begin(session, nomination, "allot_judges", by=by)
    now = proposal(session, nomination, wanted=wanted)
    if seen != now.digest:
        raise Invalid("The proposal has changed since this page was opened. Read it again, then confirm", field="seen")
    if not now.judges:
        raise NotNow("Nobody is free to judge this nomination: appoint another judge first")
    made = [
        Allotment(nomination_id=nomination.key, person_id=one.person.key, allotted_at=clock.now()) for one in now.judges
    ]
    session.add_all(made)
    turn.finish(data={"judges": [one.person.key for one in now.judges]})
    return made


def replace(session: Session, nomination: Nomination, *, by: Person, judge: int, reason: str) -> Allotment:
    """Take a judge off and give the nomination to the next one free; what the one taken off wrote no longer counts.

    Raises NotFound for somebody who does not judge it, NotNow when nobody is free, Invalid without a reason.
    """
    turn = moving.begin(session, nomination, "allot_judges", by=by)
    if not reason.strip():
        raise Invalid("Give a reason", field="reason")
    ending = next((one for one in allotments(session, nomination) if one.person_id == judge), None)
    if ending is None:
        raise NotFound("We could not find that page")
    free = candidates(session, nomination)
    if not free:
        raise NotNow("Nobody is free to judge this nomination: appoint another judge first")
    ending.ended_at, ending.reason = clock.now(), reason.strip()
    made = Allotment(nomination_id=nomination.key, person_id=free[0].person.key, allotted_at=clock.now())
    session.add_all([ending, made])
    turn.finish(note=reason, data={"off": judge, "judges": [made.person_id]})
    return made


def shortlist(session: Session, nomination: Nomination, *, by: Person) -> None:
    """Put a nomination before its judges; they get a letter. Raises NotOpen with too few of them."""
    moving.move(session, nomination, "shortlist", by=by)
