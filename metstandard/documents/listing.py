"""One list for people and machines: what the public door gives as page, PDF, Word, JSON, CSV and Atom feed.

The list is made once, by a query that decides what is public; every format shows exactly these lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from metstandard.common import clock
from metstandard.common.characters import clean, no_formula
from metstandard.documents.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `facts` for machines by name, `words` for people in the order of the list's columns.

    `address` is where the line's own page is, and its identity in the feed. `changed_at` is when it last changed.
    """

    facts: Mapping[str, Any]
    words: tuple[str, ...]
    title: str
    summary: str
    address: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. `word` begins its file names; `many` is the key of the lines in JSON; `fields` are its machine names.

    `changed_at` is when anything last changed in the whole of which this list is a part, so that a line that has left
    the list counts as a change too.
    """

    word: str
    many: str
    title: str
    summary: str
    address: str
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    none: str
    lines: tuple[Line, ...]
    changed_at: datetime


def as_data(listing: Listing) -> dict[str, Any]:
    """The list for JSON."""
    return {
        "title": listing.title,
        "url": listing.address,
        "changed_at": listing.changed_at.isoformat(),
        listing.many: [dict(line.facts) for line in listing.lines],
    }


def as_csv(listing: Listing) -> bytes:
    """The list as CSV in UTF-8 with its mark, so that Excel reads it; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(listing.fields)
    for line in listing.lines:
        writer.writerow([cell(line.facts[name]) for name in listing.fields])
    return out.getvalue().encode("utf-8-sig")


def cell(value: object) -> str:
    """A value as a cell: several are joined by semicolons, none is empty."""
    if value is None:
        return ""
    text = "; ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else str(value)
    return no_formula(clean(text))


def as_sheet(listing: Listing, dated: date | None = None) -> Sheet:
    """The list as a plain paper."""
    return Sheet(
        title=listing.title,
        dated=dated or clock.today(),
        lead=(listing.summary,),
        columns=listing.columns,
        rows=[line.words for line in listing.lines],
        none=listing.none,
        address=listing.address,
    )
