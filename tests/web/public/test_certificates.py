"""One certificate for everybody, and the truth about a code."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.common import clock
from metstandard.documents.certificate import facts
from metstandard.documents.issued import certificate_paper
from metstandard.records.certificates import Certificate
from tests.factories.browser import client_for, form_of, soup
from tests.web.conftest import Rows, heading

HEADINGS = {
    "current": "Genuine and current",
    "suspended": "Genuine, but suspended",
    "withdrawn": "Genuine, but withdrawn",
    "expired": "Genuine, but expired",
    "superseded": "Genuine, but replaced by a later one",
}


def get(app: Flask, url: str) -> TestResponse:
    """A stranger's request."""
    return client_for(app, None).get(url)


def put_into(rows: Rows, state: str) -> str:
    """The certificate's code, after it was put into a state."""
    with rows() as session:
        one = session.exec(select(Certificate)).one()
        one.state = state
        return one.code


@pytest.mark.parametrize("state", HEADINGS)
def test_a_certificate_has_its_page_whatever_became_of_it(app: Flask, rows: Rows, state: str) -> None:
    """Never a 404 for a revoked one: the banner, the verification and the JSON all say how it stands."""
    code = put_into(rows, state)
    page = get(app, "/certificates/MS-0001")
    banner = soup(page).select_one("[data-status]")
    assert banner is not None
    assert (page.status_code, banner["data-status"]) == (200, state)
    checked = get(app, f"/verify/{code}")
    assert (checked.status_code, heading(checked)) == (200, HEADINGS[state])
    assert get(app, "/certificates/MS-0001.json").get_json()["status"] == state
    assert get(app, "/register.json").get_json()["certificates"][0]["status"] == state


def test_a_certificate_past_its_last_day_is_expired_even_before_the_clock_has_swept(app: Flask, rows: Rows) -> None:
    """The public is told by the date, not by when a worker ran."""
    with rows() as session:
        one = session.exec(select(Certificate)).one()
        one.valid_until = clock.today() - timedelta(days=1)
        code = one.code
    assert heading(get(app, f"/verify/{code}")) == "Genuine, but expired"


def test_the_page_says_all_that_the_paper_says(app: Flask, rows: Rows) -> None:
    """Each fact of the PDF stands on the page beside it."""
    with rows() as session:
        paper = certificate_paper(session, session.exec(select(Certificate)).one())
    text = " ".join(soup(get(app, "/certificates/MS-0001")).get_text(" ").split())
    assert [value for _, value in facts(paper) if value not in text] == []


def test_the_paper_of_a_withdrawn_certificate_says_so(app: Flask, rows: Rows) -> None:
    """The file differs from that of the current one."""
    current = get(app, "/certificates/MS-0001.pdf")
    assert (current.status_code, current.mimetype, current.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert current.headers["Content-Disposition"] == "attachment; filename=certificate-MS-0001.pdf"
    put_into(rows, "withdrawn")
    assert get(app, "/certificates/MS-0001.pdf").data != current.data


@pytest.mark.parametrize("number", ["ms-0001", "MS-1", "MS1", "MS-00001"])
def test_a_number_written_otherwise_leads_to_the_page(app: Flask, number: str) -> None:
    """One address for each certificate."""
    assert get(app, f"/certificates/{number}").location == "/certificates/MS-0001"


@pytest.mark.parametrize("number", ["MS-0002", "MS-0000", "XX-0001", "MS-99999999999", "1"])
def test_a_number_never_issued_is_not_found(app: Flask, number: str) -> None:
    """Page, paper and JSON alike."""
    assert [get(app, f"/certificates/{number}{end}").status_code for end in ("", ".pdf", ".json")] == [404] * 3


def test_a_code_may_be_typed_in_small_letters_with_spaces(app: Flask, rows: Rows) -> None:
    """The form leads to the address behind the QR code."""
    code = put_into(rows, "current")
    for typed in (code.lower(), code.replace("-", " "), f"  {code.lower().replace('-', '')} "):
        assert get(app, f"/verify?code={typed}").location == f"/verify/{code}"


def test_the_form_is_sent_by_get_and_asks_for_a_code(app: Flask) -> None:
    """Without one the message stands beside the field."""
    page = soup(get(app, "/verify"))
    assert form_of(page, "Check")["method"] == "get"
    assert soup(get(app, "/verify?code=%20-%20")).select_one("#code-error") is not None


def test_an_unknown_code_is_no_certificate(app: Flask) -> None:
    """It says what to do, and never what a code would have to be."""
    answer = get(app, "/verify/2345-6789-ABCD")
    assert (answer.status_code, heading(answer)) == (404, "There is no certificate with this code")


def test_a_code_full_of_nonsense_is_no_certificate_either(app: Flask) -> None:
    """Very long, with signs, or without any letter."""
    for url in ("/verify/" + "A" * 3000, "/verify/%3Cscript%3E", "/verify/---"):
        answer = client_for(app, None).get(url, follow_redirects=True)
        assert answer.status_code == 404
        assert b"<script>" not in answer.data


def test_guessing_codes_is_slowed_down(app: Flask) -> None:
    """Sixty tries a minute from one address."""
    client = client_for(app, None)
    statuses = [client.get("/verify/AAAA-BBBB").status_code for _ in range(61)]
    assert (set(statuses[:60]), statuses[60]) == ({404}, 429)
