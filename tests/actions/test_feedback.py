"""Feedback on reviewers: asked at publication, reminded of, given once, read by the programme office alone (REV-5)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from sqlmodel import col, select

from metstandard.actions import commissioning, feedback
from metstandard.actions.feedback import Said
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours
from metstandard.queries.feedback import Average, averages, heard
from metstandard.queries.tasks import open_tasks
from metstandard.records.feedback import Feedback
from metstandard.rules.feedback import asked_of, newest_questions
from metstandard.workflow.calendar import add_working_days
from tests.factories.kept import playing
from tests.factories.panel import letters
from tests.factories.stages import Play

STATEMENTS = ("prepared", "fair", "listened", "courteous", "kept-time")
GIVERS = ("commander", "peer1", "council1", "company1")


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """A review of Camden that was published a moment ago."""
    with ExitStack() as opened:
        yield opened.enter_context(playing(data, "published"))


def said(play: Play, giver: str, step: int = 4, words: str = "") -> dict[int, Said]:
    """The same step for every statement about everybody whom somebody is asked about."""
    rows = asked_of(play.session, play.review, play[giver])
    return {one.about_id: Said(dict.fromkeys(STATEMENTS, step), words) for one in rows}


def give(play: Play, giver: str, step: int = 4, words: str = "") -> None:
    play.act(feedback.give, play.review, by=play[giver], said=said(play, giver, step, words))


def to_do(play: Play, word: str) -> list[tuple[str, str]]:
    with play.at():
        tasks = open_tasks(play.session, play[word])
    return [(one.text, one.endpoint) for one in tasks if "feedback" in one.text]


def test_publication_asks_the_commander_about_three_and_each_reviewer_about_the_other_two(play: Play) -> None:
    words = {person.key: word for word, person in play.programme.people.items()}
    rows = play.session.exec(select(Feedback).order_by(col(Feedback.id))).all()
    assert [(words[one.giver_id], words[one.about_id], one.side.value) for one in rows] == [
        ("commander", "peer1", "unit"), ("commander", "council1", "unit"), ("commander", "company1", "unit"),
        ("peer1", "council1", "panel"), ("peer1", "company1", "panel"),
        ("council1", "peer1", "panel"), ("council1", "company1", "panel"),
        ("company1", "peer1", "panel"), ("company1", "council1", "panel"),
    ]  # fmt: skip
    with play.at():
        assert {one.due_on for one in rows} == {add_working_days(clock.today(), 15)}
    assert [letters(play, word).count("feedback_asked") for word in GIVERS] == [1, 1, 1, 1]
    assert play.act(feedback.ask, play.review) == 0


def test_it_stands_in_what_to_do_until_it_is_given(play: Play) -> None:
    task = "Give your feedback on the reviewers"
    assert to_do(play, "commander") == [(task, "units.review_feedback")]
    assert to_do(play, "peer1") == [(task, "reviewers.review_feedback")]
    assert to_do(play, "officer") == []
    give(play, "peer1")
    assert to_do(play, "peer1") == []


def test_an_answer_is_whole_given_once_and_never_changed(play: Play) -> None:
    with pytest.raises(Invalid, match="Choose an answer for each statement"):
        play.act(feedback.give, play.review, by=play["peer1"], said={})
    play.session.rollback()
    give(play, "peer1", 4)
    give(play, "peer1", 4)
    with pytest.raises(NotNow, match="does not change"):
        give(play, "peer1", 1)


@pytest.mark.parametrize("word", ["officer", "senior", "author"])
def test_nobody_else_gives_any(play: Play, word: str) -> None:
    with pytest.raises((NotYours, NotFound)):
        play.act(feedback.give, play.review, by=play[word], said={})


def test_a_ladder_reminds_those_who_have_not_answered_and_nobody_else(play: Play) -> None:
    give(play, "peer1")
    due = asked_of(play.session, play.review, play["council1"])[0].due_on
    found = []
    for step in newest_questions().remind:
        while clock.local_date(play.now) < add_working_days(due, step):
            play.now += timedelta(days=1)
        found.append([play.act(feedback.remind, play.review, play[word]) for word in ("peer1", "council1")])
    assert found == [[False, True], [False, True], [False, True]]
    assert play.act(feedback.remind, play.review, play["council1"]) is False
    assert letters(play, "council1").count("feedback_due") == 3
    assert letters(play, "peer1").count("feedback_due") == 0


def test_nobody_is_reminded_while_the_review_is_paused(play: Play) -> None:
    play.act(commissioning.pause, play.review, by=play["officer"], reason="Major incident")
    play.now += timedelta(days=30)
    assert play.act(feedback.remind, play.review, play["council1"]) is False


def test_a_figure_from_two_people_is_withheld_and_from_three_is_shown(play: Play) -> None:
    about = play["peer1"].key
    give(play, "council1", 2)
    give(play, "company1", 4)
    before = heard(play.session, about)
    assert [(one.people, one.mean) for one in before.figures] == [(2, None)] * 5
    assert averages(play.session, [about]) == {about: Average(2, None)}
    give(play, "commander", 5, "Fair to everybody.")
    after = heard(play.session, about)
    assert [(one.people, one.mean) for one in after.figures] == [(3, Fraction(11, 3))] * 5
    assert averages(play.session, [about]) == {about: Average(3, Fraction(2, 3))}
    assert [(one.side, one.row.words) for one in after.voices] == [
        ("The unit", "Fair to everybody."), ("Another reviewer", ""), ("Another reviewer", ""),
    ]  # fmt: skip
    assert after.open == 0
