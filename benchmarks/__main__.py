"""`make bench`: every figure beside its peer or its limit, measured in this run."""

from __future__ import annotations

import importlib
import sys
import time

ROOMS = ("web", "certificate", "ceremony", "statistics", "pool", "panels")


def main(rooms: list[str]) -> int:
    """Run the rooms named, or all; print a table. Exit 1 when a target is missed.

    `panels:S` or `panels:S,M` runs the room for some sizes only.
    """
    missed = 0
    for room in rooms or ROOMS:
        print(f"\n{room}", flush=True)
        began = time.monotonic()
        module, _, sizes = room.partition(":")
        for row in importlib.import_module(f"benchmarks.{module}").run(*sizes.split(",") if sizes else ()):
            missed += not row.met
            sign = "at most" if row.less_is_better else "at least"
            print(
                f"  {'ok ' if row.met else 'MISSED'} {row.name}: {row.figure:,.1f} {row.unit}, beside {row.peer:,.1f};"
                f" ratio {row.ratio:.3f}, {sign} {row.target:.3f}",
                flush=True,
            )
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)
    print(f"\n{missed} targets missed" if missed else "\nevery target is kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
