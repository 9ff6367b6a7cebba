"""The register: every certificate with its status, nothing of anything unpublished, no cookie."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.common import words
from metstandard.records.certificates import Certificate
from metstandard.records.reviews import Review
from tests.factories.browser import client_for, soup
from tests.web.conftest import Rows, heading


def get(app: Flask, url: str) -> TestResponse:
    """A stranger's request."""
    return client_for(app, None).get(url)


def cells(answer: TestResponse) -> list[list[str]]:
    """The rows of the page's first table as texts."""
    table = soup(answer).select_one("table.met-table")
    if table is None:
        return []
    return [
        [" ".join(cell.get_text(" ", strip=True).split()) for cell in row.find_all(["th", "td"])]
        for row in table.select("tbody tr")
    ]


@pytest.fixture
def one(rows: Rows) -> Certificate:
    """Camden's certificate."""
    with rows() as session:
        return session.exec(select(Certificate)).one()


PAGES = (
    "/", "/register", "/register.json", "/register.csv", "/register/units/EK", "/register/units/EF",
    "/certificates/MS-0001", "/certificates/MS-0001.json", "/verify", "/verify/AAAA", "/accessibility", "/privacy",
    "/help", "/robots.txt", "/register/units/nowhere", "/certificates/MS-0002",
)  # fmt: skip


@pytest.mark.parametrize("url", PAGES)
def test_no_public_page_sets_a_cookie(app: Flask, url: str) -> None:
    """Not even one that says that something is not there."""
    answer = get(app, url)
    assert (answer.status_code in {200, 404}, answer.headers.getlist("Set-Cookie")) == (True, [])


def test_a_page_may_be_kept_by_a_shared_cache_but_an_answer_about_a_code_may_not(app: Flask, one: Certificate) -> None:
    """Whoever checks a code gets the truth of this moment."""
    assert get(app, "/register").headers["Cache-Control"].startswith("public, max-age=")
    assert get(app, f"/verify/{one.code}").headers["Cache-Control"] == "no-store"


def test_the_register_lists_each_certificate_with_its_status(app: Flask, one: Certificate) -> None:
    """Unit, number, status, and both dates."""
    decided, until = words.day(one.decided_on), words.day(one.valid_until)
    assert cells(get(app, "/register")) == [["Camden BOCU", "MS-0001 of Camden BOCU", "Current", decided, until]]


@pytest.mark.parametrize(
    ("query", "count"),
    [("unit=camden", 1), ("unit=EK", 1), ("unit=ms-0001", 1), ("unit=barnet", 0), ("status=current", 1),
     ("status=withdrawn", 0), ("status=nonsense", 1), ("sort=-valid", 1), ("sort=nonsense", 1), ("page=99", 1)],
)  # fmt: skip
def test_the_register_is_searched_by_unit_and_filtered_by_status(app: Flask, query: str, count: int) -> None:
    """Words of the unit, its code, or the number; an unknown filter or column is passed over."""
    assert len(cells(get(app, f"/register?{query}"))) == count


def test_a_search_finds_units_without_a_certificate_without_calling_them_failed(app: Flask) -> None:
    """They are listed apart, as not currently holding the standard."""
    page = soup(get(app, "/register?unit=barnet"))
    assert [link["href"] for link in page.select("main section li a")] == ["/register/units/SX"]
    assert "not currently held" in page.get_text()
    assert "fail" not in page.get_text().lower()


def test_the_same_list_comes_as_json_and_csv(app: Flask, one: Certificate) -> None:
    """Machines get what people get."""
    entry = {
        "number": "MS-0001", "unit": "Camden BOCU", "unit_code": "EK", "status": "current",
        "decided_on": one.decided_on.isoformat(), "valid_until": one.valid_until.isoformat(), "scope": one.scope,
        "changed_at": max(one.issued_at, one.state_since).isoformat(),
        "url": "http://localhost/certificates/MS-0001",
    }  # fmt: skip
    assert get(app, "/register.json").get_json() == {
        "title": "Register of certificates", "url": "http://localhost/register", "changed_at": entry["changed_at"],
        "certificates": [entry],
    }  # fmt: skip
    head, line = get(app, "/register.csv").get_data().decode("utf-8-sig").splitlines()
    assert (head, line) == (",".join(entry), ",".join(str(value) for value in entry.values()))


def test_a_cell_of_the_csv_is_never_a_formula(app: Flask, rows: Rows) -> None:
    """A scope that begins with an equals sign gets an apostrophe."""
    with rows() as session:
        session.exec(select(Certificate)).one().scope = "=1+1"
    assert ",'=1+1," in get(app, "/register.csv").get_data(as_text=True)


def test_a_unit_page_tells_what_was_published(app: Flask, rows: Rows) -> None:
    """Outcome in the rubric's words for the public, overall and eight domains, the report."""
    answer = get(app, "/register/units/EK")
    page = soup(answer)
    assert heading(answer) == "Camden BOCU"
    assert "Met Standard achieved" in page.get_text()
    assert len(page.select("table.met-table")[1].select("tbody tr")) == 9
    with rows() as session:
        reference = session.exec(select(Review)).one().reference
    assert page.find("a", href=f"/reports/{reference}.pdf") is not None


def test_a_unit_without_a_result_does_not_currently_hold_the_standard(app: Flask) -> None:
    """And the page says that this means nothing about how the unit works."""
    text = soup(get(app, "/register/units/SX")).get_text()
    assert "The Met Standard is not currently held." in text
    assert "That says nothing about how the unit works." in text


def test_nothing_of_an_unpublished_review_is_public(app: Flask, rows: Rows) -> None:
    """The same review, taken back to the day before its publication, is nowhere; the reference was there before."""
    with rows() as session:
        reference = session.exec(select(Review)).one().reference
    assert reference in get(app, "/register/units/EK").get_data(as_text=True)
    with rows() as session:
        session.exec(select(Review)).one().published_on = None
    for url in PAGES:
        assert reference not in get(app, url).get_data(as_text=True)
    assert get(app, f"/reports/{reference}.pdf").status_code == 404


def test_the_report_is_a_file_once_it_is_published(app: Flask, rows: Rows) -> None:
    """Under the name that the command gives it too."""
    with rows() as session:
        reference = session.exec(select(Review)).one().reference
    answer = get(app, f"/reports/{reference}.pdf")
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert answer.headers["Content-Disposition"] == f"attachment; filename=report-{reference}.pdf"


def test_the_start_page_says_what_it_is_in_plain_words(app: Flask) -> None:
    """Register, verification and sign-in are one link away; no sentence is longer than 25 words."""
    page = soup(get(app, "/"))
    assert {"/register", "/verify", "/sign-in"} <= {link["href"] for link in page.find_all("a")}
    sentences = [
        one
        for block in page.select("main p, main li")
        for one in re.split(r"(?<=[.?!])\s+", block.get_text(" ", strip=True))
    ]
    assert [one for one in sentences if len(one.split()) > 25] == []


@pytest.mark.parametrize("url", ["/accessibility", "/privacy", "/help", "/verify", "/register"])
def test_what_people_read_has_sentences_of_at_most_25_words(app: Flask, url: str) -> None:
    """Plain English."""
    blocks = [one.get_text(" ", strip=True) for one in soup(get(app, url)).select("main p, main li")]
    sentences = [one for block in blocks for one in re.split(r"(?<=[.?!])\s+", block)]
    assert [one for one in sentences if len(one.split()) > 25] == []


def test_robots_may_read_the_register_and_nothing_behind_a_sign_in(app: Flask) -> None:
    """The public door is open to them."""
    text = get(app, "/robots.txt").get_data(as_text=True)
    assert "Disallow: /authority/\n" in text
    assert "Disallow: /register" not in text
