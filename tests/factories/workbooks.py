"""A downloaded workbook as somebody fills it in: cells of its sheets changed, and saved again."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from openpyxl import load_workbook

from metstandard.actions.offline.columns import SHEET


def cells_of(content: bytes, sheet: str = SHEET) -> list[list[str]]:
    """The texts of a sheet by row."""
    book: Any = load_workbook(io.BytesIO(content))
    return [["" if cell is None else str(cell) for cell in row] for row in book[sheet].iter_rows(values_only=True)]


def typed(content: bytes, cells: dict[str, Any], sheet: str = SHEET) -> bytes:
    """The same workbook with other values in some cells. A text is stored as a text, as a spreadsheet's text cell does.

    A value that begins with `FORMULA` becomes a real formula.
    """

    def fill(book: Any) -> None:
        for place, value in cells.items():
            cell = book[sheet][place]
            formula = isinstance(value, str) and value.startswith("FORMULA")
            cell.value = value.removeprefix("FORMULA") if formula else value
            if isinstance(value, str) and not formula:
                cell.data_type = "s"

    return edited(content, fill)


def edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    """The same workbook after `change` was done to it."""
    book: Any = load_workbook(io.BytesIO(content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
