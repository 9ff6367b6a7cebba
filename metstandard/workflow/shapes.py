"""The smallest shapes of a workflow file: words, names, lists without repeats, read-only mappings, closed sets."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StringConstraints

ValueT = TypeVar("ValueT")


def listed(value: Any) -> Any:
    """A single text as a list of one."""
    return [value] if isinstance(value, str) else value


def each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    """The same names. Raises ValueError when one is given twice."""
    twice = next((name for number, name in enumerate(names) if name in names[:number]), None)
    if twice is not None:
        raise ValueError(f"{twice} is given twice")
    return names


def frozen(value: Mapping[str, ValueT]) -> Mapping[str, ValueT]:
    """The same mapping, which nobody can change."""
    return MappingProxyType(dict(value))


def empty() -> Mapping[str, Any]:
    """A mapping of nothing, which nobody can change."""
    return MappingProxyType({})


Word = Annotated[str, StringConstraints(strict=True, max_length=40, pattern=r"^[a-z][a-z0-9_]*$")]
RuleId = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Z][A-Z0-9]*(-[A-Za-z0-9]+)+$")]
Name = Annotated[str, StringConstraints(strict=True, min_length=1)]
Sentence = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]
Names = Annotated[tuple[Name, ...], AfterValidator(each_once)]
Words = Annotated[tuple[Word, ...], AfterValidator(each_once)]
Told = Annotated[Names, Field(min_length=1)]
Whole = Annotated[StrictInt, Field(ge=0)]


class About(StrEnum):
    """The kinds of record that a workflow can drive."""

    REVIEW = "review"
    CERTIFICATE = "certificate"
    ACTION = "action"
    APPEAL = "appeal"
    NOMINATION = "nomination"


class SeatFrom(StrEnum):
    """Where the holder of a seat comes from; decides which rules of conflict are asked."""

    UNIT = "unit"
    COUNCIL = "council"
    COMPANY = "company"
    ANYONE = "anyone"


class Unit(StrEnum):
    """What a deadline is counted in."""

    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"


class Strict(BaseModel):
    """A frozen part of the file that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
