"""`metstandard panels`: the best panels for a whole cycle, from a file of plain facts to a file of seats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from metstandard.panels.effort import Step
    from metstandard.panels.instance import Instance
    from metstandard.panels.solver import Answer

INFEASIBLE = 3
LATE = 4

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def panels() -> None:
    """Seat whole cycles of reviews: every rule kept, the best plan, and the proof."""


@panels.command()
@click.argument("instance", type=_FILE)
@click.option("--out", type=_FILE, required=True, help="Where the solution, or why there is none, is written.")
@click.option(
    "--time",
    "seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=180.0,
    show_default=True,
    help="Seconds for the search; as many again to explain why there is no plan.",
)
@click.option("--seed", type=click.IntRange(min=0, max=2**31 - 1), default=0, show_default=True, help="Of the search.")
@click.option("--relax", metavar="ID", multiple=True, help="A constraint to waive openly. Repeatable.")
@click.pass_context
def solve(ctx: click.Context, instance: Path, out: Path, seconds: float, seed: int, relax: tuple[str, ...]) -> None:
    """Find the best panels for INSTANCE, a file of the format met-assign-instance/1.

    Exit code 0: solved. 2: INSTANCE is malformed, and the message names the place. 3: no plan keeps every rule; the
    output holds constraints that cannot hold together, and what would unlock them. 4: no answer in time.
    """
    from metstandard.panels.instance import Instance
    from metstandard.panels.reserves import with_reserves
    from metstandard.panels.solver import Ending
    from metstandard.panels.solver import solve as solved

    cycle = Instance.read(instance)
    _refuse_unwaivable(cycle, relax)
    answer = solved(cycle, seconds=seconds, seed=seed, relaxed=relax, heard=_Progress())
    if answer.ending is Ending.LATE:
        click.echo(f"no answer in {answer.seconds:.1f} s", err=True)
        ctx.exit(LATE)
    if answer.ending is Ending.INFEASIBLE:
        _explain(cycle, out, seconds=seconds, seed=seed)
        ctx.exit(INFEASIBLE)
    solution = with_reserves(cycle, answer)
    _write(out, solution.to_json())
    covered = len({(seat.review, seat.slot) for seat in solution.reserves})
    click.echo(_figures(answer))
    click.echo(f"seats {len(solution.assignments)}, with a reserve {covered}, waived {len(solution.relaxed)}")


def _refuse_unwaivable(instance: Instance, relax: tuple[str, ...]) -> None:
    from metstandard.common.errors import Invalid
    from metstandard.panels.cycle import Cycle, kind_of

    may = Cycle(instance).relaxable
    for name in relax:
        if kind_of(name) not in may:
            raise Invalid(f"--relax {name}: this instance does not let such a constraint be waived.", field="relax")


def _figures(answer: Answer) -> str:
    gap = f"{100 * answer.gap:.3f} %" if answer.gap is not None else "unknown"
    bound = "unknown" if answer.bound is None else answer.bound
    return (
        f"objective {answer.objective}\nbound {bound}\ngap {gap}{' (proved)' if answer.proved else ''}\n"
        f"time {answer.seconds:.2f} s"
    )


def _explain(instance: Instance, out: Path, *, seconds: float, seed: int) -> None:
    from metstandard.panels.infeasible import impossible

    text = impossible(instance, seconds=seconds, seed=seed, heard=_Progress()).to_json()
    _write(out, text)
    click.echo(text, nl=False)


def _write(out: Path, text: str) -> None:
    from metstandard.common.errors import BadFile

    try:
        out.write_text(text, encoding="utf-8")
    except OSError as failed:
        raise BadFile(f"cannot be written: {failed.strerror}", file=out) from None


class _Progress:
    """Prints how far a search is: every change of what it does, and once a second while it does the same."""

    def __init__(self) -> None:
        self._doing, self._shown = "", 0.0

    def __call__(self, step: Step) -> None:
        if step.doing == self._doing and step.seconds < self._shown + 1:
            return
        self._doing, self._shown = step.doing, step.seconds
        objective = "-" if step.objective is None else step.objective
        bound = "-" if step.bound is None else f"{step.bound:.2f}"
        click.echo(f"{step.seconds:8.2f} s  {step.doing:<12} objective {objective}  bound {bound}", err=True)
