"""The reference reviews of training: what their file says, and whether somebody's marks come near enough (REV-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from metstandard.common import located
from metstandard.rubric.definition import Rubric
from metstandard.rubric.shapes import Code, LevelNumber, Name, Strict, Table, Text, keyed_by

_NEAR = 1
_WHOLE = 100


class Extract(Strict):
    """What a reviewer reads about one criterion, the level agreed beforehand, and why it is that one."""

    code: Code
    evidence: Text
    level: LevelNumber
    why: Text


class ReferenceReview(Strict):
    """One invented unit."""

    word: Name
    title: Text
    about: Text
    criteria: Annotated[Table[Code, Extract], keyed_by("code"), Field(min_length=1)]


class Cases(Strict):
    """One edition of the reference reviews for one rubric edition."""

    rubric: Name
    edition: Annotated[int, Field(ge=1)]
    reviews: Annotated[Table[Name, ReferenceReview], keyed_by("word"), Field(min_length=1)]

    @property
    def name(self) -> str:
        """How an attempt names its cases: `met-standard-1/1`."""
        return f"{self.rubric}/{self.edition}"


@dataclass(frozen=True)
class Nearness:
    """How near marks came to the reference: counts over all reviews, and whether each of them passed."""

    criteria: int
    within: int
    gateways: int
    exact: int
    passed: bool


def load_cases(file: Path, rubric: Rubric, *, text: str | None = None) -> Cases:
    """The reference reviews of a file. Raises BadFile naming the line of a criterion or level that the rubric lacks."""
    source = located.read(file, text=text)
    found = source.parse(Cases)
    for review in found.reviews.values():
        for extract in review.criteria.values():
            path = ("reviews", review.word, "criteria", extract.code)
            if extract.code not in rubric.criteria:
                raise source.error(f"{rubric.name} has no criterion {extract.code}", *path)
            if extract.level > rubric.top:
                raise source.error(f"there is no level {extract.level}", *path, "level")
        if not any(rubric.criteria[code].gateway for code in review.criteria):
            raise source.error(f"{review.word} has no gateway criterion", "reviews", review.word)
    return found


def judge(
    cases: Cases, rubric: Rubric, marks: Mapping[tuple[str, str], int], *, within: int, gateways: int
) -> Nearness:
    """Whether marks by (review, criterion) come near enough: in each review so many per cent, never in sum (REV-2).

    `within` is the share of criteria at most one level away, `gateways` the share of gateways that must be exact.
    Raises KeyError for a mark that is missing.
    """
    near = exact = asked = gates = 0
    passed = True
    for review in cases.reviews.values():
        apart = {code: abs(marks[review.word, code] - one.level) for code, one in review.criteria.items()}
        gate = [distance for code, distance in apart.items() if rubric.criteria[code].gateway]
        close, same = sum(one <= _NEAR for one in apart.values()), gate.count(0)
        passed &= close * _WHOLE >= within * len(apart) and same * _WHOLE >= gateways * len(gate)
        near, exact, asked, gates = near + close, exact + same, asked + len(apart), gates + len(gate)
    return Nearness(asked, near, gates, exact, passed)
