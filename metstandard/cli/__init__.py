"""The command `metstandard`. A refusal is one line, `error: what is refused`, and exit code 2; never a traceback."""

from __future__ import annotations

from typing import Any

import click

from metstandard.cli.database import database
from metstandard.cli.demo import demo
from metstandard.cli.doctor import doctor
from metstandard.cli.journal import journal
from metstandard.cli.key import key
from metstandard.cli.panels import panels
from metstandard.cli.papers import papers
from metstandard.cli.person import person
from metstandard.cli.reference import reference
from metstandard.cli.rubric import rubric
from metstandard.cli.secret import secret
from metstandard.cli.serve import serve
from metstandard.cli.statistics import statistics
from metstandard.cli.verify import verify
from metstandard.cli.worker import worker
from metstandard.cli.workflows import check, draw
from metstandard.common.errors import MetStandardError


class _Commands(click.Group):
    """A group whose commands refuse by name."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MetStandardError as refused:
            click.echo(f"error: {refused}", err=True)
            ctx.exit(2)


@click.group(cls=_Commands)
@click.version_option(package_name="metstandard")
def main() -> None:
    """Run and look after a programme of reviews."""


main.add_command(check)
main.add_command(database)
main.add_command(demo)
main.add_command(doctor)
main.add_command(draw)
main.add_command(journal)
main.add_command(panels)
main.add_command(key)
main.add_command(papers)
main.add_command(person)
main.add_command(reference)
main.add_command(rubric)
main.add_command(secret)
main.add_command(serve)
main.add_command(statistics)
main.add_command(verify)
main.add_command(worker)
