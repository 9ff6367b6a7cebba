"""Nominations played through the acts, as people would: `nominated(session)` stands before the checks.

People with a part in recognition come with `recognisers(programme)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import Session, select

from metstandard.actions.recognition import eligibility, incidents, nominating, nominees, seconding
from metstandard.actions.recognition.nominees import Named
from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person
from metstandard.records.recognition import Incident, Nomination, Nominee
from metstandard.rules import seconders
from metstandard.rules.guards.recognition import seconder_of
from tests.factories.programme import Programme

NOMINATOR = ("Nora Nominator", "nora@example.com")
SECONDER = {"name": "Sam Seconder", "email": "sam@example.com", "body": "Hackney Council"}
WORDS: dict[str, Any] = {
    "scheme": "individual", "nominee_kind": "officer", "category": "courage",
    "title": "Pulled a child from the canal",
    "account": "On the towpath a child fell into the water. The officer went in at once and held on to the child.",
    "effect": "The child lived, and was home by evening.",
    "difficulty": "The water was cold and the bank steep.",
    "evidence": "The log of the control room.",
    "witnesses": "Two walkers gave their names.",
    "citation": "For going into the water without a thought for anything but the child.",
    "incident_words": "", "earlier_awards": "",
    "nominator_name": NOMINATOR[0], "nominator_body": "Canal Trust", "nominator_relation": "Neighbour",
    "may_contact": True, "body": "",
}  # fmt: skip
ALONE = (Named("Olive Officer", role="Constable", body="Camden Borough", service="met", email="olive@example.com"),)
TEAM = (
    Named("Tess Team", role="Sergeant", body="Camden Borough", service="met", email="tess@example.com"),
    Named("Tom Team", role="Analyst", body="Camden Borough", service="met", email="tom@example.com"),
)
# Short words and parts of people in recognition; the seat is the service that they answer for or come from.
PEOPLE = {
    "standards": ("Officer of professional standards", "standards_officer", ""),
    "sponsor": ("Sponsor of the fire brigade", "sponsor", "lfb"),
    "metsponsor": ("Sponsor of the police", "sponsor", "met"),
    "judge1": ("Judge one", "judge", ""),
    "judge2": ("Judge two", "judge", ""),
    "judge3": ("Judge three", "judge", ""),
    "chair": ("Chair of the judges", "judging_chair", ""),
    "committee": ("Committee key holder", "committee_key", ""),
}


def recognisers(programme: Programme) -> Programme:
    """Add the people of recognition to the small programme, once."""
    for word, (name, part, seat) in PEOPLE.items():
        if word not in programme.people:
            programme.add(word, name)
            programme.appoint(word, part, seat=seat)
    programme.session.commit()
    return programme


def officer_of(session: Session) -> Person:
    """The programme officer."""
    query = select(Person).join(Appointment).where(Appointment.part == "programme_officer")
    return session.exec(query).one()


def drafted(
    session: Session, *, by: Person | None = None, named: Sequence[Named] = ALONE,
    seconder: Mapping[str, str] = SECONDER, email: str = NOMINATOR[1], **words: Any,
) -> Nomination:  # fmt: skip
    """A draft with every page filled in; `words` replace those above, by column. `scheme="team"` makes a team."""
    said = WORDS | {"happened_on": clock.today() - timedelta(days=30)}
    if words.get("scheme") == "team":
        said |= {"nominee_kind": "team", "body": "The canal team"}
        named = TEAM if named is ALONE else named
    said |= words
    made = nominating.begin_nomination(session, by=by, name=NOMINATOR[0], email=email, once=f"{len(_all(session))}")
    for page, columns in nominating.PAGES.items():
        values = {column: said[column] for column in columns}
        nominating.save_page(session, made, page, by=by, typed=_typed(values), values=values, revision=0)
    for number, one in enumerate(named):
        page = "nominee" if len(named) == 1 else "member:new"
        nominees.save_nominee(session, made, page, by=by, typed={"name": one.name, "n": number}, named=one, revision=0)
    nominating.save_seconder(session, made, by=by, typed=dict(seconder), values=seconder, revision=0)
    session.commit()
    return made


def _all(session: Session) -> list[Nomination]:
    return list(session.exec(select(Nomination)).all())


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, (str, bool)) else str(value) for name, value in values.items()}


def submitted(session: Session, **given: Any) -> Nomination:
    """A nomination that was sent; its seconder has not answered."""
    made = drafted(session, **given)
    nominating.submit(session, made, by=given.get("by"))
    session.commit()
    return made


def confirmed(session: Session, **given: Any) -> Nomination:
    """A nomination whose seconder has confirmed it."""
    made = submitted(session, **given)
    answer(session, made)
    return made


def answer(session: Session, nomination: Nomination, *, confirm: bool = True, words: str = "I saw it.") -> None:
    """The seconder answers."""
    row = seconder_of(session, nomination)
    assert row is not None
    seen = seconders.seconded_digest(session, nomination)
    seconding.second(session, nomination, row, confirm=confirm, words=words, seen=seen)
    session.commit()


def taken_up(session: Session, **given: Any) -> Nomination:
    """A nomination in the hands of the programme office."""
    made = confirmed(session, **given)
    eligibility.take_up(session, made, by=officer_of(session))
    session.commit()
    return made


def incident(session: Session, **facts: Any) -> Incident:
    """An incident about which everybody was asked."""
    given = {
        "title": "Rescue at the canal", "happened_on": clock.today() - timedelta(days=30),
        "everyone_asked_on": clock.today(), **facts,
    }  # fmt: skip
    made = incidents.create_incident(session, incidents.Facts(**given), by=officer_of(session))
    session.commit()
    return made


def nominated(session: Session, *, shared: Incident | None = None, **given: Any) -> Nomination:
    """A nomination before the checks. `shared` is the incident it belongs to; Blue Lights need one."""
    if given.get("scheme") == "blue_lights" and shared is None:
        shared = incident(session)
    made = taken_up(session, **given)
    if shared is not None:
        incidents.group(session, made, shared, by=officer_of(session))
    eligibility.pass_eligibility(session, made, by=officer_of(session))
    session.commit()
    return made


def nominees_by_name(session: Session, nomination: Nomination) -> dict[str, Nominee]:
    """The nominees of a nomination, those taken out too."""
    rows = session.exec(select(Nominee).where(Nominee.nomination_id == nomination.key)).all()
    return {one.name: one for one in rows}
