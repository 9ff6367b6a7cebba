"""The clock of immediate risks: reminders on the last day, and what nobody answered is passed up the day after (B6)."""

from __future__ import annotations

import threading
from datetime import date

import structlog
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from metstandard.actions.risks import escalate_risk
from metstandard.common import clock
from metstandard.common.errors import MetStandardError
from metstandard.common.settings import Settings
from metstandard.jobs.once import OnceADay
from metstandard.jobs.reminders import late
from metstandard.outbox import compose
from metstandard.records.database import reading_only
from metstandard.records.reviews import Review
from metstandard.records.risks import Containment, ImmediateRisk, RiskNotice
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import people_with
from metstandard.rules.risks import COMMANDER, unread

log = structlog.get_logger("metstandard.worker")
_said = OnceADay()


def sweep(engine: Engine, _settings: Settings, stop: threading.Event) -> int:
    """See to every risk that is due, each in a transaction of its own; how many letters and acts that made."""
    done = 0
    for number in _due(engine):
        if stop.is_set():
            break
        done += _see_to_safely(engine, number)
    return done


def _due(engine: Engine) -> list[int]:
    """The numbers of risks that are not contained and whose first day has come; nothing is locked."""
    query = (
        select(RiskNotice.risk_id)
        .where(
            col(RiskNotice.withdrawn_at).is_(None),
            col(RiskNotice.read_by) <= clock.today(),
            col(RiskNotice.risk_id).not_in(select(Containment.risk_id)),
        )
        .order_by(col(RiskNotice.risk_id))
    )
    with reading_only(), Session(engine) as session:
        return list(session.exec(query).all())


def _see_to_safely(engine: Engine, number: int) -> int:
    """See to one risk. Whatever is wrong with it is said once a day, and never stops the others."""
    try:
        with Session(engine) as session:
            done = see_to(session, number)
            session.commit()
            return done
    except MetStandardError as refused:
        if _said.first(number, str(refused)):
            log.info("risk waits", risk=number, why=str(refused))
    except Exception as failed:
        if _said.first(number, repr(failed)):
            log.exception("risk failed", risk=number)
    return 0


def see_to(session: Session, number: int) -> int:
    """Remind of one risk, or pass it up; how many letters and acts were made. The caller commits.

    The review is locked before anything is read: of two workers one finds it done. A paused review waits.
    """
    risk = session.get_one(ImmediateRisk, number)
    review = session.get_one(Review, risk.review_id)
    session.refresh(review, with_for_update=True)
    if review.paused or workflow_of(session, review).states[review.state].final:
        return 0
    notice = session.exec(
        select(RiskNotice).where(RiskNotice.risk_id == number).execution_options(populate_existing=True)
    ).one()
    contained = session.exec(select(Containment.id).where(Containment.risk_id == number)).first() is not None
    if contained or notice.withdrawn_at is not None:
        return 0
    waiting, today = unread(session, review, number), clock.today()
    done = 0
    if waiting and notice.read_by < today and notice.escalated_at is None:
        escalate_risk(session, review, risk, contained=False)
        done += 1
    if notice.contain_by < today and notice.chased_at is None:
        escalate_risk(session, review, risk, contained=True)
        done += 1
    parts = [COMMANDER if one == COMMANDER else f"{one}_key" for one in waiting]
    if waiting and notice.read_by == today:
        done += _remind(session, review, number, parts, "reading", notice.read_by)
    if notice.contain_by == today:
        done += _remind(session, review, number, [COMMANDER], "containment", notice.contain_by)
    return done


def _remind(session: Session, review: Review, number: int, parts: list[str], what: str, due: date) -> int:
    """Owe each of those who still have to act one letter for this day; how many were new."""
    made = 0
    for part in parts:
        for person in people_with(session, part, review):
            made += (
                compose.owe(
                    session, "risk_reminder", to=person, part=part, record=review,
                    once=f"risk:{number}:{what}:{due}:{person.key}",
                    facts={"wanted": what, "answer_by": due, "late": late(due)},
                )
                is not None
            )  # fmt: skip
    return made
