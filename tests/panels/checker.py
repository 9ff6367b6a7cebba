"""A judge of solutions that shares nothing with the solver: plain JSON in, broken constraints and points out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations
from typing import Any

Plain = dict[str, Any]
Plan = dict[tuple[str, str], str]


def plan_of(seats: Iterable[Plain]) -> Plan:
    """Seats as (review, slot) to reviewer; a seat given twice is refused."""
    plan: Plan = {}
    for seat in seats:
        assert (seat["review"], seat["slot"]) not in plan, f"given twice: {seat}"
        plan[seat["review"], seat["slot"]] = seat["reviewer"]
    return plan


def seated(plan: Plan) -> dict[str, list[str]]:
    """Who sits on each review, once for each seat."""
    found: dict[str, list[str]] = {}
    for (review, _), who in plan.items():
        found.setdefault(review, []).append(who)
    return found


def two(kind: str, one: str, other: str) -> str:
    return ":".join([kind, *sorted([one, other])])


class Judge:
    """One instance, by name."""

    def __init__(self, instance: Plain) -> None:
        self.instance = instance
        self.params = instance["params"]
        self.units = {unit["id"]: unit for unit in instance["units"]}
        self.reviews = {review["id"]: review for review in instance["reviews"]}
        self.people = {person["id"]: person for person in instance["reviewers"]}
        self.places = {region["id"]: (region["x"], region["y"]) for region in instance["regions"]}
        self.previous = instance.get("previous", [])
        self.locks = {f"lock:{seat['review']}:{seat['slot']}": seat for seat in instance.get("locks", [])} | {
            f"accepted:{seat['review']}:{seat['slot']}": seat for seat in self.previous if seat["status"] == "accepted"
        }
        self.history = instance.get("history", {})
        self._barred: dict[tuple[str, str], list[str]] = {}

    def takes(self, slot: str, who: str) -> bool:
        person = self.people[who]
        return bool(person["chair"]) if slot == "chair" else person["category"] == slot

    def steps(self, who: str, review: str) -> int:
        home, away = (
            self.places[region]
            for region in (self.people[who]["region"], self.units[self.reviews[review]["unit"]]["region"])
        )
        return int(abs(home[0] - away[0]) + abs(home[1] - away[1]))

    def barred(self, who: str, review: str) -> list[str]:
        """Why somebody may not sit on a review, whoever else does."""
        if (who, review) not in self._barred:
            self._barred[who, review] = [name for name, holds in self._bars(who, review).items() if holds]
        return self._barred[who, review]

    def _bars(self, who: str, review: str) -> dict[str, bool]:
        person, week = self.people[who], self.reviews[review]["week"]
        unit = self.units[self.reviews[review]["unit"]]
        pair = f"{who}:{unit['id']}"
        asked = {(seat["reviewer"], seat["review"]) for seat in self.previous if seat["status"] == "declined"}
        stopped = {(one["reviewer"], one["review"]) for one in self.instance.get("blocked", [])}
        borough = person["borough"] if person["category"] == "la" else None
        left = [post["left_weeks_ago"] for post in person["ex_units"] if post["unit"] == unit["id"]]
        return {
            f"own_unit:{pair}": person["unit"] == unit["id"],
            f"ex_unit:{pair}": any(weeks + week < self.params["ex_unit_weeks"] for weeks in left),
            f"interest:{pair}": unit["id"] in person["interests"],
            f"la_borough:{pair}": borough is not None and borough == unit["borough"],
            f"supplier:{pair}": person["org"] in unit["suppliers"],
            f"rotation:{pair}": who in self.history.get("last_panel", {}).get(unit["id"], []),
            f"unavailable:{who}:{week}": week in person["unavailable"],
            f"training:{who}": person["training_until"] < week,
            f"travel:{who}:{unit['region']}": self.steps(who, review) > person["travel_max"],
            f"declined:{who}:{review}": (who, review) in asked,
            f"blocked:{who}:{review}": (who, review) in stopped,
        }

    def broken(self, plan: Plan) -> Counter[str]:
        """Every hard constraint that a plan breaks, with how often; empty seats break `composition` and locks."""
        found: Counter[str] = Counter()
        for review in self.reviews.values():
            for slot in review["slots"]:
                who = plan.get((review["id"], slot))
                if who is None or not self.takes(slot, who):
                    found[f"composition:{review['id']}:{slot}"] = 1
        for (review_id, _), who in plan.items():
            for name in self.barred(who, review_id):
                found[name] = 1
        for name, seat in self.locks.items():
            if plan.get((seat["review"], seat["slot"])) != seat["reviewer"]:
                found[name] = 1
        return found + self._within(plan) + self._between(plan)

    def _within(self, plan: Plan) -> Counter[str]:
        found: Counter[str] = Counter()
        for review, members in seated(plan).items():
            for who, count in Counter(members).items():
                if count > 1:
                    found[f"same_person:{review}:{who}"] = 1
            for org, count in Counter(self.people[who]["org"] for who in set(members)).items():
                if count > 1:
                    found[f"same_org:{review}:{org}"] = 1
        return found

    def _between(self, plan: Plan) -> Counter[str]:
        found: Counter[str] = Counter()
        for who, count in Counter(plan.values()).items():
            found[f"capacity:{who}"] = max(0, count - self.people[who]["capacity"])
        on = {(review, who) for (review, _), who in plan.items()}
        for (who, week), count in Counter((who, self.reviews[review]["week"]) for review, who in on).items():
            found[f"double_booking:{who}:{week}"] = int(count > 1)
        meetings = Counter(
            two("pair_cap", one, other)
            for members in seated(plan).values()
            for one, other in combinations(sorted(set(members)), 2)
        )
        for name, count in meetings.items():
            found[name] = int(count > self.params["pair_cap"])
        judging = {(self.people[who]["unit"], self.reviews[review]["unit"]) for review, who in on}
        for one, other in judging:
            if one is not None and one != other and (other, one) in judging:
                found[two("reciprocal", one, other)] = 1
        return +found

    def fit(self, who: str, review: str) -> int:
        person, domains = self.people[who], self.reviews[review]["domains"]
        points = 100 * sum(weight * person["expertise"].get(name, 0) for name, weight in domains.items())
        known = 15 if self.units[self.reviews[review]["unit"]]["type"] in person["unit_types"] else 0
        return int(points // (3 * sum(domains.values())) + known - min(20, 4 * self.steps(who, review)))

    def objective(self, plan: Plan) -> int:
        """The points of a whole plan, whatever it breaks."""
        weights = self.params["weights"]
        before = {frozenset((one, other)): count for one, other, count in self.history.get("pairs", [])}
        total = -weights["load"] * sum(count * (count - 1) // 2 for count in Counter(plan.values()).values())
        for review in self.reviews.values():
            members = [plan[review["id"], slot] for slot in review["slots"]]
            fit = sum(self.fit(who, review["id"]) for who in members)
            total += fit - weights["shortfall"] * max(0, self.params["floor"] * len(members) - fit)
            if not any(self.people[who]["experienced"] for who in members):
                total -= weights["no_experienced"]
            if len({self.people[who]["region"] for who in members}) == 1:
                total -= weights["one_region"]
            for pair in combinations(sorted(set(members)), 2):
                total -= weights["repeat_pair"] * min(3, before.get(frozenset(pair), 0))
        for seat in self.previous:
            if seat["status"] == "invited" and plan[seat["review"], seat["slot"]] != seat["reviewer"]:
                total -= weights["change"]
        return int(total)

    def wrong_with(self, solution: Plain) -> list[str]:
        """Everything that is wrong with a solution; nothing when it stands."""
        if solution["format"] != "met-assign-solution/1" or solution["instance"] != self.instance["name"]:
            return ["the head"]
        plan, relaxed = plan_of(solution["assignments"]), Counter[str](solution.get("relaxed", []))
        wrong = [f"waived: {name}" for name in relaxed if name.partition(":")[0] not in self.params["relaxable"]]
        wrong += [f"no such seat: {seat}" for seat in plan if seat[1] not in self.reviews[seat[0]]["slots"]]
        wrong += [f"broken: {name}" for name in self._unwaived(plan, relaxed)]
        return wrong + self._wrong_with_reserves(plan, relaxed, solution["reserves"])

    def _unwaived(self, plan: Plan, relaxed: Counter[str]) -> list[str]:
        """A waiver of a capacity is worth one seat, any other waives the constraint altogether."""
        return [
            name
            for name, count in self.broken(plan).items()
            if (count > relaxed[name] if name.startswith("capacity:") else name not in relaxed)
        ]

    def _wrong_with_reserves(self, plan: Plan, relaxed: Counter[str], reserves: list[Plain]) -> list[str]:
        wrong = []
        for who, count in Counter(seat["reviewer"] for seat in reserves).items():
            if count > self.params["reserve_cap"]:
                wrong.append(f"too often a reserve: {who}")
        ranked: dict[tuple[str, str], list[int]] = {}
        for seat in reserves:
            place = (seat["review"], seat["slot"])
            changed = plan | {place: seat["reviewer"]}
            if plan[place] == seat["reviewer"] or self._unwaived(changed, relaxed):
                wrong.append(f"cannot step in: {seat}")
            # A change from an invited seat costs the same whoever steps in, so this is the order of the gains.
            ranked.setdefault(place, []).append(self.objective(changed))
        wrong += [f"badly ranked: {place}" for place, points in ranked.items() if points != sorted(points)[::-1]]
        return wrong
