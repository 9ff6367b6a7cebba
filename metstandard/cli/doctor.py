"""`metstandard doctor`: whether what must hold at every moment holds now."""

from __future__ import annotations

import click


@click.command()
@click.pass_context
def doctor(ctx: click.Context) -> None:
    """Ask every invariant of the live data; name each breach and end with exit code 1 when there is one.

    It also asks the virus scanner, opens the key that signs papers, and says so where there is none.
    """
    from metstandard.cli.database import reading
    from metstandard.common.settings import settings
    from metstandard.documents import signing
    from metstandard.jobs import clamd
    from metstandard.queries import invariants

    with reading() as session:
        found = invariants.breaches(session)
    for breach in found:
        click.echo(str(breach), err=True)
    if found:
        ctx.exit(1)
    click.echo(f"{len(invariants.INVARIANTS)} invariants hold")
    click.echo(clamd.standing(settings().clamd))
    own = signing.signer()
    click.echo(f"Papers are signed with certificate {own.fingerprint}" if own else signing.UNSIGNED)
