"""Which constraints panels waive, in the soft cycle."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from metstandard.panels.arrays import Arrays
from metstandard.panels.linear import Numbers
from metstandard.panels.numbering import NOBODY, Ints
from metstandard.panels.prices import Panels, points_of
from metstandard.panels.rules import excess, limit, may_break, rule_id, rules_of
from metstandard.panels.soft import SoftArrays

_NOTHING = 1e-9


def waivers_each(arrays: Arrays, panels: Panels) -> Ints:
    """How many waivers each panel needs by itself, shared ones apart."""
    found = np.zeros(len(panels), dtype=np.int32)
    for review in np.unique(panels.review).tolist():
        mine = np.flatnonzero(panels.review == review)
        for place, people, count in arrays.waivers_of(review):
            found[mine] += points_of(panels.members[mine, place], people, count)
    return found


def usage(arrays: SoftArrays, panels: Panels, taken: Numbers) -> dict[str, float]:
    """How much of each waiver a mixture of panels needs (each from 0 to about 1)."""
    some = np.flatnonzero(taken > _NOTHING)
    panels, taken = panels.kept(some), taken[some]
    found: dict[str, float] = defaultdict(float)
    used = np.zeros(len(arrays.reviewers))
    reviews: dict[tuple[str, int], float] = defaultdict(float)
    for review, row, share in zip(panels.review.tolist(), panels.members.tolist(), taken.tolist(), strict=True):
        for place, who in enumerate(row):
            if who != NOBODY:
                used[who] += share
                for bar in arrays.bars_of_seat(who, int(arrays.first_seat[review]) + place):
                    reviews[bar, review] += share
    for (bar, _), share in reviews.items():
        found[bar] = max(found[bar], share)
    rules: dict[tuple[str, int, int], float] = defaultdict(float)
    for place, rule in rules_of(arrays, panels):
        rules[rule] += float(taken[place])
    for rule, total in rules.items():
        if may_break(arrays, rule) and total > limit(arrays, rule):
            name, share = rule_id(arrays, rule), (total - limit(arrays, rule)) / excess(arrays, rule)
            found[name] = max(found[name], share)
    beyond = used - (~arrays.extra_seats).sum(axis=1)
    for who in np.flatnonzero(beyond > 0).tolist():
        found[f"capacity:{arrays.reviewers[who].id}"] = float(beyond[who])
    return found
