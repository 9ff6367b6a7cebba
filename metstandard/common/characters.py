"""What a text from outside may hold, wherever it is written down: no controls, nothing that turns the line round."""

from __future__ import annotations

import re
import unicodedata

# Embeddings, overrides and isolates: they make `exe.txt` read `txt.exe`. Marks and joiners of real scripts stay.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_KEPT = "\n\t"
_LAST_OF_PLANE = 0xFFFE
# What a spreadsheet reads as a formula at the start of a cell, its full-width twins included.
_FORMULA = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
_BREAKS = frozenset("\t\r\n")


def clean(text: str) -> str:
    """A text that XML, a database and a reader's eye can all take: plain line ends, no invisible controls."""
    return "".join(one for one in _LINE_ENDS.sub("\n", text) if _is_text(one))


def one_line(text: str) -> str:
    """A clean text on one line, single spaces between its words."""
    return " ".join(clean(text).split())


def no_formula(text: str) -> str:
    """A cell that no spreadsheet calculates: an apostrophe stands before what would be read as a formula."""
    begins = text.lstrip()[:1]
    formula = bool(begins) and begins in _FORMULA
    return f"'{text}" if formula or (text and text[0] in _BREAKS) else text


def _is_text(one: str) -> bool:
    if one in _KEPT:
        return True
    if one in _TURNS or unicodedata.category(one) in {"Cc", "Cs"}:
        return False
    return ord(one) & 0xFFFF < _LAST_OF_PLANE
