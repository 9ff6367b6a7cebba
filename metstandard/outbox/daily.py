"""One letter a day for whoever chose it: what waits till the morning, and what that one letter says (interface.md 30).

Nothing is stored of the day's letter: it is made of the letters that are due, and they are sent with it or not at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.outbox.kinds import AT_ONCE, WITH_SECRET
from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter, LetterStatus


def may_wait(letter: Letter) -> bool:
    """Whether a letter may be one line of the day's letter: one about a record, which opens nothing by itself."""
    return bool(letter.record_kind) and letter.name not in AT_ONCE | WITH_SECRET


def first_try(letter: Letter, person: Person | None) -> datetime:
    """When a letter is due: now, or the next morning at the hour of the settings."""
    now = clock.now()
    if person is None or not person.daily_digest or not may_wait(letter):
        return now
    morning = clock.at_local(clock.local_date(now), settings().daily_letter_hour)
    return morning if now < morning else clock.at_local(clock.today() + timedelta(days=1), settings().daily_letter_hour)


def with_others(session: Session, letter: Letter, person: Person | None) -> list[Letter]:
    """A letter that is due together with the others of its person that are due too, oldest first; else itself alone."""
    if person is None or not person.daily_digest or not may_wait(letter):
        return [letter]
    rows = session.exec(
        select(Letter)
        .where(
            Letter.person_id == person.key, Letter.status == LetterStatus.OWED, Letter.id != letter.key,
            col(Letter.next_try_at) <= clock.now(),
        )
        .order_by(col(Letter.id))
        .with_for_update(skip_locked=True)
    ).all()  # fmt: skip
    return sorted([letter, *(one for one in rows if may_wait(one))], key=lambda one: one.key)


def link_of(letter: Letter) -> str:
    """The page of the record that a letter is about."""
    return f"{settings().base_url}/to/{letter.record_kind}/{letter.record_id}"


def message_id(letters: Sequence[Letter]) -> str:
    """The same for the same letters at every try, so that mail programs show them once."""
    of = hashlib.sha256("".join(one.message_id for one in letters).encode()).hexdigest()
    return f"<{of[:32]}@metstandard>"
