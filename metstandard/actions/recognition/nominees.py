"""Naming the nominees of a draft: one person or body, or the members of a team with role and dates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from metstandard.actions.recognition.nominating import edit, keep_typed, recognition_of
from metstandard.common.characters import one_line
from metstandard.common.errors import Invalid, NotFound
from metstandard.records.accounts import Person
from metstandard.records.recognition import Nomination, Nominee
from metstandard.records.units import Unit
from metstandard.rules.recognition import nominees_of

MOST_MEMBERS = 60


@dataclass(frozen=True)
class Named:
    """What is said of one nominee. `service` is a word of the rubric file, empty for none of them."""

    name: str
    role: str = ""
    body: str = ""
    service: str = ""
    unit: Unit | None = None
    email: str = ""
    died: bool = False
    from_on: date | None = None
    until_on: date | None = None


def write(session: Session, nomination: Nomination, row: Nominee, named: Named) -> Nominee:
    """Put what is said of a nominee into their row. Raises Invalid naming the field."""
    if not one_line(named.name):
        raise Invalid("Enter the name", field="name")
    if named.service and named.service not in recognition_of(session, nomination).services:
        raise Invalid("Choose a service", field="service")
    if named.from_on is not None and named.until_on is not None and named.until_on < named.from_on:
        raise Invalid("The last day must be on or after the first day", field="until_on")
    row.name, row.role, row.body = one_line(named.name), one_line(named.role), one_line(named.body)
    row.service, row.email, row.died = named.service, named.email.strip(), named.died
    row.unit_id = named.unit.key if named.unit else None
    row.from_on, row.until_on = named.from_on, named.until_on
    session.add(row)
    session.flush()
    return row


def save_nominee(
    session: Session, nomination: Nomination, page: str, *, by: Person | None, typed: Mapping[str, Any],
    named: Named | None, revision: int, row: Nominee | None = None,
) -> Nominee | None:  # fmt: skip
    """Keep a nominee of a draft. `page` is `nominee` for the only one, `member:new` or `member:<number>` in a team.

    Raises Invalid, Stale, and NotOpen once the nomination was sent. A member typed in twice is one member.
    """
    edit(session, nomination, by)
    if row is not None:
        session.refresh(row)
        if row.nomination_id != nomination.key:
            raise NotFound("We could not find that page")
    keep_typed(nomination, page, typed, valid=named is not None, revision=revision)
    session.add(nomination)
    if named is None:
        return None
    known = nominees_of(session, nomination)
    if page == "nominee":
        row = known[0] if known else None
    elif row is None:
        row = next((one for one in known if (one.name, one.role) == (one_line(named.name), one_line(named.role))), None)
        if row is None and len(known) >= MOST_MEMBERS:
            raise Invalid(f"A team can have {MOST_MEMBERS} members at most", field="name")
    written = write(session, nomination, row or Nominee(nomination_id=nomination.key, name=""), named)
    if page == "member:new":
        forget(nomination, page)
    nomination.unit_id = next((one.unit_id for one in nominees_of(session, nomination) if one.unit_id), None)
    nomination.posthumous = any(one.died for one in nominees_of(session, nomination))
    session.flush()
    return written


def forget(nomination: Nomination, page: str) -> None:
    """Forget what was typed on a page, since it has become a row."""
    pages = {word: kept for word, kept in nomination.answers.get("pages", {}).items() if word != page}
    nomination.answers = {**nomination.answers, "pages": pages}


def remove_nominee(session: Session, nomination: Nomination, number: int, *, by: Person | None) -> None:
    """Take a member out of a draft. Nobody is there any more when it was done already."""
    edit(session, nomination, by)
    for one in nominees_of(session, nomination):
        if one.key == number:
            session.delete(one)
    forget(nomination, f"member:{number}")
    session.add(nomination)
    session.flush()
