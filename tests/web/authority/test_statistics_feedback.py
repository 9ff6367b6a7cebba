"""Feedback on reviewers stands beside their severity, withheld from fewer than three people (REV-5)."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from metstandard.actions import feedback
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.rules.feedback import asked_of, questions
from tests.factories.browser import client_for, soup
from tests.factories.certified import certified
from tests.web.conftest import Rows


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's published review in it."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


def give(session: Session, word: str) -> None:
    """Somebody gives the highest step for everything."""
    review = session.exec(select(Review)).one()
    giver = session.exec(select(Person).where(Person.email == f"{word}@example.org")).one()
    rows = asked_of(session, review, giver)
    top = {word: 5 for one in rows[:1] for word in questions(one.questions).statements}
    feedback.give(session, review, by=giver, said={one.about_id: feedback.Said(top) for one in rows})


def test_a_figure_of_feedback_comes_from_three_people(app: Flask, people: dict[str, Person], rows: Rows) -> None:
    office, said = client_for(app, people["officer"]), []
    for word in ("commander", "council1", "company1"):
        with rows() as session:
            give(session, word)
        page = soup(office.get("/authority/statistics/reviewers"))
        found = {
            line.select_one("th").get_text(" ", strip=True).split(" (")[0]: line.select_one("td[data-label=Feedback]")  # type: ignore[union-attr]
            for line in page.select("table tr")
            if line.select_one("td[data-label=Feedback]")
        }
        cell = found["Peer reviewer 1"]
        assert cell is not None
        said.append(" ".join(cell.get_text(" ").split()))
    assert said == ["Withheld: 1 person", "Withheld: 2 people", "100 of 100 from 3 people"]
