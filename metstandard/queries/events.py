"""Presentation events with their guests, as the programme office plans them."""

from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from metstandard.records.judging import Award, Event, Guest
from metstandard.records.recognition import Nomination, Nominee


@dataclass(frozen=True)
class Line:
    """One event with how many guests are asked, and how many places they take with their families."""

    event: Event
    guests: int
    places: int


@dataclass(frozen=True)
class Seated:
    """One guest on the ceremony list: who, which award, who comes along, what they need."""

    guest: Guest
    nominee: Nominee
    nomination: Nomination
    award: Award


def events(session: Session) -> list[Line]:
    """Every event, the latest first."""
    counted = {
        event: (number, family)
        for event, number, family in session.exec(
            select(Guest.event_id, func.count(), func.sum(Guest.family_places)).group_by(col(Guest.event_id))
        ).all()
    }
    rows = session.exec(select(Event).order_by(col(Event.starts_at).desc(), col(Event.id))).all()
    return [Line(one, *_places(counted.get(one.key, (0, 0)))) for one in rows]


def _places(counted: tuple[int, int]) -> tuple[int, int]:
    return counted[0], counted[0] + counted[1]


def event(session: Session, number: int) -> Event | None:
    """One event."""
    return session.get(Event, number)


def ceremony(session: Session, one: Event) -> list[Seated]:
    """The guests of an event by the number of their award, then by name."""
    rows = session.exec(
        select(Guest, Nominee, Nomination, Award)
        .join(Nominee, col(Nominee.id) == Guest.nominee_id)
        .join(Nomination, col(Nomination.id) == Nominee.nomination_id)
        .join(Award, col(Award.nomination_id) == Nomination.id)
        .where(Guest.event_id == one.key)
        .order_by(col(Award.number), col(Nominee.name), col(Guest.id))
    ).all()
    return [Seated(*row) for row in rows]


def to_invite(session: Session, one: Event) -> list[tuple[Nomination, Award]]:
    """Announced awards of which nobody is asked to this event yet."""
    asked = (
        select(Nominee.nomination_id).join(Guest, col(Guest.nominee_id) == Nominee.id).where(Guest.event_id == one.key)
    )
    rows = session.exec(
        select(Nomination, Award)
        .join(Award, col(Award.nomination_id) == Nomination.id)
        .where(Nomination.state == "announced", col(Nomination.id).not_in(asked))
        .order_by(col(Award.number))
    ).all()
    return [(nomination, award) for nomination, award in rows]
