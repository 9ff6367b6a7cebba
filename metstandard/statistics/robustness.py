"""How firmly a decision stands: what it would be with one mark a level away, or one reviewer's severity put right.

Information for moderators, never a score. The rules are not known here: the caller hands over the function that says
what outcome a set of levels has (SCO-5 caps and all), and every change is put to it anew.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Generic, TypeVar

from metstandard.common.errors import Invalid

LOWEST, HIGHEST = 0, 4
"""The ends of the scale of levels."""

Key = TypeVar("Key", bound=Hashable)
Reviewer = TypeVar("Reviewer", bound=Hashable)
Criterion = TypeVar("Criterion", bound=Hashable)
Outcome = TypeVar("Outcome")


@dataclass(frozen=True, slots=True)
class Move(Generic[Key, Outcome]):
    """One mark moved by one level, and the outcome it would have led to."""

    key: Key
    before: int
    after: int
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Robustness(Generic[Key, Outcome]):
    """The outcome as it stands, how many single moves were tried, and those that change it, as the marks come."""

    outcome: Outcome
    tried: int
    changes: tuple[Move[Key, Outcome], ...]


@dataclass(frozen=True, slots=True)
class Correction(Generic[Reviewer, Outcome]):
    """One reviewer's severity put right: by how many levels their marks rise, and the outcome with and without it."""

    reviewer: Reviewer
    severity: float
    before: Outcome
    after: Outcome


def when_one_mark_moves(
    marks: Mapping[Key, int],
    outcome: Callable[[Mapping[Key, int]], Outcome],
    *,
    lowest: int = LOWEST,
    highest: int = HIGHEST,
) -> Robustness[Key, Outcome]:
    """Move each mark up a level, then down a level, alone, and ask for the outcome again.

    `marks` by any key: criteria for agreed levels, or (reviewer, criterion) for single marks. `outcome` must not keep
    or change what it is given. It is called at most 2 * len(marks) + 1 times. Raises Invalid for a mark outside the
    scale.
    """
    stands = outcome(dict(marks))
    changes: list[Move[Key, Outcome]] = []
    tried = 0
    for key, before in marks.items():
        if not lowest <= before <= highest:
            raise Invalid(f"A mark of {before} is not on the scale.", field=str(key))
        for after in (before + 1, before - 1):
            if lowest <= after <= highest:
                tried += 1
                would_be = outcome({**marks, key: after})
                if would_be != stands:
                    changes.append(Move(key, before, after, would_be))
    return Robustness(stands, tried, tuple(changes))


def when_severity_is_corrected(
    marks: Mapping[tuple[Reviewer, Criterion], int],
    severities: Mapping[Reviewer, float],
    outcome: Callable[[Mapping[Criterion, float]], Outcome],
    *,
    lowest: int = LOWEST,
    highest: int = HIGHEST,
) -> tuple[Correction[Reviewer, Outcome], ...]:
    """Raise one reviewer's marks by their severity (lower them when lenient), take medians, and ask for the outcome.

    `severities` in levels, positive is harsher, as `metstandard.statistics.severity` estimates them; reviewers without
    one are left as they are. `outcome` gets the median level of each criterion, which after a correction need not be
    whole: whoever applies the rules says how to round. Corrected marks stay within the scale. One entry per reviewer
    with a severity, in the order of `severities`.
    """
    before = outcome(_medians(marks))
    found = []
    for reviewer, severity in severities.items():
        corrected = {
            key: min(float(highest), max(float(lowest), mark + severity)) if key[0] == reviewer else float(mark)
            for key, mark in marks.items()
        }
        found.append(Correction(reviewer, severity, before, outcome(_medians(corrected))))
    return tuple(found)


def _medians(marks: Mapping[tuple[Reviewer, Criterion], float]) -> dict[Criterion, float]:
    by_criterion: dict[Criterion, list[float]] = {}
    for (_, criterion), mark in marks.items():
        by_criterion.setdefault(criterion, []).append(mark)
    return {criterion: median(values) for criterion, values in by_criterion.items()}
