"""Server-side sessions: the cookie holds an opaque token, the table its hash. Nothing of the session is in the browser.

Rotated at sign-in, ended by sign-out, by disabling the account and by an administrator. A visitor who signs in nowhere
gets no cookie.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, cast

from flask import Flask, Request, Response, g, request
from flask.sessions import SessionInterface, SessionMixin
from sqlmodel import Session, col, delete
from werkzeug.datastructures import CallbackDict

from metstandard.common import clock, ids
from metstandard.records.accounts import SignedIn
from metstandard.records.database import reading_only
from metstandard.web.shared.database import db

LASTS = timedelta(hours=12)


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """What the views see as `flask.session`."""

    def __init__(self, values: dict[str, Any] | None = None, *, token: str = "") -> None:
        def changed(self: ServerSession) -> None:
            self.modified = True

        super().__init__(values or {}, changed)
        self.modified = False
        self.token = token
        self.rotate = False


class ServerSessions(SessionInterface):
    """Reads and writes the rows, each in a short transaction of its own beside the request's."""

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The session whose token the cookie holds; an empty one when there is none, or it has ended."""
        token = request.cookies.get(self.get_cookie_name(app), "")
        if not token or request.endpoint == "static":
            return ServerSession()
        with reading_only(), Session(db.engine) as rows:
            found = rows.get(SignedIn, ids.token_hash(token))
            if found is None or found.expires_at <= clock.now():
                return ServerSession()
            return ServerSession(json.loads(found.data), token=token)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write what changed; a rotated or emptied session leaves its old token worthless."""
        mine = cast("ServerSession", session)
        name = self.get_cookie_name(app)
        if not mine.modified:
            return
        _free_the_lock()
        old = mine.token
        if old and (mine.rotate or not mine):
            end(old)
            mine.token = ""
        if not mine:
            if old:
                response.delete_cookie(name, path="/", secure=_secure(app), httponly=True, samesite="Lax")
            return
        mine.token = mine.token or ids.token()
        if not self._write(mine, known=mine.token == old):
            return
        response.set_cookie(
            name, mine.token, path="/", secure=_secure(app), httponly=True, samesite="Lax",
            max_age=int(LASTS.total_seconds()),
        )  # fmt: skip
        response.vary.add("Cookie")

    def _write(self, mine: ServerSession, *, known: bool) -> bool:
        """Store the session. A known one whose row is gone was ended meanwhile, and stays ended."""
        hashed = ids.token_hash(mine.token)
        with Session(db.engine) as rows:
            row = rows.get(SignedIn, hashed)
            if row is None and known:
                return False
            row = row or SignedIn(token_hash=hashed, expires_at=clock.now() + LASTS)
            row.data = json.dumps(dict(mine), separators=(",", ":"), default=str)
            row.person_id = mine.get("person_id")
            row.address = request.remote_addr or ""
            row.browser = request.headers.get("User-Agent", "")[:200]
            rows.add(row)
            rows.commit()
        return True


def _free_the_lock() -> None:
    """Close the view's transaction: on SQLite it may hold the one write lock that the session's own write needs.

    The view is over; what it has not committed is dropped in any case.
    """
    reading = g.pop("reading", None)
    if reading is not None:
        reading.__exit__(None, None, None)
    db.session.rollback()


def end(token: str) -> None:
    """Forget a session by its token."""
    with Session(db.engine) as rows:
        rows.exec(delete(SignedIn).where(col(SignedIn.token_hash) == ids.token_hash(token)))
        rows.commit()


def end_all_of(rows: Session, person_id: int, *, but: str = "") -> None:
    """End every session of a person, but for one token; the caller commits."""
    query = delete(SignedIn).where(col(SignedIn.person_id) == person_id)
    rows.exec(query.where(col(SignedIn.token_hash) != ids.token_hash(but)) if but else query)


def _secure(app: Flask) -> bool:
    return bool(app.config["SESSION_COOKIE_SECURE"])


def register_sessions(app: Flask, *, https: bool) -> None:
    """Use server-side sessions; over HTTPS under a `__Host-` name."""
    app.config["SESSION_COOKIE_SECURE"] = https
    app.config["SESSION_COOKIE_NAME"] = "__Host-metstandard" if https else "metstandard"
    app.session_interface = ServerSessions()
