"""Factual accuracy as the lead reviewer answers it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select
from werkzeug.test import TestResponse

from metstandard.actions import accuracy
from metstandard.records.sheets import Answer, Paragraph, Point
from tests.factories.browser import filled, soup
from tests.factories.visiting import Visit, visiting, words

LEAD = "peer1"


@pytest.fixture
def visit(data: Path) -> Iterator[Visit]:
    """The unit has raised two points on the paragraph of 1.1 and one on that of 1.2."""
    with visiting(data, "factual_accuracy") as made:
        with made.play() as play:
            for number, text in ((7, "The panel agrees."), (7, "The panel disagrees."), (8, "Another text.")):
                one = play.session.exec(select(Paragraph).where(Paragraph.number == number)).one()
                play.act(
                    accuracy.raise_point,
                    play.review,
                    one,
                    by=play["commander"],
                    proposed=text,
                    evidence="The log of May.",
                )
        yield made


def points(visit: Visit) -> list[tuple[str, str]]:
    with visit.rows() as session:
        return [(one.answer.value, one.reason) for one in session.exec(select(Point).order_by(col(Point.id))).all()]


def text_of(visit: Visit, number: int) -> str:
    with visit.rows() as session:
        return session.exec(select(Paragraph.text).where(Paragraph.number == number)).one()


def answer(visit: Visit, number: int, value: str, reason: str = "", word: str = LEAD) -> TestResponse:
    """Post one point's form as the page has it."""
    page = visit.read(word, "accuracy")
    form = page.select_one(f"#point-{number} form")
    data = filled(form) if form is not None else {"csrf_token": visit.token(word, "accuracy")}
    data |= {f"p{number}-answer": value, f"p{number}-reason": reason}
    return visit.as_(word).post(visit.at(f"accuracy/{number}"), data=data)


def test_each_point_shows_what_it_would_change_and_its_proof(visit: Visit) -> None:
    page = visit.read(LEAD, "accuracy")
    one = page.select_one("#point-1")
    assert one is not None
    text = " ".join(one.get_text(" ", strip=True).split())
    assert text.startswith("Paragraph 7 To answer The draft said The panel agrees")
    assert "What the unit offers as proof: The log of May." in text
    assert [gone.get_text().strip() for gone in one.select("del")]
    assert "The unit asks for The panel agrees" in text


def test_accepting_rewrites_the_paragraph_and_again_is_the_same(visit: Visit) -> None:
    first = answer(visit, 3, "accepted")
    again = answer(visit, 3, "accepted")
    assert [(one.status_code, one.location) for one in (first, again)] == [(303, visit.at("accuracy") + "#point-3")] * 2
    assert (text_of(visit, 8), points(visit)[2]) == ("Another text.", ("accepted", ""))


def test_refusing_needs_a_reason_and_keeps_the_paragraph(visit: Visit) -> None:
    before = text_of(visit, 8)
    without = answer(visit, 3, "refused")
    link = soup(without).select_one(".govuk-error-summary a")
    assert link is not None
    assert (without.status_code, link["href"], link.get_text()) == (
        422,
        "#p3-reason",
        "Give the reason for refusing (B7)",
    )
    answer(visit, 3, "refused", "The log of May says otherwise.")
    assert (text_of(visit, 8), points(visit)[2]) == (before, ("refused", "The log of May says otherwise."))
    assert "Refused" in visit.text(LEAD, "accuracy")


def test_an_answer_must_be_chosen(visit: Visit) -> None:
    page = soup(answer(visit, 1, ""))
    assert "Choose whether you accept or refuse" in words(page)


def test_a_second_point_on_a_paragraph_warns_that_the_first_has_changed_it(visit: Visit) -> None:
    answer(visit, 1, "accepted")
    one = visit.read(LEAD, "accuracy").select_one("#point-2")
    assert one is not None
    assert "This paragraph has changed since the unit raised the point. It now reads: The panel agrees." in (
        " ".join(one.get_text(" ", strip=True).split())
    )


def test_another_answer_to_an_answered_point_is_refused(visit: Visit) -> None:
    answer(visit, 3, "accepted")
    later = answer(visit, 3, "refused", "No, after all.")
    assert later.status_code == 409
    assert points(visit)[2] == (Answer.ACCEPTED.value, "")


def test_the_panel_reads_and_only_the_lead_answers(visit: Visit) -> None:
    assert visit.read("council1", "accuracy").select("main form") == []
    assert answer(visit, 1, "accepted", word="council1").status_code == 403
    assert points(visit)[0] == ("open", "")


@pytest.mark.parametrize("word", ["officer", "commander", "member", "peer2"])
def test_nobody_else_may_enter(visit: Visit, word: str) -> None:
    assert visit.get(word, "accuracy").status_code in {403, 404}


def test_points_may_be_answered_after_the_window_too(visit: Visit) -> None:
    with visit.play() as play:
        play.act(accuracy.close_window, play.review, by=play["commander"])
    assert answer(visit, 3, "accepted").status_code == 303
    assert text_of(visit, 8) == "Another text."


def test_a_point_of_no_review_is_not_there(visit: Visit) -> None:
    data = {"csrf_token": visit.token(LEAD, "accuracy"), "p99-answer": "accepted"}
    assert visit.as_(LEAD).post(visit.at("accuracy/99"), data=data).status_code == 404


def test_silence_is_told(data: Path) -> None:
    with visiting(data, "factual_accuracy") as visit:
        assert "The unit has raised no point." in visit.text(LEAD, "accuracy")
