"""Tiny cycles by lot, in which every rule has a fair chance to bite."""

from __future__ import annotations

from random import Random

from tests.panels.checker import Plain

# fmt: off
KINDS = (
    "capacity", "unavailable", "training", "travel", "rotation", "interest", "ex_unit", "pair_cap", "reciprocal",
    "lock", "accepted", "double_booking", "own_unit", "supplier", "la_borough", "declined", "same_org",
)
# fmt: on
PANELS = (("peer", "la"), ("peer", "la", "private"), ("peer", "private", "chair"), ("peer", "chair"))
DOMAINS = ("custody", "data", "victims")


def cycle(dice: Random, *, scarce: bool = False) -> Plain:
    """A cycle of one to three reviews with at most seven seats; `scarce` ones often have no plan."""
    units = [unit(dice, number) for number in range(dice.randint(2, 3) if scarce else 5)]
    seats = 7
    reviews = []
    for number in range(dice.randint(1, 3)):
        slots = dice.choice(
            (["peer", "la"], ["peer", "la", "private"], ["peer", "private", "chair"], ["peer", "chair"])
        )
        if len(slots) > seats:
            break
        seats -= len(slots)
        reviews.append(review(dice, number, units, slots))
    people = [person(dice, number, units) for number in range(dice.randint(4, 6) if scarce else dice.randint(8, 10))]
    names, taken = [who["id"] for who in people], [one["id"] for one in reviews]
    return {
        "format": "met-assign-instance/1",
        "name": "tiny",
        "params": params(dice),
        "regions": [{"id": "west", "x": 0, "y": 0}, {"id": "east", "x": dice.randint(1, 6), "y": 1}],
        "units": units,
        "reviews": reviews,
        "reviewers": people,
        "blocked": [
            {"reviewer": dice.choice(names), "review": dice.choice(taken), "rule": "COI-3"}
            for _ in range(dice.randint(0, 2) if scarce else dice.randint(0, 1))
        ],
        "history": history(dice, units, names),
        "locks": [seat(dice, reviews, people)] if dice.random() < 0.2 else [],
        "previous": previous(dice, reviews, people),
    }


def params(dice: Random) -> Plain:
    names = ("load", "no_experienced", "shortfall", "one_region", "repeat_pair", "change")
    return {
        "weeks": 3,
        "ex_unit_weeks": 156,
        "pair_cap": dice.choice((1, 1, 2)),
        "reserve_cap": dice.randint(0, 2),
        "floor": dice.choice((0, 60, 90)),
        "relaxable": sorted(dice.sample(KINDS, dice.randint(0, len(KINDS)))),
        "weights": {name: dice.choice((0, 2, 15, 40)) for name in names} | {"shortfall": dice.randint(0, 3)},
    }


def unit(dice: Random, number: int) -> Plain:
    return {
        "id": f"U{number}",
        "kind": dice.choice(("borough", "specialist")),
        "type": dice.choice(("inner", "roads")),
        "borough": f"B{number}" if dice.random() < 0.7 else None,
        "region": dice.choice(("west", "east")),
        "suppliers": ["F1"] if dice.random() < 0.2 else [],
    }


def review(dice: Random, number: int, units: list[Plain], slots: list[str]) -> Plain:
    return {
        "id": f"V{number}",
        "unit": dice.choice(units)["id"],
        "week": dice.randint(1, 2),
        "domains": {name: dice.randint(1, 3) for name in dice.sample(DOMAINS, 2)},
        "slots": slots,
    }


def person(dice: Random, number: int, units: list[Plain]) -> Plain:
    category = ("peer", "la", "private")[number % 3]
    home = dice.choice(units)["id"] if category == "peer" or dice.random() < 0.1 else None
    org = {"peer": home or "", "la": f"LA{dice.randint(0, 2)}", "private": f"F{dice.randint(1, 3)}"}[category]
    rare, left = dice.random, [{"unit": dice.choice(units)["id"], "left_weeks_ago": dice.randint(150, 160)}]
    return {
        "id": f"R{number}",
        "category": category,
        "org": org if rare() < 0.9 else "F1",
        "unit": home,
        "borough": f"B{dice.randint(0, 2)}" if category == "la" else None,
        "region": dice.choice(("west", "east")),
        "travel_max": 9 if rare() < 0.9 else 1,
        "capacity": dice.choice((1, 2, 2, 3)) if rare() < 0.95 else 0,
        "unavailable": [dice.randint(1, 2)] if rare() < 0.1 else [],
        "training_until": 9 if rare() < 0.92 else 1,
        "ex_units": left if rare() < 0.15 else [],
        "interests": [dice.choice(units)["id"]] if rare() < 0.1 else [],
        "expertise": {name: dice.randint(0, 3) for name in dice.sample(DOMAINS, 2)},
        "unit_types": ["inner"] if rare() < 0.5 else [],
        "experienced": rare() < 0.4,
        "chair": rare() < 0.4,
    }


def history(dice: Random, units: list[Plain], names: list[str]) -> Plain:
    pairs = {tuple(sorted(dice.sample(names, 2))): dice.randint(1, 4) for _ in range(dice.randint(0, 3))}
    last = {dice.choice(units)["id"]: dice.sample(names, 1)} if dice.random() < 0.4 else {}
    return {"last_panel": last, "pairs": [[*pair, count] for pair, count in sorted(pairs.items())]}


def seat(dice: Random, reviews: list[Plain], people: list[Plain]) -> Plain:
    """A seat and somebody for it, mostly of its category."""
    where = dice.choice(reviews)
    slot = dice.choice(where["slots"])
    fitting = [one for one in people if one["category"] == slot and dice.random() < 0.95] or people
    return {"review": where["id"], "slot": slot, "reviewer": dice.choice(fitting)["id"]}


def previous(dice: Random, reviews: list[Plain], people: list[Plain]) -> list[Plain]:
    found: dict[tuple[str, str], Plain] = {}
    for _ in range(dice.randint(0, 4) if dice.random() < 0.5 else 0):
        one = seat(dice, reviews, people)
        status = dice.choice(("accepted", "invited", "invited", "declined"))
        found[one["review"], one["slot"]] = one | {"status": status}
    return list(found.values())
