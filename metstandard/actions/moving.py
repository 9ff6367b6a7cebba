"""The only writer of state.

Every act begins here: the row is locked and read afresh, the person's part is found, the workflow asked. It ends here:
guards, new state, timers, one journal line and the letters it owes, all in the caller's one transaction. The caller
commits; any refusal leaves nothing behind once the transaction is rolled back.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, delete, select

from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.outbox import compose
from metstandard.records import journal
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Timer
from metstandard.rules import guards
from metstandard.rules.case import Case, Record, kind_of
from metstandard.rules.dates import dates_of
from metstandard.rules.editions import workflow_of
from metstandard.rules.parts import part_for, people_with
from metstandard.workflow import calendar, machine
from metstandard.workflow.definition import CLOCK, Move, Workflow

_WHILE_PAUSED = ("resume", "cancel")


@dataclass(frozen=True)
class Turn:
    """An act that has begun: the record is locked and fresh, and the person may do it at this state."""

    session: Session
    record: Record
    workflow: Workflow
    act: str
    part: str
    by: Person | None
    state: str

    def finish(
        self, *, note: str = "", data: Mapping[str, Any] | None = None, facts: Mapping[str, Any] | None = None
    ) -> JournalLine:
        """Ask the guards, write the new state, its timers, the journal line and the letters owed.

        `note` is the reason a person gave, `data` what the journal keeps by reference, `facts` more words for letters.
        Raises NotOpen naming the guards that do not hold, or Invalid when a reason must be given.
        """
        self.session.flush()
        # The act may have changed rows that guards read through relationships or stale identity-map copies.
        case = Case(self.session, self.record, self.workflow, self.act, self.by)
        step = _step(case, self.state, self.part)
        if step.move.reason and not note.strip():
            raise Invalid("Give a reason", field="reason")
        if step.target != step.source:
            _enter(self.session, self.record, self.workflow, step.target)
        line = journal.append(
            self.session,
            JournalLine(
                record_kind=kind_of(self.record), record_id=self.record.key, seq=0, at=clock.now(), act=self.act,
                part=self.part, person_id=self.by.key if self.by else None, before=step.source, after=step.target,
                data=dict(data or {}), previous="", hash="",
            ),
            note=note.strip(),
        )  # fmt: skip
        self.session.add(self.record)
        self.session.flush()
        _tell(self, step.move, line, facts or {})
        return line


def begin(session: Session, record: Record, act: str, *, by: Person | None, bearer: str = "") -> Turn:
    """Lock a record, read it afresh, and make sure that this person may do the act at its state.

    `by` is None when the clock acts, or somebody without an account who came by the link of a letter: then `bearer` is
    the part that the link was sent for, and the caller has proved it.
    Raises NotYours, RuleBroken (B3), NotOpen, or NotNow while the record is paused.
    """
    session.flush()
    session.refresh(record, with_for_update=True)
    for other in list(session.identity_map.values()):
        if other is not record and other is not by:
            session.expire(other)
    turn = _turn(session, record, act, by, bearer)
    if record.paused and act not in _WHILE_PAUSED:
        raise NotNow("This review is paused: nothing happens until it is resumed")
    return turn


def allow(session: Session, record: Record, act: str, *, by: Person | None, bearer: str = "") -> Turn:
    """The same for a quiet act: no lock and no journal line; guards are asked at once."""
    turn = _turn(session, record, act, by, bearer)
    if record.paused:
        raise NotNow("This review is paused: nothing happens until it is resumed")
    _step(Case(session, record, turn.workflow, act, by), record.state, turn.part)
    return turn


def move(
    session: Session, record: Record, act: str, *, by: Person | None, note: str = "",
    data: Mapping[str, Any] | None = None,
) -> JournalLine:  # fmt: skip
    """An act that writes nothing besides: begin and finish in one."""
    return begin(session, record, act, by=by).finish(note=note, data=data)


def start(
    session: Session, record: Record, act: str, *, by: Person | None, part: str, data: Mapping[str, Any] | None = None
) -> JournalLine:
    """Open a new record's journal: it stands in its first state. The record was added to the session by the caller."""
    workflow = workflow_of(session, record)
    session.flush()
    _enter(session, record, workflow, workflow.starts)
    session.add(record)
    session.flush()
    return journal.append(
        session,
        JournalLine(
            record_kind=kind_of(record), record_id=record.key, seq=0, at=clock.now(), act=act, part=part,
            person_id=by.key if by else None, before="", after=record.state, data=dict(data or {}),
            previous="", hash="",
        ),
    )  # fmt: skip


def _turn(session: Session, record: Record, act: str, by: Person | None, bearer: str = "") -> Turn:
    workflow = workflow_of(session, record)
    open_here = workflow.moves_from(record.state, act)
    if not open_here:
        # Raises NotOpen with the stage's title; who asks is not told whether it would be theirs at another stage.
        machine.step(workflow, record.state, act, lambda _name: False)
    by_parts = tuple(dict.fromkeys(part for one in open_here for part in one.by))
    if by is not None:
        part = part_for(session, by, record, by_parts)
    else:
        part = next((one for one in by_parts if one == (bearer or CLOCK)), None)
    if part is None:
        raise NotYours("This is not yours to do")
    return Turn(session, record, workflow, act, part, by, record.state)


def _step(case: Case, state: str, part: str) -> machine.Step:
    try:
        return machine.step(case.workflow, state, case.act, lambda name: guards.holds(name, case), parts=[part])
    except machine.NotOpen as refused:
        if not refused.unmet:
            raise
        sentences = " ".join(guards.sentence(name) for name in refused.unmet)
        raise machine.NotOpen(sentences, unmet=refused.unmet) from None


def _enter(session: Session, record: Record, workflow: Workflow, state: str) -> None:
    """Write the new state, its moment, and its timers in place of those of the state left."""
    record.state = state
    record.state_since = clock.now()
    set_timers(session, record, workflow)


def set_timers(session: Session, record: Record, workflow: Workflow) -> None:
    """Write the timers of the present state afresh, and the first due date on the record itself."""
    _drop_timers(session, record)
    dates = dates_of(session, record)
    found = []
    for timer in workflow.states[record.state].timers:
        due = calendar.due_on(timer.due, dates, workflow.numbers)
        if due is not None:
            found.append(due)
            session.add(
                Timer(
                    record_kind=kind_of(record), record_id=record.key, state=record.state, name=timer.name, due_on=due
                )
            )
    record.due_on = min(found, default=None)


def _drop_timers(session: Session, record: Record) -> None:
    session.exec(delete(Timer).where(col(Timer.record_kind) == kind_of(record), col(Timer.record_id) == record.key))


def timers_of(session: Session, record: Record) -> list[Timer]:
    """The timers of the present state, first due first."""
    query = select(Timer).where(Timer.record_kind == kind_of(record), Timer.record_id == record.key)
    return list(session.exec(query.order_by(col(Timer.due_on))).all())


def _tell(turn: Turn, taken: Move, line: JournalLine, facts: Mapping[str, Any]) -> None:
    """Owe the letters of a move: one per person and letter, none to the one who acted (interface.md 29)."""
    for letter, parts in taken.tell.items():
        told: set[int] = set()
        for part in parts:
            for person in people_with(turn.session, part, turn.record):
                if person.key in told or (turn.by is not None and person.key == turn.by.key):
                    continue
                told.add(person.key)
                compose.owe(
                    turn.session, letter, to=person, part=part, record=turn.record,
                    once=f"{kind_of(turn.record)}:{turn.record.key}:{line.seq}:{letter}:{person.key}", facts=facts,
                )  # fmt: skip


def last_of(session: Session, record: Record, act: str) -> JournalLine:
    """The newest journal line of an act. Raises NotNow when it never happened."""
    query = select(JournalLine).where(
        JournalLine.record_kind == kind_of(record), JournalLine.record_id == record.key, JournalLine.act == act
    )
    found = session.exec(query.order_by(col(JournalLine.seq).desc())).first()
    if found is None:
        raise NotNow(f"{act.replace('_', ' ')} has not happened")
    return found
