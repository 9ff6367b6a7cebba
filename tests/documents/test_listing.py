"""One list, every format: what hostile text becomes in CSV, feed, Word and PDF page."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as ET

from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from metstandard.documents import feed, render, sheet, word
from metstandard.documents.listing import Line, Listing, as_csv, as_data, as_sheet
from metstandard.documents.sheet import Sheet, qr_code
from tests.documents import reading

HOSTILE = '=HYPERLINK("http://evil")<script>alert(1)</script>&\x00\x08\u202egnp.exe\ufffe]]>'
SHOWN = '=HYPERLINK("http://evil")<script>alert(1)</script>&gnp.exe]]>'
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def listing(*names: str) -> Listing:
    """A list with a line for each name; each changed a day after the one before."""
    return Listing(
        word="roll", many="awards", title="A list", summary="What it is.", address="http://localhost/roll",
        fields=("number", "name"), columns=("Number", "Name"), none="Nothing.", changed_at=AT,
        lines=tuple(
            Line(
                facts={"number": n, "name": name}, words=(str(n), name), title=name, summary=f"About {name}",
                address=f"http://localhost/roll/{n}", changed_at=AT.replace(day=n),
            )
            for n, name in enumerate(names, start=1)
        ),
    )  # fmt: skip


def test_no_cell_of_the_csv_is_a_formula_and_every_line_stays_a_line() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(listing(HOSTILE, "a\nb")).decode("utf-8-sig"))))
    assert rows == [["number", "name"], ["1", f"'{SHOWN}"], ["2", "a\nb"]]


def test_the_json_holds_the_facts_as_they_are() -> None:
    assert as_data(listing("One")) == {
        "title": "A list", "url": "http://localhost/roll", "changed_at": "2026-11-21T12:00:00+00:00",
        "awards": [{"number": 1, "name": "One"}],
    }  # fmt: skip


def test_the_feed_is_well_formed_and_has_what_atom_requires() -> None:
    body = feed.atom(listing("One", HOSTILE), own_address="http://localhost/roll.atom?a=1&b=2")
    root = ET.fromstring(body)  # noqa: S314 (our own words)
    ns = f"{{{feed.ATOM}}}"
    assert [one.tag.removeprefix(ns) for one in root] == [
        "title", "subtitle", "id", "updated", "author", "link", "link", "entry", "entry",
    ]  # fmt: skip
    assert root.findtext(f"{ns}updated") == "2026-11-21T12:00:00+00:00"
    assert [(one.get("rel"), one.get("href")) for one in root.findall(f"{ns}link")] == [
        ("self", "http://localhost/roll.atom?a=1&b=2"), ("alternate", "http://localhost/roll"),
    ]  # fmt: skip
    newest, oldest = root.findall(f"{ns}entry")
    assert [one.tag.removeprefix(ns) for one in newest] == ["title", "id", "updated", "link", "summary"]
    assert (newest.findtext(f"{ns}title"), newest.findtext(f"{ns}id")) == (SHOWN, "http://localhost/roll/2")
    assert oldest.findtext(f"{ns}title") == "One"
    assert [one.get("type") for one in root.iter(f"{ns}title")] == [None, None, None], "read as plain text"


def test_an_empty_feed_is_a_feed() -> None:
    root = ET.fromstring(feed.atom(listing(), own_address="http://localhost/roll.atom"))  # noqa: S314 (our own words)
    assert root.findall(f"{{{feed.ATOM}}}entry") == []


def test_a_sitemap_says_what_is_known_of_each_address() -> None:
    body = feed.sitemap([("http://localhost/?a=1&b=2", None), ("http://localhost/b", date(2026, 11, 21))])
    root = ET.fromstring(body)  # noqa: S314 (our own words)
    assert [[one.text for one in url] for url in root] == [
        ["http://localhost/?a=1&b=2"], ["http://localhost/b", "2026-11-21"],
    ]  # fmt: skip


def test_the_word_file_has_headings_a_language_header_rows_and_words_for_its_picture() -> None:
    made = Sheet(
        title=HOSTILE, dated=date(2026, 11, 21), lead=("Lead",), facts=(("Name", HOSTILE),), columns=("A", "B"),
        rows=[("1", HOSTILE)], picture=qr_code("http://localhost/"),
    )  # fmt: skip
    body = word.docx(made)
    file = Document(io.BytesIO(body))
    styled = [(one.style.name, one.text) for one in file.paragraphs if one.style]
    assert [one for one in styled if one[0] != "Normal" and one[1]] == [
        ("Title", SHOWN), ("Heading 1", "Facts"), ("Heading 1", "List"),
    ]  # fmt: skip
    assert [[cell.text for cell in row.cells] for table in file.tables for row in table.rows] == [
        ["What", "Said"], ["Name", SHOWN], ["A", "B"], ["1", SHOWN],
    ]  # fmt: skip
    assert len(list(file.element.iter(qn("w:tblHeader")))) == 2
    assert {one.get(qn("w:val")) for one in file.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    assert (file.core_properties.language, file.core_properties.title) == ("en-GB", SHOWN)
    assert [one.get("descr") for one in file.element.iter(qn("wp:docPr"))] == ["QR code that opens http://localhost/"]
    assert list(file.element.iter(qn("w:hyperlink"), qn("w:fldSimple"), qn("w:instrText"))) == []
    assert word.docx(made) == body


def test_the_page_of_a_list_escapes_what_was_typed_in_both_sizes() -> None:
    made = as_sheet(listing(HOSTILE), date(2026, 11, 21))
    for large in (False, True):
        page = sheet.html(made, large=large)
        assert "<script>" not in page
        assert page.count("&lt;script&gt;") == 1
    assert "Nothing." in sheet.html(as_sheet(listing(), date(2026, 11, 21)))


def test_large_print_is_eighteen_points_and_says_the_same() -> None:
    made = as_sheet(listing("Camden BOCU", "Barnet BOCU"), date(2026, 11, 21))
    for large in (False, True):
        pdf = render.pdf(sheet.html(made, large=large))
        said = reading.text(pdf)
        wanted = ("A list", "What it is.", "Camden BOCU", "Barnet BOCU", "21 November 2026", "http://localhost/roll")
        assert [one for one in wanted if one not in said] == []
        assert (min(sizes(pdf)) >= 18) is large


def sizes(pdf: bytes) -> set[float]:
    """The sizes of type on the first page, in points."""
    found: set[float] = set()

    def note(text: str, _user: Any, matrix: Any, _font: Any, size: float) -> None:
        if text.strip():
            found.add(round(abs(matrix[3]) * size, 1))

    PdfReader(io.BytesIO(pdf)).pages[0].extract_text(visitor_text=note)
    return found
