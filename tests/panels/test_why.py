"""Why this person: the parts of a seat's points, the best exchange beside it, and what a lock costs."""

from __future__ import annotations

from random import Random

from hypothesis import given

from metstandard.panels.instance import Instance, Seat
from metstandard.panels.solver import solve
from metstandard.panels.why import price_of_lock, why
from tests.panels import brute, tiny
from tests.panels.checker import Judge, Plain, Plan
from tests.panels.test_infeasible import seldom
from tests.panels.test_solver import answered, lots, sample


def as_plan(seats: tuple[Seat, ...]) -> Plan:
    return {(seat.review, str(seat.slot)): seat.reviewer for seat in seats}


def exchanges(judge: Judge, plan: Plan, place: tuple[str, str]) -> list[int]:
    """What each exchange gains: somebody else here, with no or one other seat changed, every rule kept."""
    base, found = judge.objective(plan), []
    for who in judge.people:
        if who == plan[place] or not judge.takes(place[1], who):
            continue
        here = plan | {place: who}
        others = [here, *(here | {other: new} for other, old in plan.items() if old == who for new in judge.people)]
        found += [judge.objective(one) - base for one in others if not judge.broken(one)]
    return found


@seldom
@given(dice=lots)
def test_an_alternative_keeps_every_rule_and_gains_nothing_on_the_best_plan(dice: Random) -> None:
    instance: Plain = tiny.cycle(dice) | {"locks": [], "previous": []}
    judge = Judge(instance)
    answer = answered(instance)
    for reason in why(Instance.parse(instance), answer.plan) if answer.plan else ():
        plan, found = as_plan(answer.plan), reason.alternative
        if found is not None:
            moved = plan | as_plan(found.moves)
            assert judge.broken(moved) == {}
            assert judge.objective(moved) - judge.objective(plan) == found.total
            assert moved[reason.seat.review, str(reason.seat.slot)] == found.reviewer != reason.seat.reviewer
            assert found.total <= 0


def test_the_best_exchange_is_the_best_of_all_that_there_are() -> None:
    """In cycles by fixed lots: the search tries a few stand-ins for a seat that is left, not everybody."""
    seats = 0
    for seed in range(60):
        instance: Plain = tiny.cycle(Random(seed)) | {"locks": [], "previous": []}  # noqa: S311  lots, no secret
        answer = answered(instance)
        for reason in why(Instance.parse(instance), answer.plan) if answer.plan else ():
            every = exchanges(Judge(instance), as_plan(answer.plan), (reason.seat.review, str(reason.seat.slot)))
            assert (reason.alternative.total if reason.alternative else None) == max(every, default=None)
            seats += 1
    assert seats > 100


def test_the_terms_of_a_seat_are_what_the_plan_loses_without_it() -> None:
    parsed = Instance.parse(sample("T"))
    answer = solve(parsed, seconds=60)
    reasons = why(parsed, answer.plan, review="V00000")
    judge = Judge(sample("T"))
    assert [reason.seat for reason in reasons] == [seat for seat in answer.plan if seat.review == "V00000"]
    for reason in reasons:
        fit = judge.fit(reason.seat.reviewer, "V00000")
        assert reason.expertise + reason.known_type + reason.journey == reason.terms.fit == fit
        assert reason.terms.load <= 0


@seldom
@given(dice=lots)
def test_a_lock_costs_the_difference_of_two_optima(dice: Random) -> None:
    instance = tiny.cycle(dice) | {"locks": [], "previous": []}
    answer = answered(instance)
    if answer.plan:
        lock = tiny.seat(dice, instance["reviews"], instance["reviewers"])
        seat = Instance.parse(instance | {"locks": [lock]}).locks[0]
        price = price_of_lock(Instance.parse(instance), seat, than=answer, seconds=60)
        locked = brute.best(instance | {"locks": [lock]})
        assert price.proved
        assert price.points == (None if locked is None or answer.objective is None else answer.objective - locked)
        assert (seat in answer.plan) <= (price.points == 0)
