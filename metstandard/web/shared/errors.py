"""From a refusal to a page: what happened, what was kept, what to do. Scripts get the same as JSON."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import escape
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from metstandard.common.errors import Invalid, MetStandardError, NotFound, NotNow, NotYours, Stale, StoreAway
from metstandard.web.shared.kept import after_end_of_session, present_person
from metstandard.web.shared.languages import gettext, marked

log = logging.getLogger(__name__)

STATUS: dict[type[MetStandardError], int] = {
    Invalid: 422, NotNow: 409, Stale: 409, NotYours: 403, NotFound: 404, StoreAway: 503,
}  # fmt: skip
_PAGES = {400, 403, 404, 405, 409, 413, 422, 429, 500, 503}
_HEADINGS = {
    400: marked("We could not read what you sent"),
    403: marked("You cannot do this"),
    404: marked("Page not found"),
    405: marked("This address does not take that kind of request"),
    409: marked("This cannot be done now"),
    413: marked("What you sent is too large"),
    422: marked("Something you entered cannot be accepted"),
    429: marked("Too many tries"),
    500: marked("Sorry, something went wrong"),
    503: marked("Sorry, the service is busy"),
}
_FIRST_ERROR = 400
_SERVER_ERROR = 500
_BUSY = 503
LONG_TEXT = 60


@dataclass(frozen=True)
class Version:
    """One field of which two versions exist; `long` says that it deserves a text box."""

    name: str
    label: str
    mine: str
    theirs: str

    @property
    def long(self) -> bool:
        """Whether either text has lines or length."""
        return any("\n" in text or len(text) > LONG_TEXT for text in (self.mine, self.theirs))


def register_errors(app: Flask, *, rollback: Callable[[], None] = lambda: None) -> None:
    """Answer every refusal and failure with its page. `rollback` undoes the unit of work before anything is shown."""

    @app.errorhandler(MetStandardError)
    def refused(error: MetStandardError) -> Response:
        person_stays_loaded()
        rollback()
        if isinstance(error, Stale):
            return stale_answer(error)
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), _SERVER_ERROR)
        if status >= _SERVER_ERROR:
            log.error("unexpected refusal", exc_info=error)
            return answer(status, sentence=str(error) if status == _BUSY else "")
        return answer(status, sentence=str(error), field=getattr(error, "field", ""))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        # A redirect is no error, and under a host name that is not ours no page of ours can be made.
        if error.code is None or error.code < _FIRST_ERROR or isinstance(error, SecurityError):
            return error
        person_stays_loaded()
        rollback()
        return answer(
            error.code, headers=dict(error.get_headers()), unreadable=isinstance(error, RequestEntityTooLarge)
        )

    @app.errorhandler(CSRFError)
    def forged_or_old(error: CSRFError) -> Response:  # noqa: ARG001
        rollback()
        kept = after_end_of_session()
        if kept is not None:
            return kept
        return answer(
            400,
            sentence=gettext("The page was opened before you last signed in, so we could not be sure it was you."),
            renew=present_person() is not None,
        )

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def database_away(error: Exception) -> Response:
        log.error("database not available", exc_info=error)
        g.bare_page = True
        rollback()
        return answer(_BUSY)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        log.error("request failed", exc_info=error)
        g.bare_page = True
        rollback()
        return answer(_SERVER_ERROR)


def person_stays_loaded() -> None:
    """Read the person's name before a rollback expires it, so that the page needs no new query."""
    getattr(g.get("person"), "name", None)


def wants_json() -> bool:
    """Whether a script asks: it prefers JSON to HTML."""
    accepted = request.accept_mimetypes
    return accepted.best_match(["text/html", "application/json"], default="text/html") == "application/json"


def answer(
    status: int,
    *,
    sentence: str = "",
    field: str = "",
    headers: Mapping[str, str] | None = None,
    unreadable: bool = False,
    renew: bool = False,
) -> Response:
    """The page, or the JSON, of an error.

    `unreadable`: the body of the request must not be touched again. `renew`: give a script the session's CSRF token.
    """
    shown = status if status in _PAGES else (400 if status < _SERVER_ERROR else _SERVER_ERROR)
    heading = gettext(_HEADINGS[shown])
    if wants_json():
        said: dict[str, Any] = {"error": sentence or heading, "field": field}
        if renew:
            said["csrf_token"] = generate_csrf()
        made = jsonify(said)
    else:
        made = make_response(_page(shown, heading, sentence, unreadable=unreadable))
    made.status_code = status
    for name in ("Retry-After", "Allow", "WWW-Authenticate"):
        if headers and name in headers:
            made.headers[name] = headers[name]
    return made


def _page(status: int, heading: str, sentence: str, *, unreadable: bool) -> str:
    typed = {} if unreadable or request.method == "GET" else request.form.to_dict()
    try:
        return render_template(
            f"pages/shared/error_{status}.html",
            heading=heading,
            sentence=sentence,
            typed=typed,
            reference=g.get("request_id", ""),
        )
    except Exception:
        # The page that tells of a failure must not fail: no template, no database, no person.
        log.exception("the error page could not be made")
        return (
            f'<!DOCTYPE html><html lang="en"><title>{escape(heading)} - Met Standard</title>'
            f"<h1>{escape(heading)}</h1><p>{escape(sentence)}</p>"
            "<p>What you had saved before is kept. Go back and try again in a few minutes.</p></html>"
        )


def stale_answer(error: Stale) -> Response:
    """Both versions, so that nothing typed is lost: a page with a form, or JSON for a script."""
    if wants_json():
        made = jsonify({"error": str(error), "field": ""})
    else:
        mine = error.mine if isinstance(error.mine, Mapping) else request.form.to_dict()
        theirs = error.theirs if isinstance(error.theirs, Mapping) else {}
        versions = differing(mine, theirs)
        made = make_response(
            render_template(
                "pages/shared/two_versions.html",
                sentence=str(error),
                versions=versions,
                kept=_kept(theirs, shown={version.name for version in versions}),
                theirs_text="" if isinstance(error.theirs, Mapping) or error.theirs is None else str(error.theirs),
            ),
        )
    made.status_code = 409
    return made


def differing(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[Version]:
    """The fields whose two versions differ, in the order of the form."""
    found = []
    for name, value in theirs.items():
        own = "" if mine.get(name) is None else str(mine[name])
        other = "" if value is None else str(value)
        if name != "revision" and own.replace("\r\n", "\n") != other.replace("\r\n", "\n"):
            found.append(Version(name, name.replace("_", " ").capitalize(), own, other))
    return found


def _kept(theirs: Mapping[str, Any], *, shown: set[str]) -> list[tuple[str, str]]:
    """The posted fields as hidden inputs, with the newest revision, without those shown as two versions."""
    machine = {"csrf_token", "revision", "whose_form"}
    kept = [(name, value) for name, value in request.form.items(multi=True) if name not in shown | machine]
    revision = theirs.get("revision")
    return [*kept, ("revision", str(revision))] if revision is not None else kept
