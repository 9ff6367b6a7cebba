"""The only place that tells the time.

All moments are aware UTC datetimes; all local dates are dates in Europe/London. A demonstration may move the clock
forward: the shift is kept in a small file in the data folder, so that web and worker agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

_pinned: ContextVar[datetime | None] = ContextVar("pinned", default=None)


class _Shift:
    """How far the demonstration's clock runs ahead, and where that is written down."""

    by: timedelta = timedelta(0)
    file: Path | None = None


def now() -> datetime:
    """The present moment, aware, in UTC."""
    pinned = _pinned.get()
    if pinned is not None:
        return pinned
    return datetime.now(UTC) + _Shift.by


def today() -> date:
    """The present date in London."""
    return local_date(now())


def local_date(moment: datetime) -> date:
    """The London date of an aware moment."""
    return moment.astimezone(LONDON).date()


def local(moment: datetime) -> datetime:
    """An aware moment as London wall time."""
    return moment.astimezone(LONDON)


def at_local(day: date, hour: int, minute: int = 0) -> datetime:
    """The UTC moment of a London wall time on a day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


@contextmanager
def pinned_to(moment: datetime) -> Iterator[None]:
    """Run a block at a fixed moment: the demonstration plays a programme that began long ago.

    Raises ValueError for a naive moment.
    """
    if moment.tzinfo is None:
        raise ValueError("pinned_to() needs an aware datetime")
    token = _pinned.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pinned.reset(token)


def keep_shift_in(file: Path) -> None:
    """Read the demonstration's shift from `file` now and at each `sync()`; only `METSTANDARD_DEMO=1` calls this."""
    _Shift.file = file
    sync()


def sync() -> None:
    """Take over a shift that another process wrote. Without `keep_shift_in()` the clock never runs ahead."""
    if _Shift.file is None:
        _Shift.by = timedelta(0)
        return
    text = _Shift.file.read_text(encoding="ascii").strip() if _Shift.file.exists() else ""
    _Shift.by = timedelta(seconds=int(text)) if text else timedelta(0)


def shift_forward(by: timedelta) -> None:
    """Move the demonstration's clock forward. Raises ValueError when it would go back or no demonstration runs."""
    if by < timedelta(0):
        raise ValueError("the clock of a demonstration only moves forward")
    if _Shift.file is None:
        raise ValueError("the clock moves only in a demonstration")
    sync()
    _Shift.by += by
    _Shift.file.parent.mkdir(parents=True, exist_ok=True)
    _Shift.file.write_text(str(int(_Shift.by.total_seconds())), encoding="ascii")


def shift() -> timedelta:
    """How far the demonstration's clock runs ahead of the machine's."""
    return _Shift.by
