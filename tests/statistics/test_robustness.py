"""What a decision would be with one mark a level away, or with one reviewer's severity put right."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from metstandard.common.errors import Invalid
from metstandard.statistics.robustness import (
    Correction,
    Move,
    Robustness,
    when_one_mark_moves,
    when_severity_is_corrected,
)


def achieved(levels: Mapping[str, float]) -> str:
    """A small award: a mean of at least 3, nothing at 0."""
    mean = sum(levels.values()) / len(levels)
    return "ACHIEVED" if mean >= 3 and min(levels.values()) > 0 else "NOT_YET_ACHIEVED"


def test_only_moves_that_change_the_outcome_are_told() -> None:
    assert when_one_mark_moves({"1.1": 3, "1.2": 4, "1.3": 2}, achieved) == Robustness(
        outcome="ACHIEVED",
        tried=5,
        changes=(
            Move("1.1", 3, 2, "NOT_YET_ACHIEVED"),
            Move("1.2", 4, 3, "NOT_YET_ACHIEVED"),
            Move("1.3", 2, 1, "NOT_YET_ACHIEVED"),
        ),
    )


def test_a_firm_decision_has_no_changes() -> None:
    assert when_one_mark_moves({"1.1": 4, "1.2": 4}, achieved) == Robustness("ACHIEVED", 2, ())


def test_marks_at_the_ends_move_one_way_only() -> None:
    tried: list[dict[str, int]] = []

    def note(levels: Mapping[str, int]) -> int:
        tried.append(dict(levels))
        return 0

    when_one_mark_moves({"low": 0, "high": 4}, note)

    assert tried == [{"low": 0, "high": 4}, {"low": 1, "high": 4}, {"low": 0, "high": 3}]


def test_single_marks_of_reviewers_can_be_moved_too() -> None:
    marks = {("peer", "1.1"): 3, ("private", "1.1"): 1, ("local_authority", "1.1"): 3}

    found = when_one_mark_moves(marks, lambda given: sorted(given.values())[1])

    assert found == Robustness(3, 6, (Move(("peer", "1.1"), 3, 2, 2), Move(("local_authority", "1.1"), 3, 2, 2)))


def test_a_mark_off_the_scale_is_refused() -> None:
    with pytest.raises(Invalid, match="A mark of 7 is not on the scale"):
        when_one_mark_moves({"1.1": 7}, achieved)


def test_correcting_a_harsh_reviewer_raises_their_marks_alone_and_takes_medians() -> None:
    marks = {
        ("peer", "1.1"): 2,
        ("private", "1.1"): 3,
        ("local_authority", "1.1"): 2,
        ("peer", "1.2"): 4,
        ("private", "1.2"): 3,
        ("local_authority", "1.2"): 4,
    }
    seen: list[dict[str, float]] = []

    def note(levels: Mapping[str, float]) -> str:
        seen.append(dict(levels))
        return achieved({criterion: round(level) for criterion, level in levels.items()})

    found = when_severity_is_corrected(marks, {"peer": 0.6, "private": -0.5}, note)

    assert seen == [{"1.1": 2, "1.2": 4}, {"1.1": 2.6, "1.2": 4.0}, {"1.1": 2.0, "1.2": 4.0}]
    assert found == (
        Correction("peer", 0.6, "ACHIEVED", "ACHIEVED"),
        Correction("private", -0.5, "ACHIEVED", "ACHIEVED"),
    )


def test_a_corrected_mark_stays_on_the_scale_and_a_changed_outcome_shows() -> None:
    marks = {("peer", "1.1"): 4, ("private", "1.1"): 3, ("local_authority", "1.1"): 3}

    found = when_severity_is_corrected(marks, {"private": 3.0, "peer": -1.5}, lambda levels: levels["1.1"])

    assert found == (Correction("private", 3.0, 3.0, 4.0), Correction("peer", -1.5, 3.0, 3.0))
