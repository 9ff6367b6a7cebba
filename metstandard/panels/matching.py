"""Too few people for the seats: found by a matching at sizes where a programme over all rules would take too long.

A seat that stays without a person in the greatest matching is the root of a proof: the seats and people that
alternating paths reach from it are one seat more than these people can take.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_bipartite_matching

from metstandard.panels.arrays import Arrays, Columns
from metstandard.panels.numbering import NOBODY


def one_too_many(arrays: Arrays, columns: Columns) -> tuple[list[int], list[int]] | None:
    """Seats, and the people who alone may take them: one seat more than they can take. None if all seats fit."""
    first = np.concatenate([[0], np.cumsum(arrays.capacity)])
    count = arrays.capacity[columns.who].astype(np.int64)
    turn = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    place = np.repeat(first[columns.who], count) + turn
    shape = (len(arrays.seats), max(1, int(first[-1])))
    graph = csr_array((np.ones(len(place), dtype=np.int8), (np.repeat(columns.seat, count), place)), shape=shape)
    taken = maximum_bipartite_matching(graph, perm_type="column")
    if (taken != NOBODY).all():
        return None
    holder = np.where(taken == NOBODY, NOBODY, np.searchsorted(first, taken, side="right") - 1)
    return _reached(columns, holder.tolist(), int(np.flatnonzero(taken == NOBODY)[0]))


def _reached(columns: Columns, holder: list[int], root: int) -> tuple[list[int], list[int]]:
    """All seats and people on alternating paths from a seat without a person."""
    starts = np.searchsorted(columns.seat, np.arange(len(holder) + 1))
    held = defaultdict(list)
    for seat, who in enumerate(holder):
        held[who].append(seat)
    seats, people, waiting = {root}, set[int](), [root]
    while waiting:
        seat = waiting.pop()
        for who in columns.who[starts[seat] : starts[seat + 1]].tolist():
            if who not in people:
                people.add(who)
                waiting += [other for other in held[who] if other not in seats]
                seats.update(held[who])
    return sorted(seats), sorted(people)


def shortage(arrays: Arrays, columns: Columns) -> tuple[str, ...]:
    """Constraints that cannot hold together because people are too few, none of which can be left out; or nothing.

    Nothing, too, where one of the seats stands by a lock or an acceptance, or where two of them are of one review (one
    person on both would be no shortage): that is for the programme.
    """
    seats, people = one_too_many(arrays, columns) or ([], [])
    named = [arrays.seats[seat] for seat in seats]
    if any(seat in arrays.held for seat in seats) or len({review for review, _ in named}) < len(named):
        return ()
    return (
        *(f"composition:{arrays.reviews[review].id}:{slot}" for review, slot in named),
        *(f"capacity:{arrays.reviewers[who].id}" for who in people),
        *_bars(arrays, seats, set(people)),
    )


def _bars(arrays: Arrays, seats: list[int], people: set[int]) -> Iterator[str]:
    """For everybody else of the seats' categories a minimal choice of rules that keeps them off all these seats."""
    for number, person in enumerate(arrays.reviewers):
        if number in people:
            continue
        reviews = {review for review, slot in map(arrays.seats.__getitem__, seats) if arrays.takers[slot][number]}
        none = [f"capacity:{person.id}"] if arrays.capacity[number] == 0 else []
        reasons = [{*none, *arrays.cycle.bars(person, arrays.reviews[review])} for review in sorted(reviews)]
        needed = sorted(set().union(*reasons))
        for bar in list(needed):
            rest = {other for other in needed if other != bar}
            if all(rest & reason for reason in reasons):
                needed.remove(bar)
        yield from needed
