"""Forgetting nominations without award when the time for keeping them is over: rows emptied, the journal whole."""

from typing import Any

from sqlmodel import Session, col, delete, select, update

from metstandard.actions import moving
from metstandard.common import clock
from metstandard.records import journal
from metstandard.records.journal import JournalLine, JournalNote
from metstandard.records.judging import Allotment, Judgement, Monitoring, TieRuling
from metstandard.records.outbox import Letter, LetterStatus
from metstandard.records.recognition import Check, Nomination, NominationLink, Nominee, Seconder
from metstandard.rules.editions import workflow_of
from metstandard.workflow.calendar import add_months

# Ends without an award that nothing follows; an archived nomination is erased by its timer.
ENDED = ("withdrawn", "redirected", "declined_by_nominee")
ERASED = "Erased"
_REMOVED = "Removed with the rest when the time for keeping it was over."
_WORDS = (
    "title", "body", "citation", "account", "effect", "difficulty", "evidence", "witnesses", "incident_words",
    "earlier_awards", "nominator_name", "nominator_email", "nominator_body", "nominator_relation", "announcement",
)  # fmt: skip


def erase(session: Session, nomination: Nomination) -> None:
    """The clock empties an archived nomination that led to no award. Raises NotOpen for an award."""
    turn = moving.begin(session, nomination, "erase", by=None)
    _empty(session, nomination)
    turn.finish()


def erase_ended(session: Session) -> int:
    """Empty what ended as withdrawn, passed on or declined, so many months ago; how many. The caller commits."""
    rows = session.exec(
        select(Nomination).where(col(Nomination.state).in_(ENDED), col(Nomination.erased_at).is_(None))
    ).all()
    found = 0
    for one in rows:
        months = workflow_of(session, one).number("D2-retention")
        if add_months(clock.local_date(one.state_since), months) >= clock.today():
            continue
        session.refresh(one, with_for_update=True)
        _empty(session, one)
        journal.append(
            session,
            JournalLine(
                record_kind="nomination", record_id=one.key, seq=0, at=clock.now(), act="erase", part="clock",
                person_id=None, before=one.state, after=one.state, data={}, previous="", hash="",
            ),
        )  # fmt: skip
        found += 1
    return found


def _empty(session: Session, nomination: Nomination) -> None:
    """What remains: the reference, the award that was asked for, the days and states, and the journal's hashes."""
    for field in _WORDS:
        setattr(nomination, field, "")
    nomination.answers, nomination.nominator_id, nomination.may_contact = {}, None, False
    nomination.finding_id = nomination.unit_id = None
    nomination.erased_at = clock.now()
    session.add(nomination)
    session.flush()
    number = nomination.key
    nominees = select(Nominee.id).where(Nominee.nomination_id == number)
    judges = select(Allotment.id).where(Allotment.nomination_id == number)
    lines = select(JournalLine.id).where(JournalLine.record_kind == "nomination", JournalLine.record_id == number)
    letters = (col(Letter.record_kind) == "nomination", col(Letter.record_id) == number)
    statements: list[Any] = [
        delete(Check).where(col(Check.nominee_id).in_(nominees)),
        delete(NominationLink).where(col(NominationLink.nomination_id) == number),
        delete(Monitoring).where(col(Monitoring.nomination_id) == number),
        delete(JournalNote).where(col(JournalNote.line_id).in_(lines)),
        delete(Letter).where(*letters, col(Letter.status) == LetterStatus.OWED),
        update(Letter).where(*letters).values(address="", text=_REMOVED, html=_REMOVED),
        update(Judgement).where(col(Judgement.allotment_id).in_(judges)).values(words=""),
        update(Allotment).where(col(Allotment.nomination_id) == number).values(interest_words="", reason=""),
        update(TieRuling).where(col(TieRuling.nomination_id) == number).values(reason=ERASED),
        update(Seconder).where(col(Seconder.nomination_id) == number).values(name=ERASED, email="", body="", words=""),
        update(Nominee)
        .where(col(Nominee.nomination_id) == number)
        .values(name=ERASED, role="", body="", email="", person_id=None, unit_id=None, left_reason=""),
    ]
    for statement in statements:
        session.execute(statement)
    session.expire_all()
