"""The award by rule: the worked examples, every boundary on both sides, and the arithmetic in plain sentences."""

from __future__ import annotations

from fractions import Fraction

import pytest

from metstandard.rubric.arithmetic import BadMarks, Cap, Mark, OpenFinding
from metstandard.rubric.award import evaluate
from metstandard.rubric.definition import Grade
from metstandard.rubric.load import load
from tests.rubric.small import MET_STANDARD

RUBRIC = load(MET_STANDARD)
GATEWAYS = ("1.1", "2.1", "7.1", "7.2", "7.3")
# 20 of the 100 points of weight, in four domains and without a gateway; one level lower they cost 5 per cent.
TWENTY = ("1.2", "2.2", "2.3", "3.3", "6.1")
# 20 more.
FORTY = (*TWENTY, "1.3", "2.4", "3.1", "6.2", "4.1")


def threes(levels: dict[str, Mark] | None = None, **others: Mark) -> dict[str, Mark]:
    """Every criterion at 3, but for the levels given."""
    return dict.fromkeys(RUBRIC.criteria, 3) | (levels or {}) | others


def at(level: int, *codes: str) -> dict[str, Mark]:
    """A level for some criteria."""
    return dict.fromkeys(codes, level)


CASES = [
    # The three worked examples.
    ("every criterion at 3", threes(), "75/1", "75.0", [], "ACHIEVED"),
    ("one at 0, else 4", dict.fromkeys(RUBRIC.criteria, 4) | at(0, "6.3"), "97/1", "97.0", ["R3"], "NOT_YET_ACHIEVED"),
    (
        "gateways 3, others 2",
        dict.fromkeys(RUBRIC.criteria, 2) | at(3, *GATEWAYS),
        "55/1",
        "55.0",
        ["R1", "R2"],
        "NOT_YET_ACHIEVED",
    ),
    # R1 and the floor of a deferral, exactly and a quarter below.
    ("exactly 70", threes(at(2, *TWENTY)), "70/1", "70.0", [], "ACHIEVED"),
    (
        "a little under 70",
        threes(at(2, *TWENTY) | at(2, "8.1") | at(4, "8.3")),
        "279/4",
        "69.8",
        ["R1"],
        "DEFERRED",
    ),
    ("exactly 65", threes(at(2, *FORTY)), "65/1", "65.0", ["R1"], "DEFERRED"),
    ("under 65", threes(at(2, *FORTY, "8.1") | at(4, "8.3")), "259/4", "64.8", ["R1"], "NOT_YET_ACHIEVED"),
    # R2: D4 weighs 4 + 3 + 3.
    ("a domain at exactly 55", threes(at(1, "4.1")), "73/1", "73.0", [], "ACHIEVED"),
    ("a domain under 55", threes(at(2, "4.1", "4.2", "4.3")), "145/2", "72.5", ["R2"], "DEFERRED"),
    # R3 and NE.
    ("one at 0", threes(at(0, "8.3")), "147/2", "73.5", ["R3"], "NOT_YET_ACHIEVED"),
    ("one NE", threes({"8.3": "NE"}), "147/2", "73.5", ["R3"], "NOT_YET_ACHIEVED"),
    ("a gateway NE", threes({"7.3": "NE"}), "291/4", "72.8", ["R2", "R3", "R4"], "NOT_YET_ACHIEVED"),
    # R4: one gateway at 2 defers, one at 1 or two at 2 do not.
    ("one gateway at 2", threes(at(2, "7.3")), "297/4", "74.3", ["R4"], "DEFERRED"),
    ("one gateway at 1", threes(at(1, "2.1")), "145/2", "72.5", ["R4"], "NOT_YET_ACHIEVED"),
    ("two gateways at 2", threes(at(2, "1.1", "2.1")), "145/2", "72.5", ["R4"], "NOT_YET_ACHIEVED"),
    ("a gateway that is NA", threes({"7.2": "NA"}), "75/1", "75.0", [], "ACHIEVED"),
    (
        "one gateway NA, one at 2",
        threes({"7.2": "NA", "7.3": 2}),
        "28800/388",
        "74.2",
        ["R4"],
        "DEFERRED",
    ),
    # R5: three at 1 are allowed, four are not.
    ("three at 1", threes(at(1, "2.2", "3.1", "8.3")), "139/2", "69.5", ["R1"], "DEFERRED"),
    ("four at 1", threes(at(1, "3.4", "4.2", "6.3", "5.4")), "69/1", "69.0", ["R1", "R5"], "DEFERRED"),
    (
        "four at 1, all else 4",
        dict.fromkeys(RUBRIC.criteria, 4) | at(1, "3.4", "4.2", "6.3", "5.4"),
        "91/1",
        "91.0",
        ["R5"],
        "DEFERRED",
    ),
    # Any combination of R1, R2, R4 and R5 defers from 65 on.
    (
        "R1, R2, R4 and R5 together",
        threes(at(2, "7.3") | at(1, "4.2", "4.3", "8.1", "5.4", "6.3")),
        "267/4",
        "66.8",
        ["R1", "R2", "R4", "R5"],
        "DEFERRED",
    ),
]


@pytest.mark.parametrize(
    ("marks", "overall", "read", "failed", "outcome"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_outcome_follows_from_the_marks(
    marks: dict[str, Mark], overall: str, read: str, failed: list[str], outcome: str
) -> None:
    result = evaluate(RUBRIC, marks)
    assert (result.overall, result.shown, list(result.failed), result.outcome) == (
        Fraction(overall),
        read,
        failed,
        outcome,
    )


LIGHT = [OpenFinding(Grade.MINOR, "1.1"), OpenFinding(Grade.AFI, "1.1"), OpenFinding(Grade.GOOD, "1.1")]
FINDINGS = [
    # R6 and the caps of open findings.
    ("major elsewhere", [OpenFinding(Grade.MAJOR)], "75.0", [], "ACHIEVED_WITH_CONDITIONS"),
    ("major at a criterion", [OpenFinding(Grade.MAJOR, "6.3")], "74.3", [], "ACHIEVED_WITH_CONDITIONS"),
    ("major at a gateway", [OpenFinding(Grade.MAJOR, "7.3")], "74.3", ["R4"], "DEFERRED"),
    ("critical elsewhere", [OpenFinding(Grade.CRITICAL)], "75.0", ["R6"], "NOT_YET_ACHIEVED"),
    ("critical at a criterion", [OpenFinding(Grade.CRITICAL, "8.3")], "73.5", ["R3", "R6"], "NOT_YET_ACHIEVED"),
    ("minor, AFI and good", LIGHT, "75.0", [], "ACHIEVED"),
]


@pytest.mark.parametrize(
    ("findings", "read", "failed", "outcome"), [case[1:] for case in FINDINGS], ids=[case[0] for case in FINDINGS]
)
def test_open_findings_change_the_outcome(
    findings: list[OpenFinding], read: str, failed: list[str], outcome: str
) -> None:
    result = evaluate(RUBRIC, threes(), open_findings=findings)
    assert (result.shown, list(result.failed), result.outcome) == (read, failed, outcome)


def test_a_cap_is_shown_with_the_level_before_and_the_level_that_counts() -> None:
    result = evaluate(RUBRIC, threes(at(4, "6.3")), open_findings=iter([OpenFinding(Grade.MAJOR, "6.3")]))
    assert result.caps == (Cap("6.3", Grade.MAJOR, 4, 2),)
    assert result.levels["6.3"] == 2
    assert result.outcome == "ACHIEVED_WITH_CONDITIONS"


@pytest.mark.parametrize(
    ("evidence", "process", "failed", "reason"),
    [
        (False, True, ("R7",), "No decision is possible: R7 is not met."),
        (True, False, ("R8",), "No decision is possible: R8 is not met."),
        (False, False, ("R7", "R8"), "No decision is possible: R7 and R8 are not met."),
    ],
)
def test_without_evidence_or_process_there_is_no_decision(
    evidence: bool, process: bool, failed: tuple[str, ...], reason: str
) -> None:
    result = evaluate(RUBRIC, threes(), evidence_sufficient=evidence, process_complete=process)
    assert (result.failed, result.outcome, result.reason) == (failed, None, reason)
    assert result.as_json()["outcome"] is None


def test_no_decision_still_names_every_rule_that_is_missed() -> None:
    result = evaluate(RUBRIC, threes(at(0, "8.3")), process_complete=False)
    assert (result.failed, result.outcome) == (("R3", "R8"), None)


def test_each_rule_shows_its_arithmetic_when_it_is_met() -> None:
    assert [(rule.id, rule.met, rule.arithmetic) for rule in evaluate(RUBRIC, threes()).rules] == [
        ("R1", True, "75.0 of at least 70"),
        ("R2", True, "the lowest is D1 at 75.0, needs 55"),
        ("R3", True, "no criteria at 0, none may be"),
        ("R4", True, "every applicable gateway stands at 3 or more"),
        ("R5", True, "no criteria at 1, at most 3 may be"),
        ("R6", True, "no critical findings are open, none may be"),
        ("R7", True, "the evidence is sufficient for every level"),
        ("R8", True, "the process is complete"),
    ]


def test_each_rule_shows_its_arithmetic_and_names_what_falls_short_when_it_is_missed() -> None:
    marks = threes(at(2, "1.1", *FORTY) | at(1, "7.3", "4.1", "4.2", "8.1") | at(0, "4.3", "8.2"))
    critical = [OpenFinding(Grade.CRITICAL), OpenFinding(Grade.MAJOR)]
    result = evaluate(RUBRIC, marks, open_findings=critical, evidence_sufficient=False, process_complete=False)
    assert not any(rule.met for rule in result.rules)
    assert [(rule.id, rule.arithmetic, rule.names) for rule in result.rules] == [
        ("R1", "53.8 of at least 70", ()),
        ("R2", "D4 stands at 17.5 and D8 stands at 28.1, each needs 55", ("D4", "D8")),
        ("R3", "2 criteria at 0 (4.3 and 8.2), none may be", ("4.3", "8.2")),
        ("R4", "1.1 stands at 2 and 7.3 stands at 1, each needs 3", ("1.1", "7.3")),
        ("R5", "4 criteria at 1 (4.1, 4.2, 7.3 and 8.1), at most 3 may be", ("4.1", "4.2", "7.3", "8.1")),
        ("R6", "1 critical finding is open, none may be", ()),
        ("R7", "the evidence is not sufficient for every level", ()),
        ("R8", "the process is not complete", ()),
    ]


def test_one_gateway_that_falls_short_is_said_in_a_short_sentence() -> None:
    (missed,) = [rule for rule in evaluate(RUBRIC, threes(at(2, "1.1"))).rules if not rule.met]
    assert (missed.title, missed.arithmetic, missed.names) == ("Every gateway", "1.1 stands at 2, needs 3", ("1.1",))


def test_the_json_says_exactly_what_the_command_prints() -> None:
    assert evaluate(RUBRIC, threes(at(2, "7.3"))).as_json() == {
        "overall": "297/4",
        "shown": "74.3",
        "domains": {
            "D1": "75.0",
            "D2": "75.0",
            "D3": "75.0",
            "D4": "75.0",
            "D5": "75.0",
            "D6": "75.0",
            "D7": "67.5",
            "D8": "75.0",
        },
        "failed": ["R4"],
        "outcome": "DEFERRED",
    }


def test_every_outcome_comes_with_its_reason() -> None:
    assert [
        evaluate(RUBRIC, threes()).reason,
        evaluate(RUBRIC, threes(), open_findings=[OpenFinding(Grade.MAJOR)]).reason,
        evaluate(RUBRIC, threes(at(2, "1.1"))).reason,
        evaluate(RUBRIC, threes(at(0, "8.3"))).reason,
    ] == [
        "Every rule is met and no major finding is open.",
        "Every rule is met, but a major finding is open.",
        "The unit is close, and only rules that a short re-assessment can settle are missed.",
        "Rules are missed that only a new full review can settle.",
    ]


def test_marks_with_faults_are_refused_before_any_rule_is_asked() -> None:
    with pytest.raises(BadMarks, match=r"^1\.1: there is no level 5, levels run from 0 to 4$"):
        evaluate(RUBRIC, threes(at(5, "1.1")))
