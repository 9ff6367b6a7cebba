"""The rows of a list of reviewers: what may stand in each column, and what a row would do to the pool."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel import Session, col, select

from metstandard.actions.pool import profiles
from metstandard.actions.pool.profiles import Places, Profile
from metstandard.actions.pool.tables import Line, Table
from metstandard.actions.workbooks import Wrong
from metstandard.common.errors import Invalid
from metstandard.records.accounts import Person, Posting
from metstandard.records.bodies import ReviewerProfile
from metstandard.records.units import Unit

_ADDRESS = re.compile(r"[^@\s,;]+@[^@\s,;.]+(\.[^@\s,;.]+)+")
_POSTING = re.compile(r"(\S+) (\d{4}-\d\d-\d\d) to (\d{4}-\d\d-\d\d|now)( command)?")
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"no", "n", "false", "0", ""}

# Every column with what may stand in it; those of the domains of the rubric come after them.
COLUMNS: Mapping[str, str] = {
    "email": "The address by which the person is known. Needed.",
    "name": "Needed for somebody new.",
    "title": "Rank or post.",
    "seat": "peer, local_authority or private. Needed.",
    "unit": "The code of a peer's unit.",
    "employer": "The council or company of the others.",
    "rank": "1 to 10, for a peer.",
    "can_lead": "yes or no.",
    "can_chair": "yes or no.",
    "home_borough": "Where the person lives.",
    "travel_most": "Steps between regions, 0 to 9; empty for any.",
    "capacity": "Reviews offered in a year; 3 where it is empty.",
    "reviews_before": "Reviews done elsewhere.",
    "trained_until": "A date such as 2027-01-31.",
    "vetted_until": "A date such as 2027-01-31.",
    "terms_signed_on": "A date such as 2026-01-31.",
    "observed_on": "A date such as 2026-01-31.",
    "unit_types": "Types of unit known, with ; between them.",
    "postings": "Such as: EK 2019-01-31 to 2021-05-31 command; GD 2021-06-01 to now",
}
_DATES = ("trained_until", "vetted_until", "terms_signed_on", "observed_on")
_NUMBERS = ("rank", "travel_most", "capacity", "reviews_before")
_FLAGS = ("can_lead", "can_chair")


def columns() -> dict[str, str]:
    """Every column that a file may have, with what stands in it."""
    return {**COLUMNS, **{code.lower(): f"{title}: 0 to 3." for code, title in profiles.domains().items()}}


@dataclass(frozen=True)
class Spell:
    """One posting as a cell says it."""

    unit: Unit
    since: date
    until: date | None
    command: bool


@dataclass(frozen=True)
class Planned:
    """What one row would do: a new person, a person new to the pool, changed values, or nothing."""

    row: int
    email: str
    name: str
    title: str
    person: Person | None
    profile: Profile
    changes: tuple[str, ...]
    postings: tuple[Spell, ...] = ()

    @property
    def kind(self) -> str:
        """`new`, `changed` or `same`."""
        if self.person is None:
            return "new"
        return "changed" if self.changes else "same"


@dataclass
class Known:
    """What the records hold, read once whatever the number of rows."""

    places: Places
    people: dict[str, Person]
    profiles: dict[int, ReviewerProfile]
    postings: dict[int, set[tuple[int, date]]]
    employers: dict[int, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> Known:
        """Everything that a row may speak of."""
        places = Places(session)
        postings: dict[int, set[tuple[int, date]]] = {}
        for one in session.exec(select(Posting).where(col(Posting.unit_id).is_not(None))).all():
            postings.setdefault(one.person_id, set()).add((one.unit_id or 0, one.from_on))
        return cls(
            places,
            {one.email.lower(): one for one in session.exec(select(Person)).all()},
            {one.person_id: one for one in session.exec(select(ReviewerProfile)).all()},
            postings,
            {one.key: one.name for one in places.employers.values()},
            {one.key: one.code for one in places.units.values()},
        )

    def stored(self, person: Person | None) -> Profile | None:
        """The profile of somebody, in plain values."""
        row = self.profiles.get(person.key) if person is not None else None
        if row is None:
            return None
        return profiles.plain(row, self.codes.get(row.unit_id or 0, ""), self.employers.get(row.employer_id or 0, ""))


class Reading:
    """One row being read: everything that is wrong with it is collected, not only the first."""

    def __init__(self, table: Table, line: Line, known: Known, domains: Mapping[str, str], by: Person) -> None:
        self.table, self.line, self.known, self.domains, self.by = table, line, known, domains, by
        self.wrong: list[Wrong] = []

    def say(self, name: str, problem: str) -> None:
        """Note a bad cell."""
        self.wrong.append(self.table.problem(self.line, name, problem))

    def text(self, name: str) -> str:
        """A cell, empty where the file has no such column."""
        return self.line.cells.get(name, "")

    def planned(self, seen: dict[str, int]) -> Planned | None:
        """What the row would do; None when a cell of it is wrong."""
        email = self.text("email").lower()
        if not _ADDRESS.fullmatch(email) or len(email) > 254:  # noqa: PLR2004 (the longest address there is)
            self.say("email", "is no e-mail address")
        elif email in seen:
            self.say("email", f"stands in row {seen[email]} already")
        seen.setdefault(email, self.line.row)
        person = self.known.people.get(email)
        name = self._name(person)
        stored = self.known.stored(person)
        profile = self._profile(stored)
        postings = self._postings(person)
        if self.wrong:
            return None
        changes = (*_changes(stored, profile), *(["postings"] if postings else []))
        return Planned(self.line.row, email, name, self.text("title"), person, profile, changes, postings)

    def _name(self, person: Person | None) -> str:
        name = self.text("name")
        if person is None and not name:
            self.say("name", "is empty, and nobody has this address yet")
        elif person is None and len(name) > 120:  # noqa: PLR2004 (the length of the column)
            self.say("name", "is longer than 120 signs")
        elif person is not None and name and name != person.name:
            self.say("name", f"is not the name of this address, which is {person.name}")
        if person is not None and person.key == self.by.key:
            self.say("email", "is your own: ask a colleague (B3)")
        return person.name if person else name

    def _profile(self, stored: Profile | None) -> Profile:
        """The stored profile with the file's cells over it; columns that the file lacks stay as they are."""
        values: dict[str, object] = {}
        if self.text("seat") not in self.known.places.seats:
            self.say("seat", f"is not one of {', '.join(self.known.places.seats)}")
        for name in ("seat", "unit", "employer", "home_borough"):
            self._take(values, name, str)
        for names, read in ((_DATES, _day), (_NUMBERS, _number), (_FLAGS, _flag)):
            for name in names:
                self._take(values, name, read)
        if values.get("capacity", 0) is None:
            values["capacity"] = 3
        if values.get("reviews_before", 0) is None:
            values["reviews_before"] = 0
        if "unit_types" in self.table.columns:
            values["unit_types"] = tuple(
                sorted(one.strip() for one in self.text("unit_types").split(";") if one.strip())
            )
        values["expertise"] = self._expertise(stored)
        # What could not be read is left as it was, so that every other cell is judged all the same.
        made = replace(stored or Profile(seat=self.text("seat")), **values)  # type: ignore[arg-type]
        self._judge(made)
        return made

    def _judge(self, made: Profile) -> None:
        """Note every cell that can be read and says what cannot be."""
        for refused in profiles.problems(made, self.domains):
            self.say(refused.field.replace("expertise_", "").lower(), str(refused))
        if made.seat in self.known.places.seats:
            try:
                profiles.home(made, self.known.places)
            except Invalid as refused:
                self.say(refused.field, str(refused))

    def _take(self, values: dict[str, object], name: str, read: Callable[[str], object]) -> None:
        if name not in self.table.columns:
            return
        try:
            values[name] = read(self.text(name))
        except ValueError as problem:
            self.say(name, str(problem))

    def _expertise(self, stored: Profile | None) -> dict[str, int]:
        found = dict(stored.expertise) if stored else {}
        for code in self.domains:
            name = code.lower()
            if name in self.table.columns:
                text = self.text(name)
                if text not in {"", "0", "1", "2", "3"}:
                    self.say(name, "is not a number from 0 to 3")
                    continue
                found[code] = int(text or 0)
        return {code: level for code, level in found.items() if level}

    def _postings(self, person: Person | None) -> tuple[Spell, ...]:
        """The postings of the cell that the records lack."""
        there = self.known.postings.get(person.key, set()) if person is not None else set()
        found = []
        for text in filter(None, (one.strip() for one in self.text("postings").split(";"))):
            match = _POSTING.fullmatch(text)
            unit = self.known.places.units.get(match[1]) if match else None
            days = _spell(match[2], match[3]) if match else None
            if match is None or unit is None or days is None:
                self.say("postings", f"“{text[:60]}” is not like: EK 2019-01-31 to 2021-05-31 command")
                continue
            since, until = days
            if until is not None and until < since:
                self.say("postings", f"“{text[:60]}” ends before it begins")
            elif (unit.key, since) not in there:
                found.append(Spell(unit, since, until, match[4] is not None))
        return tuple(found)


def _spell(since: str, until: str) -> tuple[date, date | None] | None:
    try:
        return date.fromisoformat(since), None if until == "now" else date.fromisoformat(until)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError("is not a date such as 2027-01-31") from None


def _number(text: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 6):  # noqa: PLR2004 (no number is longer)
        raise ValueError("is not a whole number")
    return int(text) if text else None


def _flag(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError("is neither yes nor no")
    return text.lower() in _YES


def _changes(stored: Profile | None, made: Profile) -> tuple[str, ...]:
    """The names of the columns that would change."""
    if stored is None:
        return ("seat",)
    return tuple(name for name in vars(made) if _plain(getattr(stored, name)) != _plain(getattr(made, name)))


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, tuple) else value
