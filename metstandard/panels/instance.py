"""A whole cycle as plain facts, `met-assign-instance/1`: units, reviews, reviewers, history, locks, earlier seats.

Every number is an integer; weeks count from the start of the cycle. What this file refuses names its place, such as
`reviewers[12].capacity`. Names that history mentions may have left the pool; any other unknown name is refused,
because a misspelt unit would quietly switch a rule of independence off.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from metstandard.common.errors import BadFile

FORMAT = "met-assign-instance/1"

FactsT = TypeVar("FactsT", bound="Facts")

# A constraint id joins names with colons, so no name may hold one.
Name = Annotated[str, Field(min_length=1, pattern=r"^[^:]+$")]
Organisation = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]
Place = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Kind = Annotated[str, Field(min_length=1)]


class Slot(StrEnum):
    """The seats a panel may have. `chair` is open to anybody who can chair; the others to their own category."""

    PEER = "peer"
    LA = "la"
    PRIVATE = "private"
    CHAIR = "chair"


class Category(StrEnum):
    """Where a reviewer comes from."""

    PEER = "peer"
    LA = "la"
    PRIVATE = "private"


class Status(StrEnum):
    """How a reviewer answered for an earlier seat."""

    ACCEPTED = "accepted"
    INVITED = "invited"
    DECLINED = "declined"


class Facts(BaseModel):
    """What comes from outside: strict types, never changed after reading."""

    model_config = ConfigDict(strict=True, frozen=True)


class Weights(Facts):
    """What each shortcoming costs, in points of fit."""

    load: Count
    no_experienced: Count
    shortfall: Count
    one_region: Count
    repeat_pair: Count
    change: Count


class Params(Facts):
    """The numbers of the cycle. `floor` is the fit expected per seat; `relaxable` the kinds of rule that may be waived."""

    weeks: Count
    ex_unit_weeks: Count
    pair_cap: Count
    reserve_cap: Count
    floor: Count
    relaxable: tuple[Kind, ...]
    weights: Weights


class Region(Facts):
    """A place on the map; the distance of two regions is |dx| + |dy|."""

    id: Name
    x: Place
    y: Place


class Unit(Facts):
    """A unit that is reviewed, or that a reviewer belongs to."""

    id: Name
    kind: Literal["borough", "specialist"]
    type: str
    borough: Name | None = None
    region: Name
    suppliers: tuple[Organisation, ...] = ()


class Review(Facts):
    """One review: its unit, the week of its fieldwork, how much each domain matters, and its seats."""

    id: Name
    unit: Name
    week: Count
    domains: dict[str, Count]
    slots: Annotated[tuple[Annotated[Slot, Field(strict=False)], ...], Field(min_length=1)]


class ExUnit(Facts):
    """A former posting, and how many weeks before the start of the cycle it ended."""

    unit: Name
    left_weeks_ago: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]


class Reviewer(Facts):
    """Somebody who can sit: where from, when, how often, and what they know (levels 0 to 3 by domain)."""

    id: Name
    category: Annotated[Category, Field(strict=False)]
    org: Organisation
    unit: Name | None = None
    borough: Name | None = None
    region: Name
    travel_max: Count
    capacity: Count
    unavailable: tuple[Count, ...] = ()
    training_until: Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
    ex_units: tuple[ExUnit, ...] = ()
    interests: tuple[Name, ...] = ()
    expertise: dict[str, Annotated[int, Field(ge=0, le=3)]]
    unit_types: tuple[str, ...] = ()
    experienced: bool
    chair: bool


class Blocked(Facts):
    """A pair that another rule forbids, such as COI-3: hard, and never waived here."""

    reviewer: Name
    review: Name
    rule: str


class History(Facts):
    """Who sat last for each unit, and how often two people have sat together before."""

    last_panel: dict[str, tuple[Name, ...]] = Field(default_factory=dict)
    pairs: tuple[tuple[Name, Name, Count], ...] = ()


class Seat(Facts):
    """One person on one seat of one review."""

    review: Name
    slot: Annotated[Slot, Field(strict=False)]
    reviewer: Name


class EarlierSeat(Seat):
    """A seat of the plan that is being changed, and how its reviewer answered."""

    status: Annotated[Status, Field(strict=False)]


class Instance(Facts):
    """A whole cycle, checked: names are unique and known, every review has a domain that matters."""

    format: Literal["met-assign-instance/1"]
    name: str = ""
    params: Params
    regions: tuple[Region, ...]
    units: tuple[Unit, ...]
    reviews: tuple[Review, ...]
    reviewers: tuple[Reviewer, ...]
    blocked: tuple[Blocked, ...] = ()
    history: History = History()
    locks: tuple[Seat, ...] = ()
    previous: tuple[EarlierSeat, ...] = ()


def read_instance(file: Path) -> Instance:
    """The instance in a file. Raises BadFile, naming the place, for anything that is not one."""
    try:
        text = file.read_bytes()
    except OSError as failed:
        raise BadFile(f"cannot be read: {failed.strerror}", file=file) from None
    return parse_instance(text, file=str(file))


def parse_instance(text: bytes | str, *, file: str = "instance") -> Instance:
    """The instance in a JSON text. Raises BadFile: `FILE:LINE` for broken JSON, else `FILE: reviewers[3].org: ...`."""
    data = parse_json(text, file=file)
    if isinstance(data, dict):
        _refuse_misspelt(data, file)
    del data
    instance = validated(Instance, text, file=file)
    for place, problem in _contradictions(instance):
        raise BadFile(f"{place}: {problem}", file=file)
    return instance


def parse_json(text: bytes | str, *, file: str) -> Any:
    """Plain data from JSON. Raises BadFile with the line for broken JSON and for a key that is given twice."""
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as failed:
        raise BadFile(f"is not JSON: {failed.msg} at column {failed.colno}", file=file, line=failed.lineno) from None
    except (ValueError, RecursionError) as failed:
        raise BadFile(f"is not JSON: {failed}", file=file) from None


def validated(model: type[FactsT], text: bytes | str, *, file: str) -> FactsT:
    """A JSON text as a model. Raises BadFile with the path of the first error."""
    try:
        return model.model_validate_json(text)
    except ValidationError as failed:
        first = failed.errors(include_url=False)[0]
        raise BadFile(f"{path_of(first['loc'])}: {first['msg']}", file=file) from None


def path_of(loc: Iterable[int | str]) -> str:
    """`reviewers[3].capacity` for ("reviewers", 3, "capacity")."""
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in loc)
    return path.lstrip(".") or "the whole text"


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice} is given twice in one object")
    return found


def _refuse_misspelt(data: dict[str, Any], file: str) -> None:
    """Keys we do not know are left alone, unless they look like one of ours: "lock" must not drop the locks."""
    known = list(Instance.model_fields)
    for key in data:
        near = [] if key in known else difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.8)
        if near:
            raise BadFile(f"{key}: unknown key; did you mean {near[0]}?", file=file)


def _contradictions(instance: Instance) -> Iterator[tuple[str, str]]:
    yield from _twice("regions", [region.id for region in instance.regions])
    yield from _twice("units", [unit.id for unit in instance.units])
    yield from _twice("reviews", [review.id for review in instance.reviews])
    yield from _twice("reviewers", [reviewer.id for reviewer in instance.reviewers])
    yield from _wrong_in_units(instance)
    yield from _wrong_in_reviews(instance)
    yield from _wrong_in_reviewers(instance)
    yield from _wrong_in_pairs(instance)
    yield from _wrong_in_seats(instance)


def _twice(place: str, names: list[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield f"{place}[{number}].id", f"{name} is given twice"
        seen.add(name)


def _wrong_in_units(instance: Instance) -> Iterator[tuple[str, str]]:
    regions = {region.id for region in instance.regions}
    for number, unit in enumerate(instance.units):
        if unit.region not in regions:
            yield f"units[{number}].region", f"there is no region {unit.region}"


def _wrong_in_reviews(instance: Instance) -> Iterator[tuple[str, str]]:
    units = {unit.id for unit in instance.units}
    for number, review in enumerate(instance.reviews):
        place = f"reviews[{number}]"
        if review.unit not in units:
            yield f"{place}.unit", f"there is no unit {review.unit}"
        if sum(review.domains.values()) == 0:
            yield f"{place}.domains", "at least one domain needs a weight above 0"
        if len(set(review.slots)) < len(review.slots):
            yield f"{place}.slots", "a slot is given twice"


def _wrong_in_reviewers(instance: Instance) -> Iterator[tuple[str, str]]:
    regions = {region.id for region in instance.regions}
    units = {unit.id for unit in instance.units}
    for number, reviewer in enumerate(instance.reviewers):
        place = f"reviewers[{number}]"
        if reviewer.region not in regions:
            yield f"{place}.region", f"there is no region {reviewer.region}"
        if reviewer.unit is not None and reviewer.unit not in units:
            yield f"{place}.unit", f"there is no unit {reviewer.unit}"
        for index, left in enumerate(reviewer.ex_units):
            if left.unit not in units:
                yield f"{place}.ex_units[{index}].unit", f"there is no unit {left.unit}"
        for index, unit in enumerate(reviewer.interests):
            if unit not in units:
                yield f"{place}.interests[{index}]", f"there is no unit {unit}"


def _wrong_in_pairs(instance: Instance) -> Iterator[tuple[str, str]]:
    counts: dict[frozenset[str], int] = {}
    for number, (one, other, count) in enumerate(instance.history.pairs):
        place = f"history.pairs[{number}]"
        if one == other:
            yield place, f"{one} is paired with themselves"
        if counts.setdefault(frozenset((one, other)), count) != count:
            yield place, f"{one} and {other} are given twice, with different counts"
    reviews = {review.id for review in instance.reviews}
    reviewers = {reviewer.id for reviewer in instance.reviewers}
    for number, pair in enumerate(instance.blocked):
        if pair.review not in reviews:
            yield f"blocked[{number}].review", f"there is no review {pair.review}"
        if pair.reviewer not in reviewers:
            yield f"blocked[{number}].reviewer", f"there is no reviewer {pair.reviewer}"


def _wrong_in_seats(instance: Instance) -> Iterator[tuple[str, str]]:
    standing = [seat for seat in instance.previous if seat.status is not Status.DECLINED]
    for place, seats, single in (
        ("locks", instance.locks, instance.locks),
        ("previous", instance.previous, standing),
    ):
        yield from unknown_seats(instance, place, seats)
        held: dict[tuple[str, Slot], str] = {}
        for seat in single:
            if held.setdefault((seat.review, seat.slot), seat.reviewer) != seat.reviewer:
                yield place, f"the {seat.slot} seat of {seat.review} is given to two people"


def unknown_seats(instance: Instance, place: str, seats: Iterable[Seat]) -> Iterator[tuple[str, str]]:
    """Each seat whose review, slot or reviewer the instance does not know, as (place, problem)."""
    slots = {review.id: review.slots for review in instance.reviews}
    reviewers = {reviewer.id for reviewer in instance.reviewers}
    for number, seat in enumerate(seats):
        if seat.review not in slots:
            yield f"{place}[{number}].review", f"there is no review {seat.review}"
        elif seat.slot not in slots[seat.review]:
            yield f"{place}[{number}].slot", f"{seat.review} has no {seat.slot} seat"
        if seat.reviewer not in reviewers:
            yield f"{place}[{number}].reviewer", f"there is no reviewer {seat.reviewer}"
