"""Score sheets in the browser: what is stored of them, what autosave.js sends, whole sheets filled in."""

from __future__ import annotations

from typing import Any

from bs4 import BeautifulSoup, Tag
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.actions import scoring
from metstandard.records.sheets import Mark
from tests.factories.stages import fill_sheet
from tests.factories.visiting import Visit

JSON = {"Accept": "application/json"}


def marks(visit: Visit) -> dict[str, tuple[str, str, int]]:
    """Level, strengths and revision of every mark that is stored, by criterion."""
    with visit.rows() as session:
        return {one.criterion: (one.level, one.strengths, one.revision) for one in session.exec(select(Mark)).all()}


def autosave(visit: Visit, word: str = "peer1", code: str = "1.1", **fields: Any) -> TestResponse:
    """What autosave.js sends for one criterion."""
    data = {"csrf_token": visit.token(word, "scoring/D1")} | {f"revision-{code}": 0}
    data |= {f"{name}-{code}": value for name, value in fields.items()}
    return visit.as_(word).post(visit.at(f"scoring/D1/{code}"), data=data, headers=JSON)


def fill(visit: Visit, *people: str, lock: bool = False) -> None:
    """Complete sheets, locked on request."""
    with visit.play() as play:
        for word in people:
            fill_sheet(play, word)
            if lock:
                play.act(scoring.lock_sheet, play.review, by=play[word])


def part(page: BeautifulSoup, code: str) -> Tag:
    """The part of a page that asks about one criterion."""
    found = page.find(id=f"c-{code}")
    assert isinstance(found, Tag)
    return found


def words_of(tag: Tag) -> str:
    """The words of a part of a page, with single spaces."""
    return " ".join(tag.get_text(" ", strip=True).split())
