"""Saying a thing once: a row that waits or fails is met at every sweep, and must not fill the log."""

from __future__ import annotations

from datetime import date

from metstandard.common import clock


class SaidOnce:
    """Remembers what this process has said today."""

    def __init__(self) -> None:
        self._said: set[tuple[object, ...]] = set()
        self._on: date | None = None

    def first(self, *what: object) -> bool:
        """Whether this is said for the first time today."""
        if self._on != clock.today():
            self._on = clock.today()
            self._said.clear()
        if what in self._said:
            return False
        self._said.add(what)
        return True
