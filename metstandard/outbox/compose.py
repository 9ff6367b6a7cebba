"""From a letter's folder of templates to a row in the outbox. One letter per event and person (interface.md 29)."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlmodel import Session, select

from metstandard.common import clock, ids, words
from metstandard.common.errors import Invalid
from metstandard.common.settings import settings
from metstandard.outbox import daily
from metstandard.records.accounts import Person
from metstandard.records.base import Marking
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Nomination
from metstandard.records.units import Unit
from metstandard.rules.case import Record, kind_of, review_of
from metstandard.rules.editions import workflow_of
from metstandard.rules.markings import highest, shown

_LINKS = frozenset({"link", "base_url"})
_SPACE = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{3,}")
# What mail programs make a link of: a scheme, and a dot or an at sign between letters.
_LINKED = re.compile(r"(?<=\S)(\.|@|:)(?=[^\s\d])")
_HEADER_BREAK = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")


@dataclass(frozen=True)
class Stranger:
    """Somebody without an account who gave an address, such as a member of the public who wrote to us."""

    name: str
    email: str


@lru_cache(maxsize=4)
def _templates(folder: Path, *, escaped: bool) -> ImmutableSandboxedEnvironment:
    """Sandboxed: an organisation's own templates see the facts of a letter and nothing of the program."""
    made = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder / "letters"),
        undefined=StrictUndefined,
        autoescape=escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    made.filters.update(day=words.day, time=words.time, moment=words.moment, count=words.count)
    return made


def rendered(name: str, file: str, facts: Mapping[str, Any]) -> str:
    """One part of a letter: `subject.txt`, `body.txt` or `body.html`."""
    environment = _templates(settings().templates, escaped=file.endswith(".html"))
    return _BLANK_LINES.sub("\n\n", environment.get_template(f"{name}/{file}").render(facts)).strip()


def plain(text: str) -> str:
    """A name as a letter may show it: one line, nothing invisible, nothing that a mail program would make a link of."""
    seen = "".join(one for one in text if one.isspace() or unicodedata.category(one)[0] != "C")
    return _LINKED.sub(r"\1 ", _SPACE.sub(" ", seen).strip())


def owe(
    session: Session, name: str, *, to: Person | Stranger, once: str, record: Record | None = None, part: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Letter | None:  # fmt: skip
    """Write a letter to the outbox, in the caller's transaction. None when the same event already owed it.

    `once` names event and person; the row's unique constraint makes a repeat impossible.
    Words that people typed become plain text. Raises Invalid for an address or subject that would break the header.
    """
    if session.exec(select(Letter.id).where(Letter.once == once)).first() is not None:
        return None
    known: dict[str, Any] = {"person": to.name, "part": part, "base_url": settings().base_url, "today": clock.today()}
    if record is not None:
        known |= about(session, record)
    known |= facts or {}
    known = {
        word: plain(fact) if isinstance(fact, str) and word not in _LINKS else fact for word, fact in known.items()
    }
    known["subject"] = subject = rendered(name, "subject.txt", known)
    for header, field in ((subject, "subject"), (to.email, "email")):
        if _HEADER_BREAK.search(header):
            raise Invalid("A line of a letter's header must be one line", field=field)
    letter = Letter(
        once=once,
        name=name,
        person_id=to.key if isinstance(to, Person) else None,
        address=to.email,
        record_kind=kind_of(record) if record is not None else "",
        record_id=record.key if record is not None else None,
        subject=subject,
        text=rendered(name, "body.txt", known),
        html=rendered(name, "body.html", known),
        message_id=f"<{ids.token()}@metstandard>",
        owed_at=clock.now(),
    )
    letter.next_try_at = daily.first_try(letter, to if isinstance(to, Person) else None)
    session.add(letter)
    session.flush()
    return letter


def of_the_day(letters: Sequence[Letter], person: Person) -> tuple[str, str, str]:
    """Subject, text and HTML of the one letter that stands for several; its marking is the highest of theirs."""
    known: dict[str, Any] = {
        "person": plain(person.name), "today": clock.today(),
        "marking": highest(Marking(one.subject.partition(":")[0]) for one in letters).value,
        "lines": [{"subject": one.subject, "link": daily.link_of(one)} for one in letters],
    }  # fmt: skip
    known["subject"] = rendered("_daily", "subject.txt", known)
    return known["subject"], rendered("_daily", "body.txt", known), rendered("_daily", "body.html", known)


def about(session: Session, record: Record) -> dict[str, Any]:
    """What every letter about a record may say: no scores, no personal data (interface.md 29)."""
    if isinstance(record, Nomination):
        return _about_nomination(session, record)
    review = review_of(session, record)
    unit = session.get_one(Unit, review.unit_id)
    state = workflow_of(session, record).states[record.state]
    return {
        "reference": review.reference,
        "unit": unit.title,
        "stage": state.title,
        "unit_stage": state.unit_title or state.title,
        "due": record.due_on,
        "marking": shown(review.marking),
        "link": f"{settings().base_url}/to/{kind_of(record)}/{record.key}",
        "starts_on": review.starts_on,
    }


def _about_nomination(session: Session, nomination: Nomination) -> dict[str, Any]:
    """Of a nomination its reference only: a letter never names nominees."""
    return {
        "reference": nomination.reference,
        "unit": "",
        "stage": workflow_of(session, nomination).states[nomination.state].title,
        "due": nomination.due_on,
        "marking": shown(nomination.marking),
        "link": f"{settings().base_url}/to/nomination/{nomination.key}",
    }
