"""Findings: what each must say, how one is changed or taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import consensus
from metstandard.common.errors import Invalid
from metstandard.records.sheets import Finding
from metstandard.rubric.shapes import Grade
from tests.factories.agreeing import find, refusal, standing
from tests.factories.kept import playing
from tests.factories.stages import Play


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """Every sheet is locked."""
    with playing(data, "apart") as made:
        yield made


def test_the_same_finding_twice_is_one(play: Play) -> None:
    assert find(play).key == find(play).key
    assert standing(play) == [("2.2", Grade.MINOR, "Actions are not followed up.", "Follow them up.")]


def test_every_finding_but_good_practice_needs_a_recommendation(play: Play) -> None:
    for grade in (Grade.CRITICAL, Grade.MAJOR, Grade.MINOR, Grade.AFI):
        said = refusal(lambda grade=grade: find(play, grade=grade, recommendation=" "), Invalid)  # type: ignore[misc]
        assert said == "Write what you recommend (B6)"
    assert find(play, grade=Grade.GOOD, recommendation="").grade is Grade.GOOD


def test_a_finding_says_something(play: Play) -> None:
    assert refusal(lambda: find(play, text=" "), Invalid) == "Write the finding (B6)"


def test_a_changed_finding_takes_the_place_of_the_old_row_which_stays(play: Play) -> None:
    first = find(play)
    changed = {
        "criterion": "2.2",
        "grade": Grade.MAJOR,
        "text": "No action is followed up.",
        "recommendation": "Follow up.",
    }
    for _ in range(2):
        play.act(consensus.change_finding, play.review, first, by=play["council1"], **changed)
    assert standing(play) == [("2.2", Grade.MAJOR, "No action is followed up.", "Follow up.")]
    assert first.removed_at is not None
    assert len(play.session.exec(select(Finding)).all()) == 2


def test_a_finding_that_is_saved_unchanged_stays(play: Play) -> None:
    first = find(play)
    play.act(
        consensus.change_finding, play.review, first, by=play["peer1"], criterion="2.2", grade=Grade.MINOR,
        text="Actions are not followed up.", recommendation="Follow them up.",
    )  # fmt: skip
    assert first.removed_at is None


def test_a_finding_is_taken_back_once(play: Play) -> None:
    made = find(play)
    play.act(consensus.remove_finding, play.review, made, by=play["peer1"])
    at = made.removed_at
    play.act(consensus.remove_finding, play.review, made, by=play["peer1"])
    assert (standing(play), made.removed_at) == ([], at)
