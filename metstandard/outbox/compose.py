"""From a letter's folder of templates to a row in the outbox. One letter per event and person (interface.md 29)."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlmodel import Session, select

from metstandard.common import clock, ids, words
from metstandard.common.errors import Invalid
from metstandard.common.settings import settings
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter
from metstandard.records.units import Unit
from metstandard.rules.case import Record, kind_of, review_of
from metstandard.rules.editions import workflow_of

# Letters whose link stands for a password, and what is kept of their text once they were sent.
WITH_SECRET = frozenset({"invitation", "password_reset"})
SECRET_SENT = "This letter was sent. Its link is not kept."


@lru_cache(maxsize=4)
def _templates(folder: Path, *, escaped: bool) -> Environment:
    made = Environment(
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
    return environment.get_template(f"{name}/{file}").render(facts).strip()


def owe(
    session: Session, name: str, *, to: Person, once: str, record: Record | None = None, part: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Letter | None:  # fmt: skip
    """Write a letter to the outbox, in the caller's transaction. None when the same event already owed it.

    `once` names event and person; the row's unique constraint makes a repeat impossible.
    Raises Invalid when a fact would break the letter's header.
    """
    if session.exec(select(Letter.id).where(Letter.once == once)).first() is not None:
        return None
    known: dict[str, Any] = {"person": to.name, "part": part, "base_url": settings().base_url, **(facts or {})}
    if record is not None:
        known |= about(session, record)
    subject = rendered(name, "subject.txt", known)
    if "\n" in subject or "\r" in subject:
        raise Invalid("A letter's subject must be one line", field="subject")
    letter = Letter(
        once=once,
        name=name,
        person_id=to.key,
        address=to.email,
        record_kind=kind_of(record) if record is not None else "",
        record_id=record.key if record is not None else None,
        subject=subject,
        text=rendered(name, "body.txt", known),
        html=rendered(name, "body.html", known),
        message_id=f"<{ids.token()}@metstandard>",
        next_try_at=clock.now(),
        owed_at=clock.now(),
    )
    session.add(letter)
    session.flush()
    return letter


def about(session: Session, record: Record) -> dict[str, Any]:
    """What every letter about a record may say: no scores, no personal data (interface.md 29)."""
    review = review_of(session, record)
    unit = session.get_one(Unit, review.unit_id)
    state = workflow_of(session, record).states[record.state]
    return {
        "reference": review.reference,
        "unit": unit.title,
        "stage": state.title,
        "unit_stage": state.unit_title or state.title,
        "due": record.due_on,
        "marking": review.marking.value,
        "link": f"{settings().base_url}/to/{kind_of(record)}/{record.key}",
        "starts_on": review.starts_on,
    }
