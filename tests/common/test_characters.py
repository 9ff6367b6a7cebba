"""What people type is cleaned before it is stored, drawn, listed or sent."""

from __future__ import annotations

import pytest

from metstandard.common.characters import clean, no_formula, one_line


def test_controls_and_turning_characters_are_gone_and_line_ends_are_plain() -> None:
    assert clean("a\x00b\x08c\r\nd\re\u2028f\u202eg\u2066h\ufffei\ud800j") == "abc\nd\ne\nfghij"


@pytest.mark.parametrize("text", ["Zoë O’Brien", "سلام\u200f 2026", "क्\u200dष", "中文 🦄", "tab\there", "مرحبا"])
def test_the_scripts_of_the_world_stay_as_they_were_typed(text: str) -> None:
    assert clean(text) == text


def test_one_line_is_one_line() -> None:
    assert one_line("  a\n\n b\t\u2029c ") == "a b c"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "\n=1", "\uff1d1", "\uff0b1"])
def test_a_cell_that_would_be_calculated_begins_with_an_apostrophe(cell: str) -> None:
    assert no_formula(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Camden BOCU", "2026-06-28", "a=b", "' =1"])
def test_any_other_cell_is_left_alone(cell: str) -> None:
    assert no_formula(cell) == cell
