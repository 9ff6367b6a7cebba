"""A simulation: how often each kind of interval holds the score that endlessly many reviewers would agree on."""

from __future__ import annotations

import numpy as np
import pytest

from metstandard.statistics.flags import needs_discussion
from metstandard.statistics.probability import Overall, overall
from metstandard.statistics.severity import fit
from tests.statistics.simulated import WEIGHTS, Cycle, cycle

CYCLES, REVIEWS, POOL = 25, 30, 12


@pytest.fixture(scope="module")
def simulated() -> list[tuple[Cycle, dict[str, Overall]]]:
    """Cycles of reviews, each with what the model says of them."""
    rng = np.random.default_rng(2026)
    cycles = [cycle(REVIEWS, POOL, rng) for _ in range(CYCLES)]
    return [(each, overall(fit(each.marks), threshold=70)) for each in cycles]


def test_the_models_interval_holds_the_truth_19_times_in_20(simulated: list[tuple[Cycle, dict[str, Overall]]]) -> None:
    held = [
        found[f"review {review}"].low <= truth <= found[f"review {review}"].high
        for each, found in simulated
        for review, truth in enumerate(each.truth)
    ]

    assert len(held) == 750
    assert 0.94 <= np.mean(held) <= 0.975


def test_over_five_reviews_the_interval_is_wide_and_still_holds_the_truth() -> None:
    """The fewest that pages show anything from (SCO-6-fewest)."""
    rng = np.random.default_rng(11)
    held, widths = [], []
    for each in (cycle(5, 3, rng) for _ in range(20)):
        found = overall(fit(each.marks), threshold=70)
        for review, truth in enumerate(each.truth):
            one = found[f"review {review}"]
            held.append(one.low <= truth <= one.high)
            widths.append(one.high - one.low)

    assert len(held) == 100
    assert np.mean(held) >= 0.94
    assert 12 < np.mean(widths) < 30


def test_the_models_probability_comes_true_as_often_as_it_says(
    simulated: list[tuple[Cycle, dict[str, Overall]]],
) -> None:
    said = np.array([found[f"review {review}"].probability for _, found in simulated for review in range(REVIEWS)])
    true = np.concatenate([each.truth >= 70 for each, _ in simulated])

    for low, high in ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        those = (said >= low) & (said < high)
        assert those.sum() > 30
        assert true[those].mean() == pytest.approx(said[those].mean(), abs=0.12)
    assert true.mean() == pytest.approx(said.mean(), abs=0.03)


def test_a_bootstrap_over_three_reviewers_or_over_criteria_holds_it_far_less_often(
    simulated: list[tuple[Cycle, dict[str, Overall]]],
) -> None:
    """Why the interval comes from the model: both bootstraps promise .95."""
    rng = np.random.default_rng(7)
    reviewers, criteria = [], []
    for each, _ in simulated[:10]:
        panels = rng.integers(0, 3, (400, 3))
        drawn = 25 * each.sheets[:, panels].mean(axis=2)
        reviewers += _held(drawn, each.truth)
        picked = rng.integers(0, 28, (400, 28))
        means = each.levels.mean(axis=1)
        weights = WEIGHTS[picked]
        drawn = 25 * (means[:, picked] * weights).sum(axis=2) / weights.sum(axis=1)
        criteria += _held(drawn, each.truth)

    assert len(reviewers) == len(criteria) == 300
    assert np.mean(reviewers) < 0.85
    assert np.mean(criteria) < 0.9


def test_the_discussion_prompt_fires_on_about_14_per_cent_of_ordinary_cells(
    simulated: list[tuple[Cycle, dict[str, Overall]]],
) -> None:
    fired = [
        needs_discussion(cell)
        for each, _ in simulated
        for cell in each.levels.transpose(0, 2, 1).reshape(-1, 3).tolist()
    ]

    assert len(fired) == 21_000
    assert np.mean(fired) == pytest.approx(0.14, abs=0.015)


def _held(drawn: np.ndarray, truth: np.ndarray) -> list[bool]:
    low, high = np.quantile(drawn, [0.025, 0.975], axis=1)
    return [bool(each) for each in (low <= truth) & (truth <= high)]
