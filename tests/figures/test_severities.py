"""Severity with intervals: around nought, true to scale, and said in words."""

from __future__ import annotations

import pytest

from metstandard.figures.figure import BLUE, RED
from metstandard.figures.severities import SeverityLine, severities
from tests.figures import drawn


def test_the_table_and_the_description_say_what_the_drawing_says() -> None:
    made = severities([SeverityLine("Ada", 0.6, 0.3, 0.9, 5, raised=True), SeverityLine("Bo", -0.004, -0.4, 0.39, 3)])
    minus = "\N{MINUS SIGN}"
    assert made.description == (
        "In levels; to the right is harsher. Lines are intervals of 95 per cent. Surely out: Ada."
    )
    assert made.table_rows == (("Ada", "+0.60", "+0.30", "+0.90", "5"), ("Bo", "0.00", f"{minus}0.40", "+0.39", "3"))
    assert "Ada, n = 5: surely out" in drawn.words(made)
    assert "Bo, n = 3" in drawn.words(made)
    assert drawn.words(made)[-5:] == [f"{minus}1", f"{minus}0.5", "0", "0.5", "1"]
    assert [one["fill"] for one in drawn.shapes(made, "circle")] == [RED, BLUE]
    assert drawn.refused_by_policy(made) == []


def test_dots_and_lines_are_true_to_one_scale() -> None:
    made = severities([SeverityLine("A", 0.0, -0.5, 0.5, 3), SeverityLine("B", 0.25, 0.0, 0.5, 3)])
    dots = [float(one["cx"]) for one in drawn.shapes(made, "circle")]
    lines = [one for one in drawn.shapes(made, "rect") if one["height"] == "4"]
    assert dots == [280, 405]
    assert [(float(one["x"]), float(one["width"])) for one in lines] == [(30, 500), (280, 250)]


def test_wide_scales_name_every_other_step() -> None:
    made = severities([SeverityLine("A", 1.0, 0.0, 2.0, 3)])
    minus = "\N{MINUS SIGN}"
    assert drawn.words(made)[-5:] == [f"{minus}2", f"{minus}1", "0", "1", "2"]


def test_a_figure_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one line"):
        severities([])
