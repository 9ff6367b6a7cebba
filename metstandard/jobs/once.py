"""Doing or saying a thing once a day: rows that wait or fail are met at every sweep, and must not fill the log."""

from __future__ import annotations

from datetime import date

from metstandard.common import clock


class OnceADay:
    """Remembers what this process has done today."""

    def __init__(self) -> None:
        self._done: set[tuple[object, ...]] = set()
        self._on: date | None = None

    def first(self, *what: object) -> bool:
        """Whether this comes for the first time today."""
        if self._on != clock.today():
            self._on = clock.today()
            self._done.clear()
        if what in self._done:
            return False
        self._done.add(what)
        return True

    def again(self, *what: object) -> None:
        """Let a thing come for the first time once more: it did not succeed."""
        self._done.discard(what)
