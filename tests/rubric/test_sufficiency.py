"""What evidence each level needs."""

from __future__ import annotations

import pytest

from metstandard.common.errors import Invalid
from metstandard.rubric.arithmetic import Mark
from metstandard.rubric.load import load
from metstandard.rubric.sufficiency import Item, missing, to_add
from tests.rubric.small import MET_STANDARD, weighted

RUBRIC = load(MET_STANDARD)
PAPER = Item("document", from_unit=True)
TALK = Item("interview", from_unit=False)
SERIES = Item("data", from_unit=True, outcome_years=2)
INSPECTION = Item("earlier-inspection", from_unit=False, external=True)


@pytest.mark.parametrize(
    ("mark", "items", "wants"),
    [
        (0, [], ("Level 0 needs at least 1 kind of evidence, there are none.",)),
        (1, [PAPER], ()),
        (2, [PAPER], ()),
        (
            3,
            [PAPER, PAPER],
            (
                "Level 3 needs at least 2 kinds of evidence, there is 1.",
                "Level 3 needs at least 1 item from outside the unit, there are none.",
            ),
        ),
        (3, [PAPER, SERIES], ("Level 3 needs at least 1 item from outside the unit, there are none.",)),
        (3, [PAPER, TALK], ()),
        (
            4,
            [PAPER, TALK],
            (
                "Level 4 needs at least 3 kinds of evidence, there are 2.",
                "Level 4 needs at least 1 external source, there are none.",
                "Level 4 needs at least 2 years of outcome data, there are none.",
            ),
        ),
        (4, [PAPER, SERIES, INSPECTION], ()),
        ("NE", [], ()),
        ("NA", [], ()),
    ],
)
def test_what_is_missing_behind_a_level_is_said_in_full(mark: Mark, items: list[Item], wants: tuple[str, ...]) -> None:
    assert missing(RUBRIC, mark, items) == wants


def test_a_year_too_few_is_not_made_up_by_several_series() -> None:
    short = Item("data", from_unit=True, outcome_years=1)
    assert missing(RUBRIC, 4, [PAPER, short, short, INSPECTION]) == (
        "Level 4 needs at least 2 years of outcome data, there is 1.",
    )


def test_a_kind_that_the_rubric_does_not_know_is_refused() -> None:
    with pytest.raises(Invalid, match=r"^hearsay is not a kind of evidence of met-standard-1$"):
        missing(RUBRIC, 3, [Item("hearsay", from_unit=False)])


def test_a_rubric_that_says_nothing_of_evidence_needs_none() -> None:
    assert missing(weighted(1), 4, []) == ()


@pytest.mark.parametrize(
    ("items", "wants"),
    [
        ([PAPER, SERIES, INSPECTION], {}),
        ([PAPER, TALK], {"4": "1 more kind of evidence, 1 external source and 2 years of outcome data"}),
        (
            [Item("data", from_unit=True, outcome_years=1)],
            {
                "3": "1 more kind of evidence and 1 item from outside the unit",
                "4": (
                    "2 more kinds of evidence, 1 item from outside the unit, 1 external source and 1 more year of "
                    "outcome data"
                ),
            },
        ),
    ],
)
def test_what_to_add_is_said_for_each_level_that_the_evidence_does_not_carry(
    items: list[Item], wants: dict[str, str]
) -> None:
    assert to_add(RUBRIC, items) == wants
