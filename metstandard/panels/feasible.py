"""Whether there is any plan at all: every rule, no wishes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.effort import Effort
from metstandard.panels.linear import Verdict
from metstandard.panels.model import Model, Pair
from metstandard.panels.numbering import NOBODY, Ints
from metstandard.panels.prices import Panels
from metstandard.panels.pricing import Pricer
from metstandard.panels.standing import Standing


@dataclass(frozen=True)
class Possible:
    """A plan, or the certainty that there is none (INFEASIBLE), or neither in time (STOPPED)."""

    verdict: Verdict
    plan: Standing | None


def any_plan(arrays: Arrays, pricer: Pricer, effort: Effort, *, seed: int) -> Possible:
    """Any plan that keeps every rule. pair_cap is written out only for pairs that an answer would break."""
    columns, capped = arrays.columns(), set[Pair]()
    while True:
        model = Model(arrays, columns, capped=capped, wishes=False)
        outcome = model.linear.whole(seconds=effort.left, seed=seed)
        if not outcome.found:
            return Possible(outcome.verdict, None)
        holders = model.holders(outcome.values)
        broken = over_cap(arrays, holders)
        if not broken:
            return Possible(Verdict.OPTIMAL, standing_of(pricer, holders))
        capped |= broken


def over_cap(arrays: Arrays, holders: Ints) -> set[Pair]:
    """Pairs of people who sit together more often than pair_cap allows, waived ones left out."""
    together = Counter[Pair]()
    for review, first in enumerate(arrays.first_seat[:-1].tolist()):
        panel = {int(who) for who in holders[first : first + arrays.size[review]]} - {NOBODY}
        together.update(combinations(sorted(panel), 2))
    most = arrays.cycle.params.pair_cap
    return {pair for pair, count in together.items() if count > most and not arrays.waives_pair(pair)}


def standing_of(pricer: Pricer, holders: Ints) -> Standing:
    """A plan out of one reviewer's number for each seat."""
    arrays = pricer.arrays
    standing = Standing(arrays)
    for review, first in enumerate(arrays.first_seat[:-1].tolist()):
        row = holders[first : first + arrays.size[review]][None, :]
        members = np.full((1, standing.members.shape[1]), NOBODY, dtype=np.int32)
        members[:, : row.shape[1]] = row
        panel = Panels(np.array([review], dtype=np.int32), members, pricer.worth(review, row))
        standing.take(panel, [0])
    return standing
