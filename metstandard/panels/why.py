"""Why this person: what a seat earns, the best plan that seats somebody else there, and what a lock by hand costs.

The best alternative is the best single exchange: somebody free steps in; or somebody comes over from another seat,
which goes to somebody free, or to the one who made room. A lock is priced by solving the whole cycle again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from metstandard.panels.cycle import DISTANCE_MOST, DISTANCE_STEP, KNOWN_TYPE, Cycle
from metstandard.panels.effort import Heard
from metstandard.panels.instance import Instance, Seat
from metstandard.panels.reserves import Bench
from metstandard.panels.solution import Terms, broken, terms
from metstandard.panels.solver import Answer, Ending, solve

_TRIED = 12
"""The people of greatest fit who are tried for a seat, besides everybody who is free."""

_STAND_INS = 5
_OF_SEATS = frozenset({"composition", "lock", "accepted"})


@dataclass(frozen=True)
class Alternative:
    """The best exchange that seats somebody else: points gained `here` and `elsewhere`, and the seats that move."""

    reviewer: str
    here: int
    elsewhere: int
    moves: tuple[Seat, ...]

    @property
    def total(self) -> int:
        """What the whole plan would gain; below 0 it would lose."""
        return self.here + self.elsewhere


@dataclass(frozen=True)
class Reason:
    """What a seat earns: the fit in its parts, and every term of the objective against an empty seat."""

    seat: Seat
    expertise: int
    known_type: int
    journey: int
    terms: Terms
    alternative: Alternative | None


@dataclass(frozen=True)
class LockPrice:
    """What a lock costs: `points` of the objective lost (None without a plan), and the seats that would change."""

    seat: Seat
    points: int | None
    proved: bool
    changed: tuple[Seat, ...]


def why(
    instance: Instance, plan: Iterable[Seat], *, review: str | None = None, relaxed: Iterable[str] = ()
) -> tuple[Reason, ...]:
    """A reason for each seat of a whole plan, or of one review only."""
    reasons = _Reasons(Cycle(instance), tuple(plan), tuple(relaxed))
    return tuple(reasons.of(seat) for seat in reasons.plan if review in (None, seat.review))


def price_of_lock(
    instance: Instance, seat: Seat, *, than: Answer, seconds: float, seed: int = 0, heard: Heard | None = None
) -> LockPrice:
    """What it costs to lock a seat, against an answer without that lock."""
    others = [lock for lock in instance.locks if (lock.review, lock.slot) != (seat.review, seat.slot)]
    locked = instance.model_copy(update={"locks": (*others, seat)})
    answer = solve(locked, seconds=seconds, seed=seed, relaxed=than.relaxed, heard=heard)
    if answer.ending is not Ending.SOLVED or answer.objective is None or than.objective is None:
        return LockPrice(seat, None, answer.ending is Ending.INFEASIBLE, ())
    before = set(than.plan)
    changed = tuple(one for one in answer.plan if one not in before)
    return LockPrice(seat, than.objective - answer.objective, answer.proved and than.proved, changed)


class _Reasons:
    """One plan, asked seat by seat."""

    def __init__(self, cycle: Cycle, plan: tuple[Seat, ...], relaxed: tuple[str, ...]) -> None:
        self._cycle, self.plan, self._relaxed = cycle, plan, relaxed
        self._bench = Bench(cycle, plan, relaxed=relaxed)
        self._wrong = bool(broken(cycle, plan, relaxed))
        self._panels: dict[str, list[Seat]] = defaultdict(list)
        self._sits_on: dict[str, set[str]] = defaultdict(set)
        for seat in plan:
            self._panels[seat.review].append(seat)
            self._sits_on[seat.reviewer].add(seat.review)

    def of(self, seat: Seat) -> Reason:
        """Why this person sits here."""
        person, review = self._cycle.reviewers[seat.reviewer], self._cycle.reviews[seat.review]
        known = KNOWN_TYPE if self._cycle.unit_of(review).type in person.unit_types else 0
        journey = -min(DISTANCE_MOST, DISTANCE_STEP * self._cycle.distance(person, review))
        expertise = self._cycle.fit(person, review) - known - journey
        part = self._concerned((seat,))
        without = terms(self._cycle, tuple(other for other in part if other != seat))
        earned = terms(self._cycle, part).minus(without)
        return Reason(seat, expertise, known, journey, earned, self._alternative(seat))

    def _alternative(self, seat: Seat) -> Alternative | None:
        best: Alternative | None = None
        for here, elsewhere in self._exchanges(seat):
            found = self._judged(here, elsewhere)
            if found is not None and (best is None or found.total > best.total):
                best = found
        return best

    def _exchanges(self, seat: Seat) -> Iterator[tuple[Seat, tuple[Seat, ...]]]:
        """Somebody else on this seat, with what moves elsewhere for it."""
        for free in self._bench.candidates(self._number(seat), most=1):
            yield self._bench.seat(free.seat, free.who), ()
        for who in self._wanted(seat):
            here = seat.model_copy(update={"reviewer": who})
            for left in (other for other in self.plan if other.reviewer == who):
                swapped = left.model_copy(update={"reviewer": seat.reviewer})
                if self._cycle.takes(left.slot, self._cycle.reviewers[seat.reviewer]):
                    yield here, (swapped,)
                for stand_in in self._bench.candidates(self._number(left), most=_STAND_INS):
                    yield here, (self._bench.seat(stand_in.seat, stand_in.who),)

    def _number(self, seat: Seat) -> int:
        return self._bench.arrays.seat_number[seat.review, seat.slot]

    def _wanted(self, seat: Seat) -> list[str]:
        """People who sit elsewhere and may sit here, those of the greatest fit first."""
        cycle, review = self._cycle, self._cycle.reviews[seat.review]
        seated = {other.reviewer for other in self.plan} - {seat.reviewer}
        able = [
            person
            for person in cycle.instance.reviewers
            if person.id in seated
            and cycle.takes(seat.slot, person)
            and all(bar in self._relaxed for bar in cycle.bars(person, review))
        ]
        able.sort(key=lambda person: -cycle.fit(person, review))
        return [person.id for person in able[:_TRIED]]

    def _judged(self, here: Seat, elsewhere: tuple[Seat, ...]) -> Alternative | None:
        """The exchange in points; None if it breaks a rule other than the lock or acceptance of this very seat."""
        part = self._concerned((here, *elsewhere))
        first, whole = _with(part, (here,)), _with(part, (here, *elsewhere))
        own = {f"lock:{here.review}:{here.slot}", f"accepted:{here.review}:{here.slot}"}
        if set(self._broken(whole)) - own:
            return None
        before, at_first, at_last = (terms(self._cycle, seats).total for seats in (part, first, whole))
        return Alternative(here.reviewer, at_first - before, at_last - at_first, (here, *elsewhere))

    def _concerned(self, changed: tuple[Seat, ...]) -> tuple[Seat, ...]:
        """The part of the plan in which a change shows: the panels changed, and all that share people or units with it.

        Everything, for a plan that breaks rules to begin with.
        """
        if self._wrong:
            return self.plan
        slots = {(seat.review, seat.slot) for seat in changed}
        people = {seat.reviewer for seat in changed}
        people |= {
            seat.reviewer for review, _ in slots for seat in self._panels[review] if (review, seat.slot) in slots
        }
        units = {self._cycle.reviewers[who].unit for who in people}
        reviews = {review for review, _ in slots}.union(*(self._sits_on[who] for who in people))
        reviews |= {review.id for review in self._cycle.instance.reviews if review.unit in units}
        return tuple(seat for review in sorted(reviews) for seat in self._panels[review])

    def _broken(self, part: tuple[Seat, ...]) -> Iterator[str]:
        """The rules that a part of the plan breaks; seats of other panels are not missing."""
        here = {seat.review for seat in part}
        for constraint in broken(self._cycle, part, self._relaxed):
            kind, _, rest = constraint.partition(":")
            if kind not in _OF_SEATS or rest.partition(":")[0] in here:
                yield constraint


def _with(plan: tuple[Seat, ...], changed: tuple[Seat, ...]) -> tuple[Seat, ...]:
    new = {(seat.review, seat.slot): seat for seat in changed}
    return tuple(new.get((seat.review, seat.slot), seat) for seat in plan)
