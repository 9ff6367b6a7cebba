"""The closed words of a rubric and the shapes of its values: exact numbers, texts, codes and frozen tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

ValueT = TypeVar("ValueT")
KeyT = TypeVar("KeyT")

_NUMBER = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12}|/[1-9][0-9]{0,11})?")


class Unscored(StrEnum):
    """The two marks that are not a level (SCO-1)."""

    NE = "NE"
    """Not enough evidence: counts as the level that the rubric names."""
    NA = "NA"
    """Not applicable: left out of every sum; only where the criterion allows it."""


class Grade(StrEnum):
    """Grades of findings (rules.md B6), spelled as in the glossary."""

    CRITICAL = "CRITICAL"
    MAJOR = "MAJOR"
    MINOR = "MINOR"
    AFI = "AFI"
    GOOD = "GOOD"


class Outcome(StrEnum):
    """What a review can end in. The words are fixed because acts follow from them; titles and effects are data."""

    ACHIEVED = "ACHIEVED"
    ACHIEVED_WITH_CONDITIONS = "ACHIEVED_WITH_CONDITIONS"
    DEFERRED = "DEFERRED"
    NOT_YET_ACHIEVED = "NOT_YET_ACHIEVED"


class Strict(BaseModel):
    """The base of every part of a rubric: unknown keys, loose types and later changes are refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


def exact(value: object) -> Fraction:
    """A number as it was written, without floating point: 70, 69.95 or 200/3. Raises ValueError."""
    if isinstance(value, Fraction):
        return value
    # repr() of a float read from YAML gives back the digits that somebody wrote.
    text = "" if isinstance(value, bool) else repr(value) if isinstance(value, int | float) else str(value)
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{value!r} is not a number of 0 or more, such as 70, 69.95 or 200/3")
    return Fraction(text)


def _positive(value: Fraction) -> Fraction:
    if value <= 0:
        raise ValueError("must be more than 0")
    return value


def _per_cent(value: Fraction) -> Fraction:
    if value > 100:  # noqa: PLR2004 (what "per cent" means)
        raise ValueError("must be from 0 to 100")
    return value


def as_tuple(value: object) -> object:
    """A list as the tuple that a frozen part keeps."""
    return tuple(value) if isinstance(value, list) else value


def without_repeats(value: tuple[ValueT, ...]) -> tuple[ValueT, ...]:
    """The same values. Raises ValueError when one is named twice."""
    if len(set(value)) < len(value):
        raise ValueError("names something twice")
    return value


def keyed_by(field: str, convert: Callable[[str], object] = str) -> BeforeValidator:
    """Put each key of a table into its item, so that a criterion knows its own code."""

    def put(table: object) -> object:
        if not isinstance(table, dict):
            return table
        if any(isinstance(item, dict) and field in item for item in table.values()):
            raise ValueError(f"{field} is the key itself: leave it out")
        return {
            key: {field: convert(str(key)), **item} if isinstance(item, dict) else item for key, item in table.items()
        }

    return BeforeValidator(put)


def level_number(key: str) -> int:
    """A key of a table of levels as a number. Raises ValueError."""
    if not re.fullmatch(r"[0-9]|[1-9][0-9]", key):
        raise ValueError(f"{key} is not a level: levels are whole numbers from 0")
    return int(key)


def nothing() -> Mapping[Any, Any]:
    """An empty table that cannot be filled, for what a file leaves out."""
    return MappingProxyType({})


Weight = Annotated[Fraction, BeforeValidator(exact), AfterValidator(_positive)]
PerCent = Annotated[Fraction, BeforeValidator(exact), AfterValidator(_per_cent)]
LevelNumber = Annotated[int, Field(ge=0)]
Months = Annotated[int, Field(ge=1, le=240)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,59}$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,19}$")]
Texts = Annotated[tuple[Text, ...], BeforeValidator(as_tuple)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(as_tuple), AfterValidator(without_repeats)]
GradeName = Annotated[Grade, Field(strict=False)]
Grades = Annotated[tuple[GradeName, ...], BeforeValidator(as_tuple), AfterValidator(without_repeats)]
Table = Annotated[Mapping[KeyT, ValueT], AfterValidator(MappingProxyType)]
