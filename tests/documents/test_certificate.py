"""The certificate says what the paper says, on one page, whatever the names are."""

from __future__ import annotations

from datetime import date

import pytest
from inline_snapshot import external_file

from metstandard.documents import certificate
from metstandard.documents.certificate import Signatory
from tests.documents import papers, reading

LONGEST_NAME = ("Royal Borough of Kensington and Chelsea with Hammersmith and Fulham, Joint Operational " * 2)[:160]
LONGEST_SCOPE = ("neighbourhood policing, response, custody and public protection in both boroughs, " * 5)[:400]
TOP_OF_SEAL = 135  # millimetres, print.css
HOSTILE = '<script>alert(1)</script><img src="file:///etc/hostname"> url(file:///etc/hostname) & {{ 7 * 7 }} </style>'


def words(html: str) -> str:
    """The body of a page as lines without indent and without the squares of the QR code."""
    start = html.index("<body>")
    lines = (line.strip() for line in html[start:].splitlines() if line.strip())
    return "\n".join(line if "<svg" not in line else line[: line.index("<path")] + "..." for line in lines)


def test_the_page_given_to_the_renderer() -> None:
    assert words(certificate.html(papers.certificate(marking="official"))) == external_file("certificate.txt")


def test_the_pdf_says_it_on_one_page_of_a4_landscape() -> None:
    pdf = certificate.pdf(papers.certificate())
    assert reading.size(pdf) == (297, 210)
    (only,) = reading.pages(pdf)
    assert only == (
        "Metropolitan Police Authority · Commissioner of Police The Met StandardThis is to certify that"
        " Camden Borough Operational Command Unit under the command of the Borough Commander, Camden was assessed by an"
        " independent panel against the Met Standard, edition 1, and has achieved it. The assessment covered the whole"
        " unit. Decided jointly on 14 October 2026 · Valid until 14 October 2029 Chief Executive for the Metropolitan"
        " Police Authority Deputy Commissioner for the Commissioner of Police Certificate MS-0007 Unit EK Valid from"
        " 14 October 2026 Issued 2 November 2026 Verify at https://standard.example.org/certificates/7KQF-29TM-XWBA"
        f" Code 7KQF-29TM-XWBA Head of the journal {certificate.grouped(papers.HEAD)}"
    )


def test_the_same_paper_gives_the_same_bytes() -> None:
    assert certificate.pdf(papers.certificate()) == certificate.pdf(papers.certificate())
    assert certificate.pdf(papers.certificate()) != certificate.pdf(papers.certificate(number="MS-0008"))


@pytest.mark.parametrize("status", ["current", "withdrawn"])
@pytest.mark.parametrize("name", ["B", papers.UNIT, LONGEST_NAME])
@pytest.mark.parametrize("scope", ["custody", LONGEST_SCOPE])
def test_the_longest_names_stay_on_one_page(name: str, scope: str, status: str) -> None:
    paper = papers.certificate(unit_name=name, scope=scope, status=status, commander="the Commander of " + "both " * 10)
    pdf = certificate.pdf(paper)
    (only,) = reading.pages(pdf)
    assert papers.HEAD[-8:] in only
    assert reading.lowest(pdf, "2029") < TOP_OF_SEAL


@pytest.mark.parametrize("status", ["suspended", "withdrawn", "expired", "superseded"])
def test_a_certificate_that_is_not_current_says_so(status: str) -> None:
    text = reading.text(certificate.pdf(papers.certificate(status=status)))
    assert f"This certificate is {status}. The public register says how it stands today." in text
    assert "This certificate is" not in reading.text(certificate.pdf(papers.certificate()))


def test_the_marking_stands_at_the_top_and_bottom_when_there_is_one() -> None:
    marked = reading.text(certificate.pdf(papers.certificate(marking="official-sensitive")))
    assert marked.count("OFFICIAL-SENSITIVE") == 2
    assert "OFFICIAL" not in reading.text(certificate.pdf(papers.certificate()))


def test_what_looks_like_code_in_a_name_stays_text() -> None:
    paper = papers.certificate(
        unit_name=HOSTILE,
        commander=HOSTILE,
        scope=HOSTILE,
        code=HOSTILE[:8],
        signatories=(Signatory(HOSTILE, "Chief Executive"), Signatory("Commissioner of Police", HOSTILE)),
    )
    text = reading.text(certificate.pdf(paper)).replace(" ", "")
    assert text.count(HOSTILE.replace(" ", "")) >= 5


def test_the_code_for_cameras_holds_the_verification_address() -> None:
    here = certificate.html(papers.certificate())
    assert "<title>QR code of the verification address</title>" in here
    assert certificate.html(papers.certificate(verification_url="https://standard.example.org/x")) != here


def test_the_facts_for_the_page_beside_it() -> None:
    paper = papers.certificate(
        signatories=(Signatory("Authority", "Chief Executive", "C. Example"), Signatory("B", "C"))
    )
    assert certificate.facts(paper) == [
        ("Status", "Current"),
        ("Certificate number", "MS-0007"),
        ("Unit", "Camden Borough Operational Command Unit (EK)"),
        ("Commander", "the Borough Commander, Camden"),
        ("Scope", "the whole unit"),
        ("Assessed against", "Met Standard, edition 1"),
        ("Decided on", "14 October 2026"),
        ("Valid from", "14 October 2026"),
        ("Valid until", "14 October 2029"),
        ("Issued on", "2 November 2026"),
        ("Signed for the Authority", "C. Example, Chief Executive"),
        ("Signed for the B", "C"),
        ("Verification address", "https://standard.example.org/certificates/7KQF-29TM-XWBA"),
        ("Verification code", "7KQF-29TM-XWBA"),
        ("Head of the journal", papers.HEAD),
    ]


def test_a_leap_day_is_printed_as_a_day() -> None:
    paper = papers.certificate(decided_on=date(2028, 2, 29), valid_until=date(2031, 2, 28))
    text = reading.text(certificate.pdf(paper))
    assert "Decided jointly on 29 February 2028" in text
    assert "Valid until 28 February 2031" in text
