"""A form sent after the session had ended is found again after signing in; nothing is typed twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlmodel import delete, select

from metstandard.common import clock
from metstandard.records.accounts import KeptForm, Person, SignedIn
from metstandard.web.shared.access import SIGNED_IN, open_to
from tests.factories.browser import filled, form_of, press, soup
from tests.web.account.conftest import PASSWORD, posted, sign_in
from tests.web.conftest import Rows

TYPED = "Two lines\r\nof a finding"
Clients = Callable[[Person | None], FlaskClient]
HERE = {"Origin": "http://localhost"}


@pytest.fixture
def received(app: Flask) -> list[dict[str, str]]:
    """What a page of the site was sent, beyond the fields of the machine."""
    found: list[dict[str, str]] = []

    @app.post("/notes")
    @open_to(SIGNED_IN)
    def notes() -> str:
        found.append({name: value for name, value in request.form.items() if name in {"note", "revision"}})
        return "taken"

    return found


def end_every_session(rows: Rows) -> None:
    """As an administrator or time would."""
    with rows() as session:
        session.exec(delete(SignedIn))


def all_kept(rows: Rows) -> list[KeptForm]:
    """What the table holds."""
    with rows() as session:
        return list(session.exec(select(KeptForm)).all())


@pytest.fixture
def sent_too_late(
    received: list[dict[str, str]], officer: Person, rows: Rows,
    client_for: Clients,
) -> FlaskClient:  # fmt: skip
    """A browser whose session ended before it sent a note."""
    client = client_for(officer)
    typed = {"note": TYPED, "revision": "4", "password": "typed too"}
    fields = posted(client, "/account/password", "Change the password") | typed
    end_every_session(rows)
    answer = client.post("/notes", data=fields, headers=HERE)
    assert answer.location == "/sign-in?next=/account/kept"
    return client


def send_again(client: FlaskClient) -> str:
    """Press the button, then do what a browser does with the answer 307: repeat the same post at the other address."""
    page = soup(client.get("/account/kept"))
    form = form_of(page, "Save what I had typed")
    fields = filled(form)
    answer = client.post(form["action"], data=fields)
    assert (answer.status_code, answer.location) == (307, "/notes")
    return client.post(answer.location, data=fields).get_data(as_text=True)


def test_the_form_is_found_again_and_sent_with_one_press(
    sent_too_late: FlaskClient, received: list[dict[str, str]], officer: Person, rows: Rows
) -> None:
    assert "What you had typed is kept" in sent_too_late.get("/sign-in").get_data(as_text=True)
    assert sign_in(sent_too_late, officer.email, PASSWORD) == "/account/kept"
    assert received == []
    assert send_again(sent_too_late) == "taken"
    assert received == [{"note": TYPED, "revision": "4"}]
    assert all_kept(rows) == []


def test_no_password_is_kept(sent_too_late: FlaskClient, rows: Rows) -> None:
    (kept,) = all_kept(rows)
    assert "finding" in kept.fields
    assert "typed too" not in kept.fields


def test_somebody_else_who_signs_in_does_not_see_it(
    sent_too_late: FlaskClient,
    people: dict[str, Person],
    client_for: Clients,
    officer: Person,
) -> None:
    other = client_for(people["authority"])
    assert other.get("/account/kept").status_code == 302
    assert TYPED.split(maxsplit=1)[0] not in other.get("/account").get_data(as_text=True)
    assert "of a finding" in client_for(officer).get("/account/kept").get_data(as_text=True)


def test_it_can_be_thrown_away_and_is_forgotten_after_a_week(
    sent_too_late: FlaskClient, officer: Person, client_for: Clients, rows: Rows
) -> None:
    with clock.pinned_to(clock.now() + timedelta(days=7, minutes=1)):
        assert client_for(officer).get("/account/kept").status_code == 302
    press(client_for(officer), "/account/kept", "Throw it away")
    assert all_kept(rows) == []


@pytest.mark.parametrize(
    ("changed", "headers"),
    [
        ({"whose_form": "forged"}, HERE),
        ({"whose_form": ""}, HERE),
        ({}, {"Origin": "http://evil.example"}),
        ({}, {"Origin": "http://localhost.evil.example"}),
        ({}, {}),
        ({}, {**HERE, "Sec-Fetch-Site": "cross-site"}),
    ],
)
def test_nothing_is_kept_for_strangers_but_the_page_shows_what_was_typed(
    received: list[dict[str, str]], officer: Person, rows: Rows,
    client_for: Clients, changed: dict[str, str], headers: dict[str, str],
) -> None:  # fmt: skip
    client = client_for(officer)
    fields = posted(client, "/account/password", "Change the password") | {"note": TYPED} | changed
    end_every_session(rows)
    answer = client.post("/notes", data=fields, headers=headers)
    assert answer.status_code == 400
    assert "of a finding" in answer.get_data(as_text=True)
    assert all_kept(rows) == []


def test_a_visitor_with_a_token_cannot_fill_the_table(
    received: list[dict[str, str]], visitor: FlaskClient, rows: Rows
) -> None:
    fields = posted(visitor, "/sign-in", "Sign in") | {"note": TYPED}
    assert visitor.post("/notes", data=fields, headers=HERE).location == "/sign-in?next=/notes"
    assert (received, all_kept(rows)) == ([], [])


def test_a_page_opened_before_a_new_sign_in_can_still_be_sent(
    received: list[dict[str, str]],
    officer: Person,
    client_for: Clients,
    visitor: FlaskClient,
) -> None:
    old = posted(client_for(officer), "/account/password", "Change the password") | {"note": TYPED}
    sign_in(visitor, officer.email, PASSWORD)
    answer = visitor.post("/notes", data=old, headers=HERE)
    assert answer.location == "/account/kept"
    send_again(visitor)
    assert received == [{"note": TYPED}]


def test_a_script_is_told_to_sign_in_and_gets_a_token_afterwards(
    received: list[dict[str, str]], officer: Person, rows: Rows,
    client_for: Clients, visitor: FlaskClient,
) -> None:  # fmt: skip
    client = client_for(officer)
    fields = posted(client, "/account/password", "Change the password") | {"note": TYPED}
    end_every_session(rows)
    script = {**HERE, "Accept": "application/json"}
    answer = client.post("/notes", data=fields, headers=script)
    assert (answer.status_code, answer.get_json()["field"]) == (401, "")
    sign_in(visitor, officer.email, PASSWORD)
    answer = visitor.post("/notes", data=fields, headers=script)
    assert (answer.status_code, sorted(answer.get_json())) == (400, ["csrf_token", "error", "field"])
    answer = visitor.post("/notes", data=fields | {"csrf_token": answer.get_json()["csrf_token"]}, headers=script)
    assert received == [{"note": TYPED}]
