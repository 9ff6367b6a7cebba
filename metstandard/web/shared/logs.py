"""One line for each request: what was asked, how it ended, how long it took, under a number of its own.

The line names the route, never the address with its references and tokens, and no person: an access log that said who
posted where would tell who has locked a sheet. Only a refused request names the person who was refused.
"""

from __future__ import annotations

import re
import time

import structlog
from flask import Flask, Response, g, request

from metstandard.common import ids

log = structlog.get_logger("metstandard.web")

_NUMBER = re.compile(r"[0-9A-Za-z-]{8,64}")
_FORBIDDEN = 403
_FAILED = 500


def register_logs(app: Flask) -> None:
    """Give each request a number, log its end, and tell the browser the number (`X-Request-ID`)."""

    @app.before_request
    def begin() -> None:
        given = request.headers.get("X-Request-ID", "") if app.config["METSTANDARD"].proxies else ""
        g.request_number = given if _NUMBER.fullmatch(given) else ids.token()[:16]
        g.request_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_number)

    @app.after_request
    def end(response: Response) -> Response:
        if "request_number" not in g or request.endpoint == "static":
            return response
        response.headers["X-Request-ID"] = g.request_number
        rule = request.url_rule.rule if request.url_rule else "(none)"
        said = {
            "method": request.method,
            "route": rule,
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.request_began) * 1000, 1),
        }
        person = g.get("person")
        if response.status_code == _FORBIDDEN:
            log.warning("refused", **said, person=person.id if person else None)
        elif response.status_code >= _FAILED:
            log.error("failed", **said)
        else:
            log.info("answered", **said)
        return response

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()
