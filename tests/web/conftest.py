"""Short looks into the database between requests: an open transaction would hold SQLite's lock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from metstandard.records.accounts import Person
from metstandard.web.shared.database import db
from tests.factories.browser import soup

Rows = Callable[[], AbstractContextManager[Session]]


def heading(answer: TestResponse) -> str:
    """The heading of a page."""
    found = soup(answer).select_one("main h1")
    assert found is not None
    return found.get_text(strip=True)


def first_error(answer: TestResponse) -> str:
    """The first line of a page's error summary."""
    found = soup(answer).select_one(".govuk-error-summary__body li")
    assert found is not None
    return found.get_text(strip=True)


@pytest.fixture
def rows(app: Flask) -> Rows:
    """A way to look: one transaction, committed at the end; what it read stays readable."""

    @contextmanager
    def look() -> Iterator[Session]:
        with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    return look


@pytest.fixture
def people(rows: Rows) -> dict[str, Person]:
    """The people of the small programme by their short words, apart from any session."""
    with rows() as session:
        return {one.email.split("@")[0]: one for one in session.exec(select(Person)).all()}
