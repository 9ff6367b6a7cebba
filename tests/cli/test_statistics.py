"""`metstandard statistics`: exact JSON, and refusals with line and column."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from metstandard.cli import main
from tests.statistics.published import FOUR_OBSERVERS, SIX_TARGETS


def written(folder: Path, rows: list[tuple[str, str, object]]) -> Path:
    file = folder / "ratings.csv"
    lines = ["unit,rater,value", *(f"{unit},{rater},{'' if value is None else value}" for unit, rater, value in rows)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["statistics", *map(str, arguments)])


def printed(*arguments: object) -> dict[str, object]:
    """What the command printed, with NaN refused."""
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")

    def refuse(text: str) -> float:
        raise AssertionError(text)

    found = json.loads(result.stdout, parse_constant=refuse)
    assert isinstance(found, dict)
    return found


def test_agreement_prints_krippendorffs_example_unrounded(tmp_path: Path) -> None:
    rows: list[tuple[str, str, object]] = [
        (f"u{number}", f"R{rater}", None if value == "." else value)
        for number, line in enumerate(FOUR_OBSERVERS.strip().splitlines())
        for rater, value in enumerate(line.split(), start=1)
    ]

    found = printed("agreement", written(tmp_path, rows))

    assert list(found) == ["n", "alpha", "kappa", "fleiss", "ac1", "ac2", "icc", "undefined"]
    assert found["n"] == {"units": 12, "raters": 4, "ratings": 41}
    assert found["alpha"] == pytest.approx(
        {
            "nominal": 0.743421052631579,
            "ordinal": 0.8153875037548813,
            "interval": 0.8491071428571428,
            "ratio": 0.7974027747116121,
        }
    )
    assert (found["fleiss"], found["ac1"]) == pytest.approx((0.7611692754224112, 0.775444068126995))
    assert found["undefined"] == {"icc": "Not every rater has rated every unit."}


def test_agreement_prints_shrout_and_fleiss_correlations(tmp_path: Path) -> None:
    rows: list[tuple[str, str, object]] = [
        (f"target {unit}", f"judge {rater}", int(SIX_TARGETS[unit, rater]))
        for unit, rater in np.ndindex(SIX_TARGETS.shape)
    ]

    found = printed("agreement", written(tmp_path, rows))

    correlations = found["icc"]
    assert isinstance(correlations, dict)
    assert {name: round(value, 2) for name, value in correlations.items()} == {
        "1,1": 0.17,
        "2,1": 0.29,
        "3,1": 0.71,
        "1,k": 0.44,
        "2,k": 0.62,
        "3,k": 0.91,
    }
    assert found["undefined"] == {}


def test_a_scale_changes_ac1_but_not_alpha(tmp_path: Path) -> None:
    file = written(tmp_path, [("u", "A", 1), ("u", "B", 1), ("v", "A", 2), ("v", "B", 1)])

    seen, named = printed("agreement", file), printed("agreement", file, "--scale", "0,1,2,3,4")

    assert seen["alpha"] == named["alpha"]
    assert (seen["ac1"], named["ac1"]) == pytest.approx((0.2, 0.448275862))


@pytest.mark.parametrize(
    ("command", "text", "where"),
    [
        (
            "agreement",
            "unit,rater\nu,A\n",
            "1: column 3 (value): is missing; the first line must name unit, rater and value",
        ),
        ("agreement", "unit,rater,value\nu,A,1\nu,A,2\n", "3: column 2 (rater): A has rated u already, on line 2"),
        ("severity", "unit,rater,value\nu,A,1\nu,B,high\n", "3: column 3 (value): high is not a number"),
        ("severity", "unit,rater,value\nu,A,nan\n", "2: column 3 (value): nan is not a number"),
        ("severity", "unit,rater,value\nu,A\n", "2: column 3: is missing; the first line has 3 columns"),
    ],
)
def test_a_malformed_file_exits_2_with_file_line_and_column(
    tmp_path: Path, command: str, text: str, where: str
) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(text, encoding="utf-8")

    result = run(command, file)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {file}:{where}\n"


def test_a_value_off_the_scale_exits_2_with_file_line_and_column(tmp_path: Path) -> None:
    file = written(tmp_path, [("u", "A", 4), ("u", "B", 5)])

    result = run("agreement", file, "--scale", "0,1,2,3,4")

    assert (result.exit_code, result.stderr) == (2, f"error: {file}:3: column 3 (value): 5 is not on the scale\n")


def test_a_file_that_is_not_there_exits_2(tmp_path: Path) -> None:
    assert run("agreement", tmp_path / "none.csv").exit_code == 2


def severity_rows() -> list[tuple[str, str, object]]:
    """A, B and C share reviews; D and E share others; F has one rating, G none."""
    rng = np.random.default_rng(5)
    offsets = {"A": 0.5, "B": 0.0, "C": -0.5, "D": 0.3, "E": -0.3}
    rows: list[tuple[str, str, object]] = []
    for unit in range(20):
        quality = rng.normal(2.5, 0.5)
        rows += [(f"x{unit}", name, round(quality - offsets[name] + rng.normal(0, 0.2), 2)) for name in "ABC"]
        rows += [(f"y{unit}", name, round(quality - offsets[name] + rng.normal(0, 0.2), 2)) for name in "DE"]
    return [*rows, ("x0", "F", 2), ("x0", "G", None)]


def test_severity_prints_each_rater_and_who_cannot_be_compared(tmp_path: Path) -> None:
    found = printed("severity", written(tmp_path, severity_rows()))

    assert list(found) == ["n", "raters", "disconnected", "variance", "undefined"]
    assert found["n"] == {"units": 40, "raters": 7, "ratings": 101}
    assert found["disconnected"] == [["A", "B", "C", "F"], ["D", "E"]]
    raters = found["raters"]
    assert isinstance(raters, dict)
    assert {name: each["n"] for name, each in raters.items()} == {
        "A": 20,
        "B": 20,
        "C": 20,
        "D": 20,
        "E": 20,
        "F": 1,
        "G": 0,
    }
    assert raters["A"]["estimate"] - raters["C"]["estimate"] == pytest.approx(1.0, abs=0.1)
    assert all(0 < raters[name]["standard_error"] < 0.5 for name in "ABCDE")
    assert raters["F"] == {"estimate": None, "standard_error": None, "n": 1}
    assert found["undefined"] == {
        "raters.F": "Too few: 1 of at least 2 marks.",
        "raters.G": "Too few: no ratings.",
    }


def test_an_anchor_fixes_the_zero_and_joins_what_was_apart(tmp_path: Path) -> None:
    rows: list[tuple[str, str, object]] = severity_rows()[:100]
    rows += [("case", name, value) for name, value in {"A": 1.0, "B": 1.5, "C": 2.0, "D": 1.2, "E": 1.8}.items()]
    file = written(tmp_path, rows)

    plain, anchored = printed("severity", file), printed("severity", file, "--anchor", "case=2.5")

    assert plain["disconnected"] == anchored["disconnected"] == []
    plain_raters, raters = plain["raters"], anchored["raters"]
    assert isinstance(plain_raters, dict)
    assert isinstance(raters, dict)
    assert np.mean([each["estimate"] for each in plain_raters.values()]) == pytest.approx(0, abs=1e-6)
    assert np.mean([each["estimate"] for each in raters.values()]) == pytest.approx(1, abs=0.1)


@pytest.mark.parametrize("anchor", ["case", "case=high", "none=2", "=2"])
def test_an_anchor_that_names_no_unit_or_number_exits_2(tmp_path: Path, anchor: str) -> None:
    file = written(tmp_path, [("case", "A", 1), ("case", "B", 2)])

    result = run("severity", file, "--anchor", anchor)

    assert result.exit_code == 2
    assert result.stderr == f"error: --anchor {anchor}: must be UNIT=VALUE with a unit of the file and a number.\n"


def test_ratings_with_nothing_in_common_say_why_there_is_no_estimate(tmp_path: Path) -> None:
    why = "Hardly anything is marked by two or more, so there is nothing to compare."

    assert printed("severity", written(tmp_path, [("u", "A", 1), ("v", "B", 2)])) == {
        "n": {"units": 2, "raters": 2, "ratings": 2},
        "raters": {
            "A": {"estimate": None, "standard_error": None, "n": 1},
            "B": {"estimate": None, "standard_error": None, "n": 1},
        },
        "disconnected": [["A"], ["B"]],
        "variance": {"unit": None, "rater": None, "residual": None},
        "undefined": {"raters": why, "variance": why},
    }
