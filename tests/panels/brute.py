"""Every plan of a tiny cycle, tried one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import product

from tests.panels.checker import Judge, Plain, Plan


def plans(judge: Judge) -> Iterator[Plan]:
    """Every way to fill every seat with somebody of its category."""
    seats = [(review["id"], slot) for review in judge.reviews.values() for slot in review["slots"]]
    takers = [[who for who in judge.people if judge.takes(slot, who)] for _, slot in seats]
    for people in product(*takers):
        yield dict(zip(seats, people, strict=True))


def best(instance: Plain) -> int | None:
    """The best objective of any plan that keeps every rule; None if there is none."""
    judge = Judge(instance)
    return max((judge.objective(plan) for plan in plans(judge) if not judge.broken(plan)), default=None)


def unlocks(instance: Plain) -> list[tuple[int, int]]:
    """Every set of waivers that some plan needs and no part of which will do, as (how many, best objective), sorted.

    A capacity is extended by one seat at most.
    """
    judge = Judge(instance)
    may = set(judge.params["relaxable"]) - {"blocked", "composition", "same_person"}
    found: dict[frozenset[str], int] = {}
    for plan in plans(judge):
        needed = judge.broken(plan)
        if all(name.partition(":")[0] in may and count == 1 for name, count in needed.items()):
            names = frozenset(needed)
            found[names] = max(found.get(names, -(10**9)), judge.objective(plan))
    least = [names for names in found if not any(other < names for other in found)]
    return sorted((len(names), -found[names]) for names in least)


def possible(instance: Plain, constraints: Collection[str]) -> bool:
    """Whether these constraints, and no others, can hold together. Seats that none of them asks for stay empty."""
    judge, wanted = Judge(instance), set(constraints)
    choices: dict[tuple[str, str], set[str]] = {}
    for review in judge.reviews.values():
        for slot in review["slots"]:
            if f"composition:{review['id']}:{slot}" in wanted:
                choices[review["id"], slot] = {who for who in judge.people if judge.takes(slot, who)}
    for name, seat in judge.locks.items():
        if name in wanted:
            place = (seat["review"], seat["slot"])
            choices[place] = choices.get(place, {seat["reviewer"]}) & {seat["reviewer"]}
    ways = product(*([(place, who) for who in sorted(people)] for place, people in choices.items()))
    return any(not wanted & set(judge.broken(dict(way))) for way in ways)
