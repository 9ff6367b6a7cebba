"""The address in letters: each person gets the page of their own door; a stranger gets nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from metstandard.records.accounts import Person
from metstandard.records.followup import Action
from metstandard.records.reviews import Review
from tests.factories.browser import client_for
from tests.factories.certified import certified
from tests.web.conftest import Rows


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's review, certificate and actions in it."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


@pytest.mark.parametrize(
    ("word", "review", "certificate", "action"),
    [
        ("officer", "/authority/reviews/{0}", "/authority/certificates/1", "/authority/followup/{1}"),
        ("authority", "/authority/reviews/{0}", "/authority/certificates/1", "/authority/followup/{1}"),
        ("commander", "/units/reviews/{0}", "/units/reviews/{0}/result", "/units/actions/{1}"),
        ("author", "/units/reviews/{0}", "/units/reviews/{0}/result", "/units/actions/{1}"),
        ("council1", "/reviewers/reviews/{0}", "/certificates/MS-0001", "/reviewers/actions/{1}"),
    ],
)
def test_a_letter_leads_each_person_to_a_page_that_opens(
    app: Flask, people: dict[str, Person], rows: Rows, word: str, review: str, certificate: str, action: str
) -> None:
    """Review, certificate and action."""
    with rows() as session:
        one, act = session.exec(select(Review)).one(), session.exec(select(Action)).first()
        assert act is not None
        keys = (one.reference, act.key)
        links = (f"/to/review/{one.key}", "/to/certificate/1", f"/to/action/{act.key}")
    client = client_for(app, people[word])
    places = [client.get(link).location for link in links]
    assert places == [where.format(*keys) for where in (review, certificate, action)]
    assert [client.get(place).status_code for place in places] == [200, 200, 200]


@pytest.mark.parametrize("word", ["peer2", "administrator"])
def test_a_stranger_gets_the_same_answer_as_for_no_record(app: Flask, people: dict[str, Person], word: str) -> None:
    """Review and action; the certificate is public anyway."""
    client = client_for(app, people[word])
    links = ("/to/review/1", "/to/review/999", "/to/action/1", "/to/action/999", "/to/certificate/999", "/to/unit/1")
    assert [client.get(link).status_code for link in links] == [404] * 6
    assert client.get("/to/certificate/1").location == "/certificates/MS-0001"


def test_who_is_signed_out_signs_in_first(app: Flask) -> None:
    """And is led on afterwards."""
    assert client_for(app, None).get("/to/review/1").location == "/sign-in?next=/to/review/1"
