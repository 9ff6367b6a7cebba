"""Signs on sheets, and how many of them it takes before anything is raised."""

from __future__ import annotations

import numpy as np
import pytest

from metstandard.common.errors import Invalid
from metstandard.statistics.estimates import Estimate
from metstandard.statistics.flags import (
    Sheet,
    Sign,
    Tally,
    longest_run,
    needs_discussion,
    severe,
    signs,
    spread,
    tallies,
)
from metstandard.statistics.severity import Severity
from tests.statistics.simulated import cycle

ORDINARY = (3, 2, 3, 4, 2, 3, 1, 3, 2, 4, 3, 2)
ANOTHER = (3, 3, 3, 4, 2, 2, 1, 3, 3, 4, 2, 2)


def sheet(levels: tuple[int | None, ...], reviewer: str = "A", review: str = "r1") -> Sheet:
    return Sheet(review, reviewer, levels)


@pytest.mark.parametrize(
    ("levels", "apart", "prompt"),
    [
        ([3, 3, 3], 0, False),
        ([2, 3, 3], 1, False),
        ([1, 3, 2], 2, True),
        ([0, None, 4], 4, True),
        ([2, None, None], None, False),
    ],
)
def test_two_levels_apart_ask_for_a_discussion(levels: list[int | None], apart: int | None, prompt: bool) -> None:
    assert (spread(levels), needs_discussion(levels)) == (apart, prompt)


def test_the_longest_run_passes_over_criteria_without_a_level() -> None:
    assert longest_run([3, 3, None, 3, 2, 2]) == 3
    assert longest_run([None, None]) == 0


def test_an_ordinary_sheet_beside_ordinary_sheets_shows_nothing() -> None:
    found = signs(sheet(ORDINARY), [sheet(ANOTHER, "B"), sheet(ORDINARY, "C")])

    assert (found.longest_run, found.marks, found.seen) == (1, 12, frozenset())
    assert found.agreement == pytest.approx(0.94, abs=0.01)
    assert found.spread_share == pytest.approx(1.0, abs=0.01)


def test_a_straight_line_is_a_sign_only_where_the_co_reviewers_saw_differences() -> None:
    line = (3,) * 12

    beside_ordinary = signs(sheet(line), [sheet(ANOTHER, "B"), sheet(ORDINARY, "C")])
    beside_another_line = signs(sheet(line), [sheet(line, "B"), sheet(ORDINARY, "C")])

    assert beside_ordinary.seen == {Sign.STRAIGHT_LINE, Sign.HALO}
    assert beside_ordinary.agreement is None
    assert Sign.STRAIGHT_LINE not in beside_another_line.seen


def test_marks_against_everyone_elses_look_careless() -> None:
    against = tuple(4 - level for level in ORDINARY)

    found = signs(sheet(against), [sheet(ORDINARY, "B"), sheet(ANOTHER, "C")])

    assert found.seen == {Sign.CARELESS}
    assert found.agreement is not None
    assert found.agreement < -0.9


def test_marks_that_hardly_differ_within_a_sheet_look_like_halo() -> None:
    flat = (3, 3, 3, 3, 2, 3, 3, 3, 3, 3, 3, 3)

    found = signs(sheet(flat), [sheet(ORDINARY, "B"), sheet(ANOTHER, "C")])

    assert found.spread_share == pytest.approx(0.33, abs=0.02)
    assert Sign.HALO in found.seen


def test_a_short_sheet_or_one_without_co_reviewers_shows_no_sign() -> None:
    line: tuple[int | None, ...] = (3,) * 12

    assert signs(sheet(line), []).seen == frozenset()
    assert signs(sheet(line[:6] + (None,) * 6), [sheet(ORDINARY, "B")]).seen == frozenset()


def test_sheets_of_different_reviews_are_not_compared() -> None:
    with pytest.raises(Invalid, match="Only sheets of one review"):
        signs(sheet(ORDINARY), [sheet(ORDINARY, "B", "r2")])


def simulated_sheets(seed: int) -> list[Sheet]:
    """Thirty ordinary reviews, each reviewer in five of them."""
    simulated = cycle(30, 6, np.random.default_rng(seed))
    return [
        sheet(tuple(simulated.levels[review, seat].tolist()), f"p{simulated.seats[review, seat]:02}", f"r{review}")
        for review in range(30)
        for seat in range(3)
    ]


def test_ordinary_reviewers_are_hardly_ever_raised() -> None:
    raised = [
        (reviewer, sign)
        for seed in range(6)
        for reviewer, found in tallies(simulated_sheets(seed)).items()
        for sign, tally in found.items()
        if tally.raised
    ]

    assert len(raised) <= 3


def test_one_straight_line_raises_nothing_and_five_do() -> None:
    sheets = simulated_sheets(1)
    own = [number for number, each in enumerate(sheets) if each.reviewer == "p00"]
    line = (3,) * 28
    once = [sheet(line, each.reviewer, each.review) if number == own[0] else each for number, each in enumerate(sheets)]
    always = [sheet(line, each.reviewer, each.review) if number in own else each for number, each in enumerate(sheets)]

    assert tallies(once)["p00"][Sign.STRAIGHT_LINE].raised is False
    assert tallies(once)["p00"][Sign.STRAIGHT_LINE].seen == 1
    assert tallies(always)["p00"][Sign.STRAIGHT_LINE].raised is True
    assert tallies(always)["p00"][Sign.STRAIGHT_LINE].seen == 5


def test_random_marks_are_raised_as_careless_only_over_several_reviews() -> None:
    rng = np.random.default_rng(3)
    sheets = [
        sheet(tuple(rng.permutation(np.array(each.levels)).tolist()), each.reviewer, each.review)
        if each.reviewer == "p03"
        else each
        for each in simulated_sheets(2)
    ]

    found = tallies(sheets)

    assert found["p03"][Sign.CARELESS].raised is True
    assert found["p03"][Sign.CARELESS].looked == 5
    assert [reviewer for reviewer, each in found.items() if each[Sign.CARELESS].raised] == ["p03"]


def test_fewer_than_three_reviews_raise_nothing_however_odd() -> None:
    line = (3,) * 12
    sheets = [
        made
        for review in ("r1", "r2")
        for made in (sheet(line, "A", review), sheet(ORDINARY, "B", review), sheet(ANOTHER, "C", review))
    ]

    found = tallies(sheets)["A"][Sign.STRAIGHT_LINE]

    assert found == Tally(looked=2, seen=2, chance=found.chance, raised=False)
    assert found.chance == pytest.approx(0.01)


def test_a_reviewer_is_severe_only_when_the_whole_interval_says_so() -> None:
    found = severe(
        {
            "surely": Severity(Estimate(0.6, 0.1, 0.4, 0.8), 6, 1),
            "mildly": Severity(Estimate(-0.6, 0.1, -0.8, -0.4), 6, 1),
            "perhaps": Severity(Estimate(0.6, 0.3, 0.1, 1.1), 6, 1),
            "too few": Severity(Estimate(0.6, 0.1, 0.4, 0.8), 2, 1),
            "withheld": Severity(None, 2, 1),
        }
    )

    assert list(found) == ["surely", "mildly"]
