"""The nominee's page by a letter's link: consent, its change, and questions that are kept apart from the name."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlmodel import select

from metstandard.records.judging import Monitoring
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Nomination, Nominee
from tests.factories.browser import client_for, press, soup
from tests.factories.judged import judged_to
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme
from tests.web.conftest import Rows, first_error, heading


@pytest.fixture
def link(rows: Rows) -> str:
    """The address in the nominee's letter."""
    with rows() as session:
        programme = recognisers(Programme.of(session))
        judged_to(programme, nominated(session), "decided")
        text = session.exec(select(Letter.text).where(Letter.name == "consent_asked")).one()
    found = re.search(r"/consent/\S+", text)
    assert found is not None
    return found[0]


def test_a_nominee_answers_and_changes_the_answer(app: Flask, rows: Rows, link: str) -> None:
    visitor = client_for(app, None)
    page = visitor.get(link)
    assert heading(page) == "An award"
    assert "no-store" in page.headers["Cache-Control"]
    for hidden in ("Nora", "held on to the child", "towpath"):
        assert hidden not in page.get_data(as_text=True)
    blank = press(visitor, link, "Send your answer")
    assert (blank.status_code, first_error(blank)) == (422, "Choose an answer")
    for answer, state in (("named", "consented"), ("unnamed", "consented"), ("declined", "declined_by_nominee")):
        press(visitor, link, "Send your answer", answer=answer)
        with rows() as session:
            assert session.exec(select(Nomination.state)).one() == state
    assert "You have not accepted the award" in soup(visitor.get(link)).get_text()
    assert "Send your answer" not in visitor.get(link).get_data(as_text=True)


def test_an_unknown_link_opens_nothing_and_another_language_opens_the_same(app: Flask, link: str) -> None:
    visitor = client_for(app, None)
    assert visitor.get("/consent/unknown").status_code == 404
    assert visitor.get("/consent/unknown/questions").status_code == 404
    arabic = visitor.get(f"/ar{link}")
    assert (arabic.status_code, 'dir="rtl"' in arabic.get_data(as_text=True)) == (200, True)


def test_questions_are_answered_once_and_kept_apart_from_the_name(app: Flask, rows: Rows, link: str) -> None:
    visitor = client_for(app, None)
    strange = press(visitor, f"{link}/questions", "Send your answers", role="Astronaut")
    assert (strange.status_code, first_error(strange)) == (422, "Choose one of the answers, or none")
    done = press(visitor, f"{link}/questions", "Send your answers", role="Officer")
    assert "We have your answers" in soup(done).get_text()
    assert "Officer" not in soup(done).select_one("main").get_text()  # type: ignore[union-attr]
    with rows() as session:
        assert [one.answers for one in session.exec(select(Monitoring)).all()] == [{"role": "Officer"}]
        assert session.exec(select(Nominee.monitored)).one() is True
