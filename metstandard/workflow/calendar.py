"""Working days of England and Wales, and the dates on which something falls due.

A working day is Monday to Friday and no bank holiday of England and Wales; `closed` adds days on which an organisation
does not work. Everything here is a date, never a moment, so summer time has no effect.

- The day counted from is never counted itself: one working day after a Monday is the Tuesday.
- Counting from a weekend or a bank holiday gives the same as counting from the last working day before it.
- Nought working days from a day is that day, or the next working day where it is none.
- Days, weeks and months run on through weekends and holidays, and may end on one.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from holidays import country_holidays

from metstandard.workflow.definition import Due, Timer
from metstandard.workflow.shapes import Unit

_SATURDAY = 5
_DAY = timedelta(days=1)
_MONTHS_IN_YEAR = 12
_NONE: frozenset[date] = frozenset()
_NO_NUMBERS: Mapping[str, int] = MappingProxyType({})


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales in a year, with the substitute days of those that fall on a weekend."""
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date, closed: Collection[date] = _NONE) -> bool:
    """Whether people are at work on a day."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year) and day not in closed


def add_working_days(day: date, count: int, closed: Collection[date] = _NONE) -> date:
    """The date so many working days after a day, or before it when `count` is negative. Always a working day."""
    step = -_DAY if count < 0 else _DAY
    left = abs(count)
    if left == 0:
        while not is_working_day(day, closed):
            day += _DAY
    while left:
        day += step
        left -= is_working_day(day, closed)
    return day


def working_days_between(start: date, end: date, closed: Collection[date] = _NONE) -> int:
    """How many working days lie after `start`, up to and including `end`; negative when `end` comes first.

    The counterpart of `add_working_days`: `working_days_between(day, add_working_days(day, n)) == n`, except for
    nought from a day that is no working day.
    """
    if end < start:
        return -sum(is_working_day(end + number * _DAY, closed) for number in range((start - end).days))
    return sum(is_working_day(start + number * _DAY, closed) for number in range(1, (end - start).days + 1))


def add_months(day: date, count: int) -> date:
    """The same day of the month so many months later (or earlier); the month's last day where it has no such day."""
    years, month = divmod(day.year * _MONTHS_IN_YEAR + day.month - 1 + count, _MONTHS_IN_YEAR)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def due_on(
    due: Due,
    dates: Mapping[str, date],
    numbers: Mapping[str, int] = _NO_NUMBERS,
    closed: Collection[date] = _NONE,
) -> date | None:
    """When something falls due. None while the date that it counts from is not in `dates`: it is not known yet.

    Raises KeyError for the id of a number that is not in `numbers`; a loaded workflow has all that it uses.
    """
    if due.after not in dates:
        return None
    start = dates[due.after]
    count = numbers[due.count] if isinstance(due.count, str) else due.count
    match due.unit:
        case Unit.WORKING_DAYS:
            return add_working_days(start, count, closed)
        case Unit.DAYS:
            return start + timedelta(days=count)
        case Unit.WEEKS:
            return start + timedelta(weeks=count)
        case Unit.MONTHS:
            return add_months(start, count)


def reminders_on(timer: Timer, due: date, closed: Collection[date] = _NONE) -> tuple[date, ...]:
    """The working days on which a timer reminds, given its deadline, each day once."""
    return tuple(dict.fromkeys(add_working_days(due, count, closed) for count in timer.remind))
