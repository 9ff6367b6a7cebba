"""Letters that are owed are delivered; without a mail server they stay owed and are read on the page of letters."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.engine import Engine
from sqlmodel import Session

from metstandard.common.settings import Settings
from metstandard.outbox import deliver
from metstandard.outbox.server import Address, Server, ServerTrouble
from metstandard.records.database import reading_only
from metstandard.records.outbox import LetterStatus

log = structlog.get_logger("metstandard.worker")

# So that one sweep ends and the clock is looked at again, however many letters are owed.
MOST = 200


def sweep(engine: Engine, settings: Settings, stop: threading.Event) -> int:
    """Send what is due; how many letters went. Stops at once when the server itself is in trouble."""
    if not settings.smtp_url or not _any_due(engine):
        return 0
    sent = 0
    with Server(Address.of(settings.smtp_url)) as server:
        for _ in range(MOST):
            letter = None if stop.is_set() else _claim(engine, settings.mail_from)
            if letter is None:
                break
            failed = _try(server, letter)
            status = _close(engine, letter, failed)
            sent += status is LetterStatus.SENT
            if isinstance(failed, ServerTrouble):
                log.warning("mail server in trouble", why=str(failed))
                break
            if failed is not None:
                # Why stands beside the letter: servers like to repeat the address.
                log.warning("letter not sent", letter=letter.number, attempt=letter.attempt, status=status.value)
    return sent


def _any_due(engine: Engine) -> bool:
    """Whether it is worth taking the write lock."""
    with reading_only(), Session(engine) as session:
        return deliver.any_due(session)


def _claim(engine: Engine, sender: str) -> deliver.Claimed | None:
    with Session(engine) as session:
        letter = deliver.claim(session, sender)
        session.commit()
        return letter


def _try(server: Server, letter: deliver.Claimed) -> Exception | None:
    try:
        server.send(letter.message, letter.address)
    except Exception as failed:  # noqa: BLE001 (one letter never stops the others; it is written beside the letter)
        return failed
    return None


def _close(engine: Engine, letter: deliver.Claimed, failed: Exception | None) -> LetterStatus:
    with Session(engine) as session:
        status = deliver.close(session, letter, failed)
        session.commit()
        return status
