"""The domains against the standard: true to scale, readable without colour, safe with any title."""

from __future__ import annotations

from fractions import Fraction

import pytest

from metstandard.figures.domains import DomainBar, domains
from metstandard.figures.figure import Figure
from tests.figures import drawn

STANDARD = Fraction(55)


def figure(*scores: Fraction | None, title: str = "Leadership") -> Figure:
    bars = [
        DomainBar(f"D{number}", title, score, "-" if score is None else f"{float(score):.1f}", 3)
        for number, score in enumerate(scores, 1)
    ]
    return domains(bars, threshold=STANDARD, assessed_by=3)


def test_the_table_and_the_description_say_what_the_drawing_says() -> None:
    made = figure(Fraction(75), Fraction(54), None)
    assert made.title == "Domains against the standard"
    assert made.description == (
        "Each domain has to reach 55 out of 100. Below it: D2. n = 9 criteria, agreed by 3 reviewers."
    )
    assert made.table_headers == ("Domain", "Score out of 100", "At least 55", "Criteria (n)")
    assert made.table_rows == (
        ("D1 Leadership", "75.0", "Yes", "3"),
        ("D2 Leadership", "54.0", "No", "3"),
        ("D3 Leadership", "Not assessed", "Not assessed", "3"),
    )
    assert drawn.alternative(made) == f"{made.title}. {made.description}"


def test_a_score_below_the_standard_is_told_in_words_too() -> None:
    words = drawn.words(figure(Fraction(75), Fraction(54)))
    assert words[:5] == [
        "Score out of 100. n = 6 criteria, agreed by 3 reviewers",
        "D1 Leadership",
        "75.0",
        "D2 Leadership",
        "54.0 below",
    ]
    assert words[-1] == "Standard: 55"


def test_the_comparison_is_exact_and_not_of_what_is_shown() -> None:
    made = figure(Fraction(5499, 100), STANDARD)
    assert [row[1:3] for row in made.table_rows] == [("55.0", "No"), ("55.0", "Yes")]


def test_bars_start_at_zero_and_are_true_to_scale() -> None:
    rects = drawn.shapes(figure(Fraction(0), Fraction(25), Fraction(50), Fraction(100)), "rect")
    tracks, bars = rects[::2], rects[1::2]
    assert {one["x"] for one in rects} == {"2"}
    full = float(tracks[0]["width"])
    assert [float(bar["width"]) / full for bar in bars] == [0, 0.25, 0.5, 1]


def test_what_carries_meaning_has_contrast() -> None:
    made = figure(Fraction(75), Fraction(54))
    track, *_ = drawn.shapes(made, "rect")
    fills = {one["fill"] for one in drawn.shapes(made, "rect")} - {track["fill"]}
    assert all(drawn.contrast(fill) >= 3 and drawn.contrast(fill, track["fill"]) >= 3 for fill in fills)
    assert all(drawn.contrast(one["fill"]) >= 4.5 for one in drawn.shapes(made, "text"))
    assert len(fills) == 2


def test_nothing_in_it_is_refused_by_a_strict_policy() -> None:
    assert drawn.refused_by_policy(figure(Fraction(75), Fraction(54), None)) == []


def test_a_title_is_text_whatever_it_holds() -> None:
    hostile = '</text><script>alert(1)</script> & "quotes"'
    assert drawn.words(figure(Fraction(75), title=hostile))[1] == f"D1 {hostile}"
    assert "<script" not in figure(Fraction(75), title=hostile).svg


@pytest.mark.parametrize("count", [0, 1, 8, 30])
def test_any_number_of_domains_fits(count: int) -> None:
    made = figure(*[Fraction(60)] * count)
    assert len(made.table_rows) == count
    assert made.svg.count("<rect") == 2 * count
