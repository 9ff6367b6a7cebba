"""Reading a table that somebody sends, CSV or XLSX, as plain texts by row; nothing in the file is run or trusted.

Whole files are refused with a sentence (`Invalid`); single cells that cannot be read are named with sheet, row, column.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from openpyxl.utils import get_column_letter

from metstandard.actions.workbooks import FORMULA, Wrong, check_size, refused, rows_of, worksheets

MOST_ROWS = 10_000
MOST_COLUMNS = 60
_LONGEST_CELL = 2_000


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
    check_size(content)
    if content.startswith(b"PK"):
        return _table(*_workbook(content))
    return _table(_word(name), _text_rows(content), [])


def _word(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1][:60] or "File"


def _text_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line it begins on."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refused("The file is UTF-16 text: save it as “CSV UTF-8”")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as failed:
        before = content[: failed.start]
        line = before.count(b"\n") + 1
        raise refused(f"Line {line} is not UTF-8 text: save the file as “CSV UTF-8”") from None
    if "\0" in text:
        raise refused("The file is no text: send CSV or XLSX")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as failed:
            raise refused(f"Line {line} cannot be read: {failed}") from None
        if cells is None:
            return
        yield line, cells
        line = reader.line_num + 1


def _workbook(content: bytes) -> tuple[str, Iterator[tuple[int, list[str]]], list[Wrong]]:
    """The first sheet of a workbook that holds nothing but cells."""
    title, sheet = next(iter(worksheets(content).items()))
    wrong: list[Wrong] = []
    return title, rows_of(sheet, wrong), wrong


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
            raise refused(f"The file has more than {MOST_ROWS:,} rows: send it in parts")
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
        raise refused(f"The file has more than {MOST_COLUMNS} columns")
    for number, name in enumerate(columns, start=1):
        letter = get_column_letter(number)
        if not name:
            raise refused(f"Column {letter} has no name in the first row")
        if columns.index(name) + 1 != number:
            raise refused(f"The column “{name}” is there twice: see {letter}")


def _named(sheet: str, row: int, columns: tuple[str, ...], cells: list[str], wrong: list[Wrong]) -> dict[str, str]:
    texts = {}
    for number, name in enumerate(columns):
        text = cells[number].strip() if number < len(cells) else ""
        if text.startswith("'") and text[1:].startswith(FORMULA):
            # As our own export writes it, so that no spreadsheet takes it for a formula.
            text = text[1:]
        if len(text) > _LONGEST_CELL:
            wrong.append(Wrong(sheet, row, number + 1, name, text[:60], f"is longer than {_LONGEST_CELL:,} signs"))
        elif any(ord(sign) < 32 and sign not in "\n\t" for sign in text):  # noqa: PLR2004 (control characters)
            wrong.append(Wrong(sheet, row, number + 1, name, text[:60], "holds signs that cannot be shown"))
        texts[name] = text
    return texts
