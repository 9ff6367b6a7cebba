"""Good practice is a button once the review is published, and nothing at all before."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from metstandard.records.accounts import Person
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review
from metstandard.records.sheets import Finding
from metstandard.rubric.shapes import Grade
from tests.factories.browser import client_for, press, soup
from tests.factories.kept import database_at
from tests.web.conftest import Rows, heading

TEXT = "Neighbours run the desk."


@pytest.fixture(params=["reporting", "published"])
def stage(request: pytest.FixtureRequest, data: Path, rows: Rows) -> str:
    """A review with one finding of good practice, before and after its publication."""
    database_at(request.param, data / "metstandard.db")
    with rows() as session:
        review = session.exec(select(Review)).one()
        lead = session.exec(select(Person).where(Person.email == "peer1@example.org")).one()
        session.add(Finding(review_id=review.key, criterion="3.1", grade=Grade.GOOD, text=TEXT, raised_by_id=lead.key))
    return str(request.param)


def test_good_practice_starts_a_nomination_only_when_published(
    app: Flask, rows: Rows, stage: str, people: dict[str, Person]
) -> None:
    with rows() as session:
        reference = session.exec(select(Review.reference)).one()
    officer, reviewer = (client_for(app, people[word]) for word in ("officer", "peer1"))
    page = f"/authority/reviews/{reference}/good-practice"
    words = soup(officer.get(page)).get_text(" ", strip=True)
    own = soup(reviewer.get(f"/reviewers/reviews/{reference}/consensus/findings")).get_text(" ", strip=True)
    if stage == "reporting":
        assert TEXT in own, "it could leak"
        assert TEXT not in words
        assert "sealed until then" in words
        assert "Nominate somebody for this" not in own
        assert "once the review is published" in own
        return
    assert "Nominate somebody for this" in own
    answer = press(officer, page, "Nominate somebody for this")
    assert heading(answer) == "Which award is it for?"
    with rows() as session:
        made = session.exec(select(Nomination)).one()
        assert (made.finding_id is not None, made.nominator_id) == (True, people["officer"].key)
