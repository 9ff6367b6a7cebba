"""`metstandard statistics`: agreement and severity from a CSV file, as JSON. A wrong file is refused by its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from metstandard.common.errors import Invalid

if TYPE_CHECKING:
    from metstandard.statistics.ratings import Rating
    from metstandard.statistics.severity import SeverityModel

FEWEST = 2
"""Ratings of one rater below which the command withholds an estimate, unless told otherwise."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def statistics() -> None:
    """Agreement between raters, and how harsh each is, from a file of ratings."""


@statistics.command()
@click.argument("ratings", type=_FILE)
@click.option("--scale", metavar="0,1,2,3,4", help="Every category of the scale. Without it: those seen.")
def agreement(ratings: Path, scale: str | None) -> None:
    """Alpha, kappas, AC1, AC2 and intraclass correlations of RATINGS.

    RATINGS is a CSV file with the columns unit, rater and value. An empty value is missing.
    """
    from metstandard.statistics.ratings import parse_scale, read_ratings
    from metstandard.statistics.summary import agreement as agreement_of

    categories = None if scale is None else parse_scale(scale)
    _print(agreement_of(read_ratings(ratings, categories)).as_json())


@statistics.command()
@click.argument("ratings", type=_FILE)
@click.option(
    "--anchor",
    "anchors",
    metavar="UNIT=VALUE",
    multiple=True,
    help="A calibration case with its agreed value. Repeatable.",
)
@click.option(
    "--fewest", type=click.IntRange(min=1), default=FEWEST, show_default=True, help="Fewest ratings to say anything."
)
def severity(ratings: Path, anchors: tuple[str, ...], fewest: int) -> None:
    """How harsh each rater of RATINGS is, in levels of the scale: positive is harsher.

    RATINGS is a CSV file with the columns unit, rater and value. An empty value is missing. Raters in different groups
    under "disconnected" cannot be compared with each other.
    """
    from metstandard.statistics.estimates import NotDefined
    from metstandard.statistics.layout import Mark
    from metstandard.statistics.ratings import read_rows
    from metstandard.statistics.severity import fit

    rows = read_rows(ratings)
    marks = [Mark(row.unit, row.rater, _number(ratings, row, row.value)) for row in rows if row.value is not None]
    units, raters = {row.unit for row in rows}, sorted({row.rater for row in rows})
    sizes = {"units": len(units), "raters": len(raters), "ratings": len(marks)}
    agreed = _anchors(anchors, units)
    try:
        model = fit(marks, anchors=agreed, fewest=fewest)
    except NotDefined as refusal:
        _print(_without_model(marks, agreed, raters, sizes, str(refusal)))
    else:
        _print(_with_model(model, raters, sizes))


def _with_model(model: SeverityModel, raters: list[str], sizes: dict[str, int]) -> dict[str, Any]:
    undefined = dict(model.undefined)
    found: dict[str, Any] = {}
    for name in raters:
        severity = model.reviewers.get(name)
        estimate = severity.estimate if severity else None
        found[name] = {
            "estimate": estimate.value if estimate else None,
            "standard_error": estimate.standard_error if estimate else None,
            "n": severity.n if severity else 0,
        }
        if severity is None:
            undefined[f"raters.{name}"] = "Too few: no ratings."
    return {
        "n": sizes,
        "raters": found,
        "disconnected": _apart(model.groups),
        "variance": {
            "unit": model.variances.review,
            "rater": model.variances.reviewer,
            "residual": model.variances.residual,
        },
        "undefined": {key.replace("reviewers", "raters", 1): why for key, why in undefined.items()},
    }


def _without_model(
    marks: list[Any], anchors: dict[str, float], raters: list[str], sizes: dict[str, int], why: str
) -> dict[str, Any]:
    from metstandard.statistics.layout import groups_of

    counts = {name: sum(mark.reviewer == name for mark in marks) for name in raters}
    return {
        "n": sizes,
        "raters": {name: {"estimate": None, "standard_error": None, "n": counts[name]} for name in raters},
        "disconnected": _apart(groups_of(marks, anchors)),
        "variance": {"unit": None, "rater": None, "residual": None},
        "undefined": {"raters": why, "variance": why},
    }


def _apart(groups: tuple[tuple[str, ...], ...]) -> list[list[str]]:
    """The groups of raters that cannot be compared with each other; none when there is one group only."""
    return [list(group) for group in groups] if len(groups) > 1 else []


def _number(file: Path, row: Rating, text: str) -> float:
    from metstandard.statistics.ratings import number, wrong_value

    value = number(text)
    if value is None:
        raise wrong_value(file, row, "is not a number")
    return value


def _anchors(texts: tuple[str, ...], units: set[str]) -> dict[str, float]:
    from metstandard.statistics.ratings import number

    found: dict[str, float] = {}
    for text in texts:
        unit, _, written = text.rpartition("=")
        value = number(written.strip())
        if value is None or unit not in units:
            raise Invalid(f"--anchor {text}: must be UNIT=VALUE with a unit of the file and a number.", field="anchor")
        found[unit] = value
    return found


def _print(found: dict[str, Any]) -> None:
    click.echo(json.dumps(found, ensure_ascii=False, allow_nan=False, indent=2))
