"""A review under way and the pages that lead on from there: acts by the play's actions, the rest through the web."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from metstandard.app import create_app
from metstandard.common.settings import settings
from metstandard.queries.invariants import breaches
from metstandard.records.accounts import Person
from tests.factories.browser import client_for, filled, press, soup
from tests.factories.kept import playing
from tests.factories.stages import Play


class Story:
    """A review under way and the pages that lead on from there, at the play's own time."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.app = _app()
        play.session.commit()
        # People as rows of no session: the play's own would begin to write while a page is being asked for.
        with Session(play.session.get_bind(), expire_on_commit=False) as session:
            self._people = {one.email.split("@")[0]: one for one in session.exec(select(Person)).all()}

    def _browser(self, word: str) -> FlaskClient:
        """A fresh sign-in, or a visitor for an empty word; the play lets go of the database first."""
        self.play.session.commit()
        return client_for(self.app, self._people[word] if word else None)

    def page(self, word: str, path: str, *, status: int = 200) -> str:
        """What somebody, or a visitor for an empty word, reads at an address."""
        with self.play.at():
            answered = self._browser(word).get(path, follow_redirects=True)
        assert answered.status_code == status, f"{path} answered {answered.status_code}"
        return _words(soup(answered))

    def press(self, word: str, path: str, button: str, *, status: int = 200, **typed: Any) -> str:
        """Somebody presses a button a minute later; the words of the page that answers."""
        self.play.now += timedelta(minutes=1)
        with self.play.at():
            answered = press(self._browser(word), path, button, **typed)
        said = _words(soup(answered))
        assert answered.status_code == status, f"{path} answered {answered.status_code}: {said[:500]}"
        self.play.session.expire_all()
        return said

    def fill_in(self, word: str, path: str, *, status: int = 200, **typed: Any) -> str:
        """Like `press`, where a page has the same button many times: the form is the one with the fields typed into."""
        self.play.now += timedelta(minutes=1)
        with self.play.at():
            client = self._browser(word)
            form = next(one for one in soup(client.get(path)).find_all("form") if typed.keys() <= filled(one).keys())
            answered = client.post(str(form["action"]), data=filled(form) | typed, follow_redirects=True)
        said = _words(soup(answered))
        assert answered.status_code == status, f"{path} answered {answered.status_code}: {said[:500]}"
        self.play.session.expire_all()
        return said

    def json(self, path: str) -> Any:
        """What a visitor's program reads at an address."""
        with self.play.at():
            return self._browser("").get(path).get_json()

    def of(self, door: str, page: str = "") -> str:
        """The address of a page of the review."""
        return f"/{door}/reviews/{self.play.review.reference}{page and '/' + page}"

    @property
    def state(self) -> str:
        """Where the review stands."""
        self.play.session.expire_all()
        return self.play.review.state


def _words(page: BeautifulSoup) -> str:
    return " ".join((page.main or page).get_text(" ", strip=True).split())


@contextmanager
def story_at(data: Path, stage: str) -> Iterator[Story]:
    """A review at a stage; whatever was done, the invariants hold at the end."""
    with playing(data, stage) as play:
        yield Story(play)
        play.session.commit()
        assert breaches(play.session) == []


def _app() -> Flask:
    made = create_app(settings())
    made.config.update(TESTING=True, RATELIMIT_ENABLED=False)
    return made
