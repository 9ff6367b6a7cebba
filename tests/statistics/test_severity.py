"""Severity of reviewers: sign and size, anchors, kinds of seat, groups that cannot be compared, too few, and drift."""

from __future__ import annotations

import numpy as np
import pytest

from metstandard.common.errors import Invalid
from metstandard.statistics.estimates import Estimate, NotDefined
from metstandard.statistics.layout import Mark
from metstandard.statistics.severity import Severity, SeverityModel, drift, fit
from tests.statistics.simulated import SEVERITY, cycle


def marks_of(table: dict[str, dict[str, float]]) -> list[Mark]:
    """Marks from reviewers' values by review."""
    return [Mark(review, reviewer, value) for reviewer, values in table.items() for review, value in values.items()]


def panel(offsets: dict[str, float], reviews: int, seed: int, prefix: str = "r") -> list[Mark]:
    """Every reviewer marks every review, each lower by their severity, with some chance."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(2.6, 0.4, reviews)
    return [
        Mark(f"{prefix}{review}", name, float(truth[review] - offset + rng.normal(0, 0.15)))
        for review in range(reviews)
        for name, offset in offsets.items()
    ]


def value(severity: Severity) -> float:
    assert severity.estimate is not None
    return severity.estimate.value


def test_a_harsh_reviewer_is_positive_and_in_levels() -> None:
    model = fit(panel({"harsh": 0.5, "usual": 0.0, "mild": -0.5}, reviews=40, seed=1))

    found = {name: value(severity) for name, severity in model.reviewers.items()}
    assert found == pytest.approx({"harsh": 0.5, "usual": 0.0, "mild": -0.5}, abs=0.06)
    assert model.groups == (("harsh", "mild", "usual"),)
    assert model.undefined == {}
    assert {name: severity.n for name, severity in model.reviewers.items()} == {"harsh": 40, "usual": 40, "mild": 40}


def test_marks_that_differ_by_exactly_a_level_are_told_apart_by_exactly_a_level() -> None:
    model = fit(marks_of({"A": {"r1": 3, "r2": 2, "r3": 1}, "B": {"r1": 4, "r2": 3, "r3": 2}}))

    assert value(model.reviewers["A"]) - value(model.reviewers["B"]) == pytest.approx(1.0, abs=1e-6)
    assert model.undefined == {
        "residual": "Every mark is exactly the sum of its two parts, so errors can hardly be judged."
    }


def test_reviewers_who_always_agree_are_neither_harsh_nor_mild_and_no_error_is_claimed() -> None:
    model = fit(marks_of({"A": {"r1": 3, "r2": 2, "r3": 1}, "B": {"r1": 3, "r2": 2, "r3": 1}}))

    assert [severity.estimate for severity in model.reviewers.values()] == [Estimate(0.0), Estimate(0.0)]


def test_the_intervals_of_severities_hold_them_as_often_as_they_say() -> None:
    rng = np.random.default_rng(21)
    held = []
    for _ in range(12):
        simulated = cycle(40, 8, rng)
        for name, severity in fit(simulated.marks).reviewers.items():
            estimate = severity.estimate
            assert estimate is not None
            assert estimate.low is not None
            assert estimate.high is not None
            held.append(estimate.low <= simulated.severity[int(name.split()[1])] <= estimate.high)

    assert len(held) == 12 * 24
    assert 0.92 <= np.mean(held) <= 0.99
    assert SEVERITY == 0.25


def test_anchors_measure_everyone_from_the_agreed_value() -> None:
    """Four reviewers all harsh by half a level: nobody stands out, until calibration cases say where nought is."""
    offsets = {"A": 0.4, "B": 0.5, "C": 0.6, "D": 0.5}
    rng = np.random.default_rng(2)
    cases = {f"case {number}": float(level) for number, level in enumerate([1, 2, 3, 2, 3])}
    marks = panel(offsets, reviews=12, seed=3)
    marks += [
        Mark(case, name, level - offset + float(rng.normal(0, 0.15)))
        for case, level in cases.items()
        for name, offset in offsets.items()
    ]

    without, anchored = fit(marks), fit(marks, anchors=cases)

    assert abs(np.mean([value(each) for each in without.reviewers.values()])) < 1e-6
    assert np.mean([value(each) for each in anchored.reviewers.values()]) == pytest.approx(0.5, abs=0.05)


def test_calibration_cases_tie_together_reviewers_who_share_no_review() -> None:
    left, right = {"A": 0.4, "B": -0.4}, {"C": 0.4, "D": -0.4}
    marks = panel(left, 15, seed=4, prefix="l") + panel(right, 15, seed=5, prefix="r")
    cases = {"case 1": 2.0, "case 2": 3.0, "case 3": 2.5}
    rng = np.random.default_rng(6)
    calibrated = list(marks)
    calibrated += [
        Mark(case, name, level - offset + float(rng.normal(0, 0.1)))
        for case, level in cases.items()
        for name, offset in {**left, **right}.items()
    ]

    assert fit(marks).groups == (("A", "B"), ("C", "D"))
    assert fit(calibrated, anchors=cases).groups == (("A", "B", "C", "D"),)
    assert [fit(marks).reviewers[name].group for name in "ABCD"] == [1, 1, 2, 2]


def test_a_calibration_case_done_alone_is_enough_to_be_compared() -> None:
    """Their own two cases differ, but both values are known."""
    marks = [*panel({"A": 0.2, "B": 0.0}, 6, seed=7), Mark("case 1", "A", 2.0), Mark("case 2", "C", 2.0)]

    assert fit(marks, anchors={"case 1": 2.0, "case 2": 3.0}).groups == (("A", "B", "C"),)


def test_kinds_of_seat_have_a_severity_of_their_own_which_sums_to_nought() -> None:
    rng = np.random.default_rng(8)
    means = {"peer": -0.3, "local_authority": 0.1, "private": 0.2}
    own = {f"{kind} {number}": mean + float(rng.normal(0, 0.1)) for kind, mean in means.items() for number in range(10)}
    marks = []
    for review in range(60):
        truth = rng.normal(2.6, 0.4)
        for kind in means:
            name = f"{kind} {rng.integers(10)}"
            marks.append(Mark(f"r{review}", name, float(truth - own[name] + rng.normal(0, 0.2))))

    model = fit(marks, kinds={name: name.split()[0] for name in own})

    found = {kind: estimate.value for kind, estimate in model.kinds.items()}
    assert found == pytest.approx(means, abs=0.12)
    assert sum(found.values()) == pytest.approx(0.0, abs=1e-9)
    assert all(
        estimate.low is not None and estimate.high is not None and estimate.low < means[kind] < estimate.high
        for kind, estimate in model.kinds.items()
    )


def test_too_few_marks_are_withheld_and_said() -> None:
    marks = [*panel({"A": 0.3, "B": -0.3}, 10, seed=9), Mark("r0", "C", 2.0), Mark("r1", "C", 2.0)]

    model = fit(marks, fewest=3)

    assert model.reviewers["C"] == Severity(None, 2, 1)
    assert model.undefined == {"reviewers.C": "Too few: 2 of at least 3 marks."}
    assert fit(marks, fewest=2).reviewers["C"].estimate is not None


def test_reviewers_with_one_review_each_cannot_be_told_from_chance() -> None:
    marks = [
        Mark(f"r{review}", f"{review}-{seat}", float(review % 3 + seat % 2)) for review in range(8) for seat in range(3)
    ]

    model = fit(marks, fewest=1)

    assert {severity.estimate for severity in model.reviewers.values()} == {None}
    assert model.undefined == {"reviewers": "Too few have marked the same things to tell severity from chance."}
    assert model.variances.reviewer == 0.0


def test_marks_without_anything_in_common_are_refused() -> None:
    with pytest.raises(NotDefined, match="Hardly anything is marked by two or more"):
        fit([Mark("r1", "A", 2.0), Mark("r2", "B", 3.0)])


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ([Mark("r", "A", 1.0), Mark("r", "A", 2.0)], "A has marked r twice."),
        ([Mark("r", "A", float("nan")), Mark("r", "B", 2.0)], "The mark of A for r is not a number."),
        ([Mark("r", "A", 1.0), Mark("r", "B", 2.0)], "B has no kind of seat."),
    ],
)
def test_marks_that_cannot_be_right_are_refused(marks: list[Mark], why: str) -> None:
    with pytest.raises(Invalid) as refused:
        fit(marks, kinds={"A": "peer"})

    assert str(refused.value) == why


def two_cycles(change: float, seed: int) -> tuple[SeverityModel, SeverityModel]:
    """The same ten reviewers in two cycles of calibration and reviews; the first of them changes in between."""
    rng = np.random.default_rng(seed)
    severities = rng.normal(0, 0.3, 10)
    models = []
    for moved in (0.0, change):
        now = severities + moved * (np.arange(10) == 0)
        marks = []
        for review in range(30):
            truth = rng.normal(2.6, 0.4)
            seats = rng.choice(10, 3, replace=False)
            marks += [Mark(f"r{review}", f"p{each}", float(truth - now[each] + rng.normal(0, 0.2))) for each in seats]
        for case in range(4):
            marks += [
                Mark(f"c{case}", f"p{number}", float(2.0 - now[number] + rng.normal(0, 0.2))) for number in range(10)
            ]
        models.append(fit(marks, anchors={f"c{case}": 2.0 for case in range(4)}))
    return models[0], models[1]


def test_drift_is_a_standard_normal_z_when_nothing_changed_and_large_when_something_did() -> None:
    steady = [
        drift(before.reviewers[name], after.reviewers[name])
        for before, after in (two_cycles(0.0, seed) for seed in range(8))
        for name in before.reviewers
    ]
    before, after = two_cycles(0.6, 99)

    assert 0.8 < float(np.std(steady)) < 1.25
    assert abs(float(np.mean(steady))) < 0.3
    assert drift(before.reviewers["p0"], after.reviewers["p0"]) > 3
    assert abs(drift(before.reviewers["p1"], after.reviewers["p1"])) < 3


def test_drift_needs_enough_marks_in_both_cycles() -> None:
    enough = Severity(Estimate(0.1), 5, 1, Estimate(0.2, 0.1))

    assert drift(enough, Severity(Estimate(0.4), 5, 1, Estimate(0.5, 0.1))) == pytest.approx(0.3 / np.sqrt(0.02))
    with pytest.raises(NotDefined, match="too few marks"):
        drift(enough, Severity(None, 2, 1))
