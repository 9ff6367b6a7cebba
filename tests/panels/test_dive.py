"""Great cycles: prices, the bound that they prove, and a plan near them."""

from __future__ import annotations

import json

import pytest

from metstandard.panels import solver
from metstandard.panels.effort import Effort
from metstandard.panels.instance import Instance
from metstandard.panels.reserves import with_reserves
from metstandard.panels.solver import Ending, solve
from tests.panels.checker import Judge
from tests.panels.test_solver import sample

OPTIMUM = 19601
"""Of the sample S; see test_solver."""


def test_what_solves_great_cycles_comes_close_on_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "EXACT_MOST", 0)
    monkeypatch.setattr(solver, "_ENOUGH", 0.998)
    instance = sample("S")
    parsed = Instance.parse(instance)
    answer = solve(parsed, seconds=60)
    assert Judge(instance).wrong_with(json.loads(with_reserves(parsed, answer).to_json())) == []
    assert answer.objective is not None
    assert answer.bound is not None
    assert 0.998 * answer.bound < answer.objective <= OPTIMUM <= answer.bound


def test_what_solves_great_cycles_gives_the_same_answer_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solver, "EXACT_MOST", 0)
    first, again = (solve(Instance.parse(sample("T")), seconds=60, seed=3) for _ in range(2))
    assert first.plan
    assert (again.plan, again.objective, again.bound) == (first.plan, first.objective, first.bound)


@pytest.mark.parametrize("moment", ["short", "over"])
def test_a_dive_without_time_still_leaves_a_plan_that_keeps_every_rule(
    monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The clock is not read: the effort says that time is short, or over, once there is a first plan."""
    instance = sample("S")
    parsed = Instance.parse(instance)
    monkeypatch.setattr(solver, "EXACT_MOST", 0)
    monkeypatch.setattr(Effort, moment, property(lambda effort: effort.first_answer is not None))
    if moment == "short":
        monkeypatch.setattr(solver, "_ENOUGH", 0.0)
    answer = solve(parsed, seconds=60)
    assert answer.ending is Ending.SOLVED
    assert Judge(instance).wrong_with(json.loads(with_reserves(parsed, answer).to_json())) == []
