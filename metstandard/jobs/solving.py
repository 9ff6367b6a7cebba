"""The process that solves one proposal of panels, started by jobs/panels.py and never by hand.

It knows no database: a folder holds the question; progress and answer are written beside it, each whole or not at all.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from metstandard.panels.effort import Heard, Step
from metstandard.panels.infeasible import impossible
from metstandard.panels.instance import Instance
from metstandard.panels.reserves import with_reserves
from metstandard.panels.shortage import left_out
from metstandard.panels.solver import Answer, Ending, solve
from metstandard.panels.why import why
from metstandard.rules.reasons import written

QUESTION, PROGRESS, ANSWER = "question.json", "progress.json", "answer.json"
_MOST_BYTES = 4 * 1024**3
_ORPHANED = 3
_EXPLAINING = 30.0
"""Seconds for the reasons of the seats; the page works out those of a review that is left over."""


def write(folder: Path, name: str, content: dict[str, Any]) -> None:
    """Put a file in place at once, so that nobody reads half of it."""
    part = folder / f"{name}.part"
    part.write_text(json.dumps(content), encoding="utf-8")
    part.replace(folder / name)


def answer_to(question: dict[str, Any], heard: Heard) -> dict[str, Any]:
    """The answer to one question, as plain data."""
    instance = Instance.parse(question["instance"])
    seconds, seed = float(question["seconds"]), int(question["seed"])
    answer = solve(instance, seconds=seconds, seed=seed, relaxed=question["waived"], heard=heard)
    found: dict[str, Any] = {
        "status": answer.ending.value, "objective": answer.objective, "bound": answer.bound,
        "spent_ms": round(answer.seconds * 1000), "solution": "", "reason": {},
    }  # fmt: skip
    if answer.ending is Ending.SOLVED:
        _say(heard, "reserves", answer)
        found["solution"] = with_reserves(instance, answer).to_json()
        _say(heard, "why", answer)
        found["reasons"] = _reasons(instance, answer, _EXPLAINING)
    elif answer.ending is Ending.INFEASIBLE:
        _say(heard, "reasons", answer)
        found["reason"] = _reason(instance, seconds, seed)
    return found


def _say(heard: Heard, doing: str, answer: Answer) -> None:
    heard(Step(doing, answer.seconds, answer.objective, answer.bound))


def _reasons(instance: Instance, answer: Answer, seconds: float) -> dict[str, Any]:
    """Why each person sits where they do, by review, for as many reviews as the time allows."""
    ends, found = time.monotonic() + seconds, {}
    for review in instance.reviews:
        if time.monotonic() > ends:
            break
        found[review.id] = written(why(instance, answer.plan, review=review.id, relaxed=answer.relaxed))
    return found


def _reason(instance: Instance, seconds: float, seed: int) -> dict[str, Any]:
    """Why there is no plan, what would unlock one, and which reviews must be left out otherwise."""
    found: dict[str, Any] = json.loads(impossible(instance, seconds=seconds, seed=seed).to_json())
    found["impossible"] = left_out(instance, seconds=seconds, seed=seed)
    return found


def _listener(folder: Path, parent: int) -> Callable[[Step], None]:
    def heard(step: Step) -> None:
        if os.getppid() != parent:
            sys.exit(_ORPHANED)
        bound = None if step.bound is None else round(step.bound, 2)
        write(
            folder, PROGRESS,
            {"doing": step.doing, "seconds": round(step.seconds, 1), "objective": step.objective, "bound": bound},
        )  # fmt: skip

    return heard


def main() -> None:
    """Answer the question in the folder that is named first."""
    folder = Path(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    question = json.loads((folder / QUESTION).read_text(encoding="utf-8"))
    write(folder, ANSWER, answer_to(question, _listener(folder, os.getppid())))


if __name__ == "__main__":
    main()
