"""The style sheet for right to left is the library's own, mirrored."""

from __future__ import annotations

from tests.house import mirrored


def test_the_mirrored_sheet_is_up_to_date() -> None:
    """`python -m tests.house.mirrored` writes it."""
    assert mirrored.MIRRORED.read_text(encoding="utf-8") == mirrored.mirrored(
        mirrored.SHEET.read_text(encoding="utf-8")
    )


def test_left_and_right_change_places_and_a_tick_stays_a_tick() -> None:
    css = (
        ".a{margin-left:1px;padding:1px 2px 3px 4px;text-align:left;float:right}"
        ".govuk-back-link:before{left:2px;transform:rotate(225deg)}"
        ".tick{left:2px;border-width:0 0 5px 5px;transform:rotate(-45deg)}"
    )
    assert mirrored.mirrored(css) == (
        ".a{margin-right:1px;padding:1px 4px 3px 2px;text-align:right;float:left}"
        ".govuk-back-link:before{right:2px;transform:rotate(45deg)}"
        ".tick{right:2px;border-width:0 0 5px 5px;transform:rotate(-45deg)}"
    )
