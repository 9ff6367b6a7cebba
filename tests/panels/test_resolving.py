"""Solving again: accepted seats stay, those who declined are not asked again, little else changes; who may step in."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from metstandard.panels.instance import Instance
from metstandard.panels.reserves import with_reserves
from metstandard.panels.solver import solve
from tests.panels import brute, tiny
from tests.panels.checker import Judge, Plain
from tests.panels.test_infeasible import seldom
from tests.panels.test_solver import answered, judged, lots, sample, solution


def replied(instance: Plain, seats: list[Plain], declined: set[int]) -> Plain:
    """The instance after some seats were declined and every other was accepted or is still open, in turns."""
    status = ("accepted", "invited", "accepted")
    previous = [
        seat | {"status": "declined" if number in declined else status[number % 3]} for number, seat in enumerate(seats)
    ]
    return instance | {"previous": previous}


def seat_of(seat: Any) -> tuple[str, str]:
    return seat["review"], seat["slot"]


def test_after_declines_accepted_seats_stay_and_few_others_change() -> None:
    instance = sample("T")
    first = solution(instance, answered(instance))["assignments"]
    again = replied(instance, first, {0, 13})
    answer = answered(again)
    second = solution(again, answer)["assignments"]

    assert answer.proved
    assert Judge(again).wrong_with(solution(again, answer)) == []
    changed = [old for old, new in zip(first, second, strict=True) if old != new]
    assert first[0] in changed
    assert first[13] in changed
    accepted = [seat_of(seat) for seat in again["previous"] if seat["status"] == "accepted"]
    assert not set(accepted) & {seat_of(seat) for seat in changed}
    assert len(changed) <= 4


@seldom
@given(dice=lots, more=st.integers(0, 3))
def test_after_any_declines_the_best_plan_is_that_of_all_plans(dice: Random, more: int) -> None:
    instance = tiny.cycle(dice) | {"previous": [], "locks": []}
    answer = answered(instance)
    if answer.plan:
        first = solution(instance, answer)["assignments"]
        again = replied(instance, first, {0, more % len(first)})
        assert judged(again) == brute.best(again)


@seldom
@given(dice=lots)
def test_a_lock_never_makes_the_plan_better_and_the_seat_stands(dice: Random) -> None:
    instance = tiny.cycle(dice) | {"locks": [], "previous": []}
    free = answered(instance)
    if free.plan:
        lock = tiny.seat(dice, instance["reviews"], instance["reviewers"])
        locked = instance | {"locks": [lock]}
        found = answered(locked)
        assert found.objective == brute.best(locked)
        if found.plan:
            assert lock in [seat.model_dump(mode="json") for seat in found.plan]
            assert found.objective is not None
            assert free.objective is not None
            assert found.objective <= free.objective


def test_reserves_cover_most_seats_are_ranked_and_never_sit_behind_a_seat_that_stands() -> None:
    instance = sample("T")
    first = solution(instance, answered(instance))
    assert len({seat_of(seat) for seat in first["reserves"]}) == 28
    again = replied(instance, first["assignments"], set())
    second = solution(again, answered(again))
    standing = {seat_of(seat) for seat in again["previous"] if seat["status"] == "accepted"}
    assert second["reserves"]
    assert not standing & {seat_of(seat) for seat in second["reserves"]}


def test_nobody_is_a_reserve_where_the_cap_is_nought() -> None:
    instance = sample("T")
    parsed = Instance.parse(instance | {"params": instance["params"] | {"reserve_cap": 0}})
    assert with_reserves(parsed, solve(parsed, seconds=60)).reserves == ()
