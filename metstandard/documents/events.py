"""Presentation events as iCalendar (RFC 5545), made and escaped by the library `icalendar`."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from icalendar import Calendar
from icalendar import Event as Entry

from metstandard.common.characters import clean, one_line
from metstandard.records.judging import Event

MEDIA_TYPE = "text/calendar"


def ics(events: Iterable[Event], *, address: str) -> bytes:
    """A calendar of published events; `address` is the page that lists them. Guests and their needs are never in it."""
    made = Calendar()
    made.add("prodid", "-//Met Standard//Events//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for one in events:
        entry = Entry()
        entry.add("uid", f"event-{one.key}@{urlsplit(address).hostname}")
        entry.add("dtstamp", one.published_at or one.starts_at)
        entry.add("dtstart", one.starts_at)
        entry.add("dtend", one.ends_at)
        entry.add("summary", one_line(one.title))
        entry.add("location", one_line(one.place))
        if one.words:
            entry.add("description", clean(one.words))
        entry.add("url", address)
        made.add_component(entry)
    return bytes(made.to_ical())
