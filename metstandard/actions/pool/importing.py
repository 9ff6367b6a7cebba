"""A whole pool by file: planned first, with every bad cell named, then written in one transaction or not at all.

People are known by their e-mail address: the same file twice changes nothing. Somebody new gets an account without an
invitation, which an administrator sends.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from metstandard.actions.people import OFFICER, only
from metstandard.actions.pool import profiles
from metstandard.actions.pool.profiles import Places
from metstandard.actions.pool.rows import Known, Planned, Reading, columns
from metstandard.actions.pool.tables import Table
from metstandard.actions.workbooks import Wrong
from metstandard.common.errors import Invalid
from metstandard.records.accounts import Person, Posting
from metstandard.records.bodies import Employer, ReviewerProfile


@dataclass(frozen=True)
class Plan:
    """What a file would do, or every cell that is wrong with it. Nothing is written while one is wrong."""

    lines: tuple[Planned, ...]
    wrong: tuple[Wrong, ...]

    def count(self, kind: str) -> int:
        """How many rows are of a kind."""
        return sum(one.kind == kind for one in self.lines)


def plan(session: Session, table: Table, *, by: Person) -> Plan:
    """What a table would do. Raises NotYours, or Invalid for a column that is unknown or missing."""
    only(session, by, OFFICER, "Only a programme officer imports reviewers")
    allowed = columns()
    for name in table.columns:
        if name not in allowed:
            raise Invalid(f"There is no column “{name}”: take the template", field="upload")
    for name in ("email", "seat"):
        if name not in table.columns:
            raise Invalid(f"The column “{name}” is missing", field="upload")
    known, domains = Known.of(session), profiles.domains()
    wrong, lines, seen = list(table.wrong), [], dict[str, int]()
    for line in table.lines:
        reading = Reading(table, line, known, domains, by)
        made = reading.planned(seen)
        wrong += reading.wrong
        if made is not None:
            lines.append(made)
    return Plan(tuple(lines), tuple(sorted(wrong, key=lambda one: (one.row, one.column))))


def write(session: Session, found: Plan, *, by: Person) -> int:
    """Write a plan whole; how many rows were new or changed. The caller commits. Raises Invalid for a bad cell."""
    only(session, by, OFFICER, "Only a programme officer imports reviewers")
    if found.wrong:
        raise Invalid("Nothing is imported while a cell is wrong", field="upload")
    known = Known.of(session)
    work = [one for one in found.lines if one.kind != "same"]
    new = {one.email: Person(email=one.email, name=one.name, title=one.title) for one in work if one.person is None}
    session.add_all(new.values())
    session.flush()
    for one in work:
        person = new.get(one.email) or one.person
        if person is not None:
            _store(session, known, one, person)
    session.flush()
    return len(work)


def _store(session: Session, known: Known, one: Planned, person: Person) -> None:
    unit, employer = profiles.home(one.profile, known.places)
    if employer is None and one.profile.employer:
        employer = _company(known.places, one.profile.employer)
    row = known.profiles.get(person.key) or ReviewerProfile(person_id=person.key, seat=one.profile.seat)
    profiles.put(row, one.profile, unit, employer)
    session.add(row)
    for spell in one.postings:
        session.add(
            Posting(
                person_id=person.key, unit_id=spell.unit.key, command_team=spell.command, from_on=spell.since,
                until_on=spell.until,
            )
        )  # fmt: skip


def _company(places: Places, name: str) -> Employer:
    return places.employers.get(name) or places.company(name)
