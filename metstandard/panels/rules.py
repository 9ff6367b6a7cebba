"""Rules between panels: a week booked twice, reciprocity, people who meet too often.

Each is a set of which only so many may be taken. A panel takes part in a rule once, whoever of it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TypeAlias

from metstandard.panels.arrays import Arrays
from metstandard.panels.cycle import pair_id
from metstandard.panels.numbering import NOBODY
from metstandard.panels.prices import Panels, Prices

# ("week", person, week); ("judges", one review, another) for two units that must not judge each other; ("pair", one
# person, another). Where constraints may give way, too: ("waiver", number, review) for one that reviews may share.
Rule: TypeAlias = tuple[str, int, int]


def rules_of(arrays: Arrays, panels: Panels) -> Iterator[tuple[int, Rule]]:
    """Every rule that each panel takes part in, as (place in the list, rule). Waived ones are left out."""
    for place, (review, row) in enumerate(zip(panels.review.tolist(), panels.members.tolist(), strict=True)):
        members = [who for who in row if who != NOBODY]
        for rule in rules_of_panel(arrays, review, members):
            yield place, rule


def rules_of_panel(arrays: Arrays, review: int, members: list[int]) -> Iterator[Rule]:
    """Every rule that one panel takes part in."""
    found = _rules(arrays, review, members)
    if not arrays.relaxed:
        return found
    return (rule for rule in found if rule[0] == "waiver" or rule_id(arrays, rule) not in arrays.relaxed)


def _rules(arrays: Arrays, review: int, members: list[int]) -> Iterator[Rule]:
    week, home = arrays.weeks[review], arrays.review_units[review]
    for who in members:
        if arrays.sits_twice[who]:
            yield "week", who, week
    for unit in {arrays.member_units[who] for who in members}:
        if unit not in (NOBODY, home):
            for other in arrays.reviews_of[unit]:
                yield "judges", min(review, other), max(review, other)
    for one, other in combinations(sorted(set(members)), 2):
        yield "pair", one, other
    for who in members if arrays.soft else ():
        for waiver in arrays.shared.get((who, review), ()):
            yield "waiver", waiver, review


def limit(arrays: Arrays, rule: Rule) -> int:
    """How many panels a rule allows together. A shared waiver is a matter of cost, not of number."""
    if rule[0] == "waiver":
        return len(arrays.reviews)
    return arrays.cycle.params.pair_cap if rule[0] == "pair" else 1


def priced(arrays: Arrays, rule: Rule) -> bool:
    """Whether a price per person says the rule exactly: not if two of one unit could sit on one panel."""
    return rule[0] != "judges" or all(arrays.one_of[arrays.review_units[review]] for review in rule[1:])


def may_break(arrays: Arrays, rule: Rule) -> bool:
    """Whether a rule may be broken, a waiver each time."""
    return arrays.soft and rule[0] != "waiver" and arrays.may_break(rule_id(arrays, rule))


def excess(arrays: Arrays, rule: Rule) -> int:
    """By how much a rule that may be broken can be exceeded at most."""
    kind, one, other = rule
    if kind == "week":
        return max(1, min(int(arrays.capacity[one]), arrays.weeks.count(other)) - 1)
    if kind == "pair":
        return max(1, int(arrays.capacity[[one, other]].min()) - arrays.cycle.params.pair_cap)
    return 1


def charge(arrays: Arrays, prices: Prices, rule: Rule, price: float) -> None:
    """Add the price of taking part in a rule."""
    kind, one, other = rule
    if kind == "week":
        prices.week[other, one] += price
    elif kind == "pair":
        key = one * len(arrays.reviewers) + other
        prices.pair[key] = prices.pair.get(key, 0.0) + price
    elif kind == "waiver":
        prices.raise_on(other, [arrays.waiver_of(one)], price)
    else:
        for judged, judging in ((one, other), (other, one)):
            prices.raise_on(judged, arrays.members_of[arrays.review_units[judging]], price)


def rule_id(arrays: Arrays, rule: Rule) -> str:
    """The constraint's id; a shared waiver is none."""
    kind, one, other = rule
    if kind == "week":
        return f"double_booking:{arrays.reviewers[one].id}:{other}"
    if kind == "judges":
        return pair_id("reciprocal", arrays.reviews[one].unit, arrays.reviews[other].unit)
    return pair_id("pair_cap", arrays.reviewers[one].id, arrays.reviewers[other].id)
