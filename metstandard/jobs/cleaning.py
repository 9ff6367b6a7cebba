"""Rows that have ended are cleared away: sessions, used or expired links, kept forms that nobody came back for.

What the public sent, and notes of interviews, lose their names and words when the time for keeping them is over.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import CursorResult, Engine
from sqlmodel import Session, col, delete

from metstandard.actions import enquiries, interviews
from metstandard.common import clock
from metstandard.common.settings import Settings
from metstandard.records.accounts import AccountLink, KeptForm, SignedIn

KEPT_FORM = timedelta(days=7)
ENDED_LINK = timedelta(days=30)


def sweep(engine: Engine, _settings: Settings, stop: threading.Event) -> int:
    """Delete what has ended, each kind in a short transaction of its own; how many rows went."""
    now = clock.now()
    ended: list[Any] = [
        delete(SignedIn).where(col(SignedIn.expires_at) <= now),
        delete(KeptForm).where(col(KeptForm.kept_at) <= now - KEPT_FORM),
        delete(AccountLink).where(
            sa.or_(
                col(AccountLink.used_at) <= now - ENDED_LINK,
                col(AccountLink.expires_at) <= now - ENDED_LINK,
            )
        ),
    ]
    gone = 0
    for statement in ended:
        if stop.is_set():
            break
        with engine.begin() as connection:
            result: CursorResult[Any] = connection.execute(statement)
            gone += result.rowcount
    return gone + _forgotten(engine, stop)


def _forgotten(engine: Engine, stop: threading.Event) -> int:
    """What the public sent and what ended long ago loses its names and words."""
    if stop.is_set():
        return 0
    with Session(engine) as session:
        found = enquiries.erase_ended(session) + interviews.erase_ended(session)
        session.commit()
        return found
