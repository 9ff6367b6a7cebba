"""Public answers that caches may keep carry an ETag, and who asks again with it is told when nothing has changed.

This holds for every route of the public door, so a later one cannot forget it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import cast

from flask import Response, g, request
from flask import session as browser_session

from metstandard.web.public.door import door
from metstandard.web.shared.headers import csp_nonce

_OK = 200


def changed(at: datetime | None) -> None:
    """Say when what this answer shows last changed; it becomes Last-Modified."""
    g.changed_at = at


@door.after_request
def unchanged_or_whole(response: Response) -> Response:
    """304 without a body for who holds this very answer already."""
    if not _may_be_kept(response):
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


def _may_be_kept(response: Response) -> bool:
    asked = request.method in {"GET", "HEAD"} and response.status_code == _OK and int(g.get("cache_seconds", 0)) > 0
    return asked and g.get("person") is None and not browser_session.modified
