"""`metstandard verify FILE.pdf`: genuine (0), altered (1), not ours (2), revoked since (3); 4 when it cannot judge."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from metstandard.common import words
from metstandard.common.errors import BadSetting, MetStandardError

if TYPE_CHECKING:
    from metstandard.documents.verifying import Judgement

CANNOT = 4
_SAID = {0: "genuine", 1: "altered", 2: "not ours", 3: "revoked since"}


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_context
def verify(ctx: click.Context, file: Path) -> None:
    """Judge a PDF: whether it was signed here, is unchanged since, and what the register says of it today.

    Exit codes: 0 genuine, 1 altered, 2 not ours, 3 revoked since, 4 when there is no key, register or file to judge by.
    """
    try:
        judgement = _judge(file)
    except (MetStandardError, OSError) as failed:
        said = f"cannot read {file}: {failed.strerror}" if isinstance(failed, OSError) else str(failed)
        click.echo(f"error: {said}", err=True)
        ctx.exit(CANNOT)
    click.echo(f"{_SAID[judgement.verdict]}: {judgement.sentence}")
    for line in _facts(judgement):
        click.echo(line)
    ctx.exit(int(judgement.verdict))


def _judge(file: Path) -> Judgement:
    from metstandard.cli.database import reading
    from metstandard.documents import signing, verifying
    from metstandard.documents.standing import standing

    with file.open("rb") as opened:
        body = opened.read(verifying.LARGEST + 1)
    trusted = signing.trusted()
    if not trusted:
        raise BadSetting(signing.UNSIGNED)
    with reading() as session:
        return verifying.judge(body, trusted=trusted, standing=lambda paper: standing(session, paper))


def _facts(judgement: Judgement) -> list[str]:
    if judgement.paper is None:
        return []
    if judgement.standing is None:
        return [judgement.paper.name]
    until = judgement.standing.until
    return [
        f"{judgement.paper.name}, {judgement.standing.about}",
        f"The register says: {judgement.standing.status}" + (f", valid until {words.day(until)}" if until else ""),
    ]
