"""The clock in recognition: embargoes end to the second, and what ended long ago without award is forgotten."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.engine import Engine
from sqlmodel import Session

from metstandard.actions.recognition import announcing, erasing
from metstandard.common.errors import MetStandardError
from metstandard.common.settings import Settings
from metstandard.jobs.once import OnceADay
from metstandard.records.database import reading_only
from metstandard.records.recognition import Nomination

log = structlog.get_logger("metstandard.worker")
_said = OnceADay()


def announce(engine: Engine, _settings: Settings, stop: threading.Event) -> int:
    """Announce every nomination whose embargo is over, each in a transaction of its own; how many were announced."""
    with reading_only(), Session(engine) as session:
        numbers = announcing.due(session)
    return sum(_announce_safely(engine, one) for one in numbers if not stop.is_set())


def _announce_safely(engine: Engine, number: int) -> bool:
    """A guard that does not hold leaves the nomination where it is, and is said once a day without a name."""
    try:
        with Session(engine) as session:
            announcing.announce(session, session.get_one(Nomination, number))
            session.commit()
            return True
    except MetStandardError as refused:
        if _said.first(number, str(refused)):
            log.info("announcement waits", nomination=number, why=str(refused))
    except Exception as failed:
        if _said.first(number, repr(failed)):
            log.exception("announcement failed", nomination=number)
    return False


def forget(engine: Engine, _settings: Settings, stop: threading.Event) -> int:
    """Empty what ended without award when the time for keeping it is over."""
    if stop.is_set():
        return 0
    with Session(engine) as session:
        found = erasing.erase_ended(session)
        session.commit()
        return found
