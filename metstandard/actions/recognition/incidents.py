"""Incidents: one event with everybody who took part in it, whichever service they serve (recognition.md D3).

An incident has no workflow of its own; what was changed in it stands in a journal of its own.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from metstandard.actions import moving
from metstandard.common import clock, ids
from metstandard.common.characters import one_line
from metstandard.common.errors import Invalid, NotYours, Stale
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine, append
from metstandard.records.recognition import Hold, Incident, Nomination
from metstandard.rules.parts import standing

KIND = "incident"
OFFICER = "programme_officer"


@dataclass(frozen=True)
class Facts:
    """What is known of an incident. `hold` stops every nomination of it while proceedings elsewhere go on."""

    title: str
    happened_on: date
    place: str = ""
    outside_reference: str = ""
    died: bool = False
    families_asked_on: date | None = None
    everyone_asked_on: date | None = None
    hold: Hold | None = None

    @classmethod
    def of(cls, incident: Incident) -> "Facts":
        """The facts as an incident's row has them."""
        return cls(**{name: getattr(incident, name) for name in cls.__dataclass_fields__})


def create_incident(session: Session, facts: Facts, *, by: Person) -> Incident:
    """A new incident with a reference of its own. Raises NotYours, Invalid."""
    _refuse(session, facts, by)
    incident = Incident(reference=f"I-{ids.readable_code(groups=2)}", **_tidy(facts))
    session.add(incident)
    session.flush()
    _line(session, incident, "create_incident", by, changed=[])
    return incident


def edit_incident(session: Session, incident: Incident, facts: Facts, *, by: Person, seen: str) -> None:
    """Change what is known. `seen` is `fingerprint` as the page had it. Raises NotYours, Invalid, Stale."""
    session.refresh(incident, with_for_update=True)
    _refuse(session, facts, by)
    before, after = asdict(Facts.of(incident)), _tidy(facts)
    changed = [name for name, value in after.items() if before[name] != value]
    if not changed:
        return
    if seen != fingerprint(incident):
        raise Stale("Somebody else has changed this incident since you opened the page")
    for name in changed:
        setattr(incident, name, after[name])
    session.add(incident)
    _line(session, incident, "edit_incident", by, changed=changed)


def fingerprint(incident: Incident) -> str:
    """What an incident's page carries, so that a change in between is noticed."""
    return ids.token_hash(repr(asdict(Facts.of(incident))))


def group(session: Session, nomination: Nomination, incident: Incident | None, *, by: Person) -> None:
    """Put a nomination beneath an incident, or with None take it out of one."""
    turn = moving.begin(session, nomination, "group", by=by)
    nomination.incident_id = incident.key if incident else None
    turn.finish(data={"incident": incident.key if incident else None})


def _tidy(facts: Facts) -> dict[str, Any]:
    texts = {name: one_line(getattr(facts, name)) for name in ("title", "place", "outside_reference")}
    return asdict(facts) | texts


def _refuse(session: Session, facts: Facts, by: Person) -> None:
    if all(one.part != OFFICER for one in standing(session, by)):
        raise NotYours("The programme office keeps the incidents")
    if not one_line(facts.title):
        raise Invalid("Enter what happened in a few words", field="title")
    for field in ("happened_on", "families_asked_on", "everyone_asked_on"):
        day = getattr(facts, field)
        if day is not None and day > clock.today():
            raise Invalid("The date must be today or in the past", field=field)


def _line(session: Session, incident: Incident, act: str, by: Person, *, changed: list[str]) -> None:
    session.flush()
    line = JournalLine(
        record_kind=KIND, record_id=incident.key, seq=0, at=clock.now(), act=act, part=OFFICER, person_id=by.key,
        before="", after="", data={"changed": changed}, previous="", hash="",
    )  # fmt: skip
    append(session, line)
