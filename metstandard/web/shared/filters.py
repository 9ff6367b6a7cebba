"""Jinja filters: the product's words for dates, times, money and numbers."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from fractions import Fraction

from flask import Flask
from markupsafe import Markup

from metstandard.common import words
from metstandard.common.money import pounds
from metstandard.documents.differences import differences
from metstandard.records.base import Marking
from metstandard.rules import markings

_MEGABYTE = 1_000_000
_UNSAFE_IN_CSS = re.compile(r"[^A-Za-z0-9 .,:()/-]")


def day(value: date | datetime | None) -> str:
    """`14 October 2026`, or nothing for no date."""
    return words.day(value) if value else ""


def moment(value: datetime | None) -> str:
    """`14 October 2026 at 5pm`, or nothing for no moment."""
    return words.moment(value) if value else ""


def time(value: datetime | None) -> str:
    """`5pm`, or nothing for no moment."""
    return words.time(value) if value else ""


def due(days_left: int) -> str:
    """How far a due date is in working days: `overdue by 3 working days`, `due today`, `due in 1 working day`.

    `days_left` counts working days from today to the due date, negative when it has passed.
    """
    if days_left < 0:
        return f"overdue by {words.count(-days_left, 'working day')}"
    if days_left == 0:
        return "due today"
    return f"due in {words.count(days_left, 'working day')}"


def standing(days: int) -> str:
    """How long something has stood: `since today`, `for 1 working day`, `for 12 working days`."""
    return f"for {words.count(days, 'working day')}" if days > 0 else "since today"


def one_decimal(value: Fraction | float | None) -> str:
    """A score to one decimal, half up, such as `75.0`; an en dash for none. Fractions stay exact until here."""
    if value is None:
        return "–"
    exact = Fraction(value)
    tenths = (abs(exact) * 10 + Fraction(1, 2)).__floor__()
    sign = "-" if exact < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def size(count: int) -> str:
    """A file's size as people read it: `340 kB`, `1.2 MB`."""
    if count < _MEGABYTE:
        return f"{max(1, round(count / 1000))} kB" if count else "0 kB"
    return f"{count / _MEGABYTE:.1f} MB"


def css_string(text: str) -> Markup:
    """A text as a CSS string for the printed page's margin; every character that CSS or HTML might read is left out."""
    return Markup(json.dumps(_UNSAFE_IN_CSS.sub("", text)))  # noqa: S704  only letters, digits and plain signs are left


def in_capitals(text: str) -> str:
    """A protective marking as it is shown: in capitals, and in the scheme in force (rules.md B9)."""
    word = text.upper()
    return markings.shown(Marking(word)) if word in set(Marking) else word


def register_filters(app: Flask) -> None:
    """Make the filters known to the templates under their own names."""
    app.jinja_env.filters.update(
        day=day,
        moment=moment,
        time=time,
        due=due,
        standing=standing,
        one_decimal=one_decimal,
        size=size,
        pounds=pounds,
        count=words.count,
        listed=words.listed,
        css_string=css_string,
        difference=differences,
        in_capitals=in_capitals,
    )
