"""A plain paper: a heading, some paragraphs, facts, a list. It is printed as PDF, also in large print, or as Word file.

Plain data in. `words` of a line are what people read, in the order of the sheet's columns.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno

from metstandard.documents import pages


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that says something, as PNG, with the words for those who cannot see it. `width` in millimetres."""

    png: bytes
    words: str
    width: int = 30


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the paper. `rows` hold as many words as there are `columns`; the first names the row.

    `marking` is a protective marking, printed above and below every page (rules.md B9); empty on what is public.
    """

    title: str
    dated: date
    lead: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: Sequence[tuple[str, ...]] = ()
    none: str = ""
    closing: tuple[str, ...] = ()
    picture: Picture | None = None
    address: str = ""
    author: str = "The Met Standard programme"
    marking: str = ""


def html(sheet: Sheet, *, large: bool = False) -> str:
    """The page that is given to the renderer. In large print, 18 points and more, each row is a block of its own."""
    return pages.page("sheet", sheet=sheet, large=large)


def qr_code(address: str) -> Picture:
    """An address as a QR code; its words say the address."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="png", scale=8, border=2)
    return Picture(out.getvalue(), f"QR code that opens {address}")
