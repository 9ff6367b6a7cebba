"""One database session per request; reading requests never take SQLite's write lock."""

from __future__ import annotations

import inspect
from typing import cast

from flask import Flask, g, request
from flask_sqlalchemy_lite import SQLAlchemy
from sqlmodel import Session

from metstandard.records import database
from metstandard.records.database import prepare_sqlite

db = SQLAlchemy(session_options={"class_": Session, "expire_on_commit": True})

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def register_database(app: Flask, url: str) -> None:
    """Bind the application to a database and let each request begin the kind of transaction it needs."""
    options = {"connect_args": {"timeout": 30}} if url.startswith("sqlite") else {"pool_pre_ping": True}
    app.config["SQLALCHEMY_ENGINES"] = {"default": {"url": url, "hide_parameters": True, **options}}
    db.init_app(app)
    # No engine here is asynchronous; to close none of them the extension would start a thread after every request.
    app.teardown_appcontext_funcs = [
        one for one in app.teardown_appcontext_funcs if not inspect.iscoroutinefunction(one)
    ]
    if url.startswith("sqlite"):
        with app.app_context():
            prepare_sqlite(db.engine)

    @app.before_request
    def choose_transaction() -> None:
        g.reading = database.reading_only() if request.method in _READS else None
        if g.reading is not None:
            g.reading.__enter__()

    @app.teardown_request
    def end_transaction(_error: BaseException | None) -> None:
        reading = g.pop("reading", None)
        if reading is not None:
            reading.__exit__(None, None, None)


def session() -> Session:
    """The session of this request."""
    return cast("Session", db.session)


def rollback() -> None:
    """Undo the unit of work of this request."""
    db.session.rollback()
