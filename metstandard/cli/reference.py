"""`metstandard reference load`: units, committees, partners and councils, from the files that come with the program."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def reference() -> None:
    """Load what the programme is about: units, committees, partners."""


@reference.command()
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with bocus.csv, ocus.csv, committees.csv and partners.csv; ours unless given.",
)
def load(folder: Path | None) -> None:
    """Write what is new or changed. Loading twice changes nothing, and a wrong file leaves everything as it was."""
    from metstandard.actions import reference as actions
    from metstandard.cli.database import writing

    with writing() as session:
        counts = actions.load(session, folder or actions.FOLDER)
    for name, count in counts.items():
        click.echo(f"{name}: {count}")
