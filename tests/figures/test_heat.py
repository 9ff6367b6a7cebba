"""Units by criteria: each level in figures and in a shade that its figure can be read on."""

from __future__ import annotations

from metstandard.figures import heat as room
from metstandard.figures.heat import HeatRow, heat
from tests.figures import drawn

CRITERIA = (("1.1", "D1"), ("1.2", "D1"), ("2.1", "D2"))


def test_each_cell_says_its_level_and_the_table_has_a_column_for_each_domain() -> None:
    made = heat(
        [HeatRow("Camden", {"1.1": 0, "1.2": 4, "2.1": 2}), HeatRow("Barnet", {"1.1": 3})],
        criteria=CRITERIA, top=4, title="Levels",
    )  # fmt: skip
    assert made.description == "Levels 0 to 4 as decided. n = 2 units and 3 criteria."
    assert made.table_headers == ("Unit", "D1", "D2")
    assert made.table_rows == (("Camden", "1.1: 0, 1.2: 4", "2.1: 2"), ("Barnet", "1.1: 3, 1.2: NA", "2.1: NA"))
    assert drawn.words(made)[-6:] == ["Camden", "0", "4", "2", "Barnet", "3"]
    assert drawn.refused_by_policy(made) == []


def test_every_shade_carries_its_figure_and_shades_rise_with_the_level() -> None:
    assert [
        (shade, ink)
        for shade, ink in zip(room._SHADES, room._ON_SHADE, strict=True)
        if drawn.contrast(shade, ink) < 4.5
    ] == []
    made = heat([HeatRow("A", {"1.1": 0, "1.2": 2, "2.1": 4})], criteria=CRITERIA, top=4, title="Levels")
    assert [one["fill"] for one in drawn.shapes(made, "rect")][-3:] == [room._SHADES[at] for at in (0, 2, 4)]


def test_a_criterion_that_does_not_apply_is_an_empty_frame_and_a_long_name_is_cut_in_the_drawing_only() -> None:
    name = "Specialist Crime Directorate 5, Child Abuse"
    made = heat([HeatRow(name, {"1.1": 1})], criteria=CRITERIA, top=4, title="Levels")
    assert [one["stroke"] for one in drawn.shapes(made, "rect")][-3:] == ["#4a5468"] * 3
    assert [one["fill"] for one in drawn.shapes(made, "rect")][-2:] == ["#ffffff", "#ffffff"]
    assert made.table_rows[0][0] == name
    assert "Specialist Crime Director…" in drawn.words(made)


def test_an_empty_map_can_be_drawn() -> None:
    assert heat([], criteria=(), top=4, title="Levels").table_rows == ()
