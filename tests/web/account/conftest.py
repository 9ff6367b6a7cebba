"""An account with a password, and letters' links."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select

from metstandard.records.accounts import Person
from metstandard.records.outbox import Letter
from metstandard.web.shared.security import hashed
from tests.factories.browser import filled, form_of, press, soup
from tests.web.conftest import Rows, first_error

PASSWORD = "seven green otters sing"


@pytest.fixture(autouse=True)
def quick_hashes(app: Flask) -> None:
    """Argon2id with a small cost: these tests hash some hundred times."""
    app.extensions["security"].pwd_context.update(argon2__time_cost=1, argon2__memory_cost=64)


@pytest.fixture
def officer(rows: Rows, people: dict[str, Person]) -> Person:
    """The programme officer with a password."""
    with rows() as session:
        person = session.get_one(Person, people["officer"].key)
        person.password = hashed(PASSWORD)
        session.add(person)
    return person


@pytest.fixture
def visitor(client_for: Callable[[Person | None], FlaskClient]) -> FlaskClient:
    """A browser that nobody signed in with."""
    return client_for(None)


def sign_in(client: FlaskClient, email: str, password: str, *, path: str = "/sign-in") -> str:
    """Try to sign in; gives where it led, or the first error."""
    answer = press(client, path, "Sign in", email=email, password=password, follow=False)
    if answer.status_code == 302:
        return str(answer.location)
    return first_error(answer)


def last_link(rows: Rows, name: str) -> str:
    """The path of the link in the newest letter of a name."""
    with rows() as session:
        letter = session.exec(select(Letter).where(Letter.name == name).order_by(col(Letter.id).desc())).first()
    assert letter is not None
    found = re.search(r"/link/[\w-]+", letter.text)
    assert found is not None
    return found[0]


def posted(client: FlaskClient, page: str, button: str, **typed: str) -> dict[str, str]:
    """What a browser would send for a page's form."""
    return filled(form_of(soup(client.get(page)), button)) | typed
