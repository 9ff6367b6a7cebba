"""What a rubric file says, as frozen models: levels, domains, criteria, tags, findings, evidence and the award.

Every number of a scheme lives in the YAML file, none in code. The vocabulary for whoever writes such a file is
rubrics/README.md; the award section is clauses.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from metstandard.rubric.clauses import Award
from metstandard.rubric.recognition import Recognition
from metstandard.rubric.shapes import (
    Code,
    Codes,
    Grade,
    GradeName,
    LevelNumber,
    Name,
    Outcome,
    PerCent,
    Strict,
    Table,
    Text,
    Texts,
    Unscored,
    Weight,
    keyed_by,
    level_number,
    nothing,
)


class Level(Strict):
    """One level of the scale: the same name and meaning for every criterion."""

    number: LevelNumber
    name: Text
    meaning: Text


class NotEnough(Strict):
    """What the mark NE means and which level it counts as (SCO-1)."""

    meaning: Text
    counts_as: LevelNumber


class NotApplicable(Strict):
    """What the mark NA means and how much of the total weight it may take away, in per cent (SCO-1)."""

    meaning: Text
    at_most_per_cent: PerCent


class GradeMeaning(Strict):
    """One grade of finding. While open it holds its criterion at `caps_at` or lower (SCO-5); None: no cap."""

    grade: Grade
    title: Text
    meaning: Text
    caps_at: LevelNumber | None = None


class Axis(Strict):
    """One way to re-cut the results without scoring again, such as strands or outcomes; `words` are its values."""

    title: Text
    compulsory: bool = False
    words: Annotated[Table[Code, Text], Field(min_length=1)]


class Needs(Strict):
    """The least evidence behind a level (rules.md B5). `outcome_years` counts years of outcome data."""

    kinds: Annotated[int, Field(ge=0)] = 0
    not_from_unit: Annotated[int, Field(ge=0)] = 0
    external: Annotated[int, Field(ge=0)] = 0
    outcome_years: Annotated[int, Field(ge=0)] = 0


class Evidence(Strict):
    """The kinds of evidence by their word, and what each level needs, by the level's number as text."""

    kinds: Annotated[Table[Name, Text], Field(min_length=1)]
    sufficiency: Table[str, Needs]


class Criterion(Strict):
    """One thing that is marked. `levels` holds its descriptors by the level's number as text."""

    code: Code
    title: Text
    weight: Weight
    gateway: bool = False
    na_allowed: bool = False
    tags: Table[Code, Codes] = Field(default_factory=nothing)
    anchor: Text | None = None
    ask: Texts = ()
    look_for: Texts = ()
    levels: Table[str, Text]

    @cached_property
    def descriptors(self) -> tuple[str, ...]:
        """The descriptors in order: `descriptors[3]` is what level 3 looks like here."""
        return tuple(self.levels[key] for key in sorted(self.levels, key=int))

    def tagged(self, axis: str, word: str) -> bool:
        """Whether the criterion carries a word of an axis, such as strands S5."""
        return word in self.tags.get(axis, ())


class Domain(Strict):
    """Criteria that are reported together. `weight` is the sum of theirs, written down so that a slip is noticed."""

    code: Code
    title: Text
    weight: Weight
    criteria: Annotated[Table[Code, Criterion], keyed_by("code"), Field(min_length=1)]


class Rubric(Strict):
    """One edition of one rubric. `award` is None where marks are compared without a decision by rule."""

    rubric: Name
    edition: Annotated[int, Field(ge=1)]
    title: Text
    about: Text | None = None
    levels: Annotated[Table[str, Level], keyed_by("number", level_number), Field(min_length=2)]
    not_enough_evidence: NotEnough | None = None
    not_applicable: NotApplicable | None = None
    findings: Annotated[Table[GradeName, GradeMeaning], keyed_by("grade", Grade)] = Field(default_factory=nothing)
    tags: Table[Code, Axis] = Field(default_factory=nothing)
    evidence: Evidence | None = None
    domains: Annotated[Table[Code, Domain], keyed_by("code"), Field(min_length=1)]
    award: Award | None = None
    recognition: Recognition | None = None

    @property
    def name(self) -> str:
        """Name and edition in one word, as the file is called: `met-standard-1`."""
        return f"{self.rubric}-{self.edition}"

    @cached_property
    def scale(self) -> tuple[Level, ...]:
        """The levels from the lowest to the highest."""
        return tuple(sorted(self.levels.values(), key=lambda level: level.number))

    @cached_property
    def top(self) -> int:
        """The number of the highest level: what a full score is measured against."""
        return self.scale[-1].number

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """All criteria by code, in the order of the file."""
        return MappingProxyType(
            {code: one for domain in self.domains.values() for code, one in domain.criteria.items()}
        )

    @cached_property
    def gateways(self) -> tuple[Criterion, ...]:
        """The criteria that must stand at the gateway level whatever the total says."""
        return tuple(criterion for criterion in self.criteria.values() if criterion.gateway)

    @cached_property
    def weight(self) -> Fraction:
        """The weight of all criteria together."""
        return sum((domain.weight for domain in self.domains.values()), Fraction(0))

    def domain_of(self, code: str) -> Domain:
        """The domain of a criterion. Raises KeyError for a code that the rubric does not have."""
        for domain in self.domains.values():
            if code in domain.criteria:
                return domain
        raise KeyError(code)


__all__ = ["Award", "Criterion", "Domain", "Evidence", "Grade", "Level", "Outcome", "Rubric", "Unscored"]
