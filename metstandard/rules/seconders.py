"""Who may second a nomination: somebody of another unit or body than nominee and nominator (recognition.md D2)."""

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person, Posting
from metstandard.records.recognition import Nomination, Nominee
from metstandard.records.units import Unit
from metstandard.rules.recognition import nominees_of

SAME_PLACE = "Name a seconder from another unit or body than the nominee and the nominator"


def clash(session: Session, nomination: Nomination, *, email: str, body: str) -> tuple[str, str] | None:
    """Why somebody may not second, as field and sentence, by what the nominator knows; None when they may."""
    nominees = nominees_of(session, nomination)
    if _same(email, nomination.nominator_email):
        return "email", "You cannot second your own nomination"
    if any(_same(email, one.email) for one in nominees):
        return "email", "A nominee cannot second the nomination"
    places = {_normal(nomination.nominator_body)}.union(*(_places(session, one) for one in nominees)) - {""}
    return ("body", SAME_PLACE) if _normal(body) in places else None


def serves_there(session: Session, nomination: Nomination, email: str) -> bool:
    """Whether an address is that of an account that serves in a nominee's or the nominator's unit today.

    Asked only when the seconder answers: the nominator must not learn from it who has an account.
    """
    person = session.exec(select(Person).where(sa.func.lower(Person.email) == email.strip().lower())).first()
    if person is None:
        return False
    theirs = _units(session, person.key)
    units = {one.unit_id for one in nominees_of(session, nomination)} | {nomination.unit_id}
    if nomination.nominator_id is not None:
        units |= _units(session, nomination.nominator_id)
    return bool(theirs & units - {None})


def _units(session: Session, person_id: int) -> set[int | None]:
    today = clock.today()
    found: set[int | None] = set()
    for table in (Posting, Appointment):
        query = select(table.unit_id).where(
            table.person_id == person_id,
            col(table.from_on) <= today,
            sa.or_(col(table.until_on).is_(None), col(table.until_on) >= today),
        )
        found |= set(session.exec(query).all())
    return found - {None}


def _places(session: Session, nominee: Nominee) -> set[str]:
    """Where a nominee serves: the unit where it is known, else the body."""
    unit = session.get(Unit, nominee.unit_id) if nominee.unit_id is not None else None
    if unit is None:
        return {_normal(nominee.body)}
    return {_normal(unit.title), _normal(unit.name), _normal(unit.code)}


def _normal(text: str) -> str:
    return "".join(one for one in text.casefold() if one.isalnum())


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and one.strip().casefold() == other.strip().casefold()


def seconded(session: Session, nomination: Nomination) -> dict[str, Any]:
    """Exactly what a seconder is shown and confirms; addresses of others are no part of it."""
    day = nomination.happened_on
    return {
        "scheme": nomination.scheme, "category": nomination.category, "kind": nomination.nominee_kind,
        "team": nomination.body, "title": nomination.title, "happened_on": day.isoformat() if day else "",
        "account": nomination.account, "effect": nomination.effect, "difficulty": nomination.difficulty,
        "evidence": nomination.evidence, "witnesses": nomination.witnesses, "citation": nomination.citation,
        "nominees": [
            [one.name, one.role, one.body, one.service, one.unit_id] for one in nominees_of(session, nomination)
        ],
    }  # fmt: skip


def seconded_digest(session: Session, nomination: Nomination) -> str:
    """The hash of what a seconder confirms: 64 hexadecimal digits of SHA-256 over its canonical JSON."""
    text = json.dumps(seconded(session, nomination), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
