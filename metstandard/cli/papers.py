"""`metstandard papers DIR`: every current certificate, published report, award and certificate of service as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from metstandard.common.settings import settings

if TYPE_CHECKING:
    from sqlmodel import Session

    from metstandard.documents.identity import Identity

_PREFIX = {
    "Certificate": "certificate",
    "Report": "report",
    "Certificate of service": "service",
    "Award certificate": "award",
}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def papers(folder: Path) -> None:
    """Write certificate-NUMBER.pdf, report-REFERENCE.pdf and service-REFERENCE-SEAT.pdf into FOLDER.

    They are signed where this installation signs; the last line says so where it does not.
    """
    from sqlmodel import Session

    from metstandard.documents import signing
    from metstandard.documents.batch import in_one_job
    from metstandard.records import database

    folder.mkdir(parents=True, exist_ok=True)
    engine = database.engine(settings().database)
    with database.reading_only(), Session(engine) as session:
        wanted = list(_wanted(session))
    engine.dispose()
    total = len(wanted)
    for number, (identity, body) in enumerate(in_one_job(wanted, total=total), start=1):
        file = folder / f"{_name(identity)}.pdf"
        file.write_bytes(body)
        click.echo(f"[{number}/{total}] {file.name} ({len(body) // 1000} kB)")
    if not total:
        click.echo("There is no current certificate and no published report.")
    elif not signing.signs(settings()):
        click.echo(signing.UNSIGNED)


def _name(identity: Identity) -> str:
    name = f"{_PREFIX[identity.kind]}-{identity.title}"
    return f"{name}-{identity.mark}" if identity.kind == "Certificate of service" else name


def _wanted(session: Session) -> Iterator[tuple[str, Identity]]:
    """Pages with what they are: certificates by number, then reports and certificates of service by reference."""
    from sqlmodel import col, select

    from metstandard.documents import certificate, citation, issued, published, report, served, service
    from metstandard.queries import roll
    from metstandard.records.certificates import Certificate
    from metstandard.records.reviews import Review

    for one in session.exec(select(Certificate).order_by(col(Certificate.number))).all():
        if one.status == "current":
            yield certificate.html(issued.certificate_paper(session, one)), issued.identity(one)
    reviews = session.exec(
        select(Review).where(col(Review.published_on).is_not(None)).order_by(col(Review.reference))
    ).all()
    for review in reviews:
        identity = published.identity(review)
        if identity is not None:
            yield report.html(published.report_paper(session, review)), identity
    for review in reviews:
        for seat in served.seats(session, review):
            yield service.html(served.service_paper(session, review, seat)), served.identity(review, seat)
    for award in reversed(roll.public(session)):
        if not award.revoked:
            yield citation.html(citation.paper(award)), citation.identity(award)
