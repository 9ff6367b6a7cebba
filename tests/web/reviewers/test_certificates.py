"""A reviewer takes away a certificate of service once the review is published: their own, and nobody else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from tests.documents import reading
from tests.factories.browser import client_for, soup
from tests.factories.certified import certified
from tests.web.conftest import Rows


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's published review in it."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


@pytest.fixture
def reference(rows: Rows) -> str:
    """The reference of that review."""
    with rows() as session:
        return session.exec(select(Review)).one().reference


def test_each_reviewer_gets_their_own(app: Flask, people: dict[str, Person], reference: str) -> None:
    for word in ("peer1", "council1"):
        client = client_for(app, people[word])
        page = soup(client.get(f"/reviewers/reviews/{reference}"))
        link = page.find("a", href=f"/reviewers/reviews/{reference}/service.pdf")
        assert link is not None
        assert link.get_text(strip=True) == "Your certificate of service (PDF)"
        answer = client.get(str(link["href"]))
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        (text,) = reading.pages(answer.data)
        assert people[word].name in text


@pytest.mark.parametrize("word", ["commander", "officer", "peer2"])
def test_nobody_else_gets_one(app: Flask, people: dict[str, Person], reference: str, word: str) -> None:
    assert client_for(app, people[word]).get(f"/reviewers/reviews/{reference}/service.pdf").status_code in {403, 404}


def test_before_publication_and_after_a_seat_is_given_up_there_is_none(app: Flask, people: dict[str, Person], reference: str, rows: Rows) -> None:  # noqa: E501  # fmt: skip
    address = f"/reviewers/reviews/{reference}/service.pdf"
    client = client_for(app, people["peer1"])
    assert client.get(address).status_code == 200
    with rows() as session:
        review = session.exec(select(Review)).one()
        published, review.published_on = review.published_on, None
    assert client.get(address).status_code == 404
    assert b"service.pdf" not in client.get(f"/reviewers/reviews/{reference}").data
    with rows() as session:
        session.exec(select(Review)).one().published_on = published
        seat = session.exec(select(Seat).where(Seat.person_id == people["peer1"].key)).one()
        seat.status = SeatStatus.UNSEATED
    assert client.get(address).status_code in {403, 404}
