"""`metstandard check` and `metstandard draw`: an organisation's workflow and rubric files, judged and pictured."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import click

from metstandard.common import editions, located
from metstandard.common.errors import BadFile, NotFound
from metstandard.common.settings import settings
from metstandard.common.words import count
from metstandard.rubric import load as rubrics_load
from metstandard.workflow import draw as drawing
from metstandard.workflow import load as workflows_load
from metstandard.workflow.load import Vocabulary

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True)
class Sound:
    """A file in which nothing is wrong: its name, edition and hash, and what it holds in a few words."""

    name: str
    edition: int
    sha256: str
    holds: str

    def __str__(self) -> str:
        return f"{self.name} {self.edition}: {self.holds}"


@dataclass
class Report:
    """What `examine` found in one folder: the sound files, and the first thing that is wrong in each of the others."""

    folder: Path
    sound: list[Sound] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def freeze(self) -> list[str]:
        """Add the editions that are not yet listed to the folder's list; the names of those added."""
        known = editions.read_lock(self.folder)
        new = [file for file in self.sound if (file.name, file.edition) not in known]
        editions.write_lock(self.folder, known | {(file.name, file.edition): file.sha256 for file in new})
        return [f"{file.name} {file.edition}" for file in new]


def examine(folder: Path, judge: Callable[[Path, editions.Known], Sound]) -> Report:
    """Judge every YAML file of a folder against the names it may use and the editions it has published."""
    report = Report(folder)
    try:
        known = editions.read_lock(folder)
    except BadFile as bad:
        report.errors.append(str(bad))
        return report
    files = sorted(folder.glob("*.yaml"))
    for file in files:
        try:
            report.sound.append(judge(file, known))
        except BadFile as bad:
            report.errors.append(str(bad))
    if not files:
        report.errors.append(f"{folder}: holds no file that ends in .yaml")
    return report


def workflow_judge(vocabulary: Vocabulary) -> Callable[[Path, editions.Known], Sound]:
    """What `examine` asks of a workflow file: that it loads, keeps its promises and its published editions."""

    def judge(file: Path, known: editions.Known) -> Sound:
        workflow = workflows_load.load(file, vocabulary)
        workflows_load.check_edition(workflow, workflow.sha256, known)
        states, moves = count(len(workflow.states), "state"), count(len(workflow.moves), "move")
        holds = f"{states}, {moves}, {count(len(workflow.promises), 'promise')} proved"
        return Sound(workflow.workflow, workflow.edition, workflow.sha256, holds)

    return judge


def rubric_judge(file: Path, known: editions.Known) -> Sound:
    """What `examine` asks of a rubric file: that it loads and keeps its published editions."""
    rubric = rubrics_load.load(file)
    found = located.read(file)
    sha256 = hashlib.sha256(found.text.encode()).hexdigest()
    refusal = editions.refusal(rubric.rubric, rubric.edition, sha256, known)
    if refusal is not None:
        raise found.error(refusal, "edition")
    rules = len(rubric.award.rules) if rubric.award else 0
    domains, criteria = count(len(rubric.domains), "domain"), count(len(rubric.criteria), "criterion", "criteria")
    return Sound(rubric.rubric, rubric.edition, sha256, f"{domains}, {criteria}, {count(rules, 'award rule')}")


@click.command()
@click.option("--workflows", type=_FOLDER, help="Folder of workflow files; METSTANDARD_WORKFLOWS unless given.")
@click.option("--rubrics", type=_FOLDER, help="Folder of rubric files; METSTANDARD_RUBRICS unless given.")
@click.option("--freeze", is_flag=True, help="List the editions as published: their text may not change any more.")
@click.pass_context
def check(ctx: click.Context, workflows: Path | None, rubrics: Path | None, *, freeze: bool) -> None:
    """Judge every workflow and rubric file, and prove the promises over every path."""
    reports = [
        examine(workflows or settings().workflows, workflow_judge(_vocabulary())),
        examine(rubrics or settings().rubrics, rubric_judge),
    ]
    for report in reports:
        for file in report.sound:
            click.echo(str(file))
        for error in report.errors:
            click.echo(error, err=True)
    if any(report.errors for report in reports):
        ctx.exit(1)
    if freeze:
        for name in (name for report in reports for name in report.freeze()):
            click.echo(f"{name} is listed as published")


@click.command()
@click.argument("name")
@click.option("--workflows", type=_FOLDER, help="Folder of workflow files; METSTANDARD_WORKFLOWS unless given.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write there instead of to the screen.")
def draw(name: str, workflows: Path | None, out: Path | None) -> None:
    """Draw the workflow NAME as an SVG picture."""
    folder = workflows or settings().workflows
    names = sorted(file.stem for file in folder.glob("*.yaml"))
    if name not in names:
        raise NotFound(f"There is no workflow {name} in {folder}; there are {', '.join(names) or 'none'}.")
    picture = drawing.svg(workflows_load.load(folder / f"{name}.yaml", _vocabulary()))
    if out is None:
        click.echo(picture, nl=False)
    else:
        out.write_text(picture, encoding="utf-8")
        click.echo(f"{name} is drawn in {out}")


def _vocabulary() -> Vocabulary:
    from metstandard.rules.vocabulary import vocabulary  # the rules bring the database: too slow for every command

    return vocabulary()
