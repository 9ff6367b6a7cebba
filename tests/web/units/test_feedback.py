"""Feedback on reviewers through the doors: asked in two, read in one, and never by the reviewer spoken of (REV-5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from metstandard.records.accounts import Appointment, Person
from metstandard.records.feedback import Feedback
from metstandard.records.reviews import Review
from tests.factories.browser import client_for, press, soup
from tests.factories.certified import certified
from tests.web.conftest import Rows, first_error, heading

SAID = "Left half an hour early on the last day."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's published review in it."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


@pytest.fixture
def reference(rows: Rows) -> str:
    """The review."""
    with rows() as session:
        return session.exec(select(Review.reference)).one()


def answers(client: FlaskClient, path: str, *, step: str = "4", words: str = "") -> dict[str, Any]:
    """The same step for everything that a page asks."""
    form = soup(client.get(path))
    names = {str(one["name"]) for one in form.select("main input[type=radio]")}
    texts = {str(one["name"]) for one in form.select("main textarea")}
    return dict.fromkeys(names, step) | dict.fromkeys(texts, words)


def give(app: Flask, person: Person, path: str, words: str = "") -> FlaskClient:
    client = client_for(app, person)
    assert press(client, path, "Send your feedback", **answers(client, path, words=words)).status_code == 200
    return client


def test_the_commander_answers_once_and_the_page_says_so(
    app: Flask, people: dict[str, Person], reference: str, rows: Rows
) -> None:
    path = f"/units/reviews/{reference}/feedback"
    client = client_for(app, people["commander"])
    assert "Give your feedback on the reviewers" in client.get("/units/").get_data(as_text=True)
    typed = answers(client, path, words=SAID)
    missing = dict(list(typed.items())[1:])
    refused = press(client, path, "Send your feedback", **missing)
    assert refused.status_code == 422
    assert first_error(refused).startswith("Choose an answer about ")
    assert SAID in refused.get_data(as_text=True)
    sent = press(client, path, "Send your feedback", **typed)
    assert heading(sent) == "Camden BOCU"
    assert "It does not change." in client.get(path).get_data(as_text=True)
    assert "Give your feedback" not in client.get("/units/").get_data(as_text=True)
    with rows() as session:
        given = session.exec(select(Feedback).where(col(Feedback.given_at).is_not(None))).all()
        assert [(len(one.answers), one.words) for one in given] == [(5, SAID)] * 3


def test_a_reviewer_answers_about_the_other_two(app: Flask, people: dict[str, Person], reference: str) -> None:
    client = client_for(app, people["peer1"])
    page = soup(client.get(f"/reviewers/reviews/{reference}/feedback"))
    assert [one.get_text() for one in page.select("main section h2")] == [
        "Local authority: Local authority reviewer 1 (Hackney Council)",
        "Private: Private sector reviewer 1 (Harbour Logistics)",
    ]


@pytest.mark.parametrize("word", ["peer1", "council1", "company1", "commander", "authority", "administrator", "senior"])
def test_only_the_programme_office_reads_what_was_said(
    app: Flask, people: dict[str, Person], reference: str, word: str
) -> None:
    give(app, people["commander"], f"/units/reviews/{reference}/feedback", SAID)
    pool_page = f"/authority/pool/{people['peer1'].key}"
    office = client_for(app, people["officer"]).get(pool_page).get_data(as_text=True)
    assert SAID in office
    assert "withheld" in office
    reader = client_for(app, people[word])
    pages = (pool_page, "/reviewers/you", f"/reviewers/reviews/{reference}", f"/units/reviews/{reference}",
             f"/units/reviews/{reference}/feedback", f"/reviewers/reviews/{reference}/feedback",
             f"/authority/reviews/{reference}")  # fmt: skip
    found = [path for path in pages if SAID in reader.get(path).get_data(as_text=True)]
    assert found == []


def test_an_officer_who_is_a_reviewer_does_not_read_about_themselves(
    app: Flask, people: dict[str, Person], reference: str, rows: Rows
) -> None:
    give(app, people["commander"], f"/units/reviews/{reference}/feedback", SAID)
    with rows() as session:
        held = session.exec(select(Appointment).where(Appointment.part == "programme_officer")).one()
        held.person_id = people["peer1"].key
    client = client_for(app, people["peer1"])
    assert SAID in client.get(f"/authority/pool/{people['council1'].key}").get_data(as_text=True)
    assert SAID not in client.get(f"/authority/pool/{people['peer1'].key}").get_data(as_text=True)


@pytest.mark.parametrize("word", ["peer2", "author"])
def test_nobody_else_finds_the_form(app: Flask, people: dict[str, Person], reference: str, word: str) -> None:
    reader = client_for(app, people[word])
    for door in ("units", "reviewers"):
        assert reader.get(f"/{door}/reviews/{reference}/feedback").status_code in {403, 404}
