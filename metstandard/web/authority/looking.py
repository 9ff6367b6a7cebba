"""Saying to have read what is signed: from then on its page shows what has changed since."""

from __future__ import annotations

from flask import g, request
from werkzeug.wrappers import Response

from metstandard.actions.looking import have_read as looked
from metstandard.queries import reviews
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.saving import saved

_PAGES = {
    "commissioning": "authority.review_commissioning",
    "moderation": "authority.review_moderation",
    "decision": "authority.review_signoff",
}


@door.post("/reviews/<reference>/read/<purpose>")
@open_to("key", "moderator")
def have_read(reference: str, purpose: str) -> Response:
    """Keep what was shown as read."""
    one = found(reviews.for_staff(session(), g.person, reference))
    page = found(_PAGES.get(purpose))
    looked(session(), one, purpose, by=g.person, seen=request.form.get("seen", ""))
    return saved("From now on this page shows what has changed since.", page, reference=reference)
