"""Rubrics of other bodies: other scales, thresholds, rules switched off, or no award at all."""

from __future__ import annotations

from fractions import Fraction

from metstandard.rubric.arithmetic import Mark
from metstandard.rubric.award import evaluate
from tests.rubric.small import award_at, small, weighted

# 69.95 is shown as 70.0: 1399 of 2000 points.
ALMOST: dict[str, Mark] = {"C1": 4, "C2": 3, "C3": 0}


def test_a_figure_that_is_shown_as_the_threshold_but_lies_under_it_fails() -> None:
    result = evaluate(weighted(349, 1, 150, rules=award_at("70")), ALMOST)
    assert (result.overall, result.shown, result.outcome) == (Fraction(1399, 20), "70.0", "NOT_YET_ACHIEVED")
    assert result.rules[0].arithmetic == "69.95 (shown as 70.0) of at least 70"


def test_a_threshold_may_be_a_decimal_and_is_met_by_exactly_that() -> None:
    result = evaluate(weighted(349, 1, 150, rules=award_at("69.95")), ALMOST)
    assert (result.outcome, result.rules[0].arithmetic) == ("ACHIEVED", "69.95 (shown as 70.0) of at least 69.95")


def test_another_scale_with_other_thresholds_decides_as_its_file_says() -> None:
    marks: list[dict[str, Mark]] = [
        {"A1": 2, "A2": 1, "B1": 1},
        {"A1": 1, "A2": 1, "B1": 1},
        {"A1": 0, "A2": 2, "B1": 2},
    ]
    results = [evaluate(small(), one) for one in marks]
    assert [(one.shown, one.failed, one.outcome) for one in results] == [
        ("72.2", (), "ACHIEVED"),
        ("50.0", ("R1", "R4"), "DEFERRED"),
        ("55.6", ("R1", "R2", "R3", "R4"), "NOT_YET_ACHIEVED"),
    ]


def test_a_rule_that_is_switched_off_is_not_asked() -> None:
    marks: dict[str, Mark] = {"A1": 1, "A2": 2, "B1": 2}
    assert evaluate(small(), marks).failed == ("R4",)
    switched = evaluate(small("asks: gateways, at_least: 2", "asks: gateways, at_least: 2, off: true"), marks)
    assert [rule.id for rule in switched.rules] == ["R1", "R2", "R3", "R6", "R7", "R8"]
    assert (switched.failed, switched.outcome) == ((), "ACHIEVED")


def test_a_gateway_rule_that_is_switched_off_holds_no_deferral_back() -> None:
    # A1 at 0 falls two levels short: with the rule this is too far for a deferral.
    marks: dict[str, Mark] = {"A1": 0, "A2": 2, "B1": 2}
    allowed = small("failed_only: [R1, R4]", "failed_only: [R1, R2, R3, R4]")
    assert evaluate(allowed, marks).outcome == "NOT_YET_ACHIEVED"
    assert allowed.award is not None
    gateways = allowed.award.rules["R4"].model_copy(update={"off": True})
    award = allowed.award.model_copy(update={"rules": {**allowed.award.rules, "R4": gateways}})
    assert evaluate(allowed.model_copy(update={"award": award}), marks).outcome == "DEFERRED"


def test_a_scheme_without_no_decision_decides_whatever_the_facts_are() -> None:
    rubric = small("  no_decision: {when_failed: [R7, R8], title: None yet, unit: Wait., public: Wait.}\n", "")
    result = evaluate(rubric, {"A1": 2, "A2": 2, "B1": 2}, process_complete=False)
    assert (result.failed, result.outcome) == (("R8",), "NOT_YET_ACHIEVED")


def test_a_rubric_without_award_rules_gives_figures_and_no_outcome() -> None:
    result = evaluate(weighted(1, 1), {"C1": 4, "C2": 1})
    assert (result.rules, result.outcome, result.reason) == ((), None, "This rubric has no award rules.")
    assert result.as_json() == {
        "overall": "125/2",
        "shown": "62.5",
        "domains": {"D": "62.5"},
        "failed": [],
        "outcome": None,
    }
