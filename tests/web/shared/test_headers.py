"""The headers of every answer."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from flask import session as browser_session
from flask.testing import FlaskClient

from metstandard.records.accounts import Person
from metstandard.web.shared.access import SIGNED_IN, open_to, open_to_public
from metstandard.web.shared.headers import cacheable, register_headers
from tests.factories.browser import soup

Clients = Callable[[Person | None], FlaskClient]


def test_pages_allow_no_inline_script_no_frame_and_no_sniffing(client_for: Clients) -> None:
    headers = client_for(None).get("/sign-in").headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_the_page_carries_the_nonce_of_its_policy_and_nothing_inline(client_for: Clients) -> None:
    answer = client_for(None).get("/sign-in")
    page = soup(answer)
    assert [str(style["nonce"]) in answer.headers["Content-Security-Policy"] for style in page.select("style")] == [
        True
    ]
    assert [script.get_text() for script in page.select("script")] == [""]
    assert page.select("[style], [onclick], [onsubmit]") == []


def test_each_answer_has_a_nonce_of_its_own(client_for: Clients) -> None:
    client = client_for(None)
    policies = {client.get("/sign-in").headers["Content-Security-Policy"] for _ in range(3)}
    assert len(policies) == 3


def test_only_a_public_answer_without_a_cookie_may_be_kept(
    app: Flask, client_for: Clients, people: dict[str, Person]
) -> None:
    @app.get("/kept")
    @open_to_public
    def kept() -> str:
        cacheable(60)
        return "public"

    @app.get("/with-cookie")
    @open_to_public
    def with_cookie() -> str:
        cacheable(60)
        browser_session["seen"] = "yes"
        return "public"

    @app.get("/private")
    @open_to(SIGNED_IN)
    def private() -> str:
        return "private"

    visitor, officer = client_for(None), client_for(people["officer"])
    found = {
        "visitor": visitor.get("/kept").headers["Cache-Control"],
        "officer": officer.get("/kept").headers["Cache-Control"],
        "cookie": visitor.get("/with-cookie").headers["Cache-Control"],
        "private": officer.get("/private").headers["Cache-Control"],
    }
    stored_nowhere = dict.fromkeys(("officer", "cookie", "private"), "no-store")
    assert found == {"visitor": "public, max-age=60"} | stored_nowhere


def test_https_is_remembered_by_the_browser_only_where_it_is_used() -> None:
    found = []
    for https in (False, True):
        app = Flask("headers")
        app.config["SECRET_KEY"] = "k" * 40
        register_headers(app, https=https)
        found.append(app.test_client().get("/").headers.get("Strict-Transport-Security"))
    assert found == [None, "max-age=63072000; includeSubDomains"]


def test_a_static_file_with_its_fingerprint_is_kept_for_ever(client_for: Clients) -> None:
    client = client_for(None)
    sheet = str(soup(client.get("/sign-in")).select("link[rel=stylesheet]")[-1]["href"])
    found = []
    for address in (sheet, "/static/met.css"):
        with client.get(address) as answer:
            found.append(answer.headers["Cache-Control"])
    assert found == ["public, max-age=31536000, immutable", "public, no-cache"]
