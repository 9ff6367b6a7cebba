"""Words for people: dates, times, counts and lists, in Europe/London and the English of the UK.

At the public door and on a translated certificate dates, times and lists follow the language that is spoken.
"""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date, format_time, get_datetime_format
from babel.lists import format_list

from metstandard.common import clock
from metstandard.common.languages import ENGLISH, current


def day(value: date | datetime) -> str:
    """`14 October 2026`."""
    if isinstance(value, datetime):
        value = clock.local_date(value)
    if current() is not ENGLISH:
        return format_date(value, "long", locale=current().locale)
    return f"{value.day} {value:%B %Y}"


def time(value: datetime) -> str:
    """`5pm` or `2:03pm`."""
    moment = clock.local(value)
    if current() is not ENGLISH:
        return format_time(moment.time(), "short", locale=current().locale)
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02d}" if moment.minute else ""
    return f"{hour}{minutes}{'am' if moment.hour < 12 else 'pm'}"  # noqa: PLR2004


def moment(value: datetime) -> str:
    """`14 October 2026 at 5pm`."""
    if current() is not ENGLISH:
        joined = str(get_datetime_format("long", locale=current().locale)).replace("'", "")
        return joined.replace("{1}", day(value)).replace("{0}", time(value))
    return f"{day(value)} at {time(value)}"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 day`, `3 days`, `no days`."""
    return f"{number or 'no'} {one if number == 1 else many or one + 's'}"


def listed(items: list[str], joiner: str = "and") -> str:
    """`a, b and c`; in other languages `joiner` is "and" or "or"."""
    if current() is not ENGLISH:
        return format_list(items, style="or" if joiner == "or" else "standard", locale=current().locale)
    if len(items) < 2:  # noqa: PLR2004
        return "".join(items)
    return f"{', '.join(items[:-1])} {joiner} {items[-1]}"
