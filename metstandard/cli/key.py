"""`metstandard key`: keys for papers and badges, written once into a file that only its owner reads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import click

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def key() -> None:
    """Make the keys of an installation."""


@key.command("papers")
@click.argument("file", type=_FILE)
@click.option("--body", required=True, help="Whose papers they are, as a reader's window shows it.")
@click.option("--years", default=10, show_default=True, type=click.IntRange(1, 30), help="Life of the certificate.")
def for_papers(file: Path, body: str, years: int) -> None:
    """Make a key that signs papers, with a certificate that it signs itself, in FILE (PEM).

    A certificate from an authority that readers already trust is better: put it into a PKCS#12 file instead.
    """
    from metstandard.common import clock
    from metstandard.documents import keys

    now = clock.now()
    keys.keep(keys.signing_pem(body, since=now, until=now + timedelta(days=365 * years)), file)
    found = keys.signing_file(file, "", setting="FILE")
    click.echo(f"METSTANDARD_SIGNING_KEY={file.resolve()}")
    click.echo(f"Certificate {keys.fingerprint(keys.der(found.certificate))}")
    click.echo("Publish that number where people can compare it. Keep the file out of backups that others read.")


@key.command("badges")
@click.argument("file", type=_FILE)
def for_badges(file: Path) -> None:
    """Make the key that signs Open Badges, in FILE (PEM)."""
    from metstandard.documents import keys

    keys.keep(keys.badge_pem(), file)
    click.echo(f"METSTANDARD_BADGE_KEY={file.resolve()}")
