"""A reviewer's certificate of service, once the review is published."""

from __future__ import annotations

from flask import Response, g

from metstandard.documents.served import completed
from metstandard.queries import reviews
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.papers import service_file


@door.get("/reviews/<reference>/service.pdf")
@open_to("reviewer")
def review_service(reference: str) -> Response:
    """One's own, for a seat that was held to the end; nobody gets a colleague's."""
    one, seat = found(reviews.for_reviewer(session(), g.person, reference))
    return service_file(one, found(seat if completed(one, seat) else None))
