"""Writing to the office without an account: one effect, nothing lost, nothing that a machine could misuse."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.records.accounts import Person
from metstandard.records.enquiries import Enquiry
from metstandard.records.outbox import Letter
from tests.factories.browser import client_for, filled, form_of, press, soup
from tests.web.conftest import Rows, first_error, heading

WORDS: dict[str, Any] = {
    "about": "unit",
    "unit": "EK",
    "text": "They came\r\nquickly.",
    "name": "Reader",
    "email": "r@example.org",
}


def send(app: Flask, **typed: Any) -> TestResponse:
    """A comment as a stranger's browser sends it."""
    return press(client_for(app, None), "/contact", "Send your comment", **typed)


def all_of(rows: Rows) -> list[Enquiry]:
    """Everything that was kept."""
    with rows() as session:
        return list(session.exec(select(Enquiry).order_by("id")).all())


def test_a_comment_gets_a_reference_and_a_page_that_says_how_far_it_is(app: Flask, rows: Rows) -> None:
    answer = send(app, **WORDS)
    [one] = all_of(rows)
    assert answer.request.path == f"/contact/{one.reference}"
    assert re.fullmatch(r"E-[2-9A-Z]{4}-[2-9A-Z]{4}", one.reference)
    assert (heading(answer), one.text, one.unit_id is not None) == (
        "Thank you: we have it",
        "They came\nquickly.",
        True,
    )
    page = soup(answer).get_text()
    assert one.reference in page
    assert [said for said in ("Reader", "r@example.org", "quickly", "Camden") if said in page] == []


def test_a_form_sent_twice_is_one_comment(app: Flask, rows: Rows) -> None:
    client = client_for(app, None)
    values = filled(form_of(soup(client.get("/contact")), "Send your comment")) | WORDS
    places = {client.post("/contact", data=values).headers["Location"] for _ in range(3)}
    assert (len(places), len(all_of(rows))) == (1, 1)
    with rows() as session:
        assert len(session.exec(select(Letter).where(Letter.name == "enquiry_received")).all()) == 1


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(app: Flask, rows: Rows) -> None:
    answer = send(app, **(WORDS | {"unit": "", "email": "nonsense"}))
    assert (answer.status_code, first_error(answer)) == (422, "Enter an e-mail address, such as name@example.org")
    values = filled(form_of(soup(answer), "Send your comment"))
    assert (values["text"], values["name"], values["about"]) == ("They came\nquickly.", "Reader", ["unit"])
    assert first_error(send(app, **(WORDS | {"unit": ""}))) == "Choose the unit"
    assert first_error(send(app, about="service", text="word " * 501)).startswith("Your comment must be 500 words")
    assert all_of(rows) == []


def test_a_machine_that_fills_in_every_field_leaves_nothing(app: Flask, rows: Rows) -> None:
    answer = send(app, **WORDS, website="http://evil.example")
    assert (answer.status_code, first_error(answer)[:16]) == (422, "Leave this empty")
    assert all_of(rows) == []
    assert soup(client_for(app, None).get("/contact")).select_one(".govuk-visually-hidden #website") is not None


def test_too_many_comments_from_one_address_are_stopped(app: Flask) -> None:
    client = client_for(app, None)
    values = filled(form_of(soup(client.get("/contact")), "Send your comment"))
    statuses = [client.post("/contact", data=values).status_code for _ in range(11)]
    assert (statuses[0], statuses[-2:]) == (422, [422, 429])


def test_nobody_is_flooded_with_letters_of_receipt(app: Flask) -> None:
    client = client_for(app, None)
    values = filled(form_of(soup(client.get("/contact")), "Send your comment")) | WORDS
    statuses = [client.post("/contact", data=values | {"once": str(n)}).status_code for n in range(4)]
    assert statuses == [303, 303, 303, 429]
    assert client.post("/contact", data=values | {"once": "5", "email": ""}).status_code == 303


def test_a_paper_in_braille_is_asked_for_without_javascript(app: Flask, rows: Rows) -> None:
    client = client_for(app, None)
    url = "/other-formats/ask?item=Certificate+MS-0001&format=braille"
    refused = press(client, url, "Send your request")
    assert first_error(refused).startswith("Enter an e-mail address or a postal address")
    answer = press(client, url, "Send your request", postal="1 Street\nTown")
    assert heading(answer) == "Thank you: we have it"
    [one] = all_of(rows)
    assert (one.kind.value, str(one.format), one.item, one.postal) == (
        "format", "braille", "Certificate MS-0001", "1 Street\nTown",
    )  # fmt: skip


def test_the_office_gives_answers_and_closes(app: Flask, rows: Rows, people: dict[str, Person]) -> None:
    for n in range(2):
        send(app, **WORDS, item=f"Page {n}")
    first, second = all_of(rows)
    officer = client_for(app, people["officer"])
    board = officer.get("/authority/enquiries")
    assert [link.get_text() for link in soup(board).select("table th a")] == [first.reference, second.reference]
    page = f"/authority/enquiries/{first.reference}"
    assert "They came\nquickly." in soup(officer.get(page)).get_text()
    press(officer, page, "Give it", to=str(people["officer"].key))
    answered = press(officer, page, "Send the answer", text="Thank you.")
    assert "It is answered." in soup(answered).get_text()
    closed = press(officer, f"/authority/enquiries/{second.reference}", "Close it", reason="Sent twice.")
    assert "It is closed." in soup(closed).get_text()
    assert [one.state.value for one in all_of(rows)] == ["answered", "closed"]
    assert heading(client_for(app, None).get(f"/contact/{first.reference}")) == "We have answered"
    lines = [one.get_text(" ", strip=True) for one in soup(officer.get(page)).select(".met-timeline__what")]
    assert lines == ["Answered", "Given to Programme officer", "Received"]


def test_the_letter_of_receipt_is_read_on_the_page_of_letters(app: Flask, people: dict[str, Person]) -> None:
    send(app, **WORDS)
    officer = client_for(app, people["officer"])
    link = soup(officer.get("/authority/letters?name=enquiry_received")).select_one("table th a")
    assert link is not None
    page = soup(officer.get(str(link["href"]))).get_text(" ", strip=True)
    assert "Somebody without an account, r@example.org" in page
    assert "Dear Reader," in page


def test_two_officers_who_answer_at_once_do_not_answer_twice(app: Flask, rows: Rows, people: dict[str, Person]) -> None:
    send(app, **WORDS)
    [one] = all_of(rows)
    officer = client_for(app, people["officer"])
    page = f"/authority/enquiries/{one.reference}"
    stale = filled(form_of(soup(officer.get(page)), "Send the answer")) | {"text": "Mine"}
    press(officer, page, "Give it", to=str(people["officer"].key))
    assert officer.post(f"{page}/answer", data=stale).status_code == 409
    assert officer.post(f"{page}/answer", data=stale | {"revision": "x"}).status_code == 409


@pytest.mark.parametrize("word", ["authority", "administrator", "commander", "peer1", "press", "link"])
def test_nobody_else_reads_what_the_public_wrote(app: Flask, rows: Rows, people: dict[str, Person], word: str) -> None:
    send(app, **WORDS)
    [one] = all_of(rows)
    client = client_for(app, people[word])
    for path in ("", f"/{one.reference}"):
        assert client.get(f"/authority/enquiries{path}").status_code == 403


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("kind=comment", 2), ("kind=format", 0), ("state=answered", 0), ("state=", 2), ("given=nobody", 2),
     ("given=me", 0), ("search=Page+1", 1), ("search=%25", 0), ("page=99", 2), ("state=nonsense", 2)],
)  # fmt: skip
def test_the_list_is_filtered_by_its_address(app: Flask, people: dict[str, Person], query: str, count: int) -> None:
    for n in range(2):
        send(app, **WORDS, item=f"Page {n}")
    page = soup(client_for(app, people["officer"]).get(f"/authority/enquiries?{query}"))
    assert len(page.select("table tbody tr")) == count


@pytest.mark.parametrize("url", ["/contact", "/other-formats", "/other-formats/ask", "/easy-read", "/privacy"])
def test_what_people_read_has_sentences_of_at_most_25_words(app: Flask, url: str) -> None:
    longest = 12 if url == "/easy-read" else 25
    blocks = [one.get_text(" ", strip=True) for one in soup(client_for(app, None).get(url)).select("main p, main li")]
    sentences = [one for block in blocks for one in re.split(r"(?<=[.?!])\s+", block)]
    assert [one for one in sentences if len(one.split()) > longest] == []
