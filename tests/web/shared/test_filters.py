"""The words of dates, sums and scores in templates."""

from __future__ import annotations

from fractions import Fraction

import pytest

from metstandard.web.shared import filters


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-3, "overdue by 3 working days"),
        (-1, "overdue by 1 working day"),
        (0, "due today"),
        (1, "due in 1 working day"),
        (12, "due in 12 working days"),
    ],
)
def test_a_due_date_is_told_in_working_days(days: int, words: str) -> None:
    assert filters.due(days) == words


def test_how_long_something_stands() -> None:
    words = {0: "since today", 1: "for 1 working day", 12: "for 12 working days"}
    assert {days: filters.standing(days) for days in words} == words


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (Fraction(75), "75.0"),
        (Fraction(225, 4), "56.3"),
        (Fraction(22249, 1000), "22.2"),
        (Fraction(-1, 20), "-0.1"),
        (Fraction(-1, 100), "0.0"),
        (None, "\N{EN DASH}"),
    ],
)
def test_scores_are_shown_to_one_decimal_half_up(score: Fraction | None, shown: str) -> None:
    assert filters.one_decimal(score) == shown


def test_a_marking_cannot_break_out_of_the_style_sheet() -> None:
    assert filters.css_string('A"; } </style><script>\\') == '"A  /stylescript"'


def test_sizes_are_read_by_people() -> None:
    assert [filters.size(count) for count in (0, 12, 340_000, 1_250_000)] == ["0 kB", "1 kB", "340 kB", "1.2 MB"]
