"""Independence over the years: rings of visits across all cycles, and who went to a unit or its pay soon afterwards."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.panels.rings import rings
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.bodies import Employer, ReviewerProfile, Supply
from metstandard.records.reviews import Review, Signature
from metstandard.records.seats import Seat, SeatStatus
from metstandard.records.units import Unit
from metstandard.rules.calibration import number
from metstandard.rules.candidates import history
from metstandard.rules.content import hashed
from metstandard.workflow.calendar import add_months


@dataclass(frozen=True)
class Closed:
    """Units that reviewed each other in turn: their titles, and the first days on site in the same order."""

    units: tuple[str, ...]
    days: tuple[date, ...]


def closed(session: Session) -> list[Closed]:
    """Units that reviewed each other and rings of three within the months of COI-3, the newest first."""
    titles = {one.key: one.title for one in session.exec(select(Unit)).all()}
    return [
        Closed(tuple(titles[each] for each in one.units), one.days) for one in rings(history(session), number("COI-3"))
    ]


@dataclass(frozen=True)
class Went:
    """A reviewer who took a post in the unit, or whose employer began to supply, within the cooling-off time."""

    name: str
    unit: str
    reference: str
    what: str
    on: date
    person: int = 0
    review: int = 0
    closed: bool = False

    @property
    def covered(self) -> str:
        """The hash of what both keys decide about."""
        return hashed({"review": self.review, "person": self.person, "what": self.what, "on": self.on})


def cooling_off(session: Session) -> list[Went]:
    """Whoever went over within the months of COI-11 after a visit, the newest first."""
    rows = session.execute(
        sa.select(
            col(Seat.person_id),
            col(Person.name),
            col(Review.id),
            col(Review.reference),
            col(Review.unit_id),
            col(Review.ends_on),
            col(Review.state),
            Unit,
        )
        .join(Review, col(Review.id) == col(Seat.review_id))
        .join(Unit, col(Unit.id) == col(Review.unit_id))
        .join(Person, col(Person.id) == col(Seat.person_id))
        .where(col(Seat.status) == SeatStatus.ACCEPTED, col(Review.state) != "cancelled")
    ).all()
    posts, pay = _posts(session), _supplies(session)
    months = number("COI-11")
    found = [
        Went(name, unit.title, reference, what, day, person_id, review_id, state == "closed")
        for person_id, name, review_id, reference, unit_id, ended, state, unit in rows
        for what, day in (*posts.get((person_id, unit_id), ()), *pay.get(person_id, ()))
        if ended < day <= add_months(ended, months)
    ]
    return sorted(set(found), key=lambda one: (one.on, one.name, one.reference), reverse=True)


WAIVE, LEAVE = "waive_cooling_off", "leave_cooling_off"
"""What a key can decide about a post or contract in the cooling-off time: waive it, or leave it standing unwaived."""


def decisions(session: Session, went: Collection[Went]) -> dict[str, dict[str, Signature]]:
    """What each party has decided, by the hash of what was decided about and by party (COI-11)."""
    query = select(Signature).where(
        Signature.record_kind == "review", col(Signature.purpose).in_((WAIVE, LEAVE)),
        col(Signature.digest).in_({one.covered for one in went}),
    )  # fmt: skip
    found: dict[str, dict[str, Signature]] = {}
    for one in session.exec(query.order_by(col(Signature.id))).all():
        found.setdefault(one.digest, {})[one.part.rsplit("_", 1)[0]] = one
    return found


def waived(decided: Mapping[str, Signature], parties: Collection[str]) -> bool:
    """Whether every party waives."""
    return set(decided) == set(parties) and all(one.purpose == WAIVE for one in decided.values())


def to_decide(session: Session, party: str) -> list[Went]:
    """What a party's key has neither waived nor left, of reviews that are not closed."""
    found = [one for one in cooling_off(session) if not one.closed]
    known = decisions(session, found)
    return [one for one in found if party not in known.get(one.covered, {})]


def _posts(session: Session) -> dict[tuple[int, int], list[tuple[str, date]]]:
    """The first days of postings and appointments, by person and unit."""
    found: dict[tuple[int, int], list[tuple[str, date]]] = {}
    for one in session.exec(select(Posting).where(col(Posting.unit_id).is_not(None))).all():
        found.setdefault((one.person_id, one.unit_id or 0), []).append(("Posted to the unit", one.from_on))
    for part in session.exec(select(Appointment).where(col(Appointment.unit_id).is_not(None))).all():
        words = part.part.replace("_", " ").capitalize()
        found.setdefault((part.person_id, part.unit_id or 0), []).append((f"{words} of the unit", part.from_on))
    return found


def _supplies(session: Session) -> dict[int, list[tuple[str, date]]]:
    """The first days on which a reviewer's employer supplied, bid or sponsored, by person."""
    rows = session.execute(
        sa.select(col(ReviewerProfile.person_id), col(Employer.name), col(Supply.role), col(Supply.from_on))
        .join(Employer, col(Employer.id) == col(ReviewerProfile.employer_id))
        .join(Supply, col(Supply.employer_id) == col(Employer.id))
    ).all()
    found: dict[int, list[tuple[str, date]]] = {}
    for person_id, name, role, day in rows:
        found.setdefault(person_id, []).append((f"{name} became a {role}", day))
    return found
