"""What must hold for every set of marks, and a second reading of the rules that must agree on each of them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metstandard.rubric.arithmetic import Mark, OpenFinding, score, validate
from metstandard.rubric.award import evaluate
from metstandard.rubric.definition import Grade, Outcome
from metstandard.rubric.load import load
from tests.rubric.small import MET_STANDARD

RUBRIC = load(MET_STANDARD)
CODES = list(RUBRIC.criteria)
WEIGHT = {code: int(one.weight) for code, one in RUBRIC.criteria.items()}
GATEWAYS = ("1.1", "2.1", "7.1", "7.2", "7.3")
# The criteria that may be NA weigh 21 together; a set of them is allowed up to 12.
MAY_BE_NA = ("3.1", "3.2", "3.3", "4.1", "4.2", "7.2")
BETTER = {Outcome.NOT_YET_ACHIEVED: 0, Outcome.DEFERRED: 1, Outcome.ACHIEVED_WITH_CONDITIONS: 2, Outcome.ACHIEVED: 3}

# Mostly 2 to 4, so that marks fall on both sides of every threshold.
LEVELS = st.sampled_from([3, 3, 3, 3, 3, 3, 4, 4, 2, 2, 1, 0])
LEFT_OUT = st.sets(st.sampled_from(MAY_BE_NA)).filter(lambda codes: sum(WEIGHT[code] for code in codes) <= 12)
FINDINGS = st.lists(
    st.builds(OpenFinding, st.sampled_from(Grade), st.one_of(st.none(), st.sampled_from(CODES))), max_size=3
)


@st.composite
def all_marks(draw: st.DrawFn) -> dict[str, Mark]:
    """A set of marks without a fault: a common level, some criteria that differ, some NE, some NA."""
    marks: dict[str, Mark] = dict.fromkeys(CODES, draw(st.sampled_from([3, 3, 3, 2, 4])))
    marks |= draw(st.dictionaries(st.sampled_from(CODES), LEVELS, max_size=14))
    marks |= dict.fromkeys(draw(st.sets(st.sampled_from(CODES), max_size=1)), "NE") if draw(st.booleans()) else {}
    return marks | dict.fromkeys(draw(LEFT_OUT), "NA")


def second_reading(marks: dict[str, Mark], findings: list[OpenFinding]) -> tuple[list[str], str]:
    """The rules once more, straight from their wording and with whole numbers only: failed rules and outcome."""
    caps = {Grade.CRITICAL: 0, Grade.MAJOR: 2}
    level = {code: 0 if mark == "NE" else int(mark) for code, mark in marks.items() if mark != "NA"}
    for one in findings:
        if one.grade in caps and one.criterion in level:
            level[one.criterion] = min(level[one.criterion], caps[one.grade])

    def at_least(per_cent: int, codes: list[str]) -> bool:
        reached = sum(WEIGHT[code] * level[code] for code in codes)
        return 100 * reached >= per_cent * 4 * sum(WEIGHT[code] for code in codes)

    domains = [[code for code in level if code.startswith(f"{number}.")] for number in range(1, 9)]
    short = [level[code] for code in GATEWAYS if code in level and level[code] < 3]
    ones = sum(mark == 1 for mark in level.values())
    met = {
        "R1": at_least(70, list(level)),
        "R2": all(at_least(55, codes) for codes in domains),
        "R3": 0 not in level.values(),
        "R4": not short,
        "R5": ones <= 3,
        "R6": not any(one.grade == Grade.CRITICAL for one in findings),
    }
    failed = [rule for rule, holds in met.items() if not holds]
    if not failed:
        major = any(one.grade == Grade.MAJOR for one in findings)
        return failed, "ACHIEVED_WITH_CONDITIONS" if major else "ACHIEVED"
    close = set(failed) <= {"R1", "R2", "R4", "R5"} and short in ([], [2]) and at_least(65, list(level))
    return failed, "DEFERRED" if close else "NOT_YET_ACHIEVED"


@given(all_marks(), FINDINGS)
@settings(max_examples=300, deadline=None)
def test_a_second_reading_of_the_rules_comes_to_the_same_outcome(
    marks: dict[str, Mark], findings: list[OpenFinding]
) -> None:
    assert validate(RUBRIC, marks) == ()
    result = evaluate(RUBRIC, marks, open_findings=findings)
    assert (list(result.failed), result.outcome) == second_reading(marks, findings)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_second_reading_can_come_to_every_outcome(outcome: Outcome) -> None:
    threes: dict[str, Mark] = dict.fromkeys(CODES, 3)
    cases = {
        Outcome.ACHIEVED: second_reading(threes, []),
        Outcome.ACHIEVED_WITH_CONDITIONS: second_reading(threes, [OpenFinding(Grade.MAJOR)]),
        Outcome.DEFERRED: second_reading(threes | {"7.3": 2}, []),
        Outcome.NOT_YET_ACHIEVED: second_reading(threes | {"7.3": 1}, []),
    }
    assert cases[outcome][1] == outcome


@given(all_marks(), FINDINGS, st.data())
@settings(deadline=None)
def test_raising_a_mark_never_lowers_a_figure_or_the_outcome(
    marks: dict[str, Mark], findings: list[OpenFinding], data: st.DataObject
) -> None:
    code = data.draw(st.sampled_from([code for code in CODES if marks[code] != "NA"]))
    before = 0 if marks[code] == "NE" else int(marks[code])
    raised = marks | {code: data.draw(st.integers(before, 4))}
    low, high = (evaluate(RUBRIC, one, open_findings=findings) for one in (marks, raised))
    assert high.overall >= low.overall
    assert all((high.domains[domain] or 0) >= (low.domains[domain] or 0) for domain in low.domains)
    assert low.outcome is not None
    assert high.outcome is not None
    assert BETTER[high.outcome] >= BETTER[low.outcome]


@given(all_marks(), FINDINGS, FINDINGS)
@settings(deadline=None)
def test_another_open_finding_never_raises_a_figure_or_the_outcome(
    marks: dict[str, Mark], findings: list[OpenFinding], more: list[OpenFinding]
) -> None:
    few, many = (evaluate(RUBRIC, marks, open_findings=one) for one in (findings, findings + more))
    assert many.overall <= few.overall
    assert set(few.failed) - {"R5"} <= set(many.failed)  # a cap at 0 takes a criterion away from those at 1
    assert few.outcome is not None
    assert many.outcome is not None
    assert BETTER[many.outcome] <= BETTER[few.outcome]


@given(all_marks(), st.booleans(), st.booleans())
@settings(deadline=None)
def test_a_decision_needs_evidence_and_process_whatever_the_marks_are(
    marks: dict[str, Mark], evidence: bool, process: bool
) -> None:
    result = evaluate(RUBRIC, marks, evidence_sufficient=evidence, process_complete=process)
    assert (result.outcome is not None) == (evidence and process)


@given(st.integers(0, 4), LEFT_OUT)
@settings(deadline=None)
def test_what_is_left_out_changes_nothing_where_all_else_is_level(level: int, left_out: set[str]) -> None:
    marks: dict[str, Mark] = dict.fromkeys(CODES, level) | dict.fromkeys(left_out, "NA")
    figures = score(RUBRIC, marks)
    assert figures.overall == 25 * level
    assert set(figures.domains.values()) == {25 * level}


@given(all_marks(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_the_marks_is_of_no_account(marks: dict[str, Mark], random: object) -> None:
    shuffled = list(marks.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert evaluate(RUBRIC, dict(shuffled)) == evaluate(RUBRIC, marks)
