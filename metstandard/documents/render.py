"""HTML in, PDF out, through a child process that is kept, watched, limited and replaced.

Rendering runs apart from the web process because a document can crash, hang or swell: whatever happens there is a
RenderFailed here, and the next document gets a fresh child. Safe to call from several threads: documents queue up.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Self, cast

from metstandard.documents import assets
from metstandard.documents.failures import Failure, RenderFailed
from metstandard.documents.fonts import configuration
from metstandard.documents.wire import Reply, received, send

_START_SECONDS = 60.0
_PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost, and after how many documents the child is replaced."""

    seconds: float = 60.0
    cpu_seconds: int = 45
    megabytes: int = 1024
    documents: int = 500


class _Child:
    """One running process and its two pipes."""

    def __init__(self, places: tuple[Path, ...], limits: Limits) -> None:
        self.home = home = Path(tempfile.mkdtemp(prefix="metstandard-documents-"))
        self.made = 0
        (home / "fonts.conf").write_text(configuration(places, home / "cache"), encoding="utf-8")
        order = {"places": [str(p) for p in places], "megabytes": limits.megabytes, "cpu_seconds": limits.cpu_seconds}
        with (home / "log").open("wb") as log:
            self.process = subprocess.Popen(  # noqa: S603 - our own module, no text of a user among the arguments
                [sys.executable, "-m", "metstandard.documents.child", json.dumps(order)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=home,
                env=_environment(home),
                start_new_session=True,
            )

    @property
    def pipes(self) -> tuple[BinaryIO, BinaryIO]:
        """Where to write documents and where to read replies."""
        return cast("BinaryIO", self.process.stdin), cast("BinaryIO", self.process.stdout)

    def last_words(self) -> str:
        """How the process ended and the end of what it wrote to its log."""
        log = self.home / "log"
        tail = log.read_bytes()[-500:].decode(errors="replace").strip() if log.exists() else ""
        return f"exit {self.process.poll()}; {tail}"

    def release(self) -> None:
        """Close our ends of the pipes and leave the process alone (it ends at the end of its input)."""
        for pipe in self.pipes:
            try:
                pipe.close()
            except BrokenPipeError:  # a document half written to a child that is gone
                continue

    def end(self) -> None:
        """Stop the process, wait for it, remove its folder."""
        self.process.kill()
        self.process.wait()
        self.release()
        shutil.rmtree(self.home, ignore_errors=True)


def _environment(home: Path) -> dict[str, str]:
    """The child inherits no secret: only what Python and the fonts need."""
    return {
        "FONTCONFIG_FILE": str(home / "fonts.conf"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(_PROJECT),
        "TMPDIR": str(home),
    }


class Renderer:
    """Keeps one child process and gives it documents, one at a time."""

    def __init__(self, *, limits: Limits | None = None, places: tuple[Path, ...] | None = None) -> None:
        self._limits = limits or Limits()
        self._places = places if places is not None else assets.folders()
        self._lock = threading.Lock()
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def process_id(self) -> int | None:
        """The child at work, for whoever watches the machine; None before the first document."""
        return self._child.process.pid if self._child else None

    def pdf(self, html: str) -> bytes:
        """The PDF of a page: PDF/A-3a and PDF/UA-1, the same bytes for the same page.

        Raises RenderFailed when the child crashed, took too long, wanted too much memory or refused an address.
        """
        with self._lock:
            child = self._ready()
            reply, body = self._exchange(child, html.encode(errors="replace"))
            child.made += 1
            if child.made >= self._limits.documents or reply is Reply.MEMORY:
                self._drop()
        if reply is Reply.PDF:
            return body
        why = Failure.TOO_LARGE if reply is Reply.MEMORY else Failure.REFUSED
        raise RenderFailed(why, body.decode(errors="replace"))

    def close(self) -> None:
        """End the child. The renderer may be used again: it then starts another."""
        with self._lock:
            self._drop()

    def after_fork(self) -> None:
        """In a forked process: leave the parent's child to the parent."""
        self._lock = threading.Lock()
        if self._child is not None:
            self._child.release()
            self._child = None

    def _drop(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None

    def _ready(self) -> _Child:
        if self._child is not None and self._child.process.poll() is not None:
            self._drop()  # it died while idle: that costs the next document a start, not a failure
        if self._child is None:
            self._child = _Child(self._places, self._limits)
            with self._watched(self._child, _START_SECONDS):
                if received(self._child.pipes[1]) != Reply.READY.value:
                    raise EOFError
        return self._child

    def _exchange(self, child: _Child, html: bytes) -> tuple[Reply, bytes]:
        to_child, from_child = child.pipes
        with self._watched(child, self._limits.seconds):
            send(to_child, html)
            answer = received(from_child)
            if not answer:
                raise EOFError
        return Reply(answer[:1]), answer[1:]

    @contextmanager
    def _watched(self, child: _Child, seconds: float) -> Iterator[None]:
        """Kill the child when the time is up, so that no read waits for ever; name what ended it."""
        late = threading.Event()

        def stop() -> None:
            late.set()
            child.process.kill()

        watch = threading.Timer(seconds, stop)
        watch.daemon = True
        watch.start()
        try:
            yield
        except (EOFError, OSError) as error:
            child.process.kill()
            code = child.process.wait()
            detail = child.last_words()
            self._drop()
            slow = late.is_set() or code == -signal.SIGXCPU
            raise RenderFailed(Failure.TOO_SLOW if slow else Failure.CRASHED, detail) from error
        finally:
            watch.cancel()


@lru_cache(maxsize=1)
def _shared() -> Renderer:
    renderer = Renderer()
    atexit.register(renderer.close)
    os.register_at_fork(after_in_child=renderer.after_fork)
    return renderer


def pdf(html: str) -> bytes:
    """The PDF of a page, through the one renderer of this process. Raises RenderFailed."""
    return _shared().pdf(html)
