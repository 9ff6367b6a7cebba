"""What an impossible cycle must do without: one review of each contradiction is left out until none is left.

Each contradiction is minimal, so at least one of its reviews has to go; which one is a choice, and the latest goes.
"""

from __future__ import annotations

from metstandard.panels.cycle import Cycle, kind_of
from metstandard.panels.effort import Effort
from metstandard.panels.infeasible import conflict
from metstandard.panels.instance import Instance
from metstandard.panels.solver import Ending, solve

_OF_A_REVIEW = frozenset({"composition", "lock", "accepted"})


def left_out(instance: Instance, *, seconds: float, seed: int = 0) -> tuple[str, ...] | None:
    """Reviews without which all the others can be seated, in the order of the instance; None if the time ran out."""
    effort = Effort(seconds)
    gone: set[str] = set()
    while len(gone) < len(instance.reviews):
        rest = without(instance, gone)
        answer = solve(rest, seconds=effort.left, seed=seed)
        if answer.ending is Ending.SOLVED:
            break
        if answer.ending is Ending.LATE:
            return None
        latest = _latest(rest, effort)
        if latest is None:
            return None
        gone.add(latest)
    return tuple(one.id for one in instance.reviews if one.id in gone)


def _latest(instance: Instance, effort: Effort) -> str | None:
    """The latest review of a contradiction."""
    found, _ = conflict(Cycle(instance), effort)
    named = {one.split(":")[1] for one in found if kind_of(one) in _OF_A_REVIEW}
    reviews = [one for one in instance.reviews if one.id in named]
    return max(reviews, key=lambda one: (one.week, one.id)).id if reviews else None


def without(instance: Instance, reviews: set[str]) -> Instance:
    """The same cycle without some reviews, nor anything said of them."""
    return instance.model_copy(
        update={
            "reviews": tuple(one for one in instance.reviews if one.id not in reviews),
            "blocked": tuple(one for one in instance.blocked if one.review not in reviews),
            "locks": tuple(one for one in instance.locks if one.review not in reviews),
            "previous": tuple(one for one in instance.previous if one.review not in reviews),
        }
    )
