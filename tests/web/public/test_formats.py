"""The register in every format: the same filters, no cookie, an ETag, and 304 for who holds it already."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from docx import Document
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.common import clock
from metstandard.documents import feed
from metstandard.records.certificates import Certificate
from metstandard.records.units import Unit
from tests.documents import reading
from tests.factories.browser import client_for, soup
from tests.web.conftest import Rows

FORMS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "json": "application/json",
    "csv": "text/csv",
    "atom": "application/atom+xml",
}
FILES = [
    *(f"/register.{form}" for form in FORMS), "/register.pdf?print=large", "/certificates/MS-0001.docx",
    "/certificates/MS-0001/large-print.pdf", "/sitemap.xml", "/robots.txt",
]  # fmt: skip
PAGES = ["/", "/register", "/certificates/MS-0001", "/certificates/MS-0001.json", "/certificates/MS-0001.pdf", "/help"]


def get(app: Flask, url: str, **headers: str) -> TestResponse:
    """A stranger's request."""
    return client_for(app, None).get(url, headers=headers)


def says(answer: TestResponse) -> str:
    """The words of a file of any format."""
    if answer.mimetype == FORMS["pdf"]:
        return reading.text(answer.data)
    if answer.mimetype == FORMS["docx"]:
        file = Document(io.BytesIO(answer.data))
        return " ".join(cell.text for table in file.tables for row in table.rows for cell in row.cells)
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("query", "found"),
    [("", True), ("?unit=camden", True), ("?unit=barnet", False), ("?status=withdrawn", False),
     ("?status=current&unit=EK&sort=-valid", True), ("?endpoint=x&_scheme=y&sort=nonsense", True)],
)  # fmt: skip
def test_every_filter_works_on_every_format(app: Flask, form: str, query: str, found: bool) -> None:
    answer = get(app, f"/register.{form}{query}")
    assert (answer.status_code, answer.mimetype) == (200, FORMS[form])
    assert ("MS-0001" in says(answer)) is found


def test_the_page_leads_to_each_format_with_its_filters_and_to_the_feed(app: Flask) -> None:
    page = soup(get(app, "/register?unit=camden&page=1&other=x"))
    links = {link.get_text(): link["href"] for link in page.select("main p.met-no-print a")}
    assert links == {
        "PDF": "/register.pdf?unit=camden", "PDF in large print": "/register.pdf?unit=camden&print=large",
        "Word": "/register.docx?unit=camden", "CSV": "/register.csv?unit=camden",
        "JSON": "/register.json?unit=camden", "Atom feed": "/register.atom?unit=camden",
    }  # fmt: skip
    found = page.find("link", rel="alternate", type="application/atom+xml")
    assert found is not None


@pytest.mark.parametrize("url", FILES + PAGES)
def test_who_holds_an_answer_is_told_that_it_has_not_changed(app: Flask, url: str) -> None:
    first = get(app, url)
    assert first.status_code == 200
    assert first.headers["Cache-Control"].startswith("public, max-age=")
    again = get(app, url, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert "Set-Cookie" not in first.headers
    assert "Set-Cookie" not in again.headers
    assert get(app, url, **{"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("url", [one for one in FILES + PAGES if "robots" not in one and "help" not in one])
def test_a_certificate_that_is_withdrawn_changes_every_etag(app: Flask, rows: Rows, url: str) -> None:
    before = get(app, url)
    with rows() as session:
        one = session.exec(select(Certificate)).one()
        one.state, one.state_since = "withdrawn", clock.now()
    after = get(app, url, **{"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.headers["ETag"] != before.headers["ETag"]) == (200, True)


@pytest.mark.parametrize("form", FORMS)
def test_a_list_says_when_it_last_changed_and_is_not_sent_again_before(app: Flask, rows: Rows, form: str) -> None:
    first = get(app, f"/register.{form}?status=current")
    since = first.headers["Last-Modified"]
    assert get(app, f"/register.{form}?status=current", **{"If-Modified-Since": since}).status_code == 304
    with rows() as session:
        one = session.exec(select(Certificate)).one()
        one.state, one.state_since = "withdrawn", clock.now()
    left = get(app, f"/register.{form}?status=current", **{"If-Modified-Since": since})
    assert (left.status_code, "MS-0001" in says(left)) == (200, False), "a line that left is a change too"


def test_a_certificate_that_expires_at_midnight_changed_at_midnight(app: Flask, rows: Rows) -> None:
    with rows() as session:
        last_day = session.exec(select(Certificate)).one().valid_until
    midnight = clock.at_local(last_day + timedelta(days=1), 0)
    with clock.pinned_to(midnight - timedelta(seconds=1)):
        before = get(app, "/register.json")
    with clock.pinned_to(midnight):
        after = get(app, "/register.json", **{"If-None-Match": before.headers["ETag"]})
    assert before.get_json()["certificates"][0]["status"] == "current"
    assert (after.status_code, after.get_json()["changed_at"]) == (200, midnight.isoformat())
    assert after.get_json()["certificates"][0]["status"] == "expired"


def test_a_signed_in_reader_gets_nothing_that_a_cache_may_keep(app: Flask, people: dict[str, object]) -> None:
    answer = client_for(app, people["officer"]).get("/register")  # type: ignore[arg-type]
    assert (answer.headers["Cache-Control"], "ETag" in answer.headers) == ("no-store", False)


def test_hostile_words_stay_words_in_every_format(app: Flask, rows: Rows) -> None:
    hostile = '=cmd|"/C calc"!A0<script>alert(1)</script>&\x08\u202e\ufffe]]>'
    shown = '=cmd|"/C calc"!A0<script>alert(1)</script>&'
    with rows() as session:
        session.exec(select(Certificate)).one().scope = hostile
        session.exec(select(Unit).where(Unit.code == "EK")).one().name = hostile
    head, line = csv.reader(io.StringIO(get(app, "/register.csv").data.decode("utf-8-sig")))
    facts = dict(zip(head, line, strict=True))
    assert (facts["scope"], facts["unit"]) == (f"'{shown}]]>", f"'{shown}]]> BOCU")
    root = ET.fromstring(get(app, "/register.atom").data)  # noqa: S314 (our own words)
    assert shown in str(root.findtext(f".//{{{feed.ATOM}}}summary"))
    assert get(app, "/register.json").get_json()["certificates"][0]["scope"] == hostile
    for url in ("/register", "/certificates/MS-0001"):
        assert "<script>alert" not in get(app, url).get_data(as_text=True)
    for form in ("pdf", "docx"):
        assert shown.split("<", 1)[0] in says(get(app, f"/register.{form}"))


def test_the_sitemap_lists_pages_that_exist(app: Flask) -> None:
    root = ET.fromstring(get(app, "/sitemap.xml").data)  # noqa: S314 (our own words)
    places = [str(one.text) for one in root.iter(f"{{{feed.SITEMAP}}}loc")]
    assert "http://localhost/certificates/MS-0001" in places
    assert {get(app, place.removeprefix("http://localhost")).status_code for place in places} == {200}
    assert "Sitemap: http://localhost/sitemap.xml\n" in get(app, "/robots.txt").get_data(as_text=True)


def test_rendering_is_throttled_and_reading_is_not(app: Flask) -> None:
    client = client_for(app, None)
    statuses = [client.get("/register.docx").status_code for _ in range(61)]
    assert (statuses[0], statuses[-1]) == (200, 429)
    assert client.get("/register.csv").status_code == 200
