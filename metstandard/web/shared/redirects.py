"""Where a person may be sent after an act: only to a page of this site that exists."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import current_app, g, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

_FIRST_PRINTABLE, _DELETE = 0x21, 0x7F
HOMES = ("authority.home", "reviewers.home", "units.home", "account.home")


def is_local(target: str) -> bool:
    r"""Whether a target stays on this site: no host, no scheme, nothing that a browser would read as one.

    Browsers drop tabs and newlines and read a backslash as a slash, so `/\evil` and `/%09/evil` lead to another host.
    """
    for text in (target, unquote(target)):
        if not text.startswith("/") or text.startswith("//") or "\\" in text:
            return False
        if any(ord(sign) < _FIRST_PRINTABLE or ord(sign) == _DELETE for sign in text):
            return False
        parts = urlsplit(text)
        if parts.scheme or parts.netloc:
            return False
    return True


def is_ours(target: str) -> bool:
    """Whether a target is a page of this site that can be opened."""
    return is_local(target) and _leads_somewhere(urlsplit(target).path)


def _leads_somewhere(path: str) -> bool:
    adapter = current_app.url_map.bind(request.host)
    try:
        adapter.match(path, method="GET")
    except RequestRedirect:
        return False
    except HTTPException:
        return False
    return True


def after(target: str | None) -> str:
    """The target when it is one of our pages, else the person's own start page."""
    return target if target and is_ours(target) else start_page()


def start_page() -> str:
    """The first door that lets this person in."""
    may_open = g.get("may_open", lambda _endpoint: True)
    for endpoint in HOMES:
        if endpoint in current_app.view_functions and may_open(endpoint):
            return url_for(endpoint)
    return "/"
