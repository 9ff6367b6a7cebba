"""The figures of README.md show the demonstration as it is played today."""

from __future__ import annotations

from pathlib import Path

from tests.house import pictures, tree


def test_the_figures_of_the_readme_are_up_to_date(demonstration: Path) -> None:
    """`python -m tests.house.pictures` draws them."""
    drawn = pictures.pictures(demonstration)
    assert {name: (pictures.FOLDER / name).read_text(encoding="utf-8") for name in drawn} == drawn
    readme = (tree.ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in drawn if f"docs/images/{name}" not in readme] == []
