"""A certificate for those who need another format: large print, and a Word file that a screen reader walks through."""

from __future__ import annotations

from flask import Response

from metstandard.common import clock
from metstandard.documents import sheet
from metstandard.documents.certificate import facts
from metstandard.documents.issued import certificate_paper
from metstandard.documents.sheet import Sheet, qr_code
from metstandard.documents.store import kept
from metstandard.queries import register as reads
from metstandard.web.public.conditional import changed
from metstandard.web.public.door import door
from metstandard.web.public.formats import FRESH, PAPERS_PER_ADDRESS, sheet_docx
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.headers import cacheable
from metstandard.web.shared.limits import limiter
from metstandard.web.shared.papers import pdf_file


@door.get("/certificates/<number>/large-print.pdf")
@limiter.limit(PAPERS_PER_ADDRESS, key_func=limits.address)
@open_to_public
def certificate_large_print(number: str) -> Response:
    """What the certificate says, in large print."""
    cacheable(FRESH)
    made, name = _sheet(number)
    return pdf_file(kept(sheet.html(made, large=True)), f"{name}-large-print")


@door.get("/certificates/<number>.docx")
@limiter.limit(PAPERS_PER_ADDRESS, key_func=limits.address)
@open_to_public
def certificate_docx(number: str) -> Response:
    """What the certificate says, as Word file."""
    cacheable(FRESH)
    return sheet_docx(*_sheet(number))


def _sheet(number: str) -> tuple[Sheet, str]:
    entry = found(reads.by_number(session(), number))
    changed(entry.changed_at)
    paper = certificate_paper(session(), entry.certificate)
    made = Sheet(
        title=paper.title,
        dated=clock.today(),
        lead=(f"The certificate is {paper.status}.",),
        facts=tuple(facts(paper)),
        closing=("This text says what the certificate says. The certificate itself is a signed PDF file.",),
        picture=qr_code(paper.verification_url),
    )
    return made, f"certificate-{entry.certificate.title}"
