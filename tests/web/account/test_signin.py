"""Signing in, signing out, and the password once more."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, delete, select

from metstandard.common import clock
from metstandard.records.accounts import Person, SignedIn
from metstandard.web.account.signin import NOT_RIGHT
from metstandard.web.shared import security
from tests.factories.browser import press, soup
from tests.web.account.conftest import PASSWORD, posted, sign_in
from tests.web.conftest import Rows


def test_the_right_password_opens_the_door(visitor: FlaskClient, officer: Person) -> None:
    assert sign_in(visitor, officer.email.upper(), PASSWORD).startswith("/")
    assert officer.name in soup(visitor.get("/account")).get_text()


def test_every_wrong_sign_in_gets_the_same_answer(
    visitor: FlaskClient, officer: Person, people: dict[str, Person], rows: Rows
) -> None:
    disabled = people["press"]
    with rows() as session:
        disabled.password = security.hashed(PASSWORD)
        disabled.active = False
        session.add(disabled)
    tries = [
        (officer.email, "another password"),
        ("nobody@example.org", PASSWORD),
        (disabled.email, PASSWORD),
        (people["member"].email, ""),
        (people["member"].email, "no password was chosen yet"),
    ]
    answers = [sign_in(visitor, email, password) for email, password in tries]
    assert answers == [NOT_RIGHT, NOT_RIGHT, NOT_RIGHT, "Enter your password", NOT_RIGHT]


def test_a_wrong_sign_in_keeps_the_address_and_never_the_password(visitor: FlaskClient, officer: Person) -> None:
    answer = press(visitor, "/sign-in", "Sign in", email=officer.email, password="wrong but long")
    page = soup(answer)
    assert page.title is not None
    assert page.title.get_text().startswith("Error: ")
    assert [one["value"] for one in page.select("input[name=email]")] == [officer.email]
    assert "wrong but long" not in answer.get_data(as_text=True)


def test_passwords_are_kept_as_argon2id(officer: Person) -> None:
    assert officer.password is not None
    assert officer.password.startswith("$argon2id$")


def test_signing_in_gives_a_new_session_and_ends_the_old_one(
    visitor: FlaskClient, officer: Person, rows: Rows, app: Flask
) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    visitor.get("/sign-in")
    before = visitor.get_cookie(name)
    sign_in(visitor, officer.email, PASSWORD)
    after = visitor.get_cookie(name)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with rows() as session:
        assert [row.person_id for row in session.exec(select(SignedIn)).all()] == [officer.key]


def test_a_cookie_from_before_signing_out_is_worthless(visitor: FlaskClient, officer: Person, app: Flask) -> None:
    name = app.config["SESSION_COOKIE_NAME"]
    sign_in(visitor, officer.email, PASSWORD)
    cookie = visitor.get_cookie(name)
    assert cookie is not None
    assert visitor.get("/account").status_code == 200
    press(visitor, "/account", "Sign out")
    visitor.set_cookie(name, cookie.value)
    assert visitor.get("/account").status_code == 302


def test_signing_out_works_when_the_session_is_over_already(visitor: FlaskClient, officer: Person, rows: Rows) -> None:
    sign_in(visitor, officer.email, PASSWORD)
    fields = posted(visitor, "/account", "Sign out")
    with rows() as session:
        session.exec(delete(SignedIn))
    assert visitor.post("/sign-out", data=fields).location == "/signed-out"


def test_a_sign_in_page_that_was_open_overnight_is_shown_again(
    visitor: FlaskClient, officer: Person, rows: Rows
) -> None:
    typed = posted(visitor, "/sign-in?next=/account", "Sign in", email=officer.email, password=PASSWORD)
    with rows() as session:
        session.exec(delete(SignedIn))
    answer = visitor.post("/sign-in?next=/account", data=typed, follow_redirects=True)
    assert "This page had been open for a long time" in answer.get_data(as_text=True)
    assert sign_in(visitor, officer.email, PASSWORD, path="/sign-in?next=/account") == "/account"


def test_a_disabled_account_is_out_at_the_next_request(visitor: FlaskClient, officer: Person, rows: Rows) -> None:
    sign_in(visitor, officer.email, PASSWORD)
    assert visitor.get("/account").status_code == 200
    with rows() as session:
        officer.active = False
        session.add(officer)
    assert visitor.get("/account").status_code == 302


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "/%09/evil.example",
        "/\t/evil.example",
        "/%2F/evil.example",
        "/%5Cevil.example",
        "https://evil.example/account",
        "javascript:alert(1)",
        "/account\r\nX: y",
        "/nowhere-at-all",
        "account",
    ],
)
def test_no_address_leads_away_after_signing_in(visitor: FlaskClient, officer: Person, target: str) -> None:
    visitor.get("/sign-in")
    fields = posted(visitor, "/sign-in", "Sign in", email=officer.email, password=PASSWORD, next=target)
    answer = visitor.post("/sign-in", data=fields)
    assert answer.status_code == 302
    assert "evil" not in answer.location
    assert answer.location in {"/account", "/authority/", "/authority", "/authority/home"}


def test_an_address_of_ours_is_where_one_goes_after_signing_in(visitor: FlaskClient, officer: Person) -> None:
    sent = visitor.get("/account/sessions?page=2")
    assert sent.location == "/sign-in?next=/account/sessions?page%3D2"
    assert sign_in(visitor, officer.email, PASSWORD, path=sent.location) == "/account/sessions?page=2"


def test_an_account_is_throttled_whoever_tries(client_for: Callable[[None], FlaskClient], officer: Person) -> None:
    client = client_for(None)
    fields = posted(client, "/sign-in", "Sign in", email=officer.email, password="")
    answers = [client.post("/sign-in", data=fields) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert "Too many tries" in answers[-1].get_data(as_text=True)
    other = fields | {"email": "nobody@example.org"}
    assert client.post("/sign-in", data=other).status_code == 200


def test_a_forged_header_does_not_pass_the_throttle_of_an_address(visitor: FlaskClient) -> None:
    fields = posted(visitor, "/sign-in", "Sign in", password="")
    statuses = [
        visitor.post(
            "/sign-in",
            data=fields | {"email": f"nobody{number}@example.org"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        ).status_code
        for number in range(61)
    ]
    assert statuses == [200] * 60 + [429]


def test_a_confirmation_lasts_for_fifteen_minutes(visitor: FlaskClient, officer: Person, rows: Rows) -> None:
    sign_in(visitor, officer.email, PASSWORD)
    began = _confirmed_at(rows)
    wrong = press(visitor, "/account/confirm", "Continue", password="not this one")
    assert "This is not your password" in wrong.get_data(as_text=True)
    with clock.pinned_to(clock.now() + timedelta(minutes=20)):
        answer = press(visitor, "/account/confirm?next=/account", "Continue", follow=False, password=PASSWORD)
        assert answer.location == "/account"
    assert _confirmed_at(rows) - began >= 20 * 60


def _confirmed_at(rows: Rows) -> float:
    with rows() as session:
        row = session.exec(select(SignedIn).where(col(SignedIn.person_id).is_not(None))).one()
    return float(json.loads(row.data)["confirmed_at"])
