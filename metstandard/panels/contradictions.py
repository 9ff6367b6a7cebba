"""Names that nobody knows, and facts that contradict each other, each with its place in the instance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from metstandard.panels.entries import Entries, Seat

LOSS_MOST = 1_000_000
"""Points that one panel or one person's load may lose: beyond it the programme's arithmetic is not exact."""


def contradictions(instance: Entries) -> Iterator[tuple[str, str]]:
    """What is wrong with an instance of the right shape, as (place, problem)."""
    yield from _too_dear(instance)
    yield from _twice("regions", [region.id for region in instance.regions])
    yield from _twice("units", [unit.id for unit in instance.units])
    yield from _twice("reviews", [review.id for review in instance.reviews])
    yield from _twice("reviewers", [reviewer.id for reviewer in instance.reviewers])
    yield from _wrong_in_units(instance)
    yield from _wrong_in_reviews(instance)
    yield from _wrong_in_reviewers(instance)
    yield from _wrong_in_pairs(instance)
    yield from _wrong_in_seats(instance)


def _too_dear(instance: Entries) -> Iterator[tuple[str, str]]:
    weights, seats = instance.params.weights, max((len(review.slots) for review in instance.reviews), default=1)
    busiest = min(max((person.capacity for person in instance.reviewers), default=0), len(instance.reviews))
    losses = {
        "load": weights.load * busiest * busiest,
        "no_experienced": weights.no_experienced,
        "shortfall": weights.shortfall * seats * (instance.params.floor + 20),
        "one_region": weights.one_region,
        "repeat_pair": weights.repeat_pair * 3 * seats * seats,
        "change": weights.change * seats,
    }
    for name, loss in losses.items():
        if loss > LOSS_MOST:
            yield (
                f"params.weights.{name}",
                f"could cost {loss} points at once; the most is {LOSS_MOST}",
            )


def _twice(place: str, names: list[str]) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield f"{place}[{number}].id", f"{name} is given twice"
        seen.add(name)


def _wrong_in_units(instance: Entries) -> Iterator[tuple[str, str]]:
    regions = {region.id for region in instance.regions}
    for number, unit in enumerate(instance.units):
        if unit.region not in regions:
            yield f"units[{number}].region", f"there is no region {unit.region}"


def _wrong_in_reviews(instance: Entries) -> Iterator[tuple[str, str]]:
    units = {unit.id for unit in instance.units}
    for number, review in enumerate(instance.reviews):
        place = f"reviews[{number}]"
        if review.unit not in units:
            yield f"{place}.unit", f"there is no unit {review.unit}"
        if sum(review.domains.values()) == 0:
            yield f"{place}.domains", "at least one domain needs a weight above 0"
        if len(set(review.slots)) < len(review.slots):
            yield f"{place}.slots", "a slot is given twice"


def _wrong_in_reviewers(instance: Entries) -> Iterator[tuple[str, str]]:
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


def _wrong_in_pairs(instance: Entries) -> Iterator[tuple[str, str]]:
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


def _wrong_in_seats(instance: Entries) -> Iterator[tuple[str, str]]:
    standing = [seat for seat in instance.previous if seat.status != "declined"]
    for place, seats, single in (
        ("locks", instance.locks, instance.locks),
        ("previous", instance.previous, standing),
    ):
        yield from unknown_seats(instance, place, seats)
        held: dict[tuple[str, str], str] = {}
        for seat in single:
            if held.setdefault((seat.review, seat.slot), seat.reviewer) != seat.reviewer:
                yield place, f"the {seat.slot} seat of {seat.review} is given to two people"


def unknown_seats(instance: Entries, place: str, seats: Iterable[Seat]) -> Iterator[tuple[str, str]]:
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
