"""The same plain paper as a Word file: real headings, a language, header rows that repeat, words beside pictures."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from metstandard.common import words
from metstandard.common.characters import clean
from metstandard.documents.sheet import Picture, Sheet

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LANGUAGE = "en-GB"
_FONT = "Arial"
_SIZE = Pt(12)
_BEGINNING = (1980, 1, 1, 0, 0, 0)


def docx(sheet: Sheet) -> bytes:
    """The Word file, byte for byte the same for the same sheet. Typed text is text: no field, no link, no formula."""
    made: Any = Document()
    _prepare(made, sheet)
    made.add_heading(clean(sheet.title), level=0)
    made.add_paragraph(f"As it stood on {words.day(sheet.dated)}")
    for text in sheet.lead:
        made.add_paragraph(clean(text))
    if sheet.facts:
        made.add_heading("Facts", level=1)
        _table(made, ("What", "Said"), list(sheet.facts))
    if sheet.columns:
        made.add_heading("List", level=1)
        if sheet.rows:
            _table(made, sheet.columns, list(sheet.rows))
        else:
            made.add_paragraph(clean(sheet.none))
    if sheet.picture is not None:
        _picture(made, sheet.picture)
    for text in sheet.closing:
        made.add_paragraph(clean(text))
    if sheet.address:
        made.add_paragraph(clean(sheet.address))
    out = io.BytesIO()
    made.save(out)
    return _same_every_time(out.getvalue())


def _prepare(made: Any, sheet: Sheet) -> None:
    """Title, language, dates and type of the document; A4 with room to read."""
    facts = made.core_properties
    moment = datetime.combine(sheet.dated, time(), tzinfo=UTC)
    facts.title, facts.author, facts.language = clean(sheet.title)[:255], sheet.author, LANGUAGE
    facts.comments, facts.last_modified_by, facts.revision = "", sheet.author, 1
    facts.created = facts.modified = moment
    style = made.styles["Normal"]
    style.font.name, style.font.size = _FONT, _SIZE
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(20))


def _table(made: Any, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    table = made.add_table(rows=1 + len(rows), cols=len(columns))
    table.style = "Table Grid"
    _header(table.rows[0])
    cells = list(table._cells)  # noqa: SLF001  one walk; `row.cells` walks the whole table for each row
    for place, text in enumerate([*columns, *(text for row in rows for text in row)]):
        cells[place].text = clean(text) or "–"
    for cell in cells[: len(columns)]:
        cell.paragraphs[0].runs[0].bold = True


def _header(row: Any) -> None:
    """Mark a row as the table's head: it is read aloud as such and repeated on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)  # noqa: SLF001  python-docx has no word for it


def _picture(made: Any, picture: Picture) -> None:
    shape = made.add_picture(io.BytesIO(picture.png), width=Mm(picture.width))
    facts = shape._inline.docPr  # noqa: SLF001  python-docx has no word for the alternative text
    facts.set("descr", clean(picture.words))
    facts.set("title", clean(picture.words)[:60])


def _same_every_time(body: bytes) -> bytes:
    """The same parts in the same order without the time of day, so that a cache knows the file again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, _BEGINNING)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(part.filename))
    return out.getvalue()
