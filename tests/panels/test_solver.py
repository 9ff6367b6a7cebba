"""The solver against every plan of tiny cycles, against proven optima, and against itself."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metstandard.panels import arrays, solver
from metstandard.panels.cycle import Cycle
from metstandard.panels.effort import Step
from metstandard.panels.instance import Instance
from metstandard.panels.reserves import with_reserves
from metstandard.panels.solution import broken, terms
from metstandard.panels.solver import Answer, Ending, solve
from tests.panels import brute, tiny
from tests.panels.checker import Judge, Plain, plan_of

SAMPLES = Path(__file__).parent / "samples"
SECONDS = 60.0
often = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
seldom = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
lots = st.integers(0, 10**6).map(Random)


def sample(size: str) -> Plain:
    found: Plain = json.loads((SAMPLES / f"sample-{size}.json").read_text(encoding="utf-8"))
    return found


def answered(instance: Plain, **options: Any) -> Answer:
    return solve(Instance.parse(instance), seconds=SECONDS, **options)


def solution(instance: Plain, answer: Answer) -> Plain:
    found: Plain = json.loads(with_reserves(Instance.parse(instance), answer).to_json())
    return found


def judged(instance: Plain) -> int | None:
    """The objective of a solved instance after the independent judge has looked at it; None if there is no plan."""
    answer = answered(instance)
    if answer.ending is Ending.INFEASIBLE:
        return None
    judge, written = Judge(instance), solution(instance, answer)
    assert judge.wrong_with(written) == []
    assert judge.objective(plan_of(written["assignments"])) == answer.objective
    assert answer.proved
    return answer.objective


@often
@given(dice=lots, scarce=st.booleans())
def test_the_optimum_is_that_of_all_plans_and_so_is_its_absence(dice: Random, *, scarce: bool) -> None:
    instance = tiny.cycle(dice, scarce=scarce)
    assert judged(instance) == brute.best(instance)


@often
@given(dice=lots)
def test_what_the_room_itself_says_of_a_plan_is_what_the_judge_says(dice: Random) -> None:
    instance = tiny.cycle(dice)
    judge, cycle = Judge(instance), Cycle(Instance.parse(instance))
    plan = next(iter(brute.plans(judge)), {})
    seats = Instance.parse(
        instance | {"locks": [{"review": r, "slot": s, "reviewer": who} for (r, s), who in plan.items()]}
    ).locks
    if len(plan) == sum(len(review["slots"]) for review in instance["reviews"]):
        assert terms(cycle, seats).total == judge.objective(plan)
        assert set(broken(cycle, seats)) == set(judge.broken(plan))


@pytest.mark.parametrize(("size", "optimum"), [("T", 339), ("S", 19601)])
def test_the_samples_are_proved_and_better_than_the_plans_beside_them(size: str, optimum: int) -> None:
    instance = sample(size)
    known = json.loads((SAMPLES / f"sample-{size}.solution.json").read_text(encoding="utf-8"))
    judge = Judge(instance)
    assert judge.broken(plan_of(known["assignments"])) == {}
    assert judge.objective(plan_of(known["assignments"])) <= optimum
    assert judged(instance) == optimum


def test_the_sample_plans_score_what_their_authors_say() -> None:
    of = {
        size: Judge(sample(size)).objective(
            plan_of(json.loads((SAMPLES / f"sample-{size}.solution.json").read_text())["assignments"])
        )
        for size in ("T", "S")
    }
    assert of == {"T": 339, "S": 18780}


def test_the_same_seed_gives_the_same_answer_and_progress_ends_at_it() -> None:
    heard: list[Step] = []
    first = answered(sample("T"), seed=7, heard=heard.append)
    second = answered(sample("T"), seed=7)
    assert (first.plan, first.objective, first.bound) == (second.plan, second.objective, second.bound)
    assert heard[0].doing == "first plan"
    assert (heard[-1].doing, heard[-1].objective, heard[-1].bound) == ("done", 339, 339.0)


@seldom
@given(dice=lots)
def test_names_do_not_matter(dice: Random) -> None:
    instance = tiny.cycle(dice)
    renamed = json.dumps(instance)
    for kind in "RVU":
        for number in range(12):
            renamed = renamed.replace(f'"{kind}{number}"', f'"{kind}-{(number * 7 + 3) % 12}-"')
    assert judged(json.loads(renamed)) == judged(instance)


@seldom
@given(dice=lots)
def test_order_does_not_matter(dice: Random) -> None:
    instance = tiny.cycle(dice)
    turned = instance | {key: instance[key][::-1] for key in ("units", "reviews", "reviewers", "regions", "blocked")}
    assert judged(turned) == judged(instance)


@seldom
@given(dice=lots)
def test_a_reviewer_nobody_may_seat_changes_nothing(dice: Random) -> None:
    instance = tiny.cycle(dice)
    spare = instance["reviewers"][0] | {"id": "spare", "capacity": 0, "org": "elsewhere", "unit": None}
    assert judged(instance | {"reviewers": [*instance["reviewers"], spare]}) == judged(instance)


@seldom
@given(dice=lots)
def test_doubling_every_weight_doubles_what_is_lost(dice: Random) -> None:
    instance = tiny.cycle(dice)
    answer = answered(instance)
    if answer.ending is Ending.SOLVED:
        params = instance["params"]
        double = params | {"weights": {name: 2 * weight for name, weight in params["weights"].items()}}
        found = answered(instance | {"params": double})
        cycle, doubled = Cycle(Instance.parse(instance)), Cycle(Instance.parse(instance | {"params": double}))
        kept, new = terms(cycle, answer.plan), terms(doubled, answer.plan)
        assert new.total - new.fit == 2 * (kept.total - kept.fit)
        assert found.proved
        assert found.objective is not None
        assert found.objective >= new.total


@seldom
@given(dice=lots)
def test_a_rule_fewer_never_makes_the_best_plan_worse(dice: Random) -> None:
    instance = tiny.cycle(dice)
    objective = judged(instance)
    freed = judged(instance | {"blocked": [], "locks": []})
    assert objective is None or (freed is not None and freed >= objective)


@seldom
@given(dice=lots, scarce=st.booleans())
def test_the_search_for_great_cycles_keeps_every_rule_and_its_bound(dice: Random, *, scarce: bool) -> None:
    """What runs above 200 reviews, on cycles where every plan can be tried."""
    instance = tiny.cycle(dice, scarce=scarce)
    optimum = brute.best(instance)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "EXACT_MOST", 0)
        answer = answered(instance)
    assert (answer.ending is Ending.SOLVED) == (optimum is not None)
    if answer.objective is not None and answer.bound is not None and optimum is not None:
        assert Judge(instance).wrong_with(solution(instance, answer)) == []
        assert answer.objective <= optimum <= answer.bound


@seldom
@given(dice=lots)
def test_the_search_among_the_people_worth_considering_keeps_every_rule_and_its_bound(dice: Random) -> None:
    """What runs where there are more pairs of seat and person than fit in memory."""
    instance = tiny.cycle(dice)
    optimum = brute.best(instance)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(solver, "EXACT_MOST", 0)
        patch.setattr(solver, "HELD_MOST", 0)
        patch.setattr(arrays, "NARROW", 3)
        answer = answered(instance)
    if answer.plan:
        assert Judge(instance).wrong_with(solution(instance, answer)) == []
        assert answer.objective is not None
        assert answer.bound is not None
        assert optimum is not None
        assert answer.objective <= optimum <= answer.bound


def test_no_time_gives_no_answer_and_no_claim() -> None:
    answer = solve(Instance.parse(sample("S")), seconds=1e-9)
    assert (answer.ending, answer.plan, answer.objective, answer.proved, answer.gap) == (
        Ending.LATE,
        (),
        None,
        False,
        None,
    )


def test_an_empty_cycle_is_solved() -> None:
    answer = answered(sample("T") | {"reviews": [], "locks": [], "previous": [], "blocked": []})
    assert (answer.ending, answer.plan, answer.objective, answer.bound) == (Ending.SOLVED, (), 0, 0)


def test_great_numbers_take_no_more_memory_or_time() -> None:
    instance = sample("T")
    people = [person | {"capacity": 10**6} for person in instance["reviewers"]]
    answer = answered(instance | {"reviewers": people})
    assert answer.proved
    assert answer.objective is not None
    assert answer.objective >= 339
