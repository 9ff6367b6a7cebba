"""Marks by criterion: every seat's mark is drawn where it belongs, and what lies apart is said in words."""

from __future__ import annotations

import pytest

from metstandard.figures.figure import BLUE, RED, Figure
from metstandard.figures.spread import SpreadLine, spread
from tests.figures import drawn

SEATS = ("Peer", "Local authority", "Private")


def figure(*marks: tuple[int | None, ...], title: str = "Leadership") -> Figure:
    lines = [SpreadLine(f"1.{number}", title, each) for number, each in enumerate(marks, 1)]
    return spread(lines, seats=SEATS, top=4, discuss_at=2)


def test_the_table_and_the_description_say_what_the_drawing_says() -> None:
    made = figure((3, 3, 2), (1, 3, None), (None, None, None))
    assert made.description == "Levels 0 to 4. 1 of 3 criteria lie 2 levels or more apart: 1.2. n = 3 reviewers."
    assert made.table_headers == ("Criterion", *SEATS, "Levels apart")
    assert made.table_rows == (
        ("1.1 Leadership", "3", "3", "2", "1"),
        ("1.2 Leadership", "1", "3", "No level", "2"),
        ("1.3 Leadership", "No level", "No level", "No level", "0"),
    )
    assert drawn.alternative(made) == f"{made.title}. {made.description}"
    assert "1.2 Leadership, 2 levels apart" in drawn.words(made)


def test_equal_marks_stand_side_by_side_and_seats_differ_in_shape() -> None:
    made = figure((2, 2, 2))
    dots, squares = drawn.shapes(made, "circle"), [r for r in drawn.shapes(made, "rect") if r["height"] == "12"]
    triangles = [path for path in drawn.shapes(made, "path") if path.get("fill") == BLUE]
    # Each shape once in the legend, once on the line.
    assert [len(each) for each in (dots, squares, triangles)] == [2, 2, 2]
    assert (float(dots[1]["cx"]), float(squares[1]["x"])) == (258, 272)


def test_levels_are_true_to_scale_from_nought() -> None:
    dots = drawn.shapes(figure((0, None, None), (1, None, None), (4, None, None)), "circle")[1:]
    places = [float(one["cx"]) for one in dots]
    assert (places[1] - places[0]) * 4 == pytest.approx(places[2] - places[0], abs=0.5)


def test_what_lies_apart_is_red_and_contrasts_and_any_title_is_safe() -> None:
    made = figure((0, 2, 4), title='<script>"&')
    assert [one["fill"] for one in drawn.shapes(made, "circle")] == [BLUE, RED]
    assert min(drawn.contrast(BLUE), drawn.contrast(RED)) >= 3
    assert drawn.refused_by_policy(made) == []
    assert "<script>" not in made.svg
