"""Constraints of the solver in plain words: why a cycle cannot be seated, and what would unlock it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from metstandard.common.words import listed
from metstandard.panels.conflicts import Conflict
from metstandard.panels.cycle import kind_of
from metstandard.queries.cycles import SLOT_WORDS, Plan
from metstandard.rules import conflicts
from metstandard.rules.instances import number_of, slots_of
from metstandard.rules.sitting import sitters, yearly_limit

_REVIEWS_READ = 6
"""Reviews of a contradiction whose rules are judged again for their sentences; more are named by rule only."""


@dataclass(frozen=True)
class Key:
    """One way to unlock a cycle: what to do, in words, the ids to waive, and the objective of the best plan then."""

    words: tuple[str, ...]
    relax: tuple[str, ...]
    objective: int


@dataclass(frozen=True)
class Blocked:
    """Why there is no plan: a headline, the constraints that stand against each other, and what would unlock it."""

    headline: str
    because: tuple[str, ...]
    keys: tuple[Key, ...]


def blocked(session: Session, plan: Plan) -> Blocked:
    """The reason of an impossible proposal in words."""
    return _Words(session, plan).blocked()


class _Words:
    """One impossible proposal, read aloud."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self._session, self._plan = session, plan
        self._reviews = {review.reference: (review, unit) for _, review, unit in plan.rows}
        self._conflict: Sequence[str] = plan.proposal.reason.get("conflict", [])
        self._judged: dict[tuple[str, str], tuple[Conflict, ...]] = {}

    def blocked(self) -> Blocked:
        """The headline, the reasons and the keys."""
        unlock = self._plan.proposal.reason.get("unlock", [])
        self._judge([*self._conflict, *(each for one in unlock for each in one["relax"])])
        demands = [one for one in self._conflict if kind_of(one) in {"composition", "lock", "accepted"}]
        rest = [one for one in self._conflict if one not in demands]
        keys = tuple(
            Key(tuple(map(self._key, one["relax"])), tuple(one["relax"]), one["objective"])
            for one in unlock
            if not any(self._by_rule(each) for each in one["relax"])
        )
        because = [self._sentence(one) for one in [*demands, *rest] if kind_of(one) != "composition"]
        return Blocked(self._headline(demands), tuple(dict.fromkeys(because)), keys)

    def _by_rule(self, constraint: str) -> bool:
        """Whether a rule of B2 forbids what the solver would waive: a fourth review within a year (PAN-5)."""
        if kind_of(constraint) != "capacity":
            return False
        planned = {review.key for review, _ in self._reviews.values()}
        known = sitters(self._session, planned).get(number_of(constraint.split(":")[1]))
        return known is None or known.most >= yearly_limit()

    def _judge(self, constraints: Iterable[str]) -> None:
        """Judge the pool again for the reviews that are named, as the page of their panel does."""
        named: dict[str, None] = {}
        for one in constraints:
            kind, *rest = one.split(":")
            if kind in {"composition", "lock", "accepted"}:
                named[rest[0]] = None
        for reference in list(named)[:_REVIEWS_READ]:
            review = self._reviews[reference][0]
            pools = conflicts.judged_pool(self._session, review, list(slots_of(self._session, review)))
            for judged in (one for rows in pools.values() for one in rows):
                self._judged[f"P{judged.candidate.person}", reference] = judged.conflicts

    def _headline(self, demands: Sequence[str]) -> str:
        """What cannot be filled, in one sentence."""
        seats = [one.split(":") for one in demands if kind_of(one) == "composition"]
        if not seats:
            return "Seats that stand already cannot stand together."
        slots = {slot for _, _, slot in seats}
        who = listed(sorted(SLOT_WORDS[slot].lower() for slot in slots))
        if len(seats) == 1:
            reference = seats[0][1]
            where, week = self._unit(reference), self._plan.cycle.reviews[reference].week
            return f"No {who} reviewer without a conflict for {where} in {self._plan.week_of(week)}."
        where = listed([self._unit(reference) for _, reference, _ in seats])
        return f"Not enough {who} reviewers without a conflict for {where}."

    def _unit(self, reference: str) -> str:
        return self._reviews[reference][1].title if reference in self._reviews else reference

    def _name(self, who: str) -> str:
        found = self._plan.who.get(who)
        return found.name if found else who

    def _unit_of(self, code: str) -> str:
        unit = self._plan.units.get(code)
        return unit.title if unit else code

    def _rules(self, who: str, review: str | None, code: str | None = None) -> str:
        """The rules in somebody's way, in the sentences of the panel's page."""
        references = [review] if review else [one for one, (_, unit) in self._reviews.items() if unit.code == code]
        found = [one for each in references for one in self._judged.get((who, each), ())]
        hard = review is not None
        found = [one for one in found if one.hard is hard and one.rule != "PAN-5"] or found
        return "; ".join(f"{one.sentence} ({one.rule})" for one in found)

    def _sentence(self, constraint: str) -> str:
        """One constraint as a reason."""
        kind, *parts = constraint.split(":")
        make = _REASONS.get(kind)
        return make(self, parts) if make else constraint

    def _key(self, constraint: str) -> str:
        """One constraint as what to do about it."""
        kind, *parts = constraint.split(":")
        make = _KEYS.get(kind)
        return make(self, parts) if make else f"Waive {constraint}"

    def interest(self, parts: Sequence[str]) -> str:
        """A rule that both keys may waive."""
        who, code = parts
        rules = self._rules(who, None, code)
        return rules or f"{self._name(who)} needs a joint waiver for {self._unit_of(code)}"

    def barred(self, parts: Sequence[str]) -> str:
        """A rule that nobody may waive."""
        who, reference = parts
        rule = next(
            (one.rule for one in self._plan.cycle.instance.blocked if (one.reviewer, one.review) == (who, reference)),
            "a hard rule",
        )
        return self._rules(who, reference) or f"{rule} keeps {self._name(who)} from {self._unit(reference)}"

    def waiver(self, parts: Sequence[str]) -> str:
        """What both keys would have to do."""
        who, code = parts
        found = [
            one.rule
            for each, (_, unit) in self._reviews.items()
            if unit.code == code
            for one in self._judged.get((who, each), ())
            if not one.hard
        ]
        rules = f" of {listed(list(dict.fromkeys(found)))}" if found else ""
        return f"A joint waiver{rules} for {self._name(who)} at {self._unit_of(code)}"

    def week(self, number: str) -> str:
        """A week of this plan in words."""
        return self._plan.week_of(int(number))

    def name(self, who: str) -> str:
        """A reviewer's name."""
        return self._name(who)

    def unit(self, reference: str) -> str:
        """The unit of a review."""
        return self._unit(reference)

    def unit_of(self, code: str) -> str:
        """A unit by its code."""
        return self._unit_of(code)

    def capacity(self, who: str) -> int:
        """How many of these reviews somebody can take."""
        return self._plan.cycle.reviewers[who].capacity

    def pair_cap(self) -> int:
        """How many panels two people may share."""
        return self._plan.cycle.params.pair_cap


_Say = Callable[[_Words, Sequence[str]], str]
_REASONS: Mapping[str, _Say] = {
    "blocked": _Words.barred,
    "interest": _Words.interest,
    "own_unit": lambda one, it: f"{one.name(it[0])} belongs to {one.unit_of(it[1])} (COI-1)",
    "la_borough": lambda one, it: f"{one.name(it[0])} comes from the council of {one.unit_of(it[1])} (COI-4)",
    "rotation": lambda one, it: f"{one.name(it[0])} sat on the last panel of {one.unit_of(it[1])} (PAN-5)",
    "unavailable": lambda one, it: f"{one.name(it[0])} is not free in {one.week(it[1])}",
    "training": lambda one, it: f"The training of {one.name(it[0])} ends too early (REV-1)",
    "travel": lambda one, it: f"{one.name(it[0])} does not travel that far",
    "declined": lambda one, it: f"{one.name(it[0])} has left the panel of {one.unit(it[1])} before",
    "capacity": lambda one, it: f"{one.name(it[0])} takes {one.capacity(it[0])} of these reviews at most",
    "double_booking": lambda one, it: f"{one.name(it[0])} can be in one place only in {one.week(it[1])}",
    "same_person": lambda one, it: f"{one.name(it[1])} can hold one seat of {one.unit(it[0])} only (PAN-1)",
    "same_org": lambda one, it: f"Two people from {it[1]} would sit on the panel of {one.unit(it[0])}",
    "reciprocal": lambda one, it: f"{one.unit_of(it[0])} and {one.unit_of(it[1])} would review each other (COI-3)",
    "pair_cap": lambda one, it: (
        f"{one.name(it[0])} and {one.name(it[1])} would share more than {one.pair_cap()} panels"
    ),
    "lock": lambda one, it: f"A seat of {one.unit(it[0])} is locked by hand",
    "accepted": lambda one, it: f"A reviewer of {one.unit(it[0])} has accepted",
}
_KEYS: Mapping[str, _Say] = {
    "interest": _Words.waiver,
    "unavailable": lambda one, it: f"{one.name(it[0])} is asked whether they can sit in {one.week(it[1])} after all",
    "capacity": lambda one, it: f"{one.name(it[0])} takes one review more than they offer",
    "travel": lambda one, it: f"{one.name(it[0])} travels further than they said",
    "pair_cap": lambda one, it: f"{one.name(it[0])} and {one.name(it[1])} may share one panel more",
}
