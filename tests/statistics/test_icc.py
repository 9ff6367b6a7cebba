"""Intraclass correlations against Shrout and Fleiss, and where they do not exist."""

from __future__ import annotations

import numpy as np
import pytest

from metstandard.statistics.estimates import NotDefined
from metstandard.statistics.icc import FORMS, MeanSquares, icc, mean_squares
from tests.statistics.published import SIX_TARGETS


def test_mean_squares_are_those_of_shrout_and_fleiss() -> None:
    squares = mean_squares(SIX_TARGETS)

    assert [round(each, 2) for each in (squares.units, squares.raters, squares.within, squares.left)] == [
        11.24,
        32.49,
        6.26,
        1.02,
    ]


def test_the_six_forms_are_those_of_shrout_and_fleiss() -> None:
    squares = mean_squares(SIX_TARGETS)

    assert {form: round(icc(squares, form).value, 2) for form in FORMS} == {
        "1,1": 0.17,
        "2,1": 0.29,
        "3,1": 0.71,
        "1,k": 0.44,
        "2,k": 0.62,
        "3,k": 0.91,
    }


def test_the_intervals_are_the_published_ones() -> None:
    """The R package psych prints these for the same table, after McGraw and Wong."""
    squares = mean_squares(SIX_TARGETS)
    found = {form: icc(squares, form) for form in FORMS}

    assert {form: (round(each.low or 0, 2), round(each.high or 0, 2)) for form, each in found.items()} == {
        "1,1": (-0.13, 0.72),
        "2,1": (0.02, 0.76),
        "3,1": (0.34, 0.95),
        "1,k": (-0.88, 0.91),
        "2,k": (0.07, 0.93),
        "3,k": (0.68, 0.99),
    }


@pytest.mark.parametrize(
    ("table", "why"),
    [
        ([[1.0, 2.0]], "It needs at least two units and two raters."),
        ([[1.0], [2.0]], "It needs at least two units and two raters."),
        ([[1.0, np.nan], [2.0, 3.0]], "Not every rater has rated every unit."),
        ([[3.0, 3.0], [3.0, 3.0]], "Every rating is the same, so there is no variation to explain."),
    ],
)
def test_a_table_that_does_not_fit_is_refused_with_the_reason(table: list[list[float]], why: str) -> None:
    with pytest.raises(NotDefined) as refused:
        mean_squares(np.array(table))

    assert str(refused.value) == why


def test_means_of_raters_say_nothing_when_units_do_not_differ() -> None:
    squares = mean_squares(np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0], [2.0, 1.0, 3.0], [2.0, 3.0, 1.0]]))

    assert squares == MeanSquares(4, 3, 0.0, 0.0, 1.0, 4.0 / 3.0)
    assert icc(squares, "1,1").value == -0.5
    with pytest.raises(NotDefined, match="The units do not differ"):
        icc(squares, "3,k")


def test_full_agreement_is_one_and_has_no_interval() -> None:
    found = icc(mean_squares(np.array([[1.0, 1.0], [3.0, 3.0]])), "2,1")

    assert (found.value, found.low, found.high) == (1.0, None, None)
