"""One line for each request: the route, never the address; a person only where one was refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from metstandard.records.accounts import Person

ClientFor = Callable[[Person | None], FlaskClient]


def test_a_request_is_logged_by_its_route_without_its_values(client_for: ClientFor) -> None:
    client = client_for(None)
    with capture_logs() as said:
        answer = client.get("/link/a-very-secret-token?next=/somewhere")
    (line,) = [one for one in said if one["event"] in {"answered", "failed", "refused"}]
    assert "secret-token" not in repr(said)
    assert "somewhere" not in repr(said)
    assert {name: line[name] for name in ("method", "route", "status")} == {
        "method": "GET",
        "route": "/link/<token>",
        "status": answer.status_code,
    }
    assert len(answer.headers["X-Request-ID"]) == 16


def test_no_line_tells_who_asked_unless_they_were_refused(client_for: ClientFor, people: dict[str, Person]) -> None:
    commander = people["commander"]
    client = client_for(commander)
    with capture_logs() as said:
        client.get("/units/")
        refused = client.get("/authority/board")
    lines = [one for one in said if one["event"] in {"answered", "failed", "refused"}]
    assert refused.status_code == 403
    assert [(one["event"], one.get("person", "nobody")) for one in lines] == [
        ("answered", "nobody"),
        ("refused", commander.id),
    ]


def test_a_number_from_outside_is_taken_from_a_proxy_only(
    client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_for(None)
    answer = client.get("/", headers={"X-Request-ID": "from-the-outside"})
    assert answer.headers["X-Request-ID"] != "from-the-outside"
    settings = client.application.config["METSTANDARD"]
    monkeypatch.setitem(client.application.config, "METSTANDARD", settings.model_copy(update={"proxies": 1}))
    assert client.get("/", headers={"X-Request-ID": "from-the-proxy"}).headers["X-Request-ID"] == "from-the-proxy"
    assert client.get("/", headers={"X-Request-ID": "a b\tc"}).headers["X-Request-ID"] != "a b\tc"


def test_two_requests_have_two_numbers(client_for: ClientFor) -> None:
    client = client_for(None)
    assert client.get("/").headers["X-Request-ID"] != client.get("/").headers["X-Request-ID"]
