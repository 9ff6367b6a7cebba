"""Sessions live on the server."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from flask import Flask, flash, g
from flask import session as browser_session
from flask.testing import FlaskClient
from sqlmodel import delete, select

from metstandard.common import clock
from metstandard.records.accounts import Person, SignedIn
from metstandard.web.shared.access import SIGNED_IN, open_to
from metstandard.web.shared.database import session
from tests.web.conftest import Rows

Clients = Callable[[Person | None], FlaskClient]


def test_a_view_that_reads_after_its_commit_does_not_lock_out_its_own_session(
    app: Flask, client_for: Clients, people: dict[str, Person]
) -> None:
    @app.post("/act")
    @open_to(SIGNED_IN)
    def act() -> str:
        g.person.title = "Office"
        session().commit()
        flash("Done", "success")
        return str(g.person.name)

    app.config["WTF_CSRF_ENABLED"] = False
    began = time.monotonic()
    assert client_for(people["officer"]).post("/act").get_data(as_text=True) == "Programme officer"
    assert time.monotonic() - began < 10


def test_a_session_that_was_ended_is_not_revived_by_a_request_under_way(
    app: Flask, client_for: Clients, people: dict[str, Person], rows: Rows
) -> None:
    @app.get("/slow")
    @open_to(SIGNED_IN)
    def slow() -> str:
        session().rollback()
        with rows() as other:
            other.exec(delete(SignedIn))
        browser_session["seen"] = "yes"
        return "answered"

    client = client_for(people["officer"])
    assert client.get("/slow").get_data(as_text=True) == "answered"
    with rows() as look:
        assert look.exec(select(SignedIn)).all() == []
    assert client.get("/account").status_code == 302


def test_a_session_ends_by_itself(client_for: Clients, people: dict[str, Person]) -> None:
    client = client_for(people["officer"])
    assert client.get("/account").status_code == 200
    with clock.pinned_to(clock.now() + timedelta(hours=12, minutes=1)):
        assert client.get("/account").status_code == 302


def test_the_cookie_holds_nothing_but_a_token_that_the_table_does_not_hold(
    app: Flask, client_for: Clients, rows: Rows
) -> None:
    client = client_for(None)
    answer = client.get("/sign-in")
    header = answer.headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    with rows() as look:
        stored = look.exec(select(SignedIn)).one()
    assert cookie.value not in stored.model_dump_json()
