"""Files in quarantine are shown to the virus scanner: the clean ones come out, the others go from the store.

Nothing is remembered here. A scanner that is away leaves every file in quarantine until it is back.
"""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.engine import Engine
from sqlmodel import Session

from metstandard.actions import scanning
from metstandard.common.errors import MetStandardError
from metstandard.common.settings import Settings
from metstandard.jobs import clamd
from metstandard.jobs.once import OnceADay
from metstandard.records import store
from metstandard.records.database import reading_only

log = structlog.get_logger("metstandard.worker")

# So that one sweep ends and letters are looked at again, however many files wait.
MOST = 20
_said = OnceADay()


def sweep(engine: Engine, settings: Settings, stop: threading.Event) -> int:
    """Scan what waits; how many files got their answer."""
    if not settings.clamd:
        return 0
    with reading_only(), Session(engine) as session:
        waiting = [(one.key, one.sha256) for one in scanning.unscanned(session, MOST)]
        gone = scanning.infected(session)
    for sha256 in gone:
        _remove(sha256)
    answered = 0
    for number, sha256 in waiting:
        if stop.is_set():
            break
        try:
            virus = clamd.scan(settings.clamd, store.read(sha256))
        except clamd.ScannerAway as away:
            _say(str(away))
            break
        except MetStandardError as failed:
            # One that is too large for the scanner never stops the others; it stays where it is.
            _say(str(failed), file=number)
            continue
        except FileNotFoundError:
            _say("The file is missing from the store", file=number)
            continue
        answered += _answer(engine, number, sha256, virus)
    return answered


def _answer(engine: Engine, number: int, sha256: str, virus: str) -> bool:
    with Session(engine) as session:
        first = scanning.take_answer(session, number, virus)
        session.commit()
    if virus:
        log.warning("virus found", file=number, virus=virus)
        _remove(sha256)
    return first


def _remove(sha256: str) -> None:
    """Take the bytes out; tried again at the next sweep when the store is away, else looked at once a day."""
    if not _said.first("removed", sha256):
        return
    try:
        store.remove(sha256)
    except MetStandardError as away:
        _said.again("removed", sha256)
        _say(str(away))


def _say(why: str, **about: int) -> None:
    if _said.first(why, *about.values()):
        log.warning("not scanned", why=why, **about)
