"""Ladders of reminders: before, on and after a due date, each step once for each person who still has to act.

Steps that lie behind when a stage is entered, or when a pause ends, are left out; of several that were missed at once
only the newest is sent. A move to another stage deletes the timers, and with them the ladder.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.settings import Settings
from metstandard.jobs.clock import record_of
from metstandard.jobs.once import OnceADay
from metstandard.jobs.waiting import still_to_act
from metstandard.outbox import compose
from metstandard.records.database import reading_only
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.reviews import Timer
from metstandard.rules.case import Record, kind_of
from metstandard.rules.editions import workflow_of
from metstandard.workflow import calendar
from metstandard.workflow.definition import Timer as Ladder

log = structlog.get_logger("metstandard.worker")
_said = OnceADay()

# No ladder begins earlier before its due date; so much of the table is not looked at.
_EARLIEST = timedelta(days=400)


class Reminders:
    """The sweeps of one worker. A step is a day, so each timer is looked at once a day."""

    def __init__(self) -> None:
        self._seen = OnceADay()

    def sweep(self, engine: Engine, _settings: Settings, stop: threading.Event) -> int:
        """Owe the reminders whose day has come, each timer in a transaction of its own; how many letters it made."""
        written = 0
        for number in self._standing(engine):
            made = 0 if stop.is_set() else _remind_safely(engine, number)
            if not made:
                self._seen.again(number)
            written += made
        return written

    def _standing(self, engine: Engine) -> list[int]:
        """The numbers of the timers that have a step to take, looked at once a day; nothing is locked."""
        query = select(Timer).where(col(Timer.due_on) < clock.today() + _EARLIEST)
        with reading_only(), Session(engine) as session:
            rows = session.exec(query.order_by(col(Timer.due_on), col(Timer.id))).all()
            fresh = [one for one in rows if self._seen.first(one.key)]
            return [timer.key for timer in fresh if _safely_owes(session, timer)]


def sweep(engine: Engine, settings: Settings, stop: threading.Event) -> int:
    """One sweep that remembers nothing of earlier ones: the rows alone make sure that nobody is reminded twice."""
    return Reminders().sweep(engine, settings, stop)


def _safely_owes(session: Session, timer: Timer) -> bool:
    try:
        return bool(_letters_of(session, timer))
    except Exception as failed:
        if _said.first(timer.key, repr(failed)):
            log.exception("ladder cannot be read", timer=timer.key)
        return False


def _remind_safely(engine: Engine, number: int) -> int:
    try:
        with Session(engine) as session:
            written = remind(session, number)
            session.commit()
            return written
    except Exception as failed:
        if _said.first(number, repr(failed)):
            log.exception("reminder failed", timer=number)
    return 0


def remind(session: Session, number: int) -> int:
    """Owe the letters of a timer's newest step to those who still have to act; the caller commits.

    The record is locked and the timer read again, so that nobody who has just acted is reminded.
    """
    timer = session.get(Timer, number)
    if timer is None:
        return 0
    record = record_of(session, timer)
    if record is None:
        return 0
    session.refresh(record, with_for_update=True)
    session.expire_all()
    timer = session.get(Timer, number)
    letters = _letters_of(session, timer) if timer is not None else {}
    return sum(compose.owe(session, record=record, **one) is not None for one in letters.values())


def _letters_of(session: Session, timer: Timer) -> Mapping[str, Any]:
    """What `compose.owe` is to write for a timer's newest step, by `once`; without those that were written before."""
    record = record_of(session, timer)
    if record is None or record.paused or record.state != timer.state:
        return {}
    state = workflow_of(session, record).states[record.state]
    ladder = next((one for one in state.timers if one.name == timer.name), None)
    step = _newest_step(session, record, ladder, timer.due_on) if ladder and timer.fired_at is None else None
    if ladder is None or step is None:
        return {}
    about = f"remind:{kind_of(record)}:{record.key}:{timer.name}:{timer.due_on}:{step}"
    found = {
        f"{about}:{person.key}": {
            "name": ladder.letter, "to": person, "part": part, "once": f"{about}:{person.key}",
            "facts": {
                "due": timer.due_on, "late": late(timer.due_on), "state": record.state, "timer": timer.name,
            },
        }
        for part, people in still_to_act(session, record, ladder.to or state.waits_for).items()
        for person in people
    }  # fmt: skip
    written = set(session.exec(select(Letter.once).where(col(Letter.once).in_(found))).all())
    return {once: letter for once, letter in found.items() if once not in written}


def late(due: date) -> int:
    """By how many working days something is overdue today; 0 while it is not."""
    return max(0, calendar.working_days_between(due, clock.today()))


def _newest_step(session: Session, record: Record, ladder: Ladder, due: date) -> date | None:
    """The newest day of a ladder that has come since the stage began and since the last pause ended."""
    newest = max((day for day in calendar.reminders_on(ladder, due) if day <= clock.today()), default=None)
    if newest is None or newest <= clock.local_date(_began(session, record)):
        return None
    return newest


def _began(session: Session, record: Record) -> datetime:
    """When the stage was entered, or the last pause in it ended."""
    resumed = session.exec(
        select(JournalLine.at)
        .where(
            JournalLine.record_kind == kind_of(record), JournalLine.record_id == record.key, JournalLine.act == "resume"
        )
        .order_by(col(JournalLine.seq).desc())
        .limit(1)
    ).first()
    return max(record.state_since, resumed) if resumed else record.state_since
