"""The headers of every answer, error pages included: no inline script, no frames, nothing private in a cache."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request
from flask import session as browser_session

_STATIC_FOREVER = "public, max-age=31536000, immutable"
_STATIC_ASK = "public, no-cache"
_PRIVATE = "no-store"
_UNCHANGED = 304


def csp_nonce() -> str:
    """The nonce of this answer: for the one style element that writes the marking into the printed page's margin."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(18)
    return str(g.csp_nonce)


def content_policy(nonce: str) -> str:
    """The content security policy: own files only, scripts and styles never inline without the nonce."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ],
    )


def cacheable(seconds: int) -> None:
    """Let shared caches keep this public answer. It has no effect when somebody is signed in or a cookie is set."""
    g.cache_seconds = seconds


def register_headers(app: Flask, *, https: bool) -> None:
    """Set the headers on every answer; `https` adds Strict-Transport-Security. A view's own policy is left alone."""

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        if response.status_code != _UNCHANGED:  # a cache keeps the policy that fits the nonce of the page it holds
            headers.setdefault("Content-Security-Policy", content_policy(csp_nonce()))
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "DENY")
        # Not "no-referrer": Flask-WTF compares the Referer of a form sent over HTTPS.
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if https:
            headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        _set_cache(response)
        return response


def _set_cache(response: Response) -> None:
    if request.endpoint == "static":
        response.headers["Cache-Control"] = _STATIC_FOREVER if "v" in request.args else _STATIC_ASK
        return
    seconds = g.get("cache_seconds")
    public = seconds is not None and response.status_code in {200, 301, _UNCHANGED, 404} and g.get("person") is None
    # The cookie itself is written after this: a changed session is what tells.
    if public and not browser_session.modified:
        response.headers["Cache-Control"] = f"public, max-age={int(seconds)}"
        response.vary.add("Cookie")
    else:
        response.headers["Cache-Control"] = _PRIVATE
