"""Public answers that caches may keep carry an ETag, and who asks again with it is told when nothing has changed.

No answer is kept beyond the end of the minute, nor beyond the end of an embargo: so that what is announced at a second
is public at that second. Embargoes end at whole minutes as a rule; the age of answers then tells nobody that one ends.
This holds for every route of the public door, so a later one cannot forget it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import cast

from flask import Response, g, request
from flask import session as browser_session

from metstandard.common import clock
from metstandard.queries import roll
from metstandard.web.public.door import door
from metstandard.web.shared.database import session
from metstandard.web.shared.headers import csp_nonce

_OK = 200
_KEPT = {200, 301, 404}
_MINUTE = 60


def changed(at: datetime | None) -> None:
    """Say when what this answer shows last changed; it becomes Last-Modified."""
    g.changed_at = at


@door.after_request
def unchanged_or_whole(response: Response) -> Response:
    """304 without a body for who holds this very answer already."""
    if "cache_seconds" not in g or g.get("person") is not None or response.status_code not in _KEPT:
        return response
    g.cache_seconds = min(int(g.cache_seconds), _seconds_left())
    if request.method not in {"GET", "HEAD"} or response.status_code != _OK or browser_session.modified:
        return response
    # Each page carries a nonce of its own: what is compared is the page without it.
    page = response.mimetype == "text/html"
    body = response.get_data()
    said = body.replace(csp_nonce().encode(), b"") if page else body
    response.set_etag(hashlib.sha256(said).hexdigest()[:32], weak=page)
    moment = g.get("changed_at")
    if isinstance(moment, datetime):
        response.last_modified = moment
    return cast("Response", response.make_conditional(request))


def _seconds_left() -> int:
    """Whole seconds to the end of this minute, or to the end of the next embargo where that is sooner."""
    now = clock.now()
    left = _MINUTE - now.second - now.microsecond / 1_000_000
    embargo = roll.next_embargo(session())
    if embargo is not None:
        left = min(left, (embargo - now).total_seconds())
    return int(left)
