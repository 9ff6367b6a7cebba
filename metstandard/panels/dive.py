"""From nothing to a plan near its bound, where there are too many panels to list them all.

First prices. Then the clearest panels are seated, the prices of the rest adapt, and so on until all are seated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from metstandard.panels.balance import rough
from metstandard.panels.codes import coded, limits
from metstandard.panels.duals import Duals, cooled, offers
from metstandard.panels.effort import Effort
from metstandard.panels.greedy import seat_first, seat_rest
from metstandard.panels.neighbourhood import Terrain, terrain
from metstandard.panels.numbering import NOBODY, Flags
from metstandard.panels.prices import FORBIDDEN, Panels
from metstandard.panels.pricing import Pricer
from metstandard.panels.standing import Ledger, Standing

_ROUGH_TIMES = 2
"""How often the people worth considering are chosen anew, at the prices among those chosen before."""

_CLEAR = 0.9
_SHARE = 0.2
_HEAT = 0.1
_STEPS = 40
_WITHIN = 4.0
_OFFERS = 15
_NEW_WITHIN = 1.0


@dataclass(frozen=True)
class Approach:
    """A plan (perhaps with empty reviews), the bound on any plan, and where to search on, with whom."""

    plan: Standing
    bound: float
    ground: Terrain
    pricer: Pricer


def approach(pricer: Pricer, known: Panels, effort: Effort, *, everybody: Pricer | None) -> Approach:
    """Prices, the bound that they prove, and a plan near them.

    `everybody` prices all people where `pricer` does not; then the people worth considering are chosen by their prices.
    """
    arrays, values = pricer.arrays, rough(pricer.arrays, pricer.all_columns)
    for _ in range(_ROUGH_TIMES if everybody is not None and not effort.over else 0):
        pricer = Pricer(arrays, arrays.narrow(values))
        values = rough(arrays, pricer.all_columns, values)
    duals, bound = cooled(pricer, values, known, effort)
    if everybody is not None:
        bound = np.inf
        pricer = Pricer(arrays, arrays.narrow(duals.persons))
    if not effort.over:
        new, last = offers(everybody or pricer, duals, within=_NEW_WITHIN)
        bound = min(bound, last)
        duals.add(new)
        duals.fit(_HEAT)
    effort.tell("prices", bound=bound)
    ground = terrain(duals.panels, duals.net(), duals.prices(), duals.best())
    return Approach(dive(pricer, duals, effort), bound, ground, pricer)


def dive(pricer: Pricer, duals: Duals, effort: Effort) -> Standing:
    """A plan near the prices; changes the pool and the prices.

    When the time runs short the rest is seated review by review. Reviews may stay empty where nothing fits any more.
    """
    standing, ledger = Standing(duals.arrays), Ledger(duals.arrays)
    while len(standing.empty) and not effort.short and _seat_clearest(standing, ledger, duals):
        _adapt(pricer, duals, standing)
    if len(standing.empty) and not effort.over:
        seat_rest(standing, ledger, [pricer], standing.restricted(duals.prices(), standing.empty), effort)
    return standing


def _adapt(pricer: Pricer, duals: Duals, standing: Standing) -> None:
    """Give the reviews without a panel new offers that fit beside the others, and balance the prices of these."""
    free = standing.empty
    if not len(free):
        return
    here = standing.restricted(duals.prices(), free)
    pairs = pricer.pair_costs(here)
    fixed = standing.panels(np.flatnonzero(standing.members[:, 0] != NOBODY))
    rest = duals.panels.kept(np.isin(duals.panels.review, free))
    found = [fixed, rest.kept(~_barred(standing, fixed, rest))]
    for review in free.tolist():
        new = pricer.best(review, here, pairs, above=-FORBIDDEN / 2, within=_WITHIN, most=_OFFERS)
        found.append(new.panels)
    duals.keep(Panels.joined(found).distinct())
    duals.fit(_HEAT, steps=_STEPS)
    if duals.tighten():
        duals.fit(_HEAT, steps=_STEPS)


def _barred(standing: Standing, fixed: Panels, panels: Panels) -> Flags:
    """Which panels can no longer be seated beside the fixed ones."""
    arrays = standing.arrays
    full = np.append(standing.used() >= arrays.capacity, False)
    barred = np.asarray(full[panels.members].any(axis=1))
    codes, count = np.unique(coded(arrays, fixed)[1], return_counts=True)
    place, code = coded(arrays, panels)
    barred[place[np.isin(code, codes[count >= limits(arrays, codes)])]] = True
    return barred


def _seat_clearest(standing: Standing, ledger: Ledger, duals: Duals) -> int:
    """Seat all clear panels, and at least a share of those left; how many were seated."""
    free = np.zeros(len(standing.worth), dtype=np.bool_)
    free[standing.empty] = True
    some = np.flatnonzero(free[duals.panels.review] & (duals.panels.members[:, 0] != NOBODY))
    quota, seated = int(_SHARE * free.sum()) + 1, 0
    for place in some[np.argsort(-duals.shares[some], kind="stable")].tolist():
        if seated >= quota and duals.shares[place] < _CLEAR:
            break
        if free[duals.panels.review[place]] and seat_first(standing, ledger, duals.panels, [place]):
            free[duals.panels.review[place]] = False
            seated += 1
    return seated
