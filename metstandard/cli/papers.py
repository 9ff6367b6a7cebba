"""`metstandard papers DIR`: every current certificate and every published report as files."""

from __future__ import annotations

from pathlib import Path

import click

from metstandard.common.settings import settings


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def papers(folder: Path) -> None:
    """Write certificate-NUMBER.pdf and report-REFERENCE.pdf into FOLDER."""
    from sqlmodel import Session, col, select

    from metstandard.documents import certificate as certificates
    from metstandard.documents import report as reports
    from metstandard.documents.issued import certificate_paper
    from metstandard.documents.published import report_paper
    from metstandard.records import database
    from metstandard.records.certificates import Certificate
    from metstandard.records.reviews import Review

    folder.mkdir(parents=True, exist_ok=True)
    engine = database.engine(settings().database)
    with database.reading_only(), Session(engine) as session:
        rows = session.exec(select(Certificate).order_by(col(Certificate.number))).all()
        issued = [one for one in rows if one.status == "current"]
        decided = session.exec(
            select(Review).where(col(Review.published_on).is_not(None)).order_by(col(Review.reference))
        ).all()
        total = len(issued) + len(decided)
        for number, one in enumerate(issued, start=1):
            body = certificates.pdf(certificate_paper(session, one))
            _write(folder / f"certificate-{one.title}.pdf", body, number, total)
        for number, review in enumerate(decided, start=len(issued) + 1):
            body = reports.pdf(report_paper(session, review))
            _write(folder / f"report-{review.reference}.pdf", body, number, total)
    engine.dispose()
    if not total:
        click.echo("There is no current certificate and no published report.")


def _write(file: Path, body: bytes, number: int, total: int) -> None:
    file.write_bytes(body)
    click.echo(f"[{number}/{total}] {file.name} ({len(body) // 1000} kB)")
