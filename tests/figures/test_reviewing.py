"""Who reviews whom: units that review each other and rings of three are found, drawn in red and said in words."""

from __future__ import annotations

import pytest

from metstandard.figures.reviewing import Visit, mutual, reviewing, rings
from tests.figures import drawn

TITLES = {"EK": "Camden BOCU", "SX": "Barnet BOCU", "QK": "Brent BOCU", "RG": "Greenwich BOCU"}
RING = (Visit("EK", "SX"), Visit("SX", "QK"), Visit("QK", "EK"))


def test_units_that_review_each_other_are_found_once_whoever_comes_first() -> None:
    assert mutual([Visit("SX", "EK"), Visit("EK", "SX", planned=False), Visit("RG", "EK")]) == [("EK", "SX")]


def test_a_ring_of_three_is_found_once_and_no_chain_is_one() -> None:
    assert rings(RING) == [("EK", "SX", "QK")]
    assert rings(RING[:2]) == []
    assert rings([Visit("EK", "SX"), Visit("SX", "EK")]) == []


def test_the_table_and_the_description_say_what_the_drawing_says() -> None:
    made = reviewing([*RING, Visit("RG", "EK", planned=False), Visit("EK", "RG")], TITLES)
    assert made.description == (
        "n = 5 visits between units, 4 of them in this plan. Units that review each other: Camden BOCU and Greenwich"
        " BOCU. Rings of three: Camden BOCU, Barnet BOCU, Brent BOCU."
    )
    assert made.table_rows == (
        ("Camden BOCU", "Greenwich BOCU", "Yes", "Each other"),
        ("Camden BOCU", "Barnet BOCU", "Yes", "Ring of three"),
        ("Brent BOCU", "Camden BOCU", "Yes", "Ring of three"),
        ("Greenwich BOCU", "Camden BOCU", "No, it stands already", "Each other"),
        ("Barnet BOCU", "Brent BOCU", "Yes", "Ring of three"),
    )
    assert sorted(drawn.words(made)) == ["EK", "QK", "RG", "SX"]


def test_what_closes_no_circle_is_said_to_close_none() -> None:
    made = reviewing([Visit("RG", "EK")], TITLES)
    assert made.description.endswith("No two units review each other. There is no ring of three.")
    assert made.table_rows == (("Greenwich BOCU", "Camden BOCU", "Yes", "No"),)


def test_a_plan_without_peers_is_an_empty_drawing() -> None:
    assert reviewing([], {}).table_rows == ()


def test_an_unknown_unit_is_an_error() -> None:
    with pytest.raises(KeyError):
        reviewing([Visit("XX", "EK")], TITLES)
