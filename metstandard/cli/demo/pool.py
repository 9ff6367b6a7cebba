"""What makes the reviewers of the demonstration differ: what they know, where they live, when they are away."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from metstandard.actions.pool.profiles import boroughs, domains, unit_types
from metstandard.actions.samples import steady
from metstandard.common import clock
from metstandard.records.accounts import Person
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.pool import Gift, Period, PeriodKind
from metstandard.records.regions import region_of

_NOVICES = 4
_AWAY = 5


def make_different(session: Session, row: ReviewerProfile, person: Person) -> None:
    """Give one reviewer expertise, a home, types of unit known, and some of them days away and a gift refused."""
    word = person.email
    homes, types = boroughs(), unit_types(session)
    row.home_borough = homes[steady(word, "home") % len(homes)]
    row.region = region_of(row.home_borough)
    row.expertise = {code: level for code in domains() if (level := steady(word, code) % 4)}
    row.unit_types = sorted({types[steady(word, "type", number) % len(types)] for number in range(2)})
    row.reviews_before = 0 if steady(word, "novice") % _NOVICES == 0 else 1 + steady(word, "before") % 5
    session.add(row)
    if steady(word, "away") % _AWAY == 0:
        first = clock.today() + timedelta(days=150 + steady(word, "from") % 60)
        kind = PeriodKind.UNAVAILABLE if steady(word, "kind") % 3 else PeriodKind.CAN_FINISH
        session.add(Period(person_id=person.key, kind=kind, from_on=first, until_on=first + timedelta(days=24)))
    if steady(word, "gift") % 9 == 0:
        session.add(
            Gift(
                person_id=person.key, giver="A caterer", what="A dinner", value=4_500, accepted=False,
                offered_on=clock.today() - timedelta(days=40),
            )
        )  # fmt: skip
