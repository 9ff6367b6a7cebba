"""Signs worth a second look: wide spreads, straight lines, careless marking, halo. Signs, never verdicts.

One sheet proves nothing: with ordinary marks one cell in seven spreads over two levels, and a good unit may deserve
the same level all the way down. Signs are therefore counted over a reviewer's reviews and only raised when there are
more of them than chance would bring. Sources: long strings, Johnson 2005, Journal of Research in Personality 39,
103-129; answers against everyone else's, Curran 2016, Journal of Experimental Social Psychology 66, 4-19; halo as too
little spread within a sheet, Saal, Downey and Lahey 1980, Psychological Bulletin 88, 413-428.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy import stats

from metstandard.common.errors import Invalid
from metstandard.statistics.severity import Severity

DISCUSS_AT = 2
"""Levels between the highest and the lowest mark of a criterion that make a discussion record compulsory (SCO-4)."""


class Sign(StrEnum):
    """What may be wrong with a sheet."""

    STRAIGHT_LINE = "straight_line"
    CARELESS = "careless"
    HALO = "halo"


@dataclass(frozen=True, slots=True)
class Limits:
    """Where a sign begins, and how many reviews and how little chance it takes before it is raised.

    `run_share`: longest run of one level, over the marks of the sheet. `agreement`: correlation with the co-reviewers'
    mean at or below which a sheet looks careless. `spread_share`: standard deviation within the sheet over the
    co-reviewers'. `marks`: fewest marks for any sign. `reviews`: fewest reviews before anything is raised. `chance`:
    how improbable that many signs must be. `severity`: levels by which a reviewer must surely be out.
    """

    run_share: float = 0.6
    agreement: float = 0.0
    spread_share: float = 0.5
    marks: int = 8
    reviews: int = 3
    chance: float = 0.01
    severity: float = 0.25


ORDINARY = Limits()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One reviewer's levels for one review in the order of the rubric; None where there is no level."""

    review: str
    reviewer: str
    levels: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Signs:
    """What was measured on one sheet beside its co-reviewers' sheets; None where it cannot be measured."""

    longest_run: int
    marks: int
    agreement: float | None
    spread_share: float | None
    seen: frozenset[Sign]


@dataclass(frozen=True, slots=True)
class Tally:
    """One sign over a reviewer's sheets: how many were looked at and show it, and how likely so many are by chance."""

    looked: int
    seen: int
    chance: float
    raised: bool


def spread(levels: Iterable[int | None]) -> int | None:
    """Levels between the highest and the lowest mark of one criterion; None without two marks."""
    present = [level for level in levels if level is not None]
    return max(present) - min(present) if len(present) > 1 else None


def needs_discussion(levels: Iterable[int | None], *, at: int = DISCUSS_AT) -> bool:
    """Whether the marks of one criterion ask for a discussion record (SCO-4). A prompt, not an alarm."""
    apart = spread(levels)
    return apart is not None and apart >= at


def longest_run(levels: Sequence[int | None]) -> int:
    """The longest run of one level in the order of the rubric; criteria without a level are passed over."""
    longest = length = 0
    before: int | None = None
    for level in levels:
        if level is None:
            continue
        length = length + 1 if level == before else 1
        longest, before = max(longest, length), level
    return longest


def signs(sheet: Sheet, others: Sequence[Sheet], *, limits: Limits = ORDINARY) -> Signs:
    """Measure one sheet beside the other sheets of the same review.

    A straight line counts only when no co-reviewer drew one too: then the unit is even, not the reviewer idle. Raises
    Invalid when the sheets are of different reviews or lengths.
    """
    for other in others:
        if other.review != sheet.review or len(other.levels) != len(sheet.levels):
            raise Invalid("Only sheets of one review with the same criteria can be compared.", field="sheets")
    own = _floats(sheet.levels)
    theirs = np.array([_floats(other.levels) for other in others]).reshape(-1, own.size)
    marks = int(np.isfinite(own).sum())
    agreement, share = _agreement(own, theirs), _spread_share(own, theirs)
    seen = set()
    if marks >= limits.marks and others:
        lines = [longest_run(each.levels) >= limits.run_share * marks for each in (sheet, *others)]
        if lines[0] and not any(lines[1:]):
            seen.add(Sign.STRAIGHT_LINE)
        if agreement is not None and agreement <= limits.agreement:
            seen.add(Sign.CARELESS)
        if share is not None and share <= limits.spread_share:
            seen.add(Sign.HALO)
    return Signs(longest_run(sheet.levels), marks, agreement, share, frozenset(seen))


def tallies(sheets: Iterable[Sheet], *, limits: Limits = ORDINARY) -> dict[str, dict[Sign, Tally]]:
    """Each reviewer's signs over all their reviews, raised only when too many to be chance.

    Chance is judged by how often everybody else's sheets show the sign (binomial tail, with half a sheet added so that
    a sign never seen before is not impossible). Raises Invalid as `signs` does.
    """
    by_review: dict[str, list[Sheet]] = {}
    for sheet in sheets:
        by_review.setdefault(sheet.review, []).append(sheet)
    found: dict[str, list[frozenset[Sign]]] = {}
    for members in by_review.values():
        for sheet in members:
            others = [other for other in members if other is not sheet]
            found.setdefault(sheet.reviewer, []).append(signs(sheet, others, limits=limits).seen)
    everyone = [seen for each in found.values() for seen in each]
    return {
        reviewer: {
            sign: _tally([sign in one for one in seen], _count(everyone, sign), len(everyone), limits) for sign in Sign
        }
        for reviewer, seen in sorted(found.items())
    }


def severe(severities: Mapping[str, Severity], *, limits: Limits = ORDINARY) -> dict[str, Severity]:
    """The reviewers whose whole interval lies further than `limits.severity` levels from zero, over enough reviews."""
    return {
        name: severity
        for name, severity in severities.items()
        if severity.n >= limits.reviews
        and severity.estimate is not None
        and severity.estimate.low is not None
        and severity.estimate.high is not None
        and (severity.estimate.low > limits.severity or severity.estimate.high < -limits.severity)
    }


def _tally(seen: Sequence[bool], everyone: int, sheets: int, limits: Limits) -> Tally:
    times, looked = sum(seen), len(seen)
    rate = (everyone - times + 0.5) / (sheets - looked + 1.0)
    chance = float(stats.binom.sf(times - 1, looked, min(rate, 1.0))) if times else 1.0
    return Tally(looked, times, chance, looked >= limits.reviews and chance < limits.chance)


def _count(seen: Iterable[frozenset[Sign]], sign: Sign) -> int:
    return sum(sign in one for one in seen)


def _floats(levels: Sequence[int | None]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array([np.nan if level is None else float(level) for level in levels], dtype=np.float64)


def _agreement(own: np.ndarray, theirs: np.ndarray) -> float | None:
    both = np.isfinite(own) & np.isfinite(theirs).any(axis=0) if theirs.size else np.zeros(own.size, dtype=bool)
    if both.sum() < 3:  # noqa: PLR2004
        return None
    mean = np.nanmean(theirs[:, both], axis=0)
    mine = own[both]
    if not mine.std() or not mean.std():
        return None
    return float(np.corrcoef(mine, mean)[0, 1])


def _spread_share(own: np.ndarray, theirs: np.ndarray) -> float | None:
    spreads = [row[np.isfinite(row)].std() for row in theirs if np.isfinite(row).sum() > 1]
    usual = float(np.mean(spreads)) if spreads else 0.0
    mine = own[np.isfinite(own)]
    return float(mine.std()) / usual if usual and mine.size > 1 else None
