"""The report prints what the decision rests on, unaltered, in order, with its marking on every page."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest
from bs4 import BeautifulSoup
from inline_snapshot import external_file

from metstandard.documents import report
from metstandard.documents.corrections import Accuracy
from metstandard.documents.report import Finding, Paragraph, ReportPaper, Section
from metstandard.rubric.shapes import Grade
from tests.documents import papers, reading

HOSTILE = '<script>alert(1)</script><link rel=attachment href="file:///etc/hostname"> url(http://127.0.0.1/) {{ 1 }}'


def lines(html: str, *, within: str = "body") -> str:
    """The words of a page or of one part of it: a line for each heading, paragraph, caption and row of a table."""
    soup = BeautifulSoup(html, "html.parser")
    found = soup.select(", ".join(f"{within} {tag}" for tag in ("h1", "h2", "h3", "h4", "p", "caption", "tr", "li")))
    texts = (re.sub(r"\s+", " ", one.get_text(" ")).strip() for one in found)
    marks = ("#" * int(one.name[1]) + " " if one.name[0] == "h" else "" for one in found)
    return "".join(f"{mark}{text}\n" for mark, text in zip(marks, texts, strict=True))


def part(paper: ReportPaper, anchor: str) -> str:
    """The words of the section whose heading has that name."""
    return lines(report.html(paper), within=f"section:has(> h2#{anchor})")


@pytest.fixture(scope="module")
def made() -> bytes:
    """The report as PDF."""
    return report.pdf(papers.report())


def test_the_page_given_to_the_renderer() -> None:
    assert lines(report.html(papers.report())) == external_file("report.txt")


def test_the_bookmarks_are_the_headings(made: bytes) -> None:
    headings = re.findall(r"^(#+) (.+)$", lines(report.html(papers.report())), re.MULTILINE)
    assert reading.outline(made) == ["  " * (len(depth) - 1) + title for depth, title in headings]
    assert len(headings) > 50


def test_every_page_carries_marking_number_and_reference() -> None:
    pages = reading.pages(report.pdf(papers.report(block=papers.block(marking="official-sensitive"))))
    assert len(pages) == 13
    for number, page in enumerate(pages, 1):
        assert page.count("OFFICIAL-SENSITIVE") == (3 if number == 1 else 2)  # the first names it in its block too
        assert f"Page {number} of {len(pages)}" in page
        assert "MS/2026/014, version 1.0" in page


def test_the_same_report_gives_the_same_bytes(made: bytes) -> None:
    assert report.pdf(papers.report()) == made


def test_corrections_of_fact_are_an_annex_of_differences_told_in_words_and_in_style() -> None:
    html = report.html(papers.report())
    said = "The borough has <del>[deleted: 202,000]</del> <ins>[inserted: 212,000]</ins> residents"
    assert said in html
    assert [line for line in part(papers.report(), "corrections").splitlines() if line.startswith("### ")] == [
        "### Paragraph 3: accepted",
        "### Paragraph 2: accepted in the panel’s own words",
        "### Paragraph 1: refused",
    ]


def test_silence_is_logged_as_acceptance() -> None:
    window = papers.accuracy()
    silent = papers.report(accuracy=Accuracy(window.opened_on, window.closed_on, ()))
    assert part(silent, "accuracy").splitlines()[2] == (
        "The unit raised no point. The window closed on 17 July 2026; silence counts as acceptance,"
        " and the journal says so."
    )


def test_the_statement_is_printed_unaltered() -> None:
    statement = 'We do <b>not</b> agree -- "not" at all.\n   Indented line.\n\nÉnd & {{ done }}.'
    paper = papers.report(statement=statement)
    soup = BeautifulSoup(report.html(paper), "html.parser")
    quote = soup.select_one("blockquote.statement")
    assert quote is not None
    assert [one.get_text() for one in quote.find_all("p")] == statement.split("\n\n")


def test_the_statement_is_whole_in_the_pdf(made: bytes) -> None:
    assert "We know ourselves in this report. Custody was refitted in August. It opened on the 14th." in reading.text(
        made
    )


def test_a_joint_exception_is_printed_with_its_reason() -> None:
    exception = "Both parties hold that the missed rule measures a closed building."
    changed = papers.decision(outcome="Deferred", by_rule="Achieved", exception=exception)
    assert part(papers.report(decision=changed), "decision").splitlines()[1:4] == [
        "Decided on 14 October 2026: Deferred . The award rules gave: Achieved.",
        "### Joint exception",
        exception,
    ]


def test_a_report_with_nothing_to_say_says_so_everywhere() -> None:
    text = lines(report.html(papers.empty_report()))
    for sentence in (
        "Local focus areas None",
        "The panel makes no recommendation.",
        "The commander made no statement.",
        "No rule was waived.",
        "No reviewer dissented from an agreed level.",
        "Moderation changed no level.",
    ):
        assert sentence in text


def test_a_domain_that_was_not_assessed_is_not_a_zero() -> None:
    whole = papers.report()
    left_out = replace(
        whole.domains[3],
        score=None,
        criteria=tuple(replace(one, level="NA", level_name="") for one in whole.domains[3].criteria),
    )
    lowest = replace(whole.domains[4], score=Fraction(0), shown="0.0")
    paper = replace(whole, domains=(*whole.domains[:3], left_out, lowest, *whole.domains[5:]))
    rows = part(paper, "outcome").splitlines()
    assert "D4 Partnership Not assessed Not assessed 0" in rows
    assert "D5 People 0.0 No 4" in rows
    assert "Agreed level: NA\n" in part(paper, "levels")


def test_what_looks_like_code_in_a_report_stays_text() -> None:
    paper = papers.report(
        unit_name=HOSTILE,
        commander=HOSTILE,
        statement=HOSTILE,
        sections=(Section(HOSTILE, (Paragraph(1, HOSTILE),)),),
        findings=(Finding(Grade.CRITICAL, "1.1", HOSTILE),),
        block=papers.block(title=HOSTILE, summary=HOSTILE),
    )
    text = reading.text(report.pdf(paper)).replace(" ", "")
    assert text.count(HOSTILE.replace(" ", "")) >= 8
