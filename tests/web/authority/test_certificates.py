"""Certificates in the Authority's door: the list, one with its history, and acts that need both keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event
from sqlmodel import select

from metstandard.queries import certificates
from metstandard.records.accounts import Person, SignedIn
from metstandard.records.certificates import Certificate
from metstandard.records.journal import JournalLine
from metstandard.records.reviews import Review
from tests.factories.browser import client_for, press, soup
from tests.factories.certified import certified
from tests.web.conftest import Rows, first_error, heading

HOME = "/authority/certificates/1"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's certificate in it."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


def state(rows: Rows) -> str:
    """How the certificate stands."""
    with rows() as session:
        return session.exec(select(Certificate)).one().state


def test_the_list_shows_status_and_what_comes_next(app: Flask, people: dict[str, Person]) -> None:
    """Renewal and last day, each with its date."""
    page = soup(client_for(app, people["officer"]).get("/authority/certificates"))
    (row,) = page.select("table.met-table tbody tr")
    text = row.get_text(" ", strip=True)
    assert all(word in text for word in ("MS-0001", "Camden BOCU", "Current", "Renewal is due", "Last day of validity"))


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_takes_three_queries_however_long_it_is(rows: Rows, many: int) -> None:
    """One for the certificates, one for timers, one for signatures."""
    with rows() as session:
        first, review = session.exec(select(Certificate)).one(), session.exec(select(Review)).one()
        for number in range(2, many + 1):
            other = Review(**review.model_dump(exclude={"id", "reference"}), reference=f"X-{number}")
            session.add(other)
            session.flush()
            copied = first.model_dump(exclude={"id", "number", "code", "review_id"})
            session.add(Certificate(**copied, number=number, code=f"C{number}", review_id=other.key))
        session.commit()
        asked: list[str] = []
        event.listen(session.get_bind(), "before_cursor_execute", lambda *call: asked.append(call[2]))
        assert len(certificates.lines(session)) == many
    assert len([one for one in asked if one.startswith("SELECT")]) == 3


def test_two_people_suspend_a_certificate_through_the_pages(app: Flask, people: dict[str, Person], rows: Rows) -> None:
    """The first sees that the other key is awaited; the second sees who agreed and why; then it is suspended."""
    first = press(client_for(app, people["authority"]), f"{HOME}/suspend", "Agree to suspend", reason="False evidence.")
    assert "It happens when the other key agrees too" in first.get_data(as_text=True)
    assert state(rows) == "current"
    second = client_for(app, people["commissioner"])
    shown = second.get(f"{HOME}/suspend").get_data(as_text=True)
    assert ("False evidence." in shown, "Awaited" in shown) == (True, True)
    done = press(second, f"{HOME}/suspend", "Agree to suspend", reason="I agree.")
    assert "The certificate is suspended." in done.get_data(as_text=True)
    assert state(rows) == "suspended"
    again = client_for(app, people["commissioner"]).get(HOME).get_data(as_text=True)
    assert "I agree." in again


def test_a_double_post_has_one_effect_and_the_same_confirmation(
    app: Flask, people: dict[str, Person], rows: Rows
) -> None:
    """The form is sent twice as it stood; the journal has one line for it."""
    client = client_for(app, people["authority"])
    page = soup(client.get(f"{HOME}/withdraw"))
    sent = {one["name"]: one.get("value", "") for one in page.select("main form input[name]")} | {"reason": "Merged."}
    answers = [client.post(f"{HOME}/withdraw", data=sent) for _ in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [(303, HOME)] * 2
    with rows() as session:
        assert len(session.exec(select(JournalLine).where(JournalLine.act == "withdraw")).all()) == 1


def test_a_reason_is_asked_for_beside_its_field(app: Flask, people: dict[str, Person]) -> None:
    """Nothing is signed without one."""
    answer = press(client_for(app, people["authority"]), f"{HOME}/extend", "Agree to extend")
    assert (answer.status_code, first_error(answer)) == (422, "Give a reason")


def test_a_key_holder_who_signed_in_long_ago_gives_the_password_again(
    app: Flask, people: dict[str, Person], rows: Rows
) -> None:
    """Sixteen minutes are too long; what was typed is kept."""
    client = client_for(app, people["authority"])
    with rows() as session:
        for one in session.exec(select(SignedIn)).all():
            told = json.loads(one.data)
            one.data = json.dumps(told | {"confirmed_at": told["confirmed_at"] - 16 * 60})
    answer = press(client, f"{HOME}/suspend", "Agree to suspend", follow=False, reason="Because.")
    assert (answer.status_code, answer.location.split("?")[0]) == (302, "/account/confirm")
    assert state(rows) == "current"


@pytest.mark.parametrize("word", ["officer", "press", "member", "commander", "peer1"])
def test_nobody_else_reaches_a_joint_act(app: Flask, people: dict[str, Person], word: str) -> None:
    """Neither staff nor those reviewed nor reviewers."""
    assert client_for(app, people[word]).get(f"{HOME}/suspend").status_code == 403


def test_the_press_officer_reads_the_facts_and_no_reasons(app: Flask, people: dict[str, Person]) -> None:
    """Reasons of the keys are for those who judge and run the programme; the officer does read them."""
    press(client_for(app, people["authority"]), f"{HOME}/suspend", "Agree to suspend", reason="Only for the office.")
    assert "Only for the office." in client_for(app, people["officer"]).get(HOME).get_data(as_text=True)
    answer = client_for(app, people["press"]).get(HOME)
    assert (heading(answer), "Only for the office." in answer.get_data(as_text=True)) == ("Camden BOCU", False)


def test_the_report_is_a_file_for_staff_once_it_is_decided(app: Flask, people: dict[str, Person], rows: Rows) -> None:
    """Before the decision there is none."""
    with rows() as session:
        review = session.exec(select(Review)).one()
        reference = review.reference
    client = client_for(app, people["officer"])
    assert client.get(f"/authority/reviews/{reference}/report.pdf").data[:5] == b"%PDF-"
    with rows() as session:
        review = session.exec(select(Review)).one()
        review.outcome = review.decided_on = review.published_on = None
    assert client.get(f"/authority/reviews/{reference}/report.pdf").status_code == 404
