"""`metstandard demo`: a deterministic programme, played through the acts that people use, never by writing rows."""

import click

from metstandard.cli.database import peek
from metstandard.common.settings import settings


@click.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when the database already holds people.")
def demo(*, if_empty: bool) -> None:
    """Fill an empty database with a demonstration programme of the 32 BOCUs and the OCUs."""
    if if_empty and settings().demo and peek(settings(), "SELECT count(*) FROM person"):
        click.echo("The demonstration programme is already there.")
        return
    from metstandard.cli.demo.command import fill

    fill(if_empty=if_empty)
