"""`metstandard database upgrade`: the database of the settings, brought to the newest migration."""

from __future__ import annotations

import click

from metstandard.common.settings import Settings, settings


@click.group()
def database() -> None:
    """Look after the database."""


@database.command()
def upgrade() -> None:
    """Make the database, or bring it to the newest migration. What is in it is kept."""
    from metstandard.records import schema

    changed = bring_up_to_date(settings())
    click.echo(f"{'Brought to' if changed else 'Already at'} {schema.head()}")


def bring_up_to_date(chosen: Settings) -> bool:
    """Upgrade the database of the settings; whether there was anything to do."""
    from metstandard.records import schema
    from metstandard.records.database import engine

    if chosen.database.startswith("sqlite"):
        chosen.data.mkdir(parents=True, exist_ok=True)
    made = engine(chosen.database)
    try:
        return schema.upgrade(made)
    finally:
        made.dispose()
