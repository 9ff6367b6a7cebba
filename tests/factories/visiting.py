"""The pages of a review that stands at a stage, as the people of the small programme visit them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from sqlmodel import Session, select
from werkzeug.test import TestResponse

from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.web.shared.database import db
from tests.factories.browser import client_for, press, soup
from tests.factories.kept import database_apart, database_at, play_on
from tests.factories.stages import Play


class _Compiled(BytecodeCache):
    """Templates compiled once per run, not once per application: each test makes an application of its own."""

    kept: ClassVar[dict[str, bytes]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


class Visit:
    """One review and its visitors. Nothing is open between requests, so SQLite's lock is never held."""

    def __init__(self, app: Flask, now: datetime) -> None:
        self.app = app
        self.now = now
        with self.rows() as session:
            self.people = {one.email.split("@")[0]: one for one in session.exec(select(Person)).all()}
            self.reference = session.exec(select(Review)).one().reference
        self.clients: dict[str, FlaskClient] = {}

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """A short look into the database, committed at the end; what it read stays readable."""
        with self.app.app_context(), Session(db.engine, expire_on_commit=False) as session:
            yield session
            session.commit()

    @contextmanager
    def play(self) -> Iterator[Play]:
        """The play behind the pages, to let others act meanwhile; its clock goes on with the visit's."""
        with self.app.app_context(), Session(db.engine) as session:
            play = play_on(session, self.now)
            yield play
            session.commit()
            self.now = max(self.now, play.now)

    def as_(self, word: str) -> FlaskClient:
        """A browser in which somebody is signed in."""
        if word not in self.clients:
            self.clients[word] = client_for(self.app, self.people[word])
        return self.clients[word]

    def at(self, page: str) -> str:
        """The address of a page of the review in the reviewers' door."""
        return f"/reviewers/reviews/{self.reference}/{page}"

    def get(self, word: str, page: str, **given: Any) -> TestResponse:
        """Open a page of the review."""
        return self.as_(word).get(self.at(page), **given)

    def read(self, word: str, page: str) -> BeautifulSoup:
        """Open a page that must be there."""
        answer = self.get(word, page)
        assert answer.status_code == 200, f"{page} answered {answer.status_code}"
        return soup(answer)

    def text(self, word: str, page: str) -> str:
        """The words of a page that must be there, without its frame."""
        return words(self.read(word, page))

    def press(self, word: str, page: str, button: str, **typed: Any) -> TestResponse:
        """Open a page of the review, fill in its form and press a button."""
        return press(self.as_(word), self.at(page), button, **typed)

    def token(self, word: str, page: str) -> str:
        """The CSRF token of a page's forms."""
        found = self.read(word, page).select_one("[name=csrf_token]")
        assert found is not None
        return str(found["value"])


def words(page: BeautifulSoup) -> str:
    """The words of a page's main part, with single spaces."""
    assert page.main is not None
    return " ".join(page.main.get_text(" ", strip=True).split())


def refused(answer: TestResponse) -> str:
    """The sentence of an error page."""
    found = soup(answer).select_one("main .govuk-body-l")
    assert found is not None
    return found.get_text(strip=True)


@contextmanager
def visiting(data: Path, stage: str, *, demo: bool = False) -> Iterator[Visit]:
    """The pages of a review at `stage` (or `apart`), with the clock of its play standing still."""
    file = data / "metstandard.db"
    now = (database_apart(file) if stage == "apart" else database_at(stage, file)) + timedelta(minutes=5)
    with clock.pinned_to(now):
        app = create_app(settings().model_copy(update={"demo": demo}))
        app.config["TESTING"] = True
        app.jinja_env.bytecode_cache = _Compiled()
        yield Visit(app, now)
