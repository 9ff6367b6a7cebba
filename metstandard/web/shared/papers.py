"""Certificates and reports as files to keep: rendered once, sent as attachments under a name of ours."""

from __future__ import annotations

from flask import Response, make_response

from metstandard.documents import certificate as certificates
from metstandard.documents import report as reports
from metstandard.documents.issued import certificate_paper
from metstandard.documents.published import report_paper
from metstandard.documents.store import kept
from metstandard.records.certificates import Certificate
from metstandard.records.reviews import Review
from metstandard.web.shared.database import session


def certificate_file(certificate: Certificate) -> Response:
    """The certificate as it now stands; one that is not current says so on its face."""
    return _file(kept(certificates.html(certificate_paper(session(), certificate))), f"certificate-{certificate.title}")


def report_file(review: Review) -> Response:
    """The report of a decided review; before publication it carries the review's marking."""
    return _file(kept(reports.html(report_paper(session(), review))), f"report-{review.reference}")


def _file(body: bytes, name: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers.set("Content-Disposition", "attachment", filename=f"{name}.pdf")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
