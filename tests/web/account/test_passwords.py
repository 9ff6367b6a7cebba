"""Passwords over links from letters, and changed by oneself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient
from sqlmodel import select

from metstandard.actions import accounts
from metstandard.common import clock
from metstandard.records.accounts import AccountLink, Person
from metstandard.records.outbox import Letter
from tests.factories.browser import press, soup
from tests.web.account.conftest import PASSWORD, last_link, sign_in
from tests.web.conftest import Rows, first_error, heading

Clients = Callable[[Person | None], FlaskClient]
NEW = "four brown bridges hum"


def ask(client: FlaskClient, email: str) -> str:
    """Ask for a letter; gives the page that one ends on."""
    return heading(press(client, "/forgotten-password", "Send the letter", email=email))


def test_an_invitation_leads_to_a_password_and_in(visitor: FlaskClient, people: dict[str, Person], rows: Rows) -> None:
    with rows() as session:
        accounts.add_person(session, by=people["administrator"], email="guest@example.org", name="New moderator")
    link = last_link(rows, "invitation")
    assert heading(visitor.get(link, follow_redirects=True)) == "Welcome: choose a password"
    answer = press(visitor, link, "Set the password and sign in", follow=False, password=NEW, again=NEW)
    assert answer.status_code == 302
    assert "New moderator" in soup(visitor.get("/account")).get_text()


def test_the_secret_leaves_the_address_at_once_and_reading_it_spends_nothing(
    visitor: FlaskClient, officer: Person, rows: Rows
) -> None:
    ask(visitor, officer.email)
    link = last_link(rows, "password_reset")
    for _ in range(3):
        assert visitor.get(link).location == "/choose-password"
    assert heading(visitor.get("/choose-password")) == "Choose a new password"


def test_a_reset_changes_the_password_once_and_ends_every_session(
    visitor: FlaskClient, officer: Person, rows: Rows, client_for: Clients
) -> None:
    elsewhere = client_for(officer)
    assert elsewhere.get("/account").status_code == 200
    ask(visitor, officer.email)
    link = last_link(rows, "password_reset")
    press(visitor, link, "Set the password and sign in", password=NEW, again=NEW)
    assert elsewhere.get("/account").status_code == 302
    assert heading(client_for(None).get(link, follow_redirects=True)) == "This link does not work any more"
    stranger = client_for(None)
    assert sign_in(stranger, officer.email, NEW).startswith("/")


def test_known_and_unknown_addresses_get_the_same_answer(visitor: FlaskClient, officer: Person, rows: Rows) -> None:
    known, unknown = ask(visitor, officer.email), ask(visitor, "nobody@example.org")
    assert known == unknown == "Look for our letter"
    with rows() as session:
        assert [letter.address for letter in session.exec(select(Letter)).all()] == [officer.email]


def test_a_link_dies_of_age_and_of_a_newer_one(visitor: FlaskClient, officer: Person, rows: Rows) -> None:
    ask(visitor, officer.email)
    first = last_link(rows, "password_reset")
    ask(visitor, officer.email)
    second = last_link(rows, "password_reset")
    dead, alive = "This link does not work any more", "Choose a new password"
    assert heading(visitor.get(first, follow_redirects=True)) == dead
    assert heading(visitor.get(second, follow_redirects=True)) == alive
    with clock.pinned_to(clock.now() + timedelta(hours=1, seconds=1)):
        assert heading(visitor.get(second, follow_redirects=True)) == dead


def test_only_the_hash_of_a_link_is_kept_with_the_account(visitor: FlaskClient, officer: Person, rows: Rows) -> None:
    ask(visitor, officer.email)
    token = last_link(rows, "password_reset").removeprefix("/link/")
    with rows() as session:
        stored = session.exec(select(AccountLink)).one()
    assert token not in stored.model_dump_json()
    assert len(stored.token_hash) == 64


def test_a_weak_password_is_refused_with_the_reason(visitor: FlaskClient, officer: Person, rows: Rows) -> None:
    ask(visitor, officer.email)
    link = last_link(rows, "password_reset")
    tries = {
        "short": "Use at least 12 characters; three or four unusual words work well",
        "password1234!": "This password is easy to guess: choose one that others do not use",
        "Programme officer 1": "Choose a password that is not your name or address",
    }
    found = {}
    for typed in tries:
        found[typed] = first_error(press(visitor, link, "Set the password and sign in", password=typed, again=typed))
    assert found == tries


def test_a_changed_password_keeps_this_browser_and_ends_the_others(
    visitor: FlaskClient, officer: Person, client_for: Clients
) -> None:
    elsewhere = client_for(officer)
    sign_in(visitor, officer.email, PASSWORD)
    wrong = press(visitor, "/account/password", "Change the password", present="x", password=NEW, again=NEW)
    assert "This is not your present password" in wrong.get_data(as_text=True)
    done = press(visitor, "/account/password", "Change the password", present=PASSWORD, password=NEW, again=NEW)
    assert "Your password is changed." in done.get_data(as_text=True)
    assert visitor.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
