"""The journal played again: it must lead to the stored state, by moves that exist, with the letters they owe."""

from __future__ import annotations

from collections.abc import Iterator

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.accounts import Appointment, Person
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.seats import Seat
from metstandard.rules.case import Record, kind_of, review_of
from metstandard.rules.duties import PANEL_PARTS, UNIT_PARTS
from metstandard.rules.editions import workflow_of
from metstandard.workflow.definition import Move, Workflow


def breaks_of_replay(session: Session, record: Record) -> Iterator[str]:
    """What does not fit between a record and its journal."""
    workflow = workflow_of(session, record)
    lines = lines_of(session, record)
    if not lines:
        yield "it has no journal"
        return
    state = ""
    for line in lines:
        if line.before != state:
            yield f"line {line.seq} begins at {line.before or 'nothing'}, and {state or 'nothing'} came before"
        if not state and line.after != workflow.starts:
            yield f"line {line.seq} begins a record at {line.after}"
        if state and not may_tell_of(workflow, line):
            yield f"line {line.seq}: the workflow knows no {line.act} from {line.before} to {line.after} by {line.part}"
        state = line.after
    if state != record.state:
        yield f"it stands at {record.state}, and its journal ends at {state}"


def lines_of(session: Session, record: Record) -> list[JournalLine]:
    """The journal of a record, oldest first."""
    query = select(JournalLine).where(JournalLine.record_kind == kind_of(record), JournalLine.record_id == record.key)
    return list(session.exec(query.order_by(col(JournalLine.seq))).all())


def may_tell_of(workflow: Workflow, line: JournalLine) -> list[Move]:
    """The moves that a line may tell of; several differ only in the guards that held. Empty: the workflow has none."""
    return [
        move
        for move in workflow.moves_from(line.before, line.act)
        if line.part in move.by and move.target(line.before) == line.after
    ]


def letters_astray(session: Session, record: Record) -> Iterator[str]:
    """What does not fit between the outbox and a journal: each line whose move tells somebody owes its letters."""
    workflow = workflow_of(session, record)
    written = _written(session, record)
    wanted = set()
    for line in lines_of(session, record):
        moves = may_tell_of(workflow, line) if line.before else []
        wanted |= {(line.seq, letter) for move in moves for letter in move.tell}
        missing = [_missing(session, record, move, line, written) for move in moves]
        if missing and all(missing):
            yield f"line {line.seq} owes the letter {missing[0]}, and nobody got it"
    for seq, letter in sorted(written - wanted):
        yield f"the letter {letter} was written for line {seq}, which owes none"


def _missing(
    session: Session, record: Record, move: Move, line: JournalLine, written: set[tuple[int, str]]
) -> str | None:
    """The first letter that a move owed to somebody and nobody got."""
    for letter, parts in move.tell.items():
        told = any(_somebody(session, record, part, line) for part in parts)
        if told and (line.seq, letter) not in written:
            return letter
    return None


def _written(session: Session, record: Record) -> set[tuple[int, str]]:
    """The letters of a record's moves: line and name, as `actions/moving.py` marks them."""
    prefix = f"{kind_of(record)}:{record.key}:"
    rows = session.exec(select(Letter.once).where(col(Letter.once).startswith(prefix, autoescape=True))).all()
    parts = [one.removeprefix(prefix).split(":") for one in rows]
    return {(int(one[0]), one[1]) for one in parts if one[0].isdigit()}


def _somebody(session: Session, record: Record, part: str, line: JournalLine) -> bool:
    """Whether anybody but the one who acted surely played a part at the time of a line."""
    review = review_of(session, record)
    day = clock.local_date(line.at)
    if part in PANEL_PARTS:
        query = select(Person.id).join(Seat).where(
            Seat.review_id == review.key,
            col(Seat.invited_at) <= line.at,
            col(Seat.ended_at).is_(None) | (col(Seat.ended_at) > line.at),
        )  # fmt: skip
        query = query.where(col(Seat.lead).is_(True)) if part == "lead_reviewer" else query
    else:
        # Who was named for one record, as link member or owner, may have been named after the line: not asked.
        query = select(Person.id).join(Appointment).where(
            Appointment.part == part,
            col(Appointment.from_on) <= day,
            col(Appointment.until_on).is_(None) | (col(Appointment.until_on) >= day),
        )  # fmt: skip
        query = query.where(Appointment.unit_id == review.unit_id) if part in UNIT_PARTS else query
    people = session.exec(query.where(col(Person.active).is_(True))).all()
    return bool(set(people) - {line.person_id})
