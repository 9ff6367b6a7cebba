"""An answer, `met-assign-solution/1`: who sits where, the reserves, and what is openly waived."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from itertools import combinations
from pathlib import Path
from typing import Any, Final, Literal

from metstandard.common.errors import BadFile
from metstandard.panels.contradictions import unknown_seats
from metstandard.panels.cycle import REPEATS_MOST, Cycle, kind_of, pair_id
from metstandard.panels.facts import Facts, as_lines, parse_json, text_of, validated
from metstandard.panels.instance import Instance, Seat, Slot

FORMAT: Final = "met-assign-solution/1"


class Solution(Facts):
    """Every slot of every review once; reserves best first for each seat; ids of hard constraints openly waived."""

    format: Literal["met-assign-solution/1"]
    instance: str = ""
    assignments: tuple[Seat, ...]
    reserves: tuple[Seat, ...] = ()
    relaxed: tuple[str, ...] = ()

    @classmethod
    def read(cls, file: Path, instance: Instance) -> Solution:
        """The answer in a file. Raises BadFile for what is not one, or a name that the instance does not know."""
        return cls.parse(text_of(file), instance, file=str(file))

    @classmethod
    def parse(cls, text: bytes | str, instance: Instance, *, file: str = "solution") -> Solution:
        """The answer in a JSON text. Raises BadFile with the place, as `Instance.parse` does."""
        parse_json(text, file=file)
        solution = validated(cls, text, file=file)
        for place, seats in (("assignments", solution.assignments), ("reserves", solution.reserves)):
            for where, problem in unknown_seats(instance, place, seats):
                raise BadFile(f"{where}: {problem}", file=file)
        return solution

    def to_json(self) -> str:
        """The answer as JSON, one seat on each line; `relaxed` only where something is waived."""
        plain: dict[str, Any] = self.model_dump(mode="json")
        if not plain["relaxed"]:
            del plain["relaxed"]
        return as_lines(plain)


@dataclass(frozen=True)
class Terms:
    """The objective, term by term: `fit` is earned, everything else is 0 or below."""

    fit: int
    load: int
    no_experienced: int
    shortfall: int
    one_region: int
    repeat_pair: int
    change: int

    @property
    def total(self) -> int:
        """What the solver maximises."""
        return sum(astuple(self))

    def minus(self, other: Terms) -> Terms:
        """The difference, term by term."""
        return Terms(*(mine - theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


def terms(cycle: Cycle, seats: Iterable[Seat]) -> Terms:
    """The objective of a plan, term by term. Hard constraints are not looked at."""
    panels, loads = _panels(seats), Counter[str]()
    weights = cycle.params.weights
    fit = shortfall = without = alone = repeats = 0
    for review_id, panel in panels.items():
        review = cycle.reviews[review_id]
        people = [cycle.reviewers[who] for who in panel.values()]
        loads.update(panel.values())
        panel_fit = sum(cycle.fit(person, review) for person in people)
        fit += panel_fit
        shortfall += max(0, cycle.params.floor * len(review.slots) - panel_fit)
        without += not any(person.experienced for person in people)
        alone += len({person.region for person in people}) == 1
        repeats += sum(
            min(REPEATS_MOST, cycle.repeats.get(frozenset(pair), 0))
            for pair in combinations(sorted(set(panel.values())), 2)
        )
    changed = sum(panels.get(review, {}).get(slot) != who for (review, slot), who in cycle.invited.items())
    return Terms(
        fit=fit,
        load=-weights.load * sum(count * (count - 1) // 2 for count in loads.values()),
        no_experienced=-weights.no_experienced * without,
        shortfall=-weights.shortfall * shortfall,
        one_region=-weights.one_region * alone,
        repeat_pair=-weights.repeat_pair * repeats,
        change=-weights.change * changed,
    )


def broken(cycle: Cycle, seats: Iterable[Seat], relaxed: Iterable[str] = ()) -> Counter[str]:
    """The hard constraints that a plan breaks and does not openly waive, each with how often.

    Only kinds in `relaxable` can be waived; each `capacity` waiver is worth one extra seat.
    """
    found = Counter(_all_broken(cycle, tuple(seats)))
    for constraint in relaxed:
        if kind_of(constraint) not in cycle.relaxable:
            continue
        if kind_of(constraint) == "capacity":
            found[constraint] -= 1
        else:
            del found[constraint]
    return +found


def _all_broken(cycle: Cycle, seats: tuple[Seat, ...]) -> Iterator[str]:
    yield from _composition(cycle, seats)
    panels = _panels(seats)
    for review_id, panel in panels.items():
        for who in dict.fromkeys(panel.values()):
            yield from cycle.bars(cycle.reviewers[who], cycle.reviews[review_id])
        yield from _within_panel(cycle, review_id, panel)
    yield from _within_reviewer(cycle, panels)
    yield from _between_units(cycle, panels)
    for constraint, seat in cycle.held:
        if panels.get(seat.review, {}).get(seat.slot) != seat.reviewer:
            yield constraint


def _composition(cycle: Cycle, seats: tuple[Seat, ...]) -> Iterator[str]:
    filled = Counter((seat.review, seat.slot) for seat in seats)
    for review in cycle.instance.reviews:
        for slot in review.slots:
            if filled[review.id, slot] != 1:
                yield f"composition:{review.id}:{slot}"
    for seat in seats:
        if not cycle.takes(seat.slot, cycle.reviewers[seat.reviewer]):
            yield f"composition:{seat.review}:{seat.slot}"


def _within_panel(cycle: Cycle, review: str, panel: Mapping[Slot, str]) -> Iterator[str]:
    for who, count in Counter(panel.values()).items():
        if count > 1:
            yield f"same_person:{review}:{who}"
    for org, count in Counter(cycle.reviewers[who].org for who in set(panel.values())).items():
        if count > 1:
            yield f"same_org:{review}:{org}"


def _within_reviewer(cycle: Cycle, panels: Mapping[str, Mapping[Slot, str]]) -> Iterator[str]:
    loads, weeks, together = Counter[str](), Counter[tuple[str, int]](), Counter[str]()
    for review, panel in panels.items():
        loads.update(panel.values())
        people = set(panel.values())
        weeks.update((who, cycle.reviews[review].week) for who in people)
        together.update(pair_id("pair_cap", *pair) for pair in combinations(sorted(people), 2))
    for who, count in loads.items():
        for _ in range(count - cycle.reviewers[who].capacity):
            yield f"capacity:{who}"
    for (who, week), count in weeks.items():
        if count > 1:
            yield f"double_booking:{who}:{week}"
    for pair, count in together.items():
        if count > cycle.params.pair_cap:
            yield pair


def _between_units(cycle: Cycle, panels: Mapping[str, Mapping[Slot, str]]) -> Iterator[str]:
    judged: set[tuple[str, str]] = set()
    for review, panel in panels.items():
        for who in panel.values():
            unit = cycle.reviewers[who].unit
            if unit is not None:
                judged.add((unit, cycle.reviews[review].unit))
    for one, other in sorted(judged):
        if one < other and (other, one) in judged:
            yield pair_id("reciprocal", one, other)


def _panels(seats: Iterable[Seat]) -> dict[str, dict[Slot, str]]:
    panels: dict[str, dict[Slot, str]] = defaultdict(dict)
    for seat in seats:
        panels[seat.review][seat.slot] = seat.reviewer
    return panels
