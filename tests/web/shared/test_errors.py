"""What people see when something is refused or fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from metstandard.common.errors import Invalid, MetStandardError, NotFound, NotNow, NotYours, Stale
from metstandard.records.accounts import Person
from metstandard.web.shared.access import open_to_public
from tests.factories.browser import filled, form_of, soup
from tests.web.conftest import heading

CASES: dict[str, tuple[Exception, int, str]] = {
    "now": (NotNow("The decision waits for the Commissioner's key"), 409, "This cannot be done now"),
    "yours": (NotYours("Only the lead reviewer may do this"), 403, "You cannot do this"),
    "found": (NotFound("No such review"), 404, "Page not found"),
    "invalid": (Invalid("Too many words", field="note"), 422, "Something you entered cannot be accepted"),
    "odd": (MetStandardError("the inside of the machine"), 500, "Sorry, something went wrong"),
    "failed": (RuntimeError("the inside of the machine"), 500, "Sorry, something went wrong"),
    "away": (OperationalError("SELECT 1", {}, Exception("gone")), 503, "Sorry, the service is busy"),
}


@pytest.fixture
def browser(app: Flask, client_for: Callable[[Person | None], FlaskClient]) -> FlaskClient:
    """A visitor of a site with pages that fail."""

    @app.route("/fails/<case>", methods=["GET", "POST"])
    @open_to_public
    def fails(case: str) -> str:
        if case.isdecimal():
            abort(int(case))
        raise CASES[case][0]

    @app.route("/note", methods=["GET", "POST"])
    @open_to_public
    def note() -> str:
        if request.form.get("revision") == "4":
            return f"saved {request.form['text']}"
        theirs = {"title": "Same", "text": "Their\ntext", "level": "3", "revision": 4}
        raise Stale("The lead saved this after you had opened it", mine=dict(request.form), theirs=theirs)

    app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    return client_for(None)


@pytest.mark.parametrize("case", CASES)
def test_each_refusal_has_its_status_and_its_page(browser: FlaskClient, case: str) -> None:
    answer = browser.get(f"/fails/{case}")
    page = soup(answer)
    _, status, title = CASES[case]
    assert answer.status_code == status
    assert heading(answer) == title
    assert [one.get_text(strip=True) for one in page.select("main h2")] == ["What was kept", "What to do"]
    assert "inside of the machine" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 422, 429, 500, 503, 410, 501])
def test_every_http_error_keeps_its_status_and_is_whole(browser: FlaskClient, status: int) -> None:
    answer = browser.get(f"/fails/{status}")
    assert answer.status_code == status
    assert soup(answer).select_one("main h1") is not None
    assert "script-src 'self' 'nonce-" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_missing_record_and_a_forbidden_one_look_the_same(browser: FlaskClient) -> None:
    missing, unknown = browser.get("/fails/found"), browser.get("/no-such-page")
    assert [one.get_text() for one in soup(missing).select("main")] == [
        one.get_text() for one in soup(unknown).select("main")
    ]


def test_what_was_typed_stands_on_the_page_without_secrets(browser: FlaskClient) -> None:
    answer = browser.post("/fails/now", data={"note": "A long <note>", "password": "not shown"})
    assert "A long &lt;note&gt;" in answer.get_data(as_text=True)
    assert "not shown" not in answer.get_data(as_text=True)


def test_a_body_that_is_too_large_gets_its_page(browser: FlaskClient, app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 100
    answer = browser.post("/note", data={"text": "x" * 1000})
    assert (answer.status_code, heading(answer)) == (413, "What you sent is too large")


def test_a_script_gets_the_same_as_json(browser: FlaskClient) -> None:
    script = {"Accept": "application/json"}
    answers = {case: browser.post(f"/fails/{case}", headers=script) for case in ("invalid", "now", "failed")}
    assert {case: (answer.status_code, answer.json) for case, answer in answers.items()} == {
        "invalid": (422, {"error": "Too many words", "field": "note"}),
        "now": (409, {"error": "The decision waits for the Commissioner's key", "field": ""}),
        "failed": (500, {"error": "Sorry, something went wrong", "field": ""}),
    }


def test_two_versions_are_shown_and_either_can_be_kept(browser: FlaskClient) -> None:
    mine = {"title": "Same", "text": "My\r\ntext", "level": "2", "other": "kept", "revision": "3"}
    answer = browser.post("/note", data=mine)
    page = soup(answer)
    assert answer.status_code == 409
    assert [one.get_text(strip=True) for one in page.select("main h2")] == ["Text", "Level"]
    assert [one.get_text() for one in page.select("#theirs-text")] == ["Their\ntext"]
    fields = filled(form_of(page, "Keep my version"))
    fields.pop("csrf_token", None)
    expected = {"title": "Same", "text": "My\ntext", "level": "2", "other": "kept", "revision": "4"}
    assert {name: value.replace("\r\n", "\n") for name, value in fields.items()} == expected
    assert browser.post("/note", data=fields).get_data(as_text=True).startswith("saved My")


def test_a_strange_host_is_refused_without_a_page_of_ours(browser: FlaskClient) -> None:
    answer = browser.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "Met Standard" not in answer.get_data(as_text=True)
