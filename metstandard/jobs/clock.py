"""Moves by the clock: a timer named like an act that the clock may do there fires that act the day after it is due.

Silence in a window, the end of a window, the end of a certificate's validity. The action asks its guards as for a
person; one that does not hold leaves the timer for the next sweep.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, cast

import structlog
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import accuracy, certificates, moving, panels, signoff
from metstandard.actions.recognition import erasing
from metstandard.common import clock
from metstandard.common.errors import MetStandardError
from metstandard.common.settings import Settings
from metstandard.jobs.once import OnceADay
from metstandard.records.certificates import Certificate
from metstandard.records.database import reading_only
from metstandard.records.followup import Action
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review, Timer
from metstandard.rules.case import Record
from metstandard.rules.editions import workflow_of
from metstandard.workflow.definition import CLOCK

log = structlog.get_logger("metstandard.worker")
_said = OnceADay()

Act = Callable[[Session, Any], None]

KINDS: Mapping[str, type[Record]] = {
    "review": Review, "certificate": Certificate, "action": Action, "nomination": Nomination,
}  # fmt: skip


def _confirm_panel(session: Session, review: Review) -> None:
    panels.confirm_panel(session, review, by=None)


def _close_accuracy_window(session: Session, review: Review) -> None:
    accuracy.close_window(session, review, by=None)


# The acts of the clock that do more than move; any other that a workflow file gives to the clock is a plain move.
ACTS: Mapping[tuple[str, str, str], Act] = {
    ("assessment", "panel_confirming", "confirm_panel"): _confirm_panel,
    ("assessment", "factual_accuracy", "close_window"): _close_accuracy_window,
    ("assessment", "appeal_window", "close_window"): signoff.close_appeal_window,
    ("certificate", "current", "expire"): certificates.expire,
    ("certificate", "suspended", "expire"): certificates.expire,
    ("nomination", "archived", "erase"): erasing.erase,
}


def record_of(session: Session, timer: Timer) -> Record | None:
    """The record that a timer belongs to. Raises KeyError for a kind that the program does not know."""
    return cast("Record | None", session.get(KINDS[timer.record_kind], timer.record_id))


def sweep(engine: Engine, _settings: Settings, stop: threading.Event) -> int:
    """Fire every timer of the clock that is due, each in a transaction of its own; how many moves were made."""
    moved = 0
    for number in _due(engine):
        if stop.is_set():
            break
        moved += _fire_safely(engine, number)
    return moved


def _due(engine: Engine) -> list[int]:
    """The numbers of the clock's timers that are past and have not fired, oldest first; nothing is locked."""
    query = select(Timer).where(col(Timer.fired_at).is_(None), col(Timer.due_on) < clock.today())
    with reading_only(), Session(engine) as session:
        rows = session.exec(query.order_by(col(Timer.due_on), col(Timer.id))).all()
        return [timer.key for timer in rows if _is_of_the_clock(session, timer)]


def _is_of_the_clock(session: Session, timer: Timer) -> bool:
    """Whether the workflow gives the act of the timer's name to the clock; most timers are deadlines of people."""
    try:
        record = record_of(session, timer)
        if record is None or record.state != timer.state:
            return False
        moves = workflow_of(session, record).moves_from(timer.state, timer.name)
        return any(CLOCK in move.by for move in moves)
    except Exception as failed:
        if _said.first(timer.key, repr(failed)):
            log.exception("timer cannot be read", timer=timer.key)
        return False


def _fire_safely(engine: Engine, number: int) -> bool:
    """Fire one timer. Whatever is wrong with it is said once a day, and never stops the others."""
    try:
        with Session(engine) as session:
            fired = fire(session, number)
            session.commit()
            return fired
    except MetStandardError as refused:
        if _said.first(number, str(refused)):
            log.info("clock move waits", timer=number, why=str(refused))
    except Exception as failed:
        if _said.first(number, repr(failed)):
            log.exception("clock move failed", timer=number)
    return False


def fire(session: Session, number: int) -> bool:
    """Fire a timer of the clock; False when it is no longer due. The caller commits.

    The record is locked before the timer is read again: of two workers one finds it fired, or the state changed.
    Raises NotNow while a guard does not hold.
    """
    timer = session.get(Timer, number)
    if timer is None:
        return False
    record = record_of(session, timer)
    if record is None:
        return False
    session.refresh(record, with_for_update=True)
    timer = _read_again(session, number)
    if timer is None or record.paused or timer.state != record.state:
        return False
    act = ACTS.get((workflow_of(session, record).workflow, record.state, timer.name))
    if act is not None:
        act(session, record)
    else:
        moving.move(session, record, timer.name, by=None)
    left = _read_again(session, number)
    if left is not None:
        left.fired_at = clock.now()
        session.add(left)
    return True


def _read_again(session: Session, number: int) -> Timer | None:
    """The timer as the database has it now, if it is still to fire; a move to another state deletes it."""
    query = select(Timer).where(Timer.id == number, col(Timer.fired_at).is_(None), col(Timer.due_on) < clock.today())
    return session.exec(query.execution_options(populate_existing=True)).first()
