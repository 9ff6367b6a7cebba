"""Opening a workbook that somebody sends: nothing in it is run or trusted, and every bad cell can be named.

Whole files are refused with a sentence (`Invalid`, field `upload`).
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from metstandard.common.errors import Invalid

MOST_BYTES = 5 * 1024 * 1024
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_PARTS = 500
_PROLOGUE = 4_096
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Wrong:
    """One bad cell: where it is, what was found there, what is wrong. Rows count from 1, the header's."""

    sheet: str
    row: int
    column: int
    name: str
    found: str
    problem: str

    @property
    def place(self) -> str:
        """`Reviewers, row 4, column C (seat)`."""
        what = f" ({self.name})" if self.name else ""
        return f"{self.sheet}, row {self.row}, column {get_column_letter(self.column)}{what}"


def refused(sentence: str) -> Invalid:
    """A file that is refused whole."""
    return Invalid(sentence, field="upload")


def check_size(content: bytes) -> None:
    """Refuse what is empty, too large, or a workbook of the old kind."""
    if not content.strip():
        raise refused("The file is empty")
    if len(content) > MOST_BYTES:
        raise refused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB")
    if content.startswith(_OLD_EXCEL):
        raise refused("This is an old or locked Excel file: save it as xlsx without a password")


def worksheets(content: bytes) -> dict[str, Any]:
    """The worksheets of a workbook that holds nothing but cells, by title; openpyxl's types say little of them."""
    check_size(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _harmless(parts)
        book: Any = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        found = {str(one.title): one for one in book.worksheets}
    except Invalid:
        raise
    except Exception as failed:
        # A damaged workbook fails anywhere in the library, with any exception.
        raise refused("The workbook is damaged, or it is no xlsx file") from failed
    if not found:
        raise refused("The workbook has no sheet")
    return found


def _harmless(parts: zipfile.ZipFile) -> None:
    """Refuse bombs, macros, links to other files, and entities."""
    members = parts.infolist()
    if len(members) > _MOST_PARTS or sum(one.file_size for one in members) > _MOST_UNPACKED:
        raise refused("The workbook unpacks to too much")
    names = [one.filename for one in members]
    if "xl/workbook.xml" not in names:
        raise refused("This is no xlsx workbook: send CSV or XLSX")
    if any(name.lower().endswith(("vbaproject.bin", ".xlm")) or "macrosheets/" in name.lower() for name in names):
        raise refused("The workbook holds macros: save it without them, as xlsx")
    if any("externallinks/" in name.lower() for name in names):
        raise refused("The workbook draws on other files: save it with values only")
    for one in members:
        if one.filename.endswith((".xml", ".rels")):
            with parts.open(one) as part:
                start = part.read(_PROLOGUE).replace(b"\0", b"")
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise refused("The workbook is damaged, or it is no xlsx file")


def rows_of(sheet: Any, wrong: list[Wrong]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet as texts, from row 1; formulas and errors are named in `wrong`, and never evaluated."""
    title = str(sheet.title)
    try:
        for row, cells in enumerate(sheet.iter_rows(), start=1):
            texts = []
            for column, cell in enumerate(cells, start=1):
                if cell.data_type in {"f", "e"}:
                    what = "holds a formula: put the value there" if cell.data_type == "f" else "holds an error"
                    wrong.append(Wrong(title, row, column, "", str(cell.value)[:60], what))
                texts.append(said(cell.value))
            while texts and not texts[-1]:
                texts.pop()
            yield row, texts
    except (ValueError, KeyError, TypeError, SyntaxError, zipfile.BadZipFile) as failed:
        raise refused("The workbook is damaged, or it is no xlsx file") from failed


def said(value: object) -> str:
    """A cell as somebody would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
