"""Tables that people send: read as plain texts, or refused with a sentence that says what to do."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from openpyxl import Workbook

from metstandard.actions.pool import tables
from metstandard.common.errors import Invalid


def book(*rows: list[object], title: str = "Reviewers") -> bytes:
    """A workbook with one sheet."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(content: bytes, name: str, text: bytes) -> bytes:
    """The same workbook with one more part, or with one replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            if one.filename != name:
                new.writestr(one.filename, old.read(one))
        new.writestr(name, text)
    return out.getvalue()


def refusal(content: bytes, name: str = "list.csv") -> str:
    with pytest.raises(Invalid) as refused:
        tables.read(content, name)
    assert refused.value.field == "upload"
    return str(refused.value)


def cells(table: tables.Table) -> list[tuple[int, dict[str, str]]]:
    return [(one.row, one.cells) for one in table.lines]


def test_a_csv_file_is_read_whatever_its_separator_and_mark() -> None:
    wanted = [(2, {"email": "a@b.org", "seat": "peer"}), (4, {"email": "c@d.org", "seat": ""})]
    for text in ("email,seat\na@b.org,peer\n\nc@d.org\n", "\ufeffEmail;Seat\r\na@b.org; peer\r\n;\r\nc@d.org;\r\n"):
        assert cells(tables.read(text.encode(), "list.csv")) == wanted


def test_a_workbook_is_read_as_people_see_it() -> None:
    """Numbers without a point, dates as dates, ticks as words."""
    table = tables.read(
        book(["email", "rank", "trained until", "can_lead"], ["a@b.org", 4.0, date(2027, 1, 31), True]), "x.xlsx"
    )
    assert (table.sheet, table.columns) == ("Reviewers", ("email", "rank", "trained_until", "can_lead"))
    assert cells(table) == [
        (2, {"email": "a@b.org", "rank": "4", "trained_until": "2027-01-31", "can_lead": "yes"})
    ]  # fmt: skip
    assert table.wrong == ()


def test_a_formula_is_a_bad_cell_and_never_run() -> None:
    table = tables.read(book(["email", "seat"], ["a@b.org", "=1+1"]), "x.xlsx")
    assert [(one.place, one.found, one.problem) for one in table.wrong] == [
        ("Reviewers, row 2, column B (seat)", "=1+1", "holds a formula: put the value there")
    ]


def test_what_our_own_export_keeps_from_being_a_formula_comes_back_as_it_was() -> None:
    assert cells(tables.read(b"email,name\na@b.org,'=cmd\n", "list.csv")) == [(2, {"email": "a@b.org", "name": "=cmd"})]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty"),
        ("email\ncaf\xe9".encode("latin-1"), "Line 2 is not UTF-8 text: save the file as “CSV UTF-8”"),
        ("email\na".encode("utf-16"), "The file is UTF-16 text: save it as “CSV UTF-8”"),
        (b"email\0,seat\n", "The file is no text: send CSV or XLSX"),
        (b"email,seat,Email\n", "The column “email” is there twice: see C"),
        (b"email,,seat\n", "Column B has no name in the first row"),
        (b'email\n"open', "Line 2 cannot be read: unexpected end of data"),
        (b"\xd0\xcf\x11\xe0 old", "This is an old or locked Excel file: save it as xlsx without a password"),
        (b"PK\x03\x04 broken", "The workbook is damaged, or it is no xlsx file"),
        (b"email\n" + b"a" * (5 * 1024 * 1024), "The file is larger than 5 MB"),
        (b",".join(b"c%d" % n for n in range(61)), "The file has more than 60 columns"),
        (b"email\n" + b"a@b.org\n" * 10_001, "The file has more than 10,000 rows: send it in parts"),
    ],
    ids=["empty", "latin", "utf16", "nul", "twice", "nameless", "quote", "xls", "broken", "large", "wide", "long"],
)
def test_a_file_that_is_no_table_of_ours_is_refused_with_what_to_do(content: bytes, sentence: str) -> None:
    assert refusal(content) == sentence


def test_workbooks_that_hold_more_than_cells_are_refused() -> None:
    plain = book(["email"], ["a@b.org"])
    assert cells(tables.read(plain, "x.xlsx")) == [(2, {"email": "a@b.org"})]
    macros = with_part(plain, "xl/vbaProject.bin", b"code")
    assert refusal(macros) == "The workbook holds macros: save it without them, as xlsx"
    linked = with_part(plain, "xl/externalLinks/externalLink1.xml", b"<a/>")
    assert refusal(linked) == "The workbook draws on other files: save it with values only"
    entity = with_part(plain, "xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')
    assert refusal(entity) == "The workbook is damaged, or it is no xlsx file"
    assert refusal(with_part(plain, "xl/workbook.xml", b"<a>")) == "The workbook is damaged, or it is no xlsx file"


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = with_part(book(["email"]), "xl/worksheets/sheet1.xml", b" " * (61 * 1024 * 1024))
    assert len(bomb) < 100_000
    assert refusal(bomb) == "The workbook unpacks to too much"


def test_a_cell_outside_the_header_or_with_signs_that_cannot_be_shown_is_named() -> None:
    table = tables.read(b"email,seat\na@b.org,pe\x07er\nc@d.org,peer,more\n", "folder/list.csv")
    assert [(one.place, one.problem) for one in table.wrong] == [
        ("list.csv, row 2, column B (seat)", "holds signs that cannot be shown"),
        ("list.csv, row 3, column C", "stands outside the columns of the header"),
    ]
