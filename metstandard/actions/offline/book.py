"""One's own score sheet as a workbook: levels and confidence to choose from, everything but the answers locked.

Every text is written as a text: nothing in the workbook is a formula or a link.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from metstandard.actions.offline import columns
from metstandard.actions.offline.columns import (
    ANSWERS,
    ASK,
    BASE,
    CODE,
    CONFIDENCE,
    IMPROVEMENTS,
    LEVEL,
    LINKED,
    LOOK,
    REVISION,
    STRENGTHS,
    TICKED,
    TITLE,
    fingerprint,
    plain,
)
from metstandard.common import clock, words
from metstandard.queries.scoring import OwnSheet, Shelf
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.records.sheets import Confidence, Mark
from metstandard.rubric.definition import Criterion, Rubric
from metstandard.rules import markings
from metstandard.rules.guards.scoring import NOT_ENOUGH

_WIDTHS = {
    CODE: 9, TITLE: 28, LEVEL: 7, STRENGTHS: 48, IMPROVEMENTS: 48, CONFIDENCE: 11, TICKED: 14, LINKED: 14,
    REVISION: 9, BASE: 18,
}  # fmt: skip
_HOW = (
    "Fill in the white cells: level, strengths, areas for improvement, confidence, evidence.",
    "Type evidence as its numbers from the sheet “Evidence”, with commas between them.",
    "Then upload the workbook on the page that you downloaded it from. Nothing is sent before you lock your sheet.",
    "This copy is not sealed. Keep it where nobody else can read it, and delete it after the upload.",
)


def workbook(review: Review, seat: Seat, own: OwnSheet, shelf: Shelf) -> bytes:
    """The workbook of one sheet as it stands now."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": f"Score sheet, review {review.reference}", "created": clock.now()})
        looks = {
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4F0EE"}),
            "locked": book.add_format(
                {"text_wrap": True, "valign": "top", "num_format": "@", "font_color": "#4C5858", "bg_color": "#F4F6F5"}
            ),
            "answer": book.add_format(
                {"text_wrap": True, "valign": "top", "num_format": "@", "locked": False, "border": 1}
            ),
        }
        _answers(book, looks, own, shelf)
        _evidence(book, looks, shelf)
        about = columns.identity(review, seat, own.rubric)
        marking = markings.highest([review.marking, *(one.marking for one in shelf.items.values())])
        about |= {"Marking": marking.value, "Downloaded": words.moment(clock.now())}
        page = book.add_worksheet(columns.ABOUT)
        page.set_column(0, 0, 14)
        page.set_column(1, 1, 100)
        for number, (name, what) in enumerate([*about.items(), *(("", line) for line in _HOW)]):
            page.write_string(number, 0, name, looks["head"])
            page.write_string(number, 1, what, looks["locked"])
        for sheet in book.worksheets():
            _framed(sheet, review.reference, marking.value)
    return out.getvalue()


def _framed(sheet: Any, reference: str, marking: str) -> None:
    """Marking in header and footer, pages that fit, and the lock without a password: it guards against slips."""
    sheet.set_header(f'&C&"Arial,Bold"{marking}&R{reference}')
    sheet.set_footer(f'&C&"Arial,Bold"{marking}&RPage &P of &N')
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_rows": True, "format_columns": True})


def _answers(book: Any, looks: dict[str, Any], own: OwnSheet, shelf: Shelf) -> None:
    rubric = own.rubric
    levels = {f"{one.number} {one.name}": one.number for one in rubric.scale}
    names = [CODE, TITLE, *ANSWERS, LINKED, *levels, LOOK, ASK, REVISION, BASE]
    sheet = book.add_worksheet(columns.SHEET)
    asked = [one for domain in rubric.domains.values() for one in own.asked(domain)]
    for column, name in enumerate(names):
        hidden = {"hidden": name in {REVISION, BASE}}
        sheet.set_column(column, column, _WIDTHS.get(name, 40), None, hidden)
        sheet.write_string(0, column, name, looks["head"])
    for row, one in enumerate(asked, start=1):
        said = _row(one, own.marks.get(one.code), shelf)
        said |= {name: one.descriptors[number] for name, number in levels.items()}
        for column, name in enumerate(names):
            sheet.write_string(row, column, said[name], looks["answer" if name in ANSWERS else "locked"])
    _choices(sheet, names, LEVEL, len(asked), _levels(rubric), "Choose one of the levels, or NE.")
    _choices(sheet, names, CONFIDENCE, len(asked), list(Confidence), "Choose low, medium or high.")
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)


def _levels(rubric: Rubric) -> list[str]:
    return [*(str(one.number) for one in rubric.scale), *([NOT_ENOUGH] if rubric.not_enough_evidence else [])]


def _choices(sheet: Any, names: Sequence[str], name: str, rows: int, choices: Iterable[str], message: str) -> None:
    column = names.index(name)
    sheet.data_validation(
        1, column, rows, column,
        {"validate": "list", "source": [str(one) for one in choices], "error_title": name, "error_message": message},
    )  # fmt: skip


def _row(criterion: Criterion, mark: Mark | None, shelf: Shelf) -> dict[str, str]:
    mark = mark or Mark(sheet_id=0, criterion=criterion.code, revision=0)
    confidence = mark.confidence.value if mark.confidence else ""
    answers = (mark.level, plain(mark.strengths), plain(mark.improvements), confidence)
    return {
        CODE: criterion.code, TITLE: criterion.title, **dict(zip(ANSWERS, answers, strict=False)),
        TICKED: _numbers(mark.evidence), LINKED: _numbers(one.key for one in shelf[criterion.code] if not one.removed),
        LOOK: "\n".join(criterion.look_for), ASK: "\n".join(criterion.ask), REVISION: str(mark.revision),
        BASE: fingerprint(*answers, mark.evidence),
    }  # fmt: skip


def _numbers(found: Iterable[int]) -> str:
    return ", ".join(str(one) for one in found)


def _evidence(book: Any, looks: dict[str, Any], shelf: Shelf) -> None:
    """Every item that may be typed as a number, and the criteria that it was filed under."""
    sheet = book.add_worksheet(columns.EVIDENCE)
    for column, (name, width) in enumerate((("Number", 10), ("Title", 50), ("What it is", 50), ("Filed under", 40))):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, looks["head"])
    row = 0
    for key, item in shelf.items.items():
        if item.removed:
            continue
        row += 1
        filed = [code for code, keys in shelf.linked.items() if key in keys]
        for column, text in enumerate((str(key), plain(item.title), plain(item.about), ", ".join(filed))):
            sheet.write_string(row, column, text, looks["locked"])
