"""Nominating needs no reviewed unit: the small programme is enough, and no throttle counts from the test before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from metstandard.common import clock
from metstandard.records.outbox import Letter
from metstandard.web.shared.limits import limiter
from tests.factories.browser import client_for, press, soup
from tests.factories.nominations import WORDS
from tests.web.conftest import Rows, heading

LINK = re.compile(r"http://\S+?(/(?:nominations|second)/\S+)")
NEXT = "Save and continue"
Newest = Callable[[str], str]


@pytest.fixture
def data(tmp_path: Path, _filled_database: Path) -> Path:
    """A data folder of this test's own with the small programme in it."""
    (tmp_path / "metstandard.db").write_bytes(_filled_database.read_bytes())
    return tmp_path


@pytest.fixture
def visitor(app: Flask) -> Iterator[FlaskClient]:
    """Somebody without an account; the throttles count from nothing."""
    limiter.reset()
    yield client_for(app, None)
    limiter.reset()


@pytest.fixture
def letter_link(rows: Rows) -> Newest:
    """The path of the link in the newest letter of a name."""

    def find(name: str) -> str:
        with rows() as session:
            query = select(Letter.text).where(Letter.name == name).order_by(col(Letter.id).desc())
            text = session.exec(query).first()
        found = LINK.search(text or "")
        assert found is not None, name
        return found.group(1)

    return find


def day(name: str, back: int = 30) -> dict[str, Any]:
    """The three parts of a date so many days ago."""
    when = clock.today() - timedelta(days=back)
    return {f"{name}-day": str(when.day), f"{name}-month": str(when.month), f"{name}-year": str(when.year)}


PAGES: dict[str, dict[str, Any]] = {
    "award": {"scheme": "individual"},
    "kind": {"nominee_kind": "officer"},
    "category": {"category": "courage"},
    "nominee": {"name": "Olive Officer", "role": "Constable", "body": "Camden Borough", "service": "met"},
    "when": {},
    **{page: {page: WORDS[page]} for page in ("title", "account", "effect", "difficulty")},
    "evidence": {"evidence": WORDS["evidence"], "witnesses": WORDS["witnesses"]},
    "citation": {"citation": WORDS["citation"]},
    "incident": {},
    "earlier": {},
    "seconder": {"name": "Sam Seconder", "email": "sam@example.com", "body": "Hackney Council"},
    "you": {"nominator_body": "Canal Trust", "nominator_relation": "Neighbour"},
}


def words(answer: TestResponse) -> str:
    """What a page says in its main part."""
    found = soup(answer).select_one("main")
    assert found is not None
    return found.get_text(" ", strip=True)


def begun(visitor: FlaskClient, email: str = "nora@example.com", name: str = "Nora Nominator") -> str:
    """Begin a nomination, and give the address of its pages."""
    answer = press(visitor, "/nominate/begin", NEXT, name=name, email=email)
    assert heading(answer) == "Which award is it for?"
    return answer.request.path.removesuffix("/award")


def fill(visitor: FlaskClient, base: str, **other: dict[str, Any]) -> TestResponse:
    """Answer every question in the order in which the pages lead on."""
    answer = visitor.get(f"{base}/award")
    for page, typed in PAGES.items():
        assert answer.request.path == f"{base}/{page}", words(answer)
        given = day("happened_on") if page == "when" else typed
        answer = press(visitor, f"{base}/{page}", NEXT, **{**given, **other.get(page, {})})
    assert answer.request.path == f"{base}/check"
    return answer


def sent(visitor: FlaskClient, **other: dict[str, Any]) -> str:
    """Begin, answer and send a nomination; the address of its pages."""
    base = begun(visitor)
    fill(visitor, base, **other)
    assert heading(press(visitor, f"{base}/check", "Send the nomination")).startswith("Your nomination is sent")
    return base
