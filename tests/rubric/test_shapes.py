"""Numbers are kept as they were written."""

from __future__ import annotations

from fractions import Fraction

import pytest

from metstandard.rubric.shapes import exact


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (70, Fraction(70)),
        (69.95, Fraction(1399, 20)),
        (0.1, Fraction(1, 10)),
        ("200/3", Fraction(200, 3)),
        ("12.50", Fraction(25, 2)),
        (Fraction(5, 7), Fraction(5, 7)),
    ],
)
def test_a_number_is_kept_exactly_as_it_was_written(written: object, kept: Fraction) -> None:
    assert exact(written) == kept


@pytest.mark.parametrize(
    "written",
    [True, False, -1, "-1", "1/0", "1/00", "", "seventy", "\u0667", float("nan"), float("inf"), 1e300, None, [70]],
)
def test_anything_else_is_no_number(written: object) -> None:
    with pytest.raises(ValueError, match=r"is not a number of 0 or more, such as 70, 69\.95 or 200/3"):
        exact(written)
