"""Instances of any size for the panel solver: made-up cycles with the proportions of a real one.

`make(units, seed=1)` is one cycle: each unit reviewed once, half of the pool peers, the rest from councils and firms.
`tightness` above 1 leaves fewer people and fewer seats each; from about 1.5 some seeds cannot be solved at all.
"""

from __future__ import annotations

import random
from typing import Any

DOMAINS = [
    "child",
    "custody",
    "data",
    "equality",
    "finance",
    "investigation",
    "leadership",
    "neighbourhood",
    "standards",
    "vawg",
    "victims",
    "wellbeing",
]
BOROUGH_TYPES = ("inner", "outer", "town")
SPECIALIST_TYPES = ("custody", "cyber", "firearms", "forensics", "intel", "public_order", "roads", "training")
SIZES = {"T": (12, 48, 10), "S": (92, 300, 40), "M": (1000, 3000, 40), "L": (10_000, 30_000, 40)}
RELAXABLE = [
    "capacity",
    "unavailable",
    "training",
    "travel",
    "rotation",
    "interest",
    "ex_unit",
    "pair_cap",
    "reciprocal",
    "lock",
    "accepted",
    "double_booking",
]
WEIGHTS = {"load": 15, "no_experienced": 60, "shortfall": 2, "one_region": 25, "repeat_pair": 20, "change": 40}

Plain = dict[str, Any]


def named(size: str, *, seed: int = 1, tightness: float = 1.0) -> Plain:
    """An instance of one of the sizes T, S, M and L, as plain data of `met-assign-instance/1`."""
    units, people, weeks = SIZES[size]
    return make(units, people, weeks, seed=seed, tightness=tightness)


def make(units: int, people: int, weeks: int, *, seed: int, tightness: float = 1.0) -> Plain:
    """An instance with that many units (one review each), reviewers and weeks."""
    dice = random.Random(f"{units} {people} {weeks} {seed} {tightness}")  # noqa: S311  the same instance for the same seed
    people = max(4, round(people / tightness))
    regions = _regions(units)
    firms = [f"F{number:04d}" for number in range(max(3, round(0.28 * units)))]
    whole = _units(dice, units, regions, firms)
    reviews = [_review(dice, number, unit["id"], weeks) for number, unit in enumerate(whole)]
    boroughs = [unit for unit in whole if unit["borough"]]
    world = (whole, boroughs, regions, firms)
    reviewers = [_reviewer(dice, number, people, weeks, world, spare=1 / tightness) for number in range(people)]
    return {
        "format": "met-assign-instance/1",
        "name": f"made-{units}-{people}-{seed}" + ("" if tightness == 1 else f"-tight-{tightness:g}"),
        "params": {
            "weeks": weeks,
            "ex_unit_weeks": 156,
            "pair_cap": 1,
            "reserve_cap": 2,
            "floor": 60,
            "relaxable": list(RELAXABLE),
            "weights": dict(WEIGHTS),
        },
        "regions": regions,
        "units": whole,
        "reviews": reviews,
        "reviewers": reviewers,
        "history": _history(dice, whole, reviewers),
        "locks": [],
        "previous": [],
    }


def _regions(units: int) -> list[Plain]:
    wide = max(2, round((units / 15) ** 0.5 * 1.2))
    high = max(2, round(units / 15 / wide))
    return [{"id": f"G{x:02d}{y:02d}", "x": x, "y": y} for x in range(wide) for y in range(high)]


def _units(dice: random.Random, count: int, regions: list[Plain], firms: list[str]) -> list[Plain]:
    found = []
    for number in range(count):
        borough = number < 0.56 * count
        kinds = BOROUGH_TYPES if borough else SPECIALIST_TYPES
        suppliers = dice.sample(firms, min(len(firms), dice.randint(0, 4)))
        found.append(
            {
                "id": f"U{number:05d}",
                "kind": "borough" if borough else "specialist",
                "type": dice.choice(kinds),
                "borough": f"B{number:05d}" if borough else None,
                "region": dice.choice(regions)["id"],
                "suppliers": sorted(suppliers),
            }
        )
    return found


def _review(dice: random.Random, number: int, unit: str, weeks: int) -> Plain:
    domains = sorted(dice.sample(DOMAINS, dice.randint(3, 5)))
    return {
        "id": f"V{number:05d}",
        "unit": unit,
        "week": dice.randint(1, weeks),
        "domains": {name: dice.randint(1, 3) for name in domains},
        "slots": ["peer", "la", "private", "chair"] if dice.random() < 0.3 else ["peer", "la", "private"],
    }


def _reviewer(
    dice: random.Random,
    number: int,
    people: int,
    weeks: int,
    world: tuple[list[Plain], list[Plain], list[Plain], list[str]],
    *,
    spare: float,
) -> Plain:
    units, boroughs, regions, firms = world
    share = number / people
    category = "peer" if share < 0.5 else "la" if share < 0.78 else "private"
    unit = units[number % len(units)] if number < len(units) else dice.choice(units)
    home = dice.choice(boroughs)
    org = {"peer": unit["id"], "la": f"LA-{home['borough']}", "private": dice.choice(firms)}[category]
    region = {"peer": unit["region"], "la": home["region"], "private": dice.choice(regions)["id"]}[category]
    anywhere = regions[-1]["x"] + regions[-1]["y"] + 2
    seats = dice.choice((1, 2) if category == "peer" else (1, 2, 3))
    return {
        "id": f"R{number:05d}",
        "category": category,
        "org": org,
        "unit": unit["id"] if category == "peer" else None,
        "borough": home["borough"] if category == "la" else None,
        "region": region,
        "travel_max": dice.choices((1, 2, anywhere), (9, 8, 83))[0],
        "capacity": seats if dice.random() < spare else 1,
        "unavailable": _away(dice, weeks),
        "training_until": weeks + 10 if dice.random() < 0.85 else dice.randint(0, weeks),
        "ex_units": _postings(dice, units, category),
        "interests": sorted(
            other["id"]
            for other in dice.sample(units, dice.randint(1, 2))
            if category == "peer" and dice.random() < 0.1
        ),
        "expertise": {
            name: dice.randint(1, 3) for name in sorted(dice.sample(DOMAINS, dice.choice((3, 4, 5, 6, 6, 7))))
        },
        "unit_types": sorted(dice.sample((*BOROUGH_TYPES, *SPECIALIST_TYPES), dice.randint(1, 4))),
        "experienced": dice.random() < 0.32,
        "chair": dice.random() < 0.24,
    }


def _away(dice: random.Random, weeks: int) -> list[int]:
    """A few single weeks and one holiday of three."""
    start = dice.randint(1, weeks)
    single = {dice.randint(1, weeks) for _ in range(dice.randint(0, weeks // 8))}
    return sorted(single | {week for week in range(start, start + 3) if week <= weeks})


def _postings(dice: random.Random, units: list[Plain], category: str) -> list[Plain]:
    if dice.random() > {"peer": 0.37, "la": 0.18, "private": 0.1}[category]:
        return []
    return [{"unit": dice.choice(units)["id"], "left_weeks_ago": dice.randint(5, 300)}]


def _history(dice: random.Random, units: list[Plain], reviewers: list[Plain]) -> Plain:
    """Two past cycles, panels drawn by lot; the later one is the last panel of each unit."""
    of = {kind: [who["id"] for who in reviewers if who["category"] == kind] for kind in ("peer", "la", "private")}
    pairs: dict[tuple[str, str], int] = {}
    last = {}
    for _ in range(2):
        for unit in units:
            panel = sorted(dice.choice(people) for people in of.values())
            last[unit["id"]] = panel
            for one, other in ((panel[0], panel[1]), (panel[0], panel[2]), (panel[1], panel[2])):
                pairs[one, other] = pairs.get((one, other), 0) + 1
    return {"last_panel": last, "pairs": [[one, other, count] for (one, other), count in sorted(pairs.items())]}
