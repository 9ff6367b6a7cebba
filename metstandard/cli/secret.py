"""`metstandard secret`: a secret key that a start accepts."""

from __future__ import annotations

import click

from metstandard.common import ids
from metstandard.common.errors import BadSetting
from metstandard.common.settings import Settings


@click.command()
def secret() -> None:
    """Print a good value for METSTANDARD_SECRET_KEY."""
    key = ids.token()
    while not _accepted(key):
        key = ids.token()
    click.echo(key)


def _accepted(key: str) -> bool:
    """By chance a key can hold one of the words that examples are known by; a start would refuse it."""
    try:
        Settings(secret_key=key, demo=False).check()
    except BadSetting:
        return False
    return True
