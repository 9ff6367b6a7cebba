"""The overall score of a review with its interval and the probability of meeting the standard."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from metstandard.common.errors import Invalid
from metstandard.statistics.estimates import NotDefined
from metstandard.statistics.layout import Mark
from metstandard.statistics.probability import mean_level, overall
from metstandard.statistics.severity import fit
from tests.statistics.simulated import cycle


def test_a_sheet_comes_down_to_its_exact_weighted_mean() -> None:
    assert mean_level({"1.1": 3, "1.2": 2, "1.3": 4}, {"1.1": 5, "1.2": 4, "1.3": 4, "1.4": 4}) == Fraction(39, 13)


def test_a_criterion_without_weight_and_an_empty_sheet_are_refused() -> None:
    with pytest.raises(Invalid, match=r"Criterion 9\.9 has no weight"):
        mean_level({"9.9": 3}, {"1.1": 5})
    with pytest.raises(NotDefined, match="The sheet has no level"):
        mean_level({}, {"1.1": 5})


def test_a_review_judged_by_harsh_reviewers_gets_back_what_they_took() -> None:
    """Two reviews of equal marks: one panel marks everything low elsewhere, the other everything high."""
    rng = np.random.default_rng(1)
    offsets = {"h1": 0.5, "h2": 0.4, "h3": 0.5, "m1": -0.5, "m2": -0.4, "m3": -0.5}
    marks = []
    for review in range(20):
        truth = rng.normal(2.6, 0.4)
        marks += [
            Mark(f"r{review}", name, float(truth - offset + rng.normal(0, 0.1))) for name, offset in offsets.items()
        ]
    marks += [Mark("harshly", name, 2.7) for name in ("h1", "h2", "h3")]
    marks += [Mark("mildly", name, 2.7) for name in ("m1", "m2", "m3")]

    found = overall(fit(marks), threshold=70)

    assert found["harshly"].score == pytest.approx(67.5 + 11.7, abs=2)
    assert found["mildly"].score == pytest.approx(67.5 - 11.7, abs=2)
    assert found["harshly"].probability > 0.8
    assert found["mildly"].probability < 0.2


def test_the_probability_is_one_half_where_the_threshold_is_the_estimate() -> None:
    model = fit(cycle(30, 8, np.random.default_rng(2)).marks)

    at = overall(model, threshold=70)["review 4"]
    found = overall(model, threshold=at.score)["review 4"]

    assert found.probability == pytest.approx(0.5, abs=0.02)
    assert found.low < found.score < found.high
    assert (found.low, found.high) == (at.low, at.high)


def test_a_narrower_promise_gives_a_narrower_interval() -> None:
    model = fit(cycle(30, 8, np.random.default_rng(3)).marks)

    wide, narrow = (overall(model, threshold=70, level=level)["review 0"] for level in (0.95, 0.5))

    assert narrow.high - narrow.low < 0.5 * (wide.high - wide.low)
    assert (wide.level, narrow.level) == (0.95, 0.5)


def test_scores_and_ends_stay_between_0_and_100() -> None:
    marks = [
        Mark(f"r{review}", reviewer, level)
        for review, levels in enumerate([(4.0, 4.0, 3.9), (0.0, 0.1, 0.0), (2.0, 2.4, 2.1), (3.0, 3.3, 3.1)])
        for reviewer, level in zip("ABC", levels, strict=True)
    ]

    found = overall(fit(marks), threshold=70)

    assert found["r0"].high == 100.0
    assert found["r1"].low == 0.0


def test_too_few_marks_and_calibration_cases_alone_have_no_interval() -> None:
    few = fit([Mark("r1", "A", 2.0), Mark("r1", "B", 3.0), Mark("r2", "A", 1.0), Mark("r2", "B", 2.5)], fewest=1)
    rng = np.random.default_rng(4)
    cases = [Mark(f"c{case}", name, 2.0 + float(rng.normal(0, 0.3))) for case in range(6) for name in "ABC"]

    with pytest.raises(NotDefined, match="too few marks for an interval"):
        overall(few, threshold=70)
    with pytest.raises(NotDefined, match="only calibration cases"):
        overall(fit(cases, anchors={f"c{case}": 2.0 for case in range(6)}), threshold=70)
