"""Certificates and reports as files to keep: rendered and signed once, sent as attachments under a name of ours."""

from __future__ import annotations

from flask import Response, g, make_response

from metstandard.common.errors import NotFound
from metstandard.documents import certificate as certificates
from metstandard.documents import issued, published, served
from metstandard.documents import report as reports
from metstandard.documents import service as services
from metstandard.documents.issued import certificate_paper
from metstandard.documents.published import report_paper
from metstandard.documents.store import kept
from metstandard.records.certificates import Certificate
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.rules import markings
from metstandard.web.shared.database import session
from metstandard.web.shared.languages import ENGLISH, current


def certificate_file(certificate: Certificate) -> Response:
    """The certificate as it now stands, in the language that is spoken; one that is not current says so on its face.

    A translation is signed too, so that whoever was given one can tell that it is ours. It says on its face that it is
    for information and that the English certificate counts.
    """
    page = certificates.html(certificate_paper(session(), certificate))
    ending = "" if current() is ENGLISH else f"-{current().code}"
    return pdf_file(kept(page, identity=issued.identity(certificate)), f"certificate-{certificate.title}{ending}")


def report_file(review: Review) -> Response:
    """The report of a decided review; before publication it bears what it inherits, and is not signed.

    Raises NotFound for whoever is not cleared for it.
    """
    if review.published_on is None and not markings.may_see(g.person, markings.of_papers(session(), review)):
        raise NotFound("We could not find that page")
    page = reports.html(report_paper(session(), review))
    return pdf_file(kept(page, identity=published.identity(review)), f"report-{review.reference}")


def service_file(review: Review, seat: Seat) -> Response:
    """The certificate of service of a seat that was held to the end."""
    page = services.html(served.service_paper(session(), review, seat))
    return pdf_file(kept(page, identity=served.identity(review, seat)), f"service-{review.reference}")


def pdf_file(body: bytes, name: str) -> Response:
    """A PDF as an attachment that no browser may run anything of."""
    answer = make_response(body)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
