"""Plain papers keep PDF/UA-1 and PDF/A-3a, in both sizes, whatever was typed; veraPDF is the judge."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from metstandard.documents import render, sheet
from metstandard.documents.sheet import Sheet
from tests.tools.verapdf.judge import judge

WORLD = "Ærø Łódź Ελένη سلام שלום 中 🦄 \u200f\u202e\x00 ✓ <b>" + "a" * 200
LONG = tuple((f"MS-{number:04d}", "Camden BOCU", "Current", "28 June 2026") for number in range(150))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Papers with a list, with facts, with neither, and with every script; each also in large print."""
    place = tmp_path_factory.mktemp("sheets")
    heads = ("Certificate", "Unit", "Status", "Decided on")
    made = {
        "list": Sheet("Register", date(2026, 11, 21), ("What it is.",), columns=heads, rows=LONG),
        "facts": Sheet("Award", date(2026, 11, 21), ("For a rescue.",), facts=(("Names", "A\nB"), ("Team", ""))),
        "empty": Sheet("Roll", date(2026, 11, 21), columns=heads, none="No award."),
        "world": Sheet(WORLD, date(2026, 11, 21), (WORLD,), ((WORLD, WORLD),), heads, [(WORLD,) * 4], address=WORLD),
    }
    for name, one in made.items():
        for large in (False, True):
            (place / f"{name}{'-large' if large else ''}.pdf").write_bytes(render.pdf(sheet.html(one, large=large)))
    return place


@pytest.mark.parametrize("flavour", ["ua1", "3a"])
def test_every_plain_paper_complies(folder: Path, flavour: str) -> None:
    files = sorted(folder.iterdir())
    assert judge(flavour, files) == {file: [] for file in files}
    assert len(files) == 8
