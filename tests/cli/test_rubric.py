"""`metstandard rubric score`, as people and scripts call it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from metstandard.cli import main
from metstandard.rubric.load import load
from tests.rubric.small import MET_STANDARD, TEXT, award_at

CODES = list(load(MET_STANDARD).criteria)
THREES: dict[str, object] = dict.fromkeys(CODES, 3)
SMALL_MARKS = {"A1": 1, "A2": 1, "B1": 1}
SEVENTY_FIVES = {f"D{number}": "75.0" for number in range(1, 9)}


def run(*arguments: Path | str) -> Result:
    """The command with these arguments."""
    return CliRunner().invoke(main, ["rubric", "score", *map(str, arguments)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a file of marks stands."""
    return tmp_path / "marks.json"


@pytest.fixture
def small_file(tmp_path: Path) -> Path:
    """A small rubric, which is read faster than the Met Standard."""
    rubric = tmp_path / "small-2.yaml"
    rubric.write_text(TEXT, encoding="utf-8")
    return rubric


def scored(file: Path, **said: object) -> object:
    """What the command prints for marks under the Met Standard; it must succeed."""
    file.write_text(json.dumps(said), encoding="utf-8")
    result = run(MET_STANDARD, file)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def refused(rubric: Path, file: Path) -> str:
    """What the command says on stderr when it refuses; exactly one line, exit code 2, nothing on stdout."""
    result = run(rubric, file)
    assert isinstance(result.exception, SystemExit)
    assert (result.exit_code, result.stdout) == (2, "")
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_it_prints_one_line_of_json(file: Path) -> None:
    file.write_text(json.dumps({"marks": THREES, "open_findings": {"critical": 0, "major": 0}}), encoding="utf-8")
    result = run(MET_STANDARD, file)
    domains = ", ".join(f'"D{number}": "75.0"' for number in range(1, 9))
    assert result.stdout == (
        f'{{"overall": "75/1", "shown": "75.0", "domains": {{{domains}}}, "failed": [], "outcome": "ACHIEVED"}}\n'
    )


@pytest.mark.parametrize(
    ("marks", "said", "failed", "outcome"),
    [
        ({}, {}, [], "ACHIEVED"),
        ({}, {"open_findings": {}}, [], "ACHIEVED"),
        ({}, {"open_findings": {"critical": 0, "major": 1}}, [], "ACHIEVED_WITH_CONDITIONS"),
        ({}, {"open_findings": {"critical": 2}}, ["R6"], "NOT_YET_ACHIEVED"),
        ({}, {"open_findings": {"minor": 4, "afi": 1, "good": 9}}, [], "ACHIEVED"),
        ({"7.3": 2}, {}, ["R4"], "DEFERRED"),
        ({"7.3": 2}, {"open_findings": {"critical": 1}}, ["R4", "R6"], "NOT_YET_ACHIEVED"),
        ({"8.3": "NE"}, {}, ["R3"], "NOT_YET_ACHIEVED"),
        ({}, {"evidence_sufficient": False}, ["R7"], None),
        ({}, {"R7": True, "R8": False}, ["R8"], None),
        ({}, {"process_complete": True, "R7": True}, [], "ACHIEVED"),
    ],
)
def test_the_outcome_follows_from_marks_findings_and_facts(
    file: Path, marks: dict[str, object], said: dict[str, object], failed: list[str], outcome: str | None
) -> None:
    printed = scored(file, marks=THREES | marks, **said)
    assert isinstance(printed, dict)
    assert (printed["failed"], printed["outcome"]) == (failed, outcome)


def test_findings_that_name_their_criteria_cap_them(file: Path) -> None:
    assert scored(file, marks=THREES, open_findings={"major": ["6.3", "6.3", "8.3"]}) == {
        "overall": "295/4",
        "shown": "73.8",
        "domains": SEVENTY_FIVES | {"D6": "68.2", "D8": "68.8"},
        "failed": [],
        "outcome": "ACHIEVED_WITH_CONDITIONS",
    }


def test_na_up_to_twelve_per_cent_of_the_weight_is_left_out(file: Path) -> None:
    marks = THREES | dict.fromkeys(("3.1", "3.2", "4.1"), "NA")
    assert scored(file, marks=marks) == {
        "overall": "75/1",
        "shown": "75.0",
        "domains": SEVENTY_FIVES,
        "failed": [],
        "outcome": "ACHIEVED",
    }


ALL_NAMED = (
    "1.1: there is no level 9, levels run from 0 to 4; 1.2 may not be NA (SCO-1); "
    "0.0 is not a criterion of met-standard-1"
)
WRONG_MARKS = [
    (dict.fromkeys(CODES[1:], 3), "1.1 has no mark"),
    (THREES | {"9.9": 3}, "9.9 is not a criterion of met-standard-1"),
    (THREES | {"1.1": 5}, "1.1: there is no level 5, levels run from 0 to 4"),
    (THREES | {"1.1": -1}, "1.1: there is no level -1, levels run from 0 to 4"),
    (THREES | {"1.1": 3.0}, "1.1: 3.0 is not a whole level, NE or NA"),
    (THREES | {"1.1": 2.5}, "1.1: 2.5 is not a whole level, NE or NA"),
    (THREES | {"1.1": True}, "1.1: true is not a whole level, NE or NA"),
    (THREES | {"1.1": "3"}, "1.1: 3 is not a whole level, NE or NA"),
    (THREES | {"1.1": None}, "1.1: null is not a whole level, NE or NA"),
    (THREES | {"1.1": [3]}, "1.1: [3] is not a whole level, NE or NA"),
    (THREES | {"1.1": {"level": 3}}, '1.1: {"level": 3} is not a whole level, NE or NA'),
    (THREES | {"1.1": "\x1b[2J\n"}, '1.1: "\\u001b[2J\\n" is not a whole level, NE or NA'),
    (THREES | {"1.1": "\ud800"}, '1.1: "\\ud800" is not a whole level, NE or NA'),
    (THREES | {"1.1": "NA"}, "1.1 may not be NA (SCO-1)"),
    (
        THREES | dict.fromkeys(("3.1", "3.2", "4.1", "7.2"), "NA"),
        "NA takes away 15.0 per cent of the weight, at most 12 may go (SCO-1)",
    ),
    (
        THREES | {"1.1": 9, "1.2": "NA", "0.0": 1},
        ALL_NAMED,
    ),
]


@pytest.mark.parametrize(("marks", "named"), WRONG_MARKS, ids=[case[1][:40] for case in WRONG_MARKS])
def test_wrong_marks_are_named(file: Path, marks: dict[str, object], named: str) -> None:
    file.write_text(json.dumps({"marks": marks}), encoding="utf-8")
    assert refused(MET_STANDARD, file) == f"error: {file}: {named}"


@pytest.mark.parametrize(
    ("findings", "named"),
    [
        ({"critical": -1}, "critical must be a whole number from 0 to 999, or a list of criteria, not -1"),
        ({"major": True}, "major must be a whole number from 0 to 999, or a list of criteria, not true"),
        ({"major": 1.0}, "major must be a whole number from 0 to 999, or a list of criteria, not 1.0"),
        ({"major": 1000}, "major must be a whole number from 0 to 999, or a list of criteria, not 1000"),
        ({"major": [1]}, "major must be a whole number from 0 to 999, or a list of criteria, not [1]"),
        ({"MAJOR": 1}, "MAJOR is not a grade of finding, they are critical, major, minor"),
        ({"": 1}, '"" is not a grade of finding, they are critical, major, minor'),
    ],
)
def test_wrong_findings_are_named(small_file: Path, file: Path, findings: dict[str, object], named: str) -> None:
    file.write_text(json.dumps({"marks": SMALL_MARKS, "open_findings": findings}), encoding="utf-8")
    assert refused(small_file, file) == f"error: {file}: open_findings: {named}"


WRONG_FILES = [
    (b"", ":1: is not JSON: Expecting value"),
    (b'{"marks":\n {"1.1": 3,}}', ":2: is not JSON: "),
    (b"[]", ': must be an object such as {"marks": {...}}'),
    (b"{}", ": marks is missing"),
    (b'{"marks": [3]}', ": marks must be an object of criteria and levels"),
    (b'{"marks": {"1.1": 3, "1.1": 4}}', ": 1.1 is given twice"),
    (b'{"marks": {}, "marks": {}}', ": marks is given twice"),
    (b'{"marks": {}, "note": ""}', ": note is not known here"),
    (b'{"marks": {}, "R1": true}', ": R1 is not known here"),
    (b'{"marks": {}, "R7": 0}', ": R7 must be true or false, not 0"),
    (
        b'{"marks": {}, "R7": true, "evidence_sufficient": true}',
        ": evidence_sufficient is given twice, by its word and",
    ),
    (b'{"marks": {}, "open_findings": 3}', ": open_findings must be an object of grades and numbers"),
    (b'{"marks": {}, "open_findings": null}', ": open_findings must be an object of grades and numbers"),
    (b'{"marks": {"1.1": NaN}}', ": NaN is not JSON"),
    (b'{"marks": {"1.1": ' + b"9" * 5000 + b"}}", ": is not JSON: a number has too many digits"),
    (b"\xff\xfe{}", ": cannot be read: is not UTF-8"),
    (b"[" * 100_000, ": is nested too deeply"),
    (b'{"a":' * 100_000, ": is nested too deeply"),
]


@pytest.mark.parametrize(("content", "named"), WRONG_FILES, ids=[case[1][:40] for case in WRONG_FILES])
def test_a_file_of_marks_that_cannot_be_understood_is_named(
    small_file: Path, file: Path, content: bytes, named: str
) -> None:
    file.write_bytes(content)
    assert refused(small_file, file).startswith(f"error: {file}{named}")


def test_a_finding_at_an_unknown_criterion_is_named(file: Path) -> None:
    file.write_text(json.dumps({"marks": THREES, "open_findings": {"major": ["9.9"]}}), encoding="utf-8")
    assert refused(MET_STANDARD, file) == f"error: {file}: 9.9 is not a criterion of met-standard-1"


def test_a_byte_order_mark_does_no_harm(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps({"marks": THREES}).encode())
    assert run(MET_STANDARD, file).exit_code == 0


def test_files_that_are_not_there_are_named(file: Path, tmp_path: Path) -> None:
    assert refused(MET_STANDARD, file) == f"error: {file}: cannot be read: No such file or directory"
    assert refused(MET_STANDARD, tmp_path) == f"error: {tmp_path}: cannot be read: Is a directory"
    assert refused(tmp_path / "none.yaml", file).startswith(f"error: {tmp_path / 'none.yaml'}: cannot be read: ")


def test_a_wrong_rubric_is_named_with_its_line(file: Path, tmp_path: Path) -> None:
    rubric = tmp_path / "small-2.yaml"
    rubric.write_text(TEXT.replace("edition: 2", "edition: two"), encoding="utf-8")
    file.write_text("{}", encoding="utf-8")
    assert refused(rubric, file) == f"error: {rubric}:2: edition: Input should be a valid integer"


def test_a_fact_that_no_rule_asks_for_is_not_known(file: Path, tmp_path: Path) -> None:
    rubric = tmp_path / "small-2.yaml"
    rubric.write_text(TEXT[: TEXT.index("award:")] + award_at("50"), encoding="utf-8")
    file.write_text(json.dumps({"marks": SMALL_MARKS, "process_complete": True}), encoding="utf-8")
    assert refused(rubric, file) == f"error: {file}: process_complete is not known here"


def test_a_rubric_without_award_rules_is_scored_without_an_outcome(file: Path, tmp_path: Path) -> None:
    rubric = tmp_path / "small-2.yaml"
    rubric.write_text(TEXT[: TEXT.index("award:")], encoding="utf-8")
    file.write_text(json.dumps({"marks": {"A1": 1, "A2": "NA", "B1": 2}}), encoding="utf-8")
    result = run(rubric, file)
    assert json.loads(result.stdout) == {
        "overall": "500/7",
        "shown": "71.4",
        "domains": {"A": "50.0", "B": "100.0"},
        "failed": [],
        "outcome": None,
    }


def test_a_missing_argument_is_a_refusal_too() -> None:
    result = run(MET_STANDARD)
    assert (result.exit_code, "Missing argument 'MARKS.json'" in result.stderr) == (2, True)
