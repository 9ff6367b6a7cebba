"""The reasons of a plan's seats as plain data, so that they are worked out once and kept with the proposal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter

from metstandard.panels.why import Reason

_KEPT = TypeAdapter(tuple[Reason, ...])


def written(reasons: Iterable[Reason]) -> list[Any]:
    """Reasons as JSON can say them."""
    found: list[Any] = _KEPT.dump_python(tuple(reasons), mode="json")
    return found


def read(kept: list[Any]) -> tuple[Reason, ...]:
    """The same reasons again."""
    return _KEPT.validate_python(kept)
