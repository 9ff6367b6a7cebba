"""Proposals of panels are solved one at a time, in a process of their own that the worker looks after.

The worker never waits for it: each sweep starts what is asked for, notes how far it is, or takes the answer. A worker
that dies leaves a proposal without a sign of life, which another one takes up again.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.engine import CursorResult, Engine
from sqlmodel import Session, col, select

from metstandard.actions.panels import wishes_of
from metstandard.common import clock
from metstandard.common.errors import MetStandardError
from metstandard.common.settings import Settings
from metstandard.jobs import solving
from metstandard.records.cycles import PanelProposal, ProposalStatus, ProposedReview
from metstandard.records.database import reading_only
from metstandard.records.reviews import Review
from metstandard.rules.instances import instance_of

log = structlog.get_logger("metstandard.worker")

_PROJECT = Path(__file__).resolve().parents[2]
_SIGN_OF_LIFE = timedelta(seconds=20)
_STALLED = timedelta(minutes=3)
_PAUSE = 0.2
# Explaining an impossible cycle, then leaving reviews out, may each take as long as the search itself.
_ROUNDS, _MORE = 3, 90.0


class _Run:
    """One search in its process."""

    def __init__(self, number: int, question: dict[str, Any]) -> None:
        self.number = number
        self.folder = Path(tempfile.mkdtemp(prefix="metstandard-panels-"))
        self.ends = time.monotonic() + _ROUNDS * float(question["seconds"]) + _MORE
        solving.write(self.folder, solving.QUESTION, question)
        self.process = subprocess.Popen(  # noqa: S603 - our own module and a folder that we made
            [sys.executable, "-m", "metstandard.jobs.solving", str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=_environment(self.folder),
            start_new_session=True,
        )

    def read(self, name: str) -> dict[str, Any]:
        """What the process has written; empty before."""
        file = self.folder / name
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return found

    def end(self) -> None:
        """Stop the process and forget its folder."""
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def _environment(home: Path) -> dict[str, str]:
    """The process inherits no secret."""
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(_PROJECT),
        "TMPDIR": str(home),
    }


class Panels:
    """The job of one worker."""

    def __init__(self) -> None:
        self._run: _Run | None = None

    def sweep(self, engine: Engine, _settings: Settings, _stop: threading.Event) -> int:
        """Start, watch or end one search; how many proposals got their answer."""
        if self._run is None:
            self._take_up_stalled(engine)
            self._begin(engine)
            return 0
        return self._look(engine, self._run)

    def finish(self, engine: Engine, settings: Settings, stop: threading.Event) -> None:
        """Answer everything that is asked, for a worker that runs once."""
        self.sweep(engine, settings, stop)
        while self._run is not None and not stop.wait(_PAUSE):
            if self.sweep(engine, settings, stop):
                self.sweep(engine, settings, stop)

    def close(self, engine: Engine) -> None:
        """Stop the search; its proposal is asked again."""
        if self._run is None:
            return
        number = self._run.number
        self._drop()
        with Session(engine) as session:
            _change(session, number, ProposalStatus.SOLVING, {"status": ProposalStatus.QUEUED, "heard_at": None})
            session.commit()

    def _drop(self) -> None:
        if self._run is not None:
            self._run.end()
            self._run = None

    def _take_up_stalled(self, engine: Engine) -> None:
        """Ask again what a worker that is gone was solving."""
        query = select(PanelProposal.id).where(
            PanelProposal.status == ProposalStatus.SOLVING, col(PanelProposal.heard_at) < clock.now() - _STALLED
        )
        with reading_only(), Session(engine) as session:
            numbers = session.exec(query).all()
        for number in numbers:
            with Session(engine) as session:
                _change(session, number, ProposalStatus.SOLVING, {"status": ProposalStatus.QUEUED, "heard_at": None})
                session.commit()

    def _begin(self, engine: Engine) -> None:
        """Claim the oldest proposal that waits; of two workers one gets it."""
        query = select(PanelProposal.id).where(PanelProposal.status == ProposalStatus.QUEUED)
        with reading_only(), Session(engine) as session:
            number = session.exec(query.order_by(col(PanelProposal.id))).first()
        if number is None:
            return
        with Session(engine) as session:
            values = {"status": ProposalStatus.SOLVING, "heard_at": clock.now(), "progress": {"doing": "facts"}}
            claimed = _change(session, number, ProposalStatus.QUEUED, values)
            session.commit()
        if claimed:
            self._ask(engine, number)

    def _ask(self, engine: Engine, number: int) -> None:
        """Write the instance and start the search; what cannot be asked says so."""
        try:
            with reading_only(), Session(engine) as session:
                question = _question(session, number)
        except MetStandardError as refused:
            _end(engine, number, {"status": ProposalStatus.FAILED, "said": str(refused)})
            return
        except Exception:
            log.exception("instance cannot be written", proposal=number)
            _end(engine, number, {"status": ProposalStatus.FAILED, "said": _FAULT})
            return
        with Session(engine) as session:
            going = _change(session, number, ProposalStatus.SOLVING, {"instance": question["instance"]})
            session.commit()
        if going:
            self._run = _Run(number, question)

    def _look(self, engine: Engine, run: _Run) -> int:
        """Note how far a search is, or take its answer."""
        code = run.process.poll()
        if code is None and time.monotonic() < run.ends:
            if not _still_asked(engine, run):
                self._drop()
            return 0
        found = run.read(solving.ANSWER) if code == 0 else {}
        if found:
            values = {**found, "status": ProposalStatus(found["status"])}
        elif code is None:
            values = {"status": ProposalStatus.LATE}
        else:
            log.error("solver ended", proposal=run.number, code=code)
            values = {"status": ProposalStatus.FAILED, "said": _FAULT}
        self._drop()
        _end(engine, run.number, values)
        return 1


_FAULT = "The search stopped before it had an answer. The operators can read why in the log; ask again"


def _question(session: Session, number: int) -> dict[str, Any]:
    """What the process is asked."""
    proposal = session.get_one(PanelProposal, number)
    reviews = session.exec(
        select(Review)
        .join(ProposedReview, col(ProposedReview.review_id) == Review.id)
        .where(ProposedReview.proposal_id == number)
    ).all()
    wishes = wishes_of(proposal)
    instance = instance_of(session, reviews, wishes, name=f"proposal {number}")
    return {
        "instance": instance.to_json(), "seconds": proposal.seconds, "seed": proposal.seed,
        "waived": list(wishes.waived),
    }  # fmt: skip


def _still_asked(engine: Engine, run: _Run) -> bool:
    """Write down how far a search is, if there is news; False once it was called off."""
    progress, now = run.read(solving.PROGRESS), clock.now()
    with reading_only(), Session(engine) as session:
        known = session.get_one(PanelProposal, run.number)
        if known.status is not ProposalStatus.SOLVING or known.heard_at is None:
            return False
        if (not progress or progress == known.progress) and now - known.heard_at < _SIGN_OF_LIFE:
            return True
    with Session(engine) as session:
        values = {"heard_at": now, **({"progress": progress} if progress else {})}
        going = _change(session, run.number, ProposalStatus.SOLVING, values)
        session.commit()
    return going


def _end(engine: Engine, number: int, values: dict[str, Any]) -> None:
    """Give a proposal its answer, unless it was called off meanwhile."""
    with Session(engine) as session:
        _change(session, number, ProposalStatus.SOLVING, {**values, "heard_at": None, "finished_at": clock.now()})
        session.commit()


def _change(session: Session, number: int | None, status: ProposalStatus, values: dict[str, Any]) -> bool:
    """Change a proposal that still has this status, in one statement; whether it had."""
    query = (
        sa.update(PanelProposal)
        .where(col(PanelProposal.id) == number, col(PanelProposal.status) == status)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    done: CursorResult[Any] = session.execute(query)  # type: ignore[assignment]
    return done.rowcount == 1
