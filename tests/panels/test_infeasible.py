"""Why there is no plan, and what would allow one: against every plan of tiny cycles, and on the samples."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metstandard.panels import unlock
from metstandard.panels.cycle import Cycle
from metstandard.panels.effort import Effort
from metstandard.panels.infeasible import Impossible, fewest, impossible
from metstandard.panels.instance import Instance
from metstandard.panels.reserves import with_reserves
from metstandard.panels.solver import Ending, solve
from metstandard.panels.unlock import unlocks
from tests.panels import brute, tiny
from tests.panels.checker import Judge, Plain
from tests.panels.test_solver import lots, sample

often = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
seldom = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
# Cycles without a plan, found by lot.
without_plan = lots.map(lambda dice: tiny.cycle(dice, scarce=True)).filter(
    lambda instance: brute.best(instance) is None
)


def explained(instance: Plain) -> Impossible:
    return impossible(Instance.parse(instance), seconds=60)


@often
@given(instance=without_plan)
def test_the_conflict_cannot_hold_and_without_any_one_of_it_can(instance: Plain) -> None:
    found = explained(instance)
    assert found.unfinished == ()
    assert len(set(found.conflict)) == len(found.conflict)
    assert not brute.possible(instance, found.conflict)
    for dropped in found.conflict:
        assert brute.possible(instance, set(found.conflict) - {dropped}), dropped


@often
@given(instance=without_plan)
def test_the_unlocks_are_the_fewest_waivers_then_the_best_objectives(instance: Plain) -> None:
    found = explained(instance).unlock
    assert [(len(one.relax), -one.objective) for one in found] == brute.unlocks(instance)[:3]


@seldom
@given(instance=without_plan)
def test_an_unlock_applied_solves_the_cycle_at_its_objective_and_says_what_it_waives(instance: Plain) -> None:
    parsed = Instance.parse(instance)
    for one in explained(instance).unlock:
        answer = solve(parsed, seconds=60, relaxed=one.relax)
        assert (answer.ending, answer.objective, answer.proved) == (Ending.SOLVED, one.objective, True)
        written = with_reserves(parsed, answer)
        assert written.relaxed == one.relax
        assert Judge(instance).wrong_with(json.loads(written.to_json())) == []


@seldom
@given(instance=without_plan)
def test_a_waiver_that_is_not_applied_leaves_the_cycle_without_a_plan(instance: Plain) -> None:
    """Kinds outside `relaxable` are not waived, whoever asks."""
    bare = instance | {"params": instance["params"] | {"relaxable": []}}
    names = [name for one in explained(instance).unlock for name in one.relax]
    assert solve(Instance.parse(bare), seconds=60, relaxed=names).ending is Ending.INFEASIBLE
    assert explained(bare).unlock == ()


def barred() -> Plain:
    """The sample T, where every private reviewer has declared an interest in the unit of the fourth review."""
    instance = sample("T")
    unit = instance["reviews"][3]["unit"]
    people = [
        person | {"interests": sorted({*person["interests"], unit})} if person["category"] == "private" else person
        for person in instance["reviewers"]
    ]
    return instance | {"reviewers": people}


def test_a_review_that_nobody_may_sit_on_is_named_with_whoever_could_be_waived() -> None:
    instance = barred()
    review = instance["reviews"][3]
    found = explained(instance)
    private = [person["id"] for person in instance["reviewers"] if person["category"] == "private"]
    assert found.conflict[0] == f"composition:{review['id']}:private"
    assert {name.split(":")[1] for name in found.conflict[1:]} == set(private)
    assert [(len(one.relax), one.relax[0].partition(":")[0]) for one in found.unlock] == [(1, "interest")] * 3
    assert found.unlock[0].objective >= found.unlock[1].objective >= found.unlock[2].objective
    assert json.loads(found.to_json()) == {
        "status": "infeasible",
        "conflict": list(found.conflict),
        "unlock": [{"relax": list(one.relax), "objective": one.objective} for one in found.unlock],
    }


def test_the_search_for_unlocks_of_a_whole_force_finds_what_the_one_programme_finds() -> None:
    cycle = Cycle(Instance.parse(barred()))
    small = unlocks(cycle, Effort(60))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unlock, "SMALL_MOST", 0)
        great = unlocks(cycle, Effort(60))
    assert [(one.relax, one.objective) for one in great] == [(one.relax, one.objective) for one in small]


@pytest.mark.parametrize("seed", [602, 617, 625, 633, 648, 656, 675, 697])
def test_the_search_for_unlocks_of_a_whole_force_is_right_on_tiny_cycles(seed: int) -> None:
    """By fixed lots, each with up to three unlocks of one to six waivers. It does not look for `same_org`."""
    instance = tiny.cycle(Random(seed), scarce=seed % 2 == 1)  # noqa: S311  lots, no secret
    params = instance["params"]
    kinds = [kind for kind in params["relaxable"] if kind != "same_org"]
    instance |= {"params": params | {"relaxable": kinds}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unlock, "SMALL_MOST", 0)
        found = unlocks(Cycle(Instance.parse(instance)), Effort(60))
    assert [(len(one.relax), -one.objective) for one in found] == brute.unlocks(instance)[:3]
    assert found


def test_no_time_for_unlocks_is_said() -> None:
    found = impossible(Instance.parse(barred()), seconds=1e-9)
    assert found.unlock == ()
    assert "unlock" in found.unfinished
    assert json.loads(found.to_json())["unfinished"] == list(found.unfinished)


def test_a_lock_and_an_acceptance_of_two_people_clash_by_themselves() -> None:
    seat = {"review": "V00000", "slot": "peer"}
    judge = Judge(sample("T"))
    peers = [who for who in judge.people if judge.takes("peer", who) and not judge.barred(who, "V00000")]
    instance = sample("T") | {
        "locks": [seat | {"reviewer": peers[0]}],
        "previous": [seat | {"reviewer": peers[1], "status": "accepted"}],
    }
    assert sorted(explained(instance).conflict) == ["accepted:V00000:peer", "lock:V00000:peer"]


@given(wrong=st.sets(st.integers(0, 19), min_size=1))
def test_splitting_in_halves_keeps_exactly_what_is_wrong_together(wrong: set[int]) -> None:
    assert fewest(range(20), lambda kept: not wrong <= set(kept)) == sorted(wrong)
