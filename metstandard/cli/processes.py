"""Child processes that are started, watched and stopped together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

import structlog

log = structlog.get_logger("metstandard.serve")

_PR_SET_PDEATHSIG = 1
_PATIENCE = 35.0
_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def end_with_parent() -> None:
    """Ask Linux to stop this process when the one that started it dies, even by kill -9: nothing holds the port."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def stop_on_signal(stop: threading.Event) -> None:
    """Set an event at SIGTERM or SIGINT, so that what has begun is finished."""

    def asked(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for one in _SIGNALS:
        signal.signal(one, asked)


class Child:
    """One child process, in a group of its own: Ctrl-C reaches the parent, which stops its children in order."""

    def __init__(self, name: str, module: str, *arguments: str) -> None:
        self.name = name
        self._command = [sys.executable, "-m", module, *arguments]
        self._process: subprocess.Popen[bytes] | None = None
        self._began = 0.0

    def start(self) -> None:
        """Start it, or start it again."""
        self._began = time.monotonic()
        self._process = subprocess.Popen(self._command, start_new_session=True, env=os.environ.copy())  # noqa: S603

    @property
    def code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll() if self._process is not None else None

    @property
    def ran_for(self) -> float:
        """Seconds since it was started last."""
        return time.monotonic() - self._began

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def wait(self) -> None:
        """Wait until it has drained; kill it when it takes too long."""
        if self._process is None:
            return
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            log.error("does not stop", process=self.name)  # noqa: TRY400 (the traceback would tell nothing)
            self._process.kill()
            self._process.wait()
