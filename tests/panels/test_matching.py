"""Too few people: found by counting, at any size, and named so that nothing can be left out."""

from __future__ import annotations

from collections import Counter

import pytest

from metstandard.panels import infeasible, solver
from metstandard.panels.claims import Claims
from metstandard.panels.cycle import Cycle, kind_of
from metstandard.panels.effort import Effort
from metstandard.panels.infeasible import conflict, impossible
from metstandard.panels.instance import Instance
from metstandard.panels.solver import Ending, solve
from tests.panels.checker import Plain
from tests.panels.test_solver import sample


def short_of_firms() -> Plain:
    """The sample S without chairs and locks, where people from firms have one seat each: too few."""
    instance = sample("S")
    people = [
        person | {"capacity": 1} if person["category"] == "private" else person for person in instance["reviewers"]
    ]
    reviews = [review | {"slots": ["peer", "la", "private"]} for review in instance["reviews"]]
    return instance | {"reviews": reviews, "reviewers": people, "locks": [], "previous": []}


def test_a_shortage_is_one_seat_more_than_its_people_can_take_and_nothing_of_it_can_be_left_out() -> None:
    cycle = Cycle(Instance.parse(short_of_firms()))
    found, minimal = conflict(cycle, Effort(60))
    kinds = Counter(kind_of(name) for name in found)
    assert minimal
    assert kinds["composition"] == kinds["capacity"] + 1
    claims = Claims(cycle, Effort(60))
    seats = [demand for demand in claims.demands if demand.id in found]
    limits = [name for name in found if kind_of(name) != "composition"]
    assert not claims.possible(seats, limits)
    assert claims.possible(seats[1:], limits)
    for left_out in limits[:: max(1, len(limits) // 8)]:
        assert claims.possible(seats, [name for name in limits if name != left_out])


def test_a_great_cycle_without_enough_people_is_known_to_have_no_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = Instance.parse(short_of_firms())
    monkeypatch.setattr(solver, "EXACT_MOST", 0)
    assert solve(instance, seconds=60).ending is Ending.INFEASIBLE


def test_a_cycle_too_large_for_every_question_says_what_it_did_not_look_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(infeasible, "_ASKED_MOST", 0)
    monkeypatch.setattr(infeasible, "EXACT_MOST", 0)
    monkeypatch.setattr("metstandard.panels.unlock.EXACT_MOST", 0)
    seat = {"review": "V00000", "slot": "peer"}
    peers = [person["id"] for person in sample("T")["reviewers"] if person["category"] == "peer"][:2]
    clash = [seat | {"reviewer": peers[0]}], [seat | {"reviewer": peers[1], "status": "accepted"}]
    found = impossible(Instance.parse(sample("T") | {"locks": clash[0], "previous": clash[1]}), seconds=60)
    assert (found.conflict, found.unlock, found.unfinished) == ((), (), ("conflict", "unlock"))
