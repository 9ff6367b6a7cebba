"""An instance with its look-ups, and the rules about one reviewer and one review.

The same function says why a pair is barred to the solver, to the check of its answer and to the explanations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from metstandard.panels.instance import Category, Instance, Region, Review, Reviewer, Seat, Slot, Status, Unit

NEVER_WAIVED = frozenset({"blocked", "composition", "same_person"})
"""What another rule blocks, and what makes a panel: a person of its category on each seat, nobody twice."""

KNOWN_TYPE = 15
DISTANCE_STEP = 4
DISTANCE_MOST = 20
REPEATS_MOST = 3


class Cycle:
    """An instance and what is asked of it again and again. Building it costs one pass over the instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.params = instance.params
        self._bars: dict[tuple[str, str], tuple[str, ...]] = {}
        self.regions: Mapping[str, Region] = {region.id: region for region in instance.regions}
        self.units: Mapping[str, Unit] = {unit.id: unit for unit in instance.units}
        self.reviews: Mapping[str, Review] = {review.id: review for review in instance.reviews}
        self.reviewers: Mapping[str, Reviewer] = {reviewer.id: reviewer for reviewer in instance.reviewers}

    @cached_property
    def relaxable(self) -> frozenset[str]:
        """Kinds of constraint that may be openly waived."""
        return frozenset(self.params.relaxable) - NEVER_WAIVED

    @cached_property
    def repeats(self) -> Mapping[frozenset[str], int]:
        """How often two people have sat together before this cycle, for pairs that have."""
        return {frozenset((one, other)): count for one, other, count in self.instance.history.pairs if count}

    @cached_property
    def last_panel(self) -> Mapping[str, frozenset[str]]:
        """Unit to the people of its last panel."""
        return {unit: frozenset(people) for unit, people in self.instance.history.last_panel.items()}

    @cached_property
    def blocked(self) -> frozenset[tuple[str, str]]:
        """Pairs (reviewer, review) that another rule forbids."""
        return frozenset((pair.reviewer, pair.review) for pair in self.instance.blocked)

    @cached_property
    def declined(self) -> frozenset[tuple[str, str]]:
        """Pairs (reviewer, review): asked before, and declined."""
        seats = self.instance.previous
        return frozenset((seat.reviewer, seat.review) for seat in seats if seat.status is Status.DECLINED)

    @cached_property
    def held(self) -> tuple[tuple[str, Seat], ...]:
        """Seats that stand, as (constraint id, seat): the locks, then the accepted ones."""
        locks = [(f"lock:{seat.review}:{seat.slot}", seat) for seat in self.instance.locks]
        accepted = [
            (f"accepted:{seat.review}:{seat.slot}", seat)
            for seat in self.instance.previous
            if seat.status is Status.ACCEPTED
        ]
        return (*locks, *accepted)

    @cached_property
    def invited(self) -> Mapping[tuple[str, Slot], str]:
        """Seats whose change costs something, with the person invited."""
        return {
            (seat.review, seat.slot): seat.reviewer for seat in self.instance.previous if seat.status is Status.INVITED
        }

    @property
    def kept_worth(self) -> int:
        """What keeping every invited seat is worth; the search counts it as earned, the objective does not."""
        return self.params.weights.change * len(self.invited)

    def unit_of(self, review: Review) -> Unit:
        """The unit under review."""
        return self.units[review.unit]

    def distance(self, reviewer: Reviewer, review: Review) -> int:
        """Steps between the reviewer's region and the unit's."""
        home, away = self.regions[reviewer.region], self.regions[self.unit_of(review).region]
        return abs(home.x - away.x) + abs(home.y - away.y)

    def fit(self, reviewer: Reviewer, review: Review) -> int:
        """Points for expertise (0 to 100) and a known unit type, less the journey. May be below 0."""
        levels = sum(weight * reviewer.expertise.get(name, 0) for name, weight in review.domains.items())
        known = KNOWN_TYPE if self.unit_of(review).type in reviewer.unit_types else 0
        journey = min(DISTANCE_MOST, DISTANCE_STEP * self.distance(reviewer, review))
        return 100 * levels // (3 * sum(review.domains.values())) + known - journey

    def takes(self, slot: Slot, reviewer: Reviewer) -> bool:
        """Whether the slot is of this reviewer's category; `chair` is for anybody who can chair."""
        return reviewer.chair if slot is Slot.CHAIR else reviewer.category.value == slot.value

    def bars(self, reviewer: Reviewer, review: Review) -> Iterator[str]:
        """The ids of every rule that keeps this reviewer off this review, whatever the rest of the plan."""
        yield from self._independence(reviewer, review)
        yield from self._availability(reviewer, review)

    def all_bars(self, reviewer: Reviewer, review: Review) -> tuple[str, ...]:
        """The same as `bars`, found once for each pair."""
        key = (reviewer.id, review.id)
        if key not in self._bars:
            self._bars[key] = tuple(self.bars(reviewer, review))
        return self._bars[key]

    def _independence(self, reviewer: Reviewer, review: Review) -> Iterator[str]:
        who, unit = reviewer.id, self.unit_of(review)
        if reviewer.unit == unit.id:
            yield f"own_unit:{who}:{unit.id}"
        for left in reviewer.ex_units:
            if left.unit == unit.id and left.left_weeks_ago + review.week < self.params.ex_unit_weeks:
                yield f"ex_unit:{who}:{unit.id}"
                break
        if unit.id in reviewer.interests:
            yield f"interest:{who}:{unit.id}"
        if reviewer.category is Category.LA and reviewer.borough is not None and reviewer.borough == unit.borough:
            yield f"la_borough:{who}:{unit.id}"
        if reviewer.org in unit.suppliers:
            yield f"supplier:{who}:{unit.id}"
        if who in self.last_panel.get(unit.id, ()):
            yield f"rotation:{who}:{unit.id}"

    def _availability(self, reviewer: Reviewer, review: Review) -> Iterator[str]:
        who = reviewer.id
        if review.week in reviewer.unavailable:
            yield f"unavailable:{who}:{review.week}"
        if reviewer.training_until < review.week:
            yield f"training:{who}"
        if self.distance(reviewer, review) > reviewer.travel_max:
            yield f"travel:{who}:{self.unit_of(review).region}"
        if (who, review.id) in self.declined:
            yield f"declined:{who}:{review.id}"
        if (who, review.id) in self.blocked:
            yield f"blocked:{who}:{review.id}"


def kind_of(constraint: str) -> str:
    """`travel` for `travel:R00012:G0100`."""
    return constraint.partition(":")[0]


def pair_id(kind: str, one: str, other: str) -> str:
    """The id of a rule about two people or two units: names sorted."""
    return f"{kind}:{min(one, other)}:{max(one, other)}"
