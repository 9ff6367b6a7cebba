"""Invitations to panels: a reminder before and on the last day, and after it the seat is free again (PAN-1)."""

from __future__ import annotations

import threading

import structlog
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions import panels
from metstandard.common import clock
from metstandard.common.errors import MetStandardError
from metstandard.common.settings import Settings
from metstandard.jobs.once import OnceADay
from metstandard.outbox import compose
from metstandard.records.accounts import Person
from metstandard.records.database import reading_only
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from metstandard.workflow.calendar import add_working_days

log = structlog.get_logger("metstandard.worker")
_said = OnceADay()
# Working days before the last day on which somebody is reminded; the last day itself is another.
_BEFORE = 2


def sweep(engine: Engine, _settings: Settings, stop: threading.Event) -> int:
    """Remind those who have not answered, and end what nobody answered, each in a transaction; how many of both."""
    done = 0
    for number in _open(engine):
        if stop.is_set():
            break
        done += _see_to_safely(engine, number)
    return done


def _open(engine: Engine) -> list[int]:
    """The seats whose last day is near or past, of reviews that are not paused; nothing is locked."""
    near = add_working_days(clock.today(), _BEFORE)
    query = (
        select(Seat.id)
        .join(Review, col(Review.id) == Seat.review_id)
        .where(Seat.status == SeatStatus.INVITED, col(Seat.answer_by) <= near, col(Review.paused).is_(False))
    )
    with reading_only(), Session(engine) as session:
        return [number for number in session.exec(query.order_by(col(Seat.id))).all() if number is not None]


def _see_to_safely(engine: Engine, number: int) -> int:
    """See to one invitation. Whatever is wrong with it is said once a day, and never stops the others."""
    try:
        with Session(engine) as session:
            done = see_to(session, number)
            session.commit()
            return int(done)
    except MetStandardError as refused:
        if _said.first(number, str(refused)):
            log.info("invitation waits", seat=number, why=str(refused))
    except Exception as failed:
        if _said.first(number, repr(failed)):
            log.exception("invitation failed", seat=number)
    return 0


def see_to(session: Session, number: int) -> bool:
    """Remind of one invitation or end it; False when there is nothing to do. The caller commits."""
    seat = session.get(Seat, number)
    if seat is None or seat.answer_by is None or seat.status is not SeatStatus.INVITED:
        return False
    review, today = session.get_one(Review, seat.review_id), clock.today()
    if today > seat.answer_by:
        return panels.lapse(session, review, seat)
    step = "last" if today == seat.answer_by else "before"
    return (
        compose.owe(
            session, "seat_reminder", to=session.get_one(Person, seat.person_id), part="reviewer", record=review,
            once=f"seat:{seat.key}:reminder:{step}",
            facts={"seat": seat.kind.replace("_", " "), "answer_by": seat.answer_by},
        )
        is not None
    )  # fmt: skip
