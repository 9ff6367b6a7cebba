"""`metstandard journal verify` and `metstandard journal anchor`: whether anybody changed what was written down."""

from __future__ import annotations

import json
from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def journal() -> None:
    """Prove that the journal is whole."""


@journal.command()
@click.option("--anchor", "kept", type=_FILE, help="Compare with an anchor that was kept elsewhere.")
@click.pass_context
def verify(ctx: click.Context, kept: Path | None) -> None:
    """Hash every chain afresh; name the first line that does not hold and end with exit code 1."""
    from metstandard.cli.database import reading
    from metstandard.queries import journal as chains

    with reading() as session:
        found = chains.verify(session, kept)
    if isinstance(found, chains.Broken):
        click.echo(str(found), err=True)
        ctx.exit(1)
    click.echo(str(found))


@journal.command()
@click.option("--out", type=_FILE, help="Write there instead of to the screen.")
def anchor(out: Path | None) -> None:
    """Write one hash over the newest lines of all chains. Keep it where nobody can reach who writes the database."""
    from metstandard.cli.database import reading
    from metstandard.queries import journal as chains

    with reading() as session:
        made = chains.anchor(session)
    text = json.dumps(made, indent=1)
    if out is None:
        click.echo(text)
        return
    out.write_text(text + "\n", encoding="utf-8")
    click.echo(f"{made['sha256']} over {len(made['heads'])} chains is in {out}")
