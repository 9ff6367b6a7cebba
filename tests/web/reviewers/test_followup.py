"""A panel member verifies an action; reviewers and units take away their papers."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from metstandard.actions import followup
from metstandard.records.accounts import Person
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from tests.factories.browser import client_for, press
from tests.factories.certified import certified
from tests.web.conftest import Rows, first_error


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's review and its actions in it."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


def reported(rows: Rows) -> int:
    """The number of an action that its owner reported as done."""
    with rows() as session:
        action = session.exec(select(Action)).first()
        assert action is not None
        owner = session.get_one(Person, action.owner_id)
        followup.report_progress(session, action, by=owner, text="Done in March.")
        followup.claim_done(session, action, by=owner)
        return action.key


def state(rows: Rows, number: int) -> str:
    """How an action stands."""
    with rows() as session:
        return session.get_one(Action, number).state


def test_a_panel_member_verifies_on_evidence(app: Flask, people: dict[str, Person], rows: Rows) -> None:
    """With a note; without one nothing happens."""
    number = reported(rows)
    client = client_for(app, people["council1"])
    refused = press(client, f"/reviewers/actions/{number}", "Verify")
    assert (refused.status_code, first_error(refused)) == (422, "Say what evidence shows that it is done")
    press(client, f"/reviewers/actions/{number}", "Verify", note="Minutes seen.")
    assert state(rows, number) == "verified"


def test_a_panel_member_sends_an_action_back(app: Flask, people: dict[str, Person], rows: Rows) -> None:
    """With the reason; it is open again."""
    number = reported(rows)
    press(client_for(app, people["peer1"]), f"/reviewers/actions/{number}", "Send it back", reason="No minutes.")
    assert state(rows, number) == "open"


def test_a_reviewer_of_another_panel_finds_no_action(app: Flask, people: dict[str, Person], rows: Rows) -> None:
    """Nor the report of a review in which they have no seat."""
    number = reported(rows)
    client = client_for(app, people["peer2"])
    assert client.get(f"/reviewers/actions/{number}").status_code in {403, 404}


@pytest.mark.parametrize(("word", "door"), [("council1", "reviewers"), ("commander", "units"), ("author", "units")])
def test_the_published_report_is_a_file_in_each_door(
    app: Flask, people: dict[str, Person], rows: Rows, word: str, door: str
) -> None:
    """And not before the result is known there."""
    with rows() as session:
        reference = session.exec(select(Review)).one().reference
    client = client_for(app, people[word])
    address = f"/{door}/reviews/{reference}/report.pdf"
    assert client.get(address).data[:5] == b"%PDF-"
    with rows() as session:
        review = session.exec(select(Review)).one()
        review.published_on = review.notified_on = None
    assert client.get(address).status_code == 404


def test_a_unit_takes_away_its_certificate(app: Flask, people: dict[str, Person], rows: Rows) -> None:
    """From the page of its result."""
    with rows() as session:
        reference = session.exec(select(Review)).one().reference
    client = client_for(app, people["commander"])
    address = f"/units/reviews/{reference}/certificate.pdf"
    assert address in client.get(f"/units/reviews/{reference}/result").get_data(as_text=True)
    assert client.get(address).data[:5] == b"%PDF-"
