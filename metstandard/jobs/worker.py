"""The loop of the worker: each job at its pace, each apart, so that one that fails never stops the others.

Rows say what is owed; the worker keeps nothing that a restart could lose. Any number of workers may run at once.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import structlog
from sqlalchemy.engine import Engine

from metstandard.common import clock
from metstandard.common.settings import Settings
from metstandard.jobs import cleaning, feedback, invitations, letters, panels, recognition, reminders, risks, scanning
from metstandard.jobs import clock as clock_moves
from metstandard.records import database

log = structlog.get_logger("metstandard.worker")

PAUSE = 2.0
_AFTER_FAILURE = 30.0

Job = Callable[[Engine, Settings, threading.Event], int]


@dataclass
class Paced:
    """One job, how many seconds lie between two runs, and when it ran last.

    A new day in London runs at once what the day makes due; a demonstration's clock brings a new day by a click.
    """

    name: str
    job: Job
    every: float
    by_day: bool = True
    ran_at: float = field(default=float("-inf"))
    ran_on: date | None = None

    def is_due(self, now: float, today: date) -> bool:
        """Whether it is time for it again."""
        return (self.by_day and today != self.ran_on) or now - self.ran_at >= self.every


class Worker:
    """One worker process. `stop` is set from outside; what has begun is finished first."""

    def __init__(self, settings: Settings, stop: threading.Event) -> None:
        self._settings = settings
        self._stop = stop
        self._engine = database.engine(settings.database)
        self._panels = panels.Panels()
        self._jobs = [
            Paced("clock", clock_moves.sweep, 30.0),
            Paced("announcements", recognition.announce, PAUSE),
            Paced("reminders", reminders.Reminders().sweep, 60.0),
            Paced("risks", risks.sweep, 60.0),
            Paced("invitations", invitations.sweep, 60.0),
            Paced("feedback", feedback.Asked().sweep, 60.0),
            Paced("letters", letters.sweep, PAUSE),
            Paced("scanning", scanning.sweep, PAUSE),
            Paced("panels", self._panels.sweep, PAUSE),
            Paced("cleaning", cleaning.sweep, 3600.0, by_day=False),
            Paced("forgetting", recognition.forget, 3600.0, by_day=False),
        ]
        if settings.demo:
            clock.keep_shift_in(settings.data / "clock-shift")

    def run(self) -> None:
        """Work until stopped."""
        log.info("started")
        while not self._stop.is_set():
            self.tick()
            self._stop.wait(PAUSE)
        log.info("stopped")

    def tick(self) -> None:
        """Run the jobs that are due."""
        clock.sync()
        for one in self._jobs:
            if not self._stop.is_set() and one.is_due(time.monotonic(), clock.today()):
                self._do(one)

    def everything(self) -> None:
        """Run every job once, whatever its pace."""
        clock.sync()
        for one in self._jobs:
            self._do(one)
        self._panels.finish(self._engine, self._settings, self._stop)

    def close(self) -> None:
        """Stop a search that is under way, and give back the connections."""
        self._panels.close(self._engine)
        self._engine.dispose()

    def _do(self, one: Paced) -> None:
        one.ran_at, one.ran_on = time.monotonic(), clock.today()
        try:
            done = one.job(self._engine, self._settings, self._stop)
        except Exception:
            # A database that is away or a fault of ours: said once each time, tried again after a while.
            log.exception("job failed", job=one.name)
            one.ran_at += _AFTER_FAILURE
        else:
            if done:
                log.info("done", job=one.name, count=done)
