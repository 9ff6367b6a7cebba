"""One measurement of the panel solver, or of what it is beside, in a process of its own; prints JSON."""

from __future__ import annotations

import json
import math
import random
import resource
import sys
import time
from typing import Any

from benchmarks.panels_generator import Plain, named
from benchmarks.panels_rivals import Table, flow, flow_with_local_search, greedy
from metstandard.panels.cycle import Cycle
from metstandard.panels.effort import Effort, Step
from metstandard.panels.instance import Instance
from metstandard.panels.solution import broken, terms
from metstandard.panels.solver import Answer, solve
from metstandard.panels.unlock import unlocks

DECLINES = 14


def solved(facts: Plain, seconds: float) -> tuple[dict[str, Any], Answer]:
    """A solve, with the CPU seconds at which plans were found; a plan that breaks a rule stops the run."""
    steps: list[tuple[float, int]] = []
    instance, began = Instance.parse(facts), time.process_time()

    def heard(step: Step) -> None:
        if step.objective is not None:
            steps.append((time.process_time() - began, step.objective))

    answer = solve(instance, seconds=seconds, seed=1, heard=heard)
    spent = time.process_time() - began
    if answer.plan and broken(Cycle(instance), answer.plan):
        raise RuntimeError("the plan breaks a rule")
    return {
        "objective": answer.objective,
        "bound": answer.bound,
        "seconds": spent,
        "first": steps[0][0] if steps else None,
        "proved": answer.proved,
        "steps": steps,
    }, answer


def solve_once(size: str, seed: int, tightness: float, seconds: float) -> dict[str, Any]:
    """The solver alone, so that its memory is measured alone."""
    found, _ = solved(named(size, seed=seed, tightness=tightness), seconds)
    return found | {"megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def again(size: str, seed: int, tightness: float, seconds: float) -> dict[str, Any]:
    """Solving again after some declines, every other seat accepted or invited; and the cheapest unlock."""
    facts = named(size, seed=seed, tightness=tightness)
    _, answer = solved(facts, seconds)
    dice = random.Random(seed)  # noqa: S311  the same declines for the same seed
    declined = set(dice.sample(range(len(answer.plan)), DECLINES))
    previous = [
        seat.model_dump(mode="json") | {"status": "declined" if n in declined else ("accepted", "invited")[n % 2]}
        for n, seat in enumerate(answer.plan)
    ]
    resolved, _ = solved(facts | {"previous": previous}, seconds)
    return {"resolve": resolved["seconds"] if resolved["proved"] else math.inf} | _unlocked(facts, seconds)


def _unlocked(facts: Plain, seconds: float) -> dict[str, Any]:
    """One review on which every private reviewer has declared an interest."""
    unit = facts["reviews"][0]["unit"]
    people = [
        person | {"interests": sorted({*person["interests"], unit})} if person["category"] == "private" else person
        for person in facts["reviewers"]
    ]
    began = time.process_time()
    found = unlocks(Cycle(Instance.parse(facts | {"reviewers": people})), Effort(10 * seconds), most=1)
    return {"unlock": time.process_time() - began if found else math.inf, "waivers": [one.relax for one in found]}


def rivals(size: str, seed: int, tightness: float, seconds: float) -> dict[str, Any]:
    """Greedy, flow, and flow with so many seconds of local search."""
    instance = Instance.parse(named(size, seed=seed, tightness=tightness))
    found: dict[str, Any] = {}
    for name, make in (
        ("greedy", greedy),
        ("min-cost flow", flow),
        ("flow with local search", lambda given: flow_with_local_search(given, seconds=seconds)),
    ):
        began = time.process_time()
        table: Table = make(instance)
        points = terms(table.cycle, table.plan).total
        found[name] = {"objective": points, "empty": table.empty, "seconds": time.process_time() - began}
    return found


if __name__ == "__main__":
    what, *rest = sys.argv[1:]
    measure = {"solve": solve_once, "again": again, "rivals": rivals}[what]
    print(json.dumps(measure(rest[0], int(rest[1]), float(rest[2]), float(rest[3]))))
