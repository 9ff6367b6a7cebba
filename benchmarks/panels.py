"""The panel solver on made-up cycles beside greedy, plain min-cost flow, and flow with local search.

S is one force of 92 units, M all forces, L ten times that to show how it grows. Every measurement runs in a process of
its own, in CPU seconds of its one thread. The limit of M and L is in seconds by the clock: on a busy machine they
do less. Baselines leave a seat empty where no rule lets anybody take it.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.row import Row

CYCLES = {
    "S": ((1, 1.0), (2, 1.0), (3, 1.0), (1, 1.1), (2, 1.15)),
    "M": ((1, 1.0),),
    "L": ((1, 1.0),),
}
"""Seed and tightness of the cycles of each size; see panels_generator."""

LIMITS = {"S": 45.0, "M": 180.0, "L": 600.0}
SEARCHED = {"S": 10.0, "M": 60.0, "L": 120.0}
"""Seconds of local search for the baseline: longer no longer helps it much."""

SLACK = 10.0
"""S ends by itself; how long it may take by the clock is for machines that do other things, too."""

NEAR = 0.0005
GAPS = {"M": 30.0, "L": 250.0}
"""Hundredths of a per cent; for L what the best method measured before had left."""

MEMORY = 1024.0


def run(*sizes: str) -> Iterator[Row]:
    """Every row of the sizes named, or of all."""
    for size in sizes or tuple(CYCLES):
        for seed, tightness in CYCLES[size]:
            name = f"{size} {seed}" if tightness == 1 else f"{size} {seed}, tight {tightness:g}"
            yield from _cycle(size, seed, tightness, name)


def _cycle(size: str, seed: int, tightness: float, name: str) -> Iterator[Row]:
    limit = LIMITS[size]
    ours = _child("solve", size, seed, tightness, limit * SLACK if size == "S" else limit)
    objective = ours["objective"] if ours["objective"] is not None else -math.inf
    for rival, found in _child("rivals", size, seed, tightness, SEARCHED[size]).items():
        target = 1.05 if (size, rival) == ("L", "flow with local search") else 1.0
        empty = f", {found['empty']} seats empty" if found["empty"] else ""
        shown = f"{name}: objective beside {rival} ({found['seconds']:.1f} CPU s{empty})"
        points = found["objective"]
        yield Row(shown, objective, "points", points, objective / points, target, less_is_better=False)
    yield _at_most(f"{name}: first plan", ours["first"], "CPU s", limit / 20)
    if size == "S":
        near = [seconds for seconds, points in ours["steps"] if points >= objective - NEAR * abs(objective)]
        yield _at_most(f"{name}: within {NEAR:.2%} of the optimum", min(near, default=None), "CPU s", 8.0)
        yield _at_most(f"{name}: optimum proved", ours["seconds"] if ours["proved"] else None, "CPU s", limit)
        more = _child("again", size, seed, tightness, limit)
        yield _at_most(f"{name}: solved again after 14 declines", more["resolve"], "CPU s", 1.0)
        yield _at_most(f"{name}: cheapest unlock", more["unlock"], "CPU s", 6.0)
        return
    gap = math.inf if ours["bound"] is None else 10_000 * (ours["bound"] - objective) / abs(objective)
    shown = f"{name}: gap to the proven bound {ours['bound']} after {ours['seconds']:.0f} CPU s"
    yield _at_most(shown, gap, "hundredths of a per cent", GAPS[size])
    yield _at_most(f"{name}: memory", ours["megabytes"], "MB", MEMORY)


def _at_most(name: str, figure: float | None, unit: str, most: float) -> Row:
    """A figure beside its limit; None is what did not come at all."""
    found = math.inf if figure is None else figure
    return Row(name, found, unit, most, found / most, 1.0)


def _child(what: str, size: str, seed: int, tightness: float, seconds: float) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.panels_child", what, size, str(seed), str(tightness), str(seconds)]
    folder = Path(__file__).resolve().parents[1]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
