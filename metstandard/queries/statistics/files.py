"""The marks as `metstandard statistics` reads them, so that every figure of the pages can be made again."""

from __future__ import annotations

from collections.abc import Iterator

from metstandard.queries.statistics.marks import Opened


def ratings(found: Opened, cycle: int | None = None) -> Iterator[tuple[str, str, str]]:
    """Unit, rater and value for `statistics agreement`: review and criterion, kind of seat, level."""
    for one in found.of(cycle):
        for code, level in one.levels.items():
            yield f"{one.review.reference}:{code}", one.kind, str(level)


def means(found: Opened, cycle: int | None = None) -> Iterator[tuple[str, str, str]]:
    """Unit, rater and value for `statistics severity`: a review or reference review, a reviewer, a sheet's mean."""
    for tried in found.tried:
        if cycle in {None, tried.cycle}:
            yield tried.case, reviewer(tried.person_id), repr(tried.mean)
    for one in found.of(cycle):
        if (mean := one.mean) is not None:
            yield one.review.reference, reviewer(one.person_id), repr(mean)


def anchors(found: Opened, cycle: int | None = None) -> dict[str, float]:
    """The agreed mean of each reference review in `means`, for the option `--anchor`."""
    return {one.case: one.agreed for one in found.tried if cycle in {None, one.cycle}}


def reviewer(person_id: int) -> str:
    """How a file names a reviewer: by number, never by name."""
    return f"reviewer-{person_id}"
