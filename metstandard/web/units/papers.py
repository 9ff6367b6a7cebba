"""A unit's own report and certificate as files, once it has been told its result."""

from __future__ import annotations

from flask import Response

from metstandard.queries import certificates
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.papers import certificate_file, report_file
from metstandard.web.units.door import door
from metstandard.web.units.evidence import one_of

_UNIT = ("commander", "unit_author", "deputy")


@door.get("/reviews/<reference>/report.pdf")
@open_to(*_UNIT)
def review_report(reference: str) -> Response:
    """The report; before publication it carries the review's marking."""
    one = one_of(reference)
    return report_file(found(one if one.notified_on is not None and one.outcome is not None else None))


@door.get("/reviews/<reference>/certificate.pdf")
@open_to(*_UNIT)
def review_certificate(reference: str) -> Response:
    """The certificate as it now stands."""
    return certificate_file(found(certificates.of_review(session(), one_of(reference))))
