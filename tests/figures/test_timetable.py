"""The timetable of a review: every stage with its state on a day, in words as well as in the drawing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from metstandard.figures.timetable import Stage, StageState, timetable
from tests.figures import drawn

TODAY = date(2026, 7, 10)
STAGES = (
    Stage("Panel", date(2026, 5, 8), date(2026, 6, 1), date(2026, 6, 9)),
    Stage("Self-assessment", date(2026, 6, 9), date(2026, 7, 20)),
    Stage("Evidence review", date(2026, 6, 20), date(2026, 7, 9)),
    Stage("On site", date(2026, 8, 10), date(2026, 8, 14)),
)


def test_the_table_and_the_description_say_what_the_drawing_says() -> None:
    made = timetable(STAGES, today=TODAY)
    assert made.description == (
        "1 stage of 4 done on 10 July 2026. Self-assessment is under way, due 20 July 2026."
        " Evidence review is overdue, due 9 July 2026."
    )
    assert made.table_headers == ("Stage", "Begins", "Due", "Ended", "State")
    assert made.table_rows == (
        ("Panel", "8 May 2026", "1 June 2026", "9 June 2026", "Done"),
        ("Self-assessment", "9 June 2026", "20 July 2026", "Not yet", "Under way"),
        ("Evidence review", "20 June 2026", "9 July 2026", "Not yet", "Overdue"),
        ("On site", "10 August 2026", "14 August 2026", "Not yet", "Ahead"),
    )


def test_states_and_today_are_told_in_words() -> None:
    words = drawn.words(timetable(STAGES, today=TODAY))
    assert [word for word in words if ":" in word] == [
        "Panel: done",
        "Self-assessment: under way",
        "Evidence review: overdue",
        "On site: ahead",
    ]
    assert words[-1] == "Today, 10 July 2026"
    assert [word for word in words if word.endswith("2026") and "Today" not in word] == [
        "Jun 2026",
        "Jul 2026",
        "Aug 2026",
    ]


@pytest.mark.parametrize(
    ("today", "state"),
    [
        (date(2026, 6, 8), StageState.AHEAD),
        (date(2026, 6, 9), StageState.NOW),
        (date(2026, 7, 20), StageState.NOW),
        (date(2026, 7, 21), StageState.OVERDUE),
    ],
)
def test_a_stage_is_under_way_from_its_first_to_its_last_day(today: date, state: StageState) -> None:
    assert STAGES[1].state(today) is state


def test_bars_are_true_to_scale() -> None:
    stages = (Stage("One", TODAY, TODAY + timedelta(days=9)), Stage("Two", TODAY, TODAY + timedelta(days=19)))
    ahead = TODAY - timedelta(days=1)
    bars = drawn.shapes(timetable(stages, today=ahead), "rect")
    first, second = (float(bar["width"]) for bar in bars)
    assert abs(second / first - 2) < 0.01


def test_what_carries_meaning_has_contrast() -> None:
    made = timetable(STAGES, today=TODAY)
    assert all(drawn.contrast(one["fill"]) >= 4.5 for one in drawn.shapes(made, "text"))
    outlines = {one["stroke"] for one in drawn.shapes(made, "rect")} - {"none"}
    assert all(drawn.contrast(stroke) >= 3 for stroke in outlines)
    assert len(outlines) == 3


def test_nothing_in_it_is_refused_by_a_strict_policy() -> None:
    hostile = Stage('<script>alert(1)</script> onload="x"', TODAY, TODAY)
    made = timetable((*STAGES, hostile), today=TODAY)
    assert drawn.refused_by_policy(made) == []
    assert f"{hostile.title}: under way" in drawn.words(made)


@pytest.mark.parametrize("today", [date(2020, 1, 1), date(2026, 8, 14), date(2031, 1, 1)])
def test_today_is_drawn_even_far_outside_the_stages(today: date) -> None:
    made = timetable(STAGES, today=today)
    xs = [float(one["x"]) for one in drawn.shapes(made, "text")]
    assert all(0 <= x <= 560 for x in xs)
    months = [word for word in drawn.words(made) if len(word) == 8 and word[3] == " "]
    assert len(months) <= 9


def test_a_stage_of_one_day_is_seen() -> None:
    (bar,) = drawn.shapes(timetable([Stage("One day", TODAY, TODAY, TODAY)], today=date(2031, 1, 1)), "rect")
    assert float(bar["width"]) == 4


def test_an_empty_timetable_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one stage"):
        timetable([], today=TODAY)
