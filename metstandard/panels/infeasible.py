"""Why there is no plan: a minimal set of constraints that cannot hold together.

First the fewest demands that fail under all limits, then the fewest limits under which these fail. Both by splitting
in halves, so the number of questions grows with the size of the answer and not of the cycle.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TypeVar

from metstandard.panels.claims import Claims, Demand, OutOfTime
from metstandard.panels.cycle import Cycle, pair_id
from metstandard.panels.effort import Effort

ItemT = TypeVar("ItemT")


def conflict(cycle: Cycle, effort: Effort) -> tuple[str, ...]:
    """Ids of constraints that cannot hold together, none of which can be left out; demands first.

    When the time runs out the set may still hold more than it needs, or be empty if no question was answered at all.
    """
    claims = Claims(cycle, effort)
    demands: list[Demand] = []
    limits: list[str] = []
    try:
        proof = claims.certificate(claims.demands)
        if proof is not None and not claims.possible(proof[0], frozenset(proof[1])):
            demands, limits = proof
            demands, limits, doubtful = claims.sifted(demands, limits)
            if not doubtful:
                return (*(demand.id for demand in demands), *limits)
        else:
            demands = fewest(claims.demands, claims.possible)
            limits = _limits(claims, demands)
        demands = fewest(demands, lambda kept: claims.possible(kept, frozenset(limits)))
        limits = fewest(limits, lambda kept: claims.possible(demands, frozenset(kept)))
    except OutOfTime:
        pass
    return (*(demand.id for demand in demands), *limits)


def _limits(claims: Claims, demands: Sequence[Demand]) -> list[str]:
    """The limits that could matter to these demands; pairs of people only if nothing else explains the failure."""
    limits = claims.limits_on(demands)
    if not claims.possible(demands, frozenset(limits)):
        return limits
    people = sorted({who for demand in demands for who in claims.takers(demand.slot)} | claims.holders(demands))
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
