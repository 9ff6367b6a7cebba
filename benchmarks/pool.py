"""A pool of reviewers: a thousand candidates judged by every rule, ten thousand imported, each beside its limit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

from sqlmodel import Session

from benchmarks.row import Row
from metstandard.actions.pool import importing, tables
from metstandard.panels.conflicts import Seating, judge
from metstandard.records import database
from tests.factories.programme import programme
from tests.panels.judged import PANEL, PEER

CANDIDATES, ROWS = 1000, 10_000
_JUDGED, _IMPORTED = 0.5, 30.0
"""CPU seconds at most."""


def run() -> Iterator[Row]:
    """The rows, one after the other."""
    yield _row(f"{CANDIDATES:,} candidates judged over 9,000 seats of the past", _judging(), _JUDGED)
    with tempfile.TemporaryDirectory() as folder:
        yield _row(f"{ROWS:,} reviewers imported", _importing(Path(folder)), _IMPORTED)


def _row(name: str, seconds: float, most: float) -> Row:
    return Row(name, seconds, "CPU s", most, seconds / most, 1.0)


def _judging() -> float:
    panel = replace(PANEL, history=tuple(_history()))
    pool = [replace(PEER, person=number, home=number + 2) for number in range(CANDIDATES)]
    began = process_time()
    for one in pool:
        judge(one, "peer", panel)
    return process_time() - began


def _history() -> Iterator[Seating]:
    """The seats of a large programme: 1,000 units, three cycles."""
    for unit in range(1000):
        for cycle in range(3):
            for seat in range(3):
                person = (unit * 3 + seat + cycle * 31) % CANDIDATES
                yield Seating(unit=unit, person=person, home=(unit + 7) % 1000, on=date(2018 + 3 * cycle, 6, 1))


def _importing(folder: Path) -> float:
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    database.create_all(engine)
    with Session(engine) as session:
        people = programme(session)
        session.commit()
        rows = "".join(f"p{number}@example.org,Peer {number},peer,GD,4,yes\n" for number in range(ROWS))
        began = process_time()
        table = tables.read(f"email,name,seat,unit,rank,can_lead\n{rows}".encode(), "list.csv")
        importing.write(session, importing.plan(session, table, by=people["officer"]), by=people["officer"])
        session.commit()
        seconds = process_time() - began
    engine.dispose()
    return seconds
