"""The regions of London: which borough lies in which, and where each stands on a small grid for distances."""

import csv
from functools import cache
from pathlib import Path

from metstandard.records.units import Unit, UnitKind

FILE = Path(__file__).resolve().parent / "reference" / "regions.csv"


@cache
def _rows() -> tuple[dict[str, str], ...]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def places() -> dict[str, tuple[int, int]]:
    """Each region with its place on the grid; a distance is |dx| + |dy|."""
    return {row["region"]: (int(row["x"]), int(row["y"])) for row in _rows()}


@cache
def of_boroughs() -> dict[str, str]:
    """The region of each borough."""
    return {row["borough"]: row["region"] for row in _rows()}


def region_of(borough: str | None) -> str:
    """The region in which a borough lies; empty for none, or for one outside London."""
    return of_boroughs().get(borough or "", "")


def unit_type(unit: Unit) -> str:
    """The type of a unit that a reviewer may know: `BOCU` for a borough's, the business group for any other."""
    return UnitKind.BOCU.value if unit.kind is UnitKind.BOCU else unit.business_group
