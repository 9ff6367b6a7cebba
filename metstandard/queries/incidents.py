"""Incidents, and nominations that may repeat each other or speak of the same event (recognition.md D2, D3)."""

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.queries.nominations import Line, board, lines_of
from metstandard.records.accounts import Person
from metstandard.records.recognition import Incident, Nomination, Nominee
from metstandard.rules import recognition as rules


@dataclass(frozen=True)
class Alike:
    """A nomination that may repeat another, or speak of the same event, with the reasons."""

    line: Line
    why: tuple[str, ...]


_NEAR = timedelta(days=2)


def alike(session: Session, nomination: Nomination) -> list[Alike]:
    """Nominations that may be duplicates of one, or of the same incident; what was withdrawn is left out."""
    day = nomination.happened_on
    mine = {_plain(one.name) for one in rules.nominees_of(session, nomination)} | {_plain(nomination.body)} - {""}
    near = [] if day is None else [col(Nomination.happened_on).between(day - _NEAR, day + _NEAR)]
    named = select(Nominee.nomination_id).where(sa.func.lower(Nominee.name).in_(mine), col(Nominee.left_at).is_(None))
    team = [sa.func.lower(Nomination.body).in_(mine)]
    rows = session.exec(
        select(Nomination).where(
            Nomination.id != nomination.key,
            col(Nomination.submitted_at).is_not(None),
            col(Nomination.state) != "withdrawn",
            sa.or_(col(Nomination.id).in_(named), *team, *near),
        )
    ).all()
    found = []
    for line in lines_of(session, rows):
        other = line.nomination
        why = []
        if mine & ({_plain(one.name) for one in line.nominees} | {_plain(other.body)} - {""}):
            why.append("The same nominee is named.")
        if day is not None and other.happened_on is not None and abs(other.happened_on - day) <= _NEAR:
            why.append("It happened within two days.")
        if other.incident_id is not None and other.incident_id == nomination.incident_id:
            why.append("It is grouped under the same incident.")
        if why:
            found.append(Alike(line, tuple(why)))
    return found


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def incidents_near(session: Session, nomination: Nomination) -> list[Incident]:
    """All incidents, those of the same days first."""
    rows = list(session.exec(select(Incident).order_by(col(Incident.happened_on).desc(), col(Incident.id))).all())
    day = nomination.happened_on
    return sorted(rows, key=lambda one: abs((one.happened_on - day).days) if day else 0)


def incidents(session: Session) -> list[tuple[Incident, int]]:
    """Every incident with the number of its nominations, newest first."""
    rows = session.exec(select(Incident).order_by(col(Incident.happened_on).desc(), col(Incident.id))).all()
    counted: dict[int, int] = {}
    for number in session.exec(select(Nomination.incident_id).where(col(Nomination.incident_id).is_not(None))).all():
        counted[number or 0] = counted.get(number or 0, 0) + 1
    return [(one, counted.get(one.key, 0)) for one in rows]


def incident(session: Session, reference: str) -> Incident | None:
    """One incident by its reference."""
    return session.exec(select(Incident).where(Incident.reference == reference)).first()


def of_incident(session: Session, one: Incident, person: Person) -> list[Line]:
    """The nominations beneath an incident that a person sees."""
    return [line for line in board(session, person) if line.nomination.incident_id == one.key]
