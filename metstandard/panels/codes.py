"""Rules between panels as whole numbers, found for many panels at once.

One code stands for one `Rule`; `rules` says the same rule by rule.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from metstandard.panels.arrays import Arrays
from metstandard.panels.linear import Index, Numbers
from metstandard.panels.numbering import NOBODY
from metstandard.panels.prices import SEATS_MOST, Panels
from metstandard.panels.rules import Rule, limit, rules_of


def coded(arrays: Arrays, panels: Panels) -> tuple[Index, Index]:
    """Every rule that each panel takes part in: places in the list and codes, two arrays of one length."""
    if arrays.relaxed or arrays.soft:
        pairs = [(place, encoded(arrays, rule)) for place, rule in rules_of(arrays, panels)]
        found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return found[:, 0], found[:, 1]
    parts = [_weeks(arrays, panels), _judges(arrays, panels), meetings(arrays, panels)]
    return np.concatenate([place for place, _ in parts]), np.concatenate([code for _, code in parts])


def _bases(arrays: Arrays) -> tuple[int, int, int]:
    """Where the codes of weeks, of reviews that judge each other and of shared waivers begin; pairs begin at 0."""
    people, reviews = len(arrays.reviewers), len(arrays.reviews)
    weeks = people * people
    judges = weeks + people * arrays.last_week
    return weeks, judges, judges + reviews * reviews


def encoded(arrays: Arrays, rule: Rule) -> int:
    """The code of a rule."""
    kind, one, other = rule
    weeks, judges, waivers = _bases(arrays)
    if kind == "pair":
        return one * len(arrays.reviewers) + other
    if kind == "week":
        return weeks + one * arrays.last_week + other
    return {"judges": judges, "waiver": waivers}[kind] + one * len(arrays.reviews) + other


def decoded(arrays: Arrays, code: int) -> Rule:
    """The rule of a code."""
    weeks, judges, waivers = _bases(arrays)
    if code < weeks:
        return ("pair", *divmod(code, len(arrays.reviewers)))
    if code < judges:
        return ("week", *divmod(code - weeks, arrays.last_week))
    kind, base = ("judges", judges) if code < waivers else ("waiver", waivers)
    return (kind, *divmod(code - base, len(arrays.reviews)))


def limits(arrays: Arrays, codes: Index) -> Numbers:
    """How many panels each of these rules allows together."""
    weeks, _, waivers = _bases(arrays)
    found = np.where(codes < weeks, arrays.cycle.params.pair_cap, 1.0)
    found[codes >= waivers] = limit(arrays, ("waiver", 0, 0))
    return found


def _weeks(arrays: Arrays, panels: Panels) -> tuple[Index, Index]:
    place, seat = np.nonzero((panels.members != NOBODY) & np.array(arrays.sits_twice)[panels.members])
    who = panels.members[place, seat].astype(np.int64)
    return place, _bases(arrays)[0] + who * arrays.last_week + arrays.week[panels.review[place]]


def _judges(arrays: Arrays, panels: Panels) -> tuple[Index, Index]:
    """Each unit counts once for a panel, and as often as it is reviewed."""
    units = np.where(panels.members == NOBODY, NOBODY, arrays.unit[panels.members])
    place, seat = np.nonzero((units != NOBODY) & (units != arrays.review_unit[panels.review][:, None]))
    both = np.unique(place * len(arrays.units) + units[place, seat])
    place, unit = np.divmod(both, max(1, len(arrays.units)))
    reviews, starts = arrays.reviews_by_unit
    count = starts[unit + 1] - starts[unit]
    turn = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    judging, place = reviews[np.repeat(starts[unit], count) + turn], np.repeat(place, count)
    return place, _bases(arrays)[1] + _ordered(judging, panels.review[place], len(arrays.reviews))


def meetings(arrays: Arrays, panels: Panels) -> tuple[Index, Index]:
    """Everybody who meets on each panel: places and codes."""
    places, codes = [], []
    for one, other in combinations(range(SEATS_MOST), 2):
        first, second = panels.members[:, one], panels.members[:, other]
        place = np.flatnonzero((first != NOBODY) & (second != NOBODY))
        places.append(place)
        codes.append(_ordered(first[place], second[place], len(arrays.reviewers)))
    return np.concatenate(places), np.concatenate(codes)


def _ordered(one: NDArray[Any], other: NDArray[Any], many: int) -> Index:
    found: Index = np.minimum(one, other).astype(np.int64) * many + np.maximum(one, other)
    return found
