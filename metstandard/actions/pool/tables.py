"""Reading a table that somebody sends, CSV or XLSX, as plain texts by row; nothing in the file is run or trusted.

Whole files are refused with a sentence (`Invalid`); single cells that cannot be read are named with sheet, row, column.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from metstandard.common.errors import Invalid

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 10_000
MOST_COLUMNS = 60
_MOST_UNPACKED = 60 * 1024 * 1024
_MOST_PARTS = 500
_LONGEST_CELL = 2_000
_PROLOGUE = 4_096
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


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


@dataclass(frozen=True)
class Line:
    """One row of texts by the name of the column; `places` gives the number of each column."""

    row: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A header, rows, and the cells that could not be read."""

    sheet: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    wrong: tuple[Wrong, ...] = field(default=())

    def problem(self, line: Line, name: str, problem: str) -> Wrong:
        """A bad cell of this table."""
        column = self.columns.index(name) + 1 if name in self.columns else 1
        return Wrong(self.sheet, line.row, column, name, line.cells.get(name, ""), problem)


def read(content: bytes, name: str) -> Table:
    """The table of a file. Raises Invalid, field `upload`, for a file that is no table of ours."""
    if not content.strip():
        raise _refused("The file is empty")
    if len(content) > MOST_BYTES:
        raise _refused(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB")
    if content.startswith(_OLD_EXCEL):
        raise _refused("This is an old or locked Excel file: save it as xlsx without a password")
    if content.startswith(b"PK"):
        return _table(*_workbook(content))
    return _table(_word(name), _text_rows(content), [])


def _refused(sentence: str) -> Invalid:
    return Invalid(sentence, field="upload")


def _word(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1][:60] or "File"


def _text_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused("The file is UTF-16 text: save it as “CSV UTF-8”")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as failed:
        before = content[: failed.start]
        line = before.count(b"\n") + 1
        raise _refused(f"Line {line} is not UTF-8 text: save the file as “CSV UTF-8”") from None
    if "\0" in text:
        raise _refused("The file is no text: send CSV or XLSX")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as failed:
            raise _refused(f"Line {line} cannot be read: {failed}") from None
        if cells is None:
            return
        yield line, cells
        line = reader.line_num + 1


def _workbook(content: bytes) -> tuple[str, Iterator[tuple[int, list[str]]], list[Wrong]]:
    """The first sheet of a workbook that holds nothing but cells."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _harmless(parts)
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        sheet: Any = book.worksheets[0]
    except Invalid:
        raise
    except Exception as failed:
        # A damaged workbook fails anywhere in the library, with any exception.
        raise _refused("The workbook is damaged, or it is no xlsx file") from failed
    wrong: list[Wrong] = []
    return str(sheet.title), _cells(sheet, wrong), wrong


def _harmless(parts: zipfile.ZipFile) -> None:
    """Refuse bombs, macros, links to other files, and entities."""
    members = parts.infolist()
    if len(members) > _MOST_PARTS or sum(one.file_size for one in members) > _MOST_UNPACKED:
        raise _refused("The workbook unpacks to too much")
    names = [one.filename for one in members]
    if "xl/workbook.xml" not in names:
        raise _refused("This is no xlsx workbook: send CSV or XLSX")
    if any(name.lower().endswith(("vbaproject.bin", ".xlm")) or "macrosheets/" in name.lower() for name in names):
        raise _refused("The workbook holds macros: save it without them, as xlsx")
    if any("externallinks/" in name.lower() for name in names):
        raise _refused("The workbook draws on other files: save it with values only")
    for one in members:
        if one.filename.endswith((".xml", ".rels")):
            with parts.open(one) as part:
                start = part.read(_PROLOGUE).replace(b"\0", b"")
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise _refused("The workbook is damaged, or it is no xlsx file")


def _cells(sheet: Any, wrong: list[Wrong]) -> Iterator[tuple[int, list[str]]]:
    title = str(sheet.title)
    try:
        for row, cells in enumerate(sheet.iter_rows(), start=1):
            texts = []
            for column, cell in enumerate(cells, start=1):
                if cell.data_type in {"f", "e"}:
                    what = "holds a formula: put the value there" if cell.data_type == "f" else "holds an error"
                    wrong.append(Wrong(title, row, column, "", str(cell.value)[:60], what))
                texts.append(_said(cell.value))
            while texts and not texts[-1]:
                texts.pop()
            yield row, texts
    except (ValueError, KeyError, TypeError, SyntaxError, zipfile.BadZipFile) as failed:
        raise _refused("The workbook is damaged, or it is no xlsx file") from failed


def _said(value: object) -> str:
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


def _table(sheet: str, rows: Iterable[tuple[int, list[str]]], wrong: list[Wrong]) -> Table:
    found = iter(rows)
    _, header = next(found, (1, []))
    columns = tuple(one.strip().lower().replace(" ", "_") for one in header)
    _check_header(columns)
    lines: list[Line] = []
    for row, cells in found:
        if not any(cell.strip() for cell in cells):
            continue
        if len(lines) == MOST_ROWS:
            raise _refused(f"The file has more than {MOST_ROWS:,} rows: send it in parts")
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            last = len(columns) + 1
            wrong.append(Wrong(sheet, row, last, "", cells[last - 1][:60], "stands outside the columns of the header"))
        lines.append(Line(row, _named(sheet, row, columns, cells, wrong)))
    named = [one if one.name else _with_name(one, columns) for one in wrong]
    return Table(sheet, columns, tuple(lines), tuple(named))


def _with_name(one: Wrong, columns: tuple[str, ...]) -> Wrong:
    name = columns[one.column - 1] if one.column <= len(columns) else ""
    return Wrong(one.sheet, one.row, one.column, name, one.found, one.problem)


def _check_header(columns: tuple[str, ...]) -> None:
    if len(columns) > MOST_COLUMNS:
        raise _refused(f"The file has more than {MOST_COLUMNS} columns")
    for number, name in enumerate(columns, start=1):
        letter = get_column_letter(number)
        if not name:
            raise _refused(f"Column {letter} has no name in the first row")
        if columns.index(name) + 1 != number:
            raise _refused(f"The column “{name}” is there twice: see {letter}")


def _named(sheet: str, row: int, columns: tuple[str, ...], cells: list[str], wrong: list[Wrong]) -> dict[str, str]:
    texts = {}
    for number, name in enumerate(columns):
        text = cells[number].strip() if number < len(cells) else ""
        if text.startswith("'") and text[1:].startswith(_FORMULA):
            # As our own export writes it, so that no spreadsheet takes it for a formula.
            text = text[1:]
        if len(text) > _LONGEST_CELL:
            wrong.append(Wrong(sheet, row, number + 1, name, text[:60], f"is longer than {_LONGEST_CELL:,} signs"))
        elif any(ord(sign) < 32 and sign not in "\n\t" for sign in text):  # noqa: PLR2004 (control characters)
            wrong.append(Wrong(sheet, row, number + 1, name, text[:60], "holds signs that cannot be shown"))
        texts[name] = text
    return texts
