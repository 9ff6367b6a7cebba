"""How far a decision may depart from the rules' outcome, and what that takes (rules.md B7)."""

from enum import StrEnum

from metstandard.rubric.shapes import Outcome

_ORDER = tuple(Outcome)
"""The outcomes from the best down, as the rubric's vocabulary lists them."""


class Departure(StrEnum):
    """No departure; downwards to DEFERRED, which a reason allows; anything else, a joint exception of both keys."""

    NONE = ""
    DOWNWARDS = "downwards"
    EXCEPTION = "exception"


def departure(by_rule: Outcome | None, chosen: Outcome) -> Departure:
    """What choosing an outcome is, against the one that the rules give."""
    if chosen == by_rule:
        return Departure.NONE
    better = by_rule is not None and _ORDER.index(by_rule) < _ORDER.index(Outcome.DEFERRED)
    return Departure.DOWNWARDS if chosen is Outcome.DEFERRED and better else Departure.EXCEPTION
