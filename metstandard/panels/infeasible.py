"""Why there is no plan: a minimal set of constraints that cannot hold together.

First the fewest demands that fail under all limits, then the fewest limits under which these fail. Both by splitting
in halves, so the number of questions grows with the size of the answer and not of the cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeVar

from metstandard.panels.arrays import HELD_MOST, Arrays
from metstandard.panels.claims import Claims, OutOfTime
from metstandard.panels.cycle import Cycle, pair_id
from metstandard.panels.effort import Effort, Heard
from metstandard.panels.exact import EXACT_MOST
from metstandard.panels.facts import as_lines
from metstandard.panels.instance import Instance
from metstandard.panels.matching import shortage
from metstandard.panels.programme import Demand
from metstandard.panels.unlock import ANSWERS, Unlock, unlocks

ItemT = TypeVar("ItemT")

_ASKED_MOST = 2_000_000
"""Pairs of seat and person beyond which a programme over every rule cannot be asked in time."""


@dataclass(frozen=True)
class Impossible:
    """Why there is no plan, and what would allow one. `unfinished` names the parts that the time or the size cut short.

    `conflict`: constraints that cannot hold together, none of which can be left out. `unlock`: up to three relaxations,
    the fewest waivers first, then the better objective; none if no waiver of a relaxable kind helps.
    """

    conflict: tuple[str, ...]
    unlock: tuple[Unlock, ...]
    unfinished: tuple[str, ...] = ()

    def to_json(self) -> str:
        """The refusal as JSON."""
        plain: dict[str, Any] = {
            "status": "infeasible",
            "conflict": list(self.conflict),
            "unlock": [{"relax": list(found.relax), "objective": found.objective} for found in self.unlock],
        }
        return as_lines(plain | ({"unfinished": list(self.unfinished)} if self.unfinished else {}))


def impossible(instance: Instance, *, seconds: float, seed: int = 0, heard: Heard | None = None) -> Impossible:
    """Why an instance that has no plan has none, and what would unlock it. Half of the time is for each question."""
    cycle = Cycle(instance)
    asking = Effort(seconds / 2, heard)
    asking.tell("conflict")
    found, minimal = conflict(cycle, asking)
    unlocking = Effort(seconds - asking.spent, heard, offset=cycle.kept_worth)
    unlocking.tell("unlock")
    answers = unlocks(cycle, unlocking, seed=seed)
    cut = unlocking.over or len(instance.reviews) > EXACT_MOST
    late = {"conflict": not minimal, "unlock": cut and len(answers) < ANSWERS}
    return Impossible(found, tuple(answers), tuple(part for part, short in late.items() if short))


def conflict(cycle: Cycle, effort: Effort) -> tuple[tuple[str, ...], bool]:
    """Ids of constraints that cannot hold together, demands first, and whether it is certain that each is needed.

    When the time runs out the set may still hold more than it needs, or be empty if no question was answered at all.
    """
    arrays = Arrays(cycle)
    known = _seat_without_anybody(arrays) or _too_few(arrays)
    if known or len(arrays.seats) * len(arrays.reviewers) > _ASKED_MOST:
        return known, bool(known)
    claims = Claims(cycle, effort)
    demands: list[Demand] = []
    limits: list[str] = []
    try:
        proof = claims.certificate(claims.demands)
        if proof is not None and not claims.possible(proof[0], frozenset(proof[1])):
            demands, limits = proof
            demands, limits, doubtful = claims.sifted(demands, limits)
            if not doubtful:
                return _named(demands, limits), True
        else:
            demands = fewest(claims.demands, claims.possible)
            limits = _limits(claims, demands)
        demands = fewest(demands, lambda kept: claims.possible(kept, frozenset(limits)))
        limits = fewest(limits, lambda kept: claims.possible(demands, frozenset(kept)))
    except OutOfTime:
        return _named(demands, limits), False
    return _named(demands, limits), True


def _seat_without_anybody(arrays: Arrays) -> tuple[str, ...]:
    """The first seat that nobody may take, with one rule for each person who keeps that person off; or nothing.

    This is minimal as it stands, at any size: lift one of the rules, and that person can sit.
    """
    cycle = arrays.cycle
    for number, review in enumerate(arrays.reviews):
        free = arrays.open_to(number)
        for slot in review.slots:
            if not (free & arrays.takers[slot]).any():
                people = [person for person in arrays.reviewers if cycle.takes(slot, person)]
                bars = [next(cycle.bars(person, review), f"capacity:{person.id}") for person in people]
                return (f"composition:{review.id}:{slot}", *dict.fromkeys(bars))
    return ()


def _too_few(arrays: Arrays) -> tuple[str, ...]:
    """A minimal shortage of people, where the cycle is not too large to look at every pair of seat and person."""
    return shortage(arrays, arrays.columns()) if len(arrays.seats) * len(arrays.reviewers) <= HELD_MOST else ()


def _named(demands: Sequence[Demand], limits: Sequence[str]) -> tuple[str, ...]:
    return (*(demand.id for demand in demands), *limits)


def _limits(claims: Claims, demands: Sequence[Demand]) -> list[str]:
    """The limits that could matter to these demands; pairs of people only if nothing else explains the failure."""
    limits = claims.limits_on(demands)
    if not claims.possible(demands, frozenset(limits)):
        return limits
    people = sorted({who for demand in demands for who in claims.people.takers(demand.slot)} | claims.holders(demands))
    return limits + [pair_id("pair_cap", *pair) for pair in combinations(people, 2)]


def fewest(items: Sequence[ItemT], possible: Callable[[Sequence[ItemT]], bool]) -> list[ItemT]:
    """A minimal part of `items` that is not possible, given that all of them together are not (QuickXplain)."""
    return _split([], items, possible, changed=False) if items else []


def _split(
    base: Sequence[ItemT], items: Sequence[ItemT], possible: Callable[[Sequence[ItemT]], bool], *, changed: bool
) -> list[ItemT]:
    if changed and not possible(base):
        return []
    if len(items) == 1:
        return list(items)
    half = len(items) // 2
    left, right = items[:half], items[half:]
    second = _split([*base, *left], right, possible, changed=bool(left))
    first = _split([*base, *second], left, possible, changed=bool(second))
    return [*first, *second]
