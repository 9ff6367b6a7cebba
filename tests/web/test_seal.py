"""A sheet is its reviewer's alone until the last one is locked (SCO-3): neither a word nor the fact of it shows.

Every address that can be read is asked for as every kind of person, on databases that differ only in what is sealed.
"""

from __future__ import annotations

import io
import re
import threading
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select
from structlog.testing import capture_logs

from metstandard.actions import scoring
from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import reminders
from metstandard.records import database
from metstandard.records.outbox import Letter
from metstandard.records.reviews import Review, Timer
from metstandard.records.sheets import Confidence
from metstandard.rules.editions import rubric_of
from metstandard.web.shared.limits import limiter
from tests.conftest import KEY
from tests.factories.browser import client_for
from tests.factories.kept import database_at, play_on
from tests.factories.programme import Programme
from tests.factories.stages import Play

# The two who judge while the others must learn nothing; the first of them locks.
LOCKED, WRITING, THIRD = "peer1", "council1", "company1"
OUTSIDERS = (
    "visitor", "officer", "authority", "commissioner", "member", "link", "administrator", "press", "commander",
    "author", "peer2", THIRD,
)  # fmt: skip
TOKENS = {LOCKED: "quokkaberry", WRITING: "zinnwaldite", THIRD: "yellowhammer"}
LEVELS = {LOCKED: "3", WRITING: "0", THIRD: "1"}
SEALED = {word: TOKENS[word] for word in (LOCKED, WRITING)}

# Ending the persona's session would end the crawl.
LEFT_OUT = {"static", "account.sign_out", "account.end_session"}
# The one who may read letters reads as many as there are.
READS_LETTERS, NUMBERS = "officer", {"authority.letter": range(1, 70), "authority.letter_html": range(1, 70)}
FILTERS = (
    "/authority/board?sort=state", "/authority/board?sort=-due", "/authority/board?sort=marks",
    "/authority/board?q=lock",
    "/authority/letters?q=sheet", "/authority/letters?name=reminder", "/register?sort=locked",
    "/authority/statistics?cycle=2026", "/authority/statistics/reviewers?cycle=2026",
)  # fmt: skip
# What differs at every request: tokens against forgery, nonces.
_CHANGING = (
    re.compile(r'name="csrf_token"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="csrf_token"'),
    re.compile(r'nonce="[^"]*"'),
    re.compile(r'name="(?:once|[a-z-]+-once)"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="once"'),
    re.compile(r'<meta name="csrf-token"[^>]*>'),
    re.compile(r"\?v=[0-9a-f]+"),  # a style sheet that somebody is working on
)

Pages = dict[tuple[str, str], tuple[int, str]]


@dataclass
class World:
    """One database as everybody reads it: pages by persona and address, what was logged, the letters owed."""

    pages: Pages
    logged: str = ""
    letters: list[str] = field(default_factory=list)


def addresses(app: Flask, reference: str, who: str, number: int = 1) -> list[str]:
    """Every address that can be read, for the one review; letters by many numbers for whoever may read them."""
    adapter = app.url_map.bind("localhost")
    known: dict[str, Any] = {
        "reference": reference, "number": number, "code": "EK", "criterion": "1.1", "domain": "D1", "token": "nothing",
        "kind": "review", "appointment": 1, "rule": "COI-6", "word": "met-standard-1", "series": "certificates",
        "purpose": "revocation", "day": "2026-12-01", "key": "nothing", "page": "award", "guest": 1, "period": 1,
        "interest": 1, "ending": "csv", "slot": "peer-1", "case": "1", "what": "award", "covered": 1, "form": "json",
    }  # fmt: skip
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in LEFT_OUT or "GET" not in (rule.methods or ()) or "language" in rule.arguments:
            continue
        for one in NUMBERS.get(rule.endpoint, (number,)) if who == READS_LETTERS else (number,):
            public = rule.endpoint.startswith("public.") and not rule.endpoint.startswith("public.nomina")
            mine = known | {"number": "MS-0001" if public else one}
            mine["act"] = "suspend" if "certificate" in rule.endpoint else "pause"
            if rule.endpoint == "authority.nomination_reason":
                mine["act"] = "return"
            values = {name: mine[name] for name in rule.arguments}
            found.append(adapter.build(rule.endpoint, values))
    return [*sorted(found), *FILTERS]


def text_of(body: bytes) -> str:
    """What a body says: of a workbook its sheets; of a page everything but what changes with each request."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(
                book.read(one).decode() for one in sorted(book.namelist()) if not one.startswith("docProps/")
            )
    text = body.decode("utf-8", errors="replace")
    for pattern in _CHANGING:
        text = pattern.sub("", text)
    return text


def crawl(
    app: Flask, personas: tuple[str, ...], moment: datetime, *, number: int = 1, within: str = ""
) -> Pages:  # fmt: skip
    """What each persona reads at each address at a moment; `within` keeps to addresses that hold a word."""
    with app.app_context(), Session(database.engine(settings().database), expire_on_commit=False) as session:
        people = Programme.of(session).people
        reference = session.exec(select(Review)).one().reference
    found: Pages = {}
    with clock.pinned_to(moment):
        for name in personas:
            client = client_for(app, people.get(name))
            for address in addresses(app, reference, name, number):
                if within not in address:
                    continue
                answer = client.get(address)
                found[name, address] = (answer.status_code, text_of(answer.data))
    return found


def judge(play: Play, word: str) -> None:
    """One reviewer writes a whole sheet in words that nobody else uses."""
    for code in rubric_of(play.session, play.review).criteria:
        play.act(
            scoring.save_mark, play.review, by=play[word], criterion=code, level=LEVELS[word], revision=0,
            strengths=f"We saw {TOKENS[word]} here.", improvements=f"Needs more {TOKENS[word]}.",
            confidence=Confidence.LOW, evidence=[1, 2, 3, 4],
        )  # fmt: skip


def world(
    folder: Path, filled: Path, personas: tuple[str, ...], *, judged: tuple[str, ...], locked: tuple[str, ...],
    visit: Callable[[Flask, tuple[str, ...], datetime], Pages] = crawl,
) -> World:  # fmt: skip
    """A review in scoring, with or without what is sealed, after its reminders went out; visited by the personas.

    The moment of reading is the same in every world.
    """
    (folder / "metstandard.db").write_bytes(filled.read_bytes())
    now = database_at("scoring", folder / "metstandard.db")
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    with pytest.MonkeyPatch.context() as patch, capture_logs() as log, Session(engine) as session:
        patch.setenv("METSTANDARD_DATA", str(folder))
        patch.setenv("METSTANDARD_SECRET_KEY", KEY)
        patch.setenv("METSTANDARD_TRUSTED_HOSTS", "localhost")
        settings.cache_clear()
        play = play_on(session, now)
        timer = session.exec(select(Timer).where(Timer.name == "sheets")).one()
        moment = clock.at_local(timer.due_on, 12)
        for word in judged:
            judge(play, word)
        for word in locked:
            play.act(scoring.lock_sheet, play.review, by=play[word])
        session.commit()
        with clock.pinned_to(moment):
            reminders.sweep(engine, settings(), threading.Event())
        app = create_app(settings())
        app.config.update(TESTING=True, RATELIMIT_ENABLED=False)
        limiter.enabled = False
        pages = visit(app, personas, moment)
        limiter.enabled = True
        letters = [f"{one.subject} {one.text} {one.html}" for one in session.exec(select(Letter)).all()]
    engine.dispose()
    settings.cache_clear()
    return World(pages, repr(log), letters)


@pytest.fixture(scope="module")
def sealed_world(tmp_path_factory: pytest.TempPathFactory, _filled_database: Path) -> World:
    """One reviewer has locked, one has written, the third has not begun."""
    everybody = (*OUTSIDERS, LOCKED, WRITING)
    return world(
        tmp_path_factory.mktemp("sealed"), _filled_database, everybody, judged=(WRITING, LOCKED), locked=(LOCKED,)
    )


@pytest.fixture(scope="module")
def blank_world(tmp_path_factory: pytest.TempPathFactory, _filled_database: Path) -> World:
    """The same review before anybody has written a word."""
    return world(tmp_path_factory.mktemp("blank"), _filled_database, OUTSIDERS, judged=(), locked=())


@pytest.fixture(scope="module")
def unlocked_world(tmp_path_factory: pytest.TempPathFactory, _filled_database: Path) -> World:
    """The one who is writing has written the same; nobody else has."""
    return world(tmp_path_factory.mktemp("unlocked"), _filled_database, (WRITING, LOCKED), judged=(WRITING,), locked=())


@pytest.fixture(scope="module")
def opened_world(tmp_path_factory: pytest.TempPathFactory, _filled_database: Path) -> World:
    """All three have locked."""
    panel = (LOCKED, WRITING, THIRD)
    readers = (*panel, "visitor", "commander", "press", "link")
    return world(tmp_path_factory.mktemp("opened"), _filled_database, readers, judged=panel, locked=panel)


def said_by(found: Pages, word: str) -> set[str]:
    """Who reads a word on any page."""
    return {name for (name, _address), (_status, body) in found.items() if word in body}


def test_the_tokens_could_leak_their_owners_read_them(sealed_world: World) -> None:
    """Each owner's own pages hold the words; the sweep would see them anywhere else."""
    for owner, token in SEALED.items():
        where = [path for (name, path), (_, body) in sealed_world.pages.items() if name == owner and token in body]
        assert any("/scoring" in path for path in where), owner


def test_no_word_of_a_sealed_sheet_stands_on_any_page_of_anybody_else(sealed_world: World) -> None:
    """The set of readers found is the set allowed: the owner."""
    assert {owner: said_by(sealed_world.pages, token) for owner, token in SEALED.items()} == {
        owner: {owner} for owner in SEALED
    }


def test_no_word_of_a_sealed_sheet_stands_in_a_letter_or_in_what_is_logged(sealed_world: World) -> None:
    """Letters are there, among them reminders of these very sheets; saving, locking and reading were logged or not."""
    assert any("sheet" in letter for letter in sealed_world.letters)
    for token in SEALED.values():
        assert [letter for letter in sealed_world.letters if token in letter] == []
        assert token not in sealed_world.logged


def test_pages_really_open_to_those_who_are_compared(sealed_world: World) -> None:
    """A crawl of refusals would prove nothing."""
    opened = {
        name: sum(s == 200 for (who, _), (s, _b) in sealed_world.pages.items() if who == name) for name in OUTSIDERS
    }
    assert all(number >= 10 for number in opened.values()), opened
    assert opened["officer"] > 60
    assert len(sealed_world.letters) < max(NUMBERS["authority.letter"])  # each of them was asked for


def differences(one: Pages, other: Pages) -> list[str]:
    """Who is answered differently where, with the first place that differs."""
    return [
        f"{who} {path}: {_first(one[who, path], other[who, path])}"
        for who, path in sorted(one.keys() & other.keys())
        if one[who, path] != other[who, path]
    ]


def _first(one: tuple[int, str], other: tuple[int, str]) -> str:
    if one[0] != other[0]:
        return f"{one[0]} and {other[0]}"
    at = next(
        (n for n, (a, b) in enumerate(zip(one[1], other[1], strict=False)) if a != b), min(len(one[1]), len(other[1]))
    )
    return f"{one[1][max(0, at - 60) : at + 60]!r} and {other[1][max(0, at - 60) : at + 60]!r}"


def test_nobody_else_can_tell_whether_a_sheet_is_written_or_locked(sealed_world: World, blank_world: World) -> None:
    """Status, size, order, counts and every word are the same on both databases."""
    assert differences(sealed_world.pages, blank_world.pages) == []


def test_a_reviewer_who_is_writing_cannot_tell_that_another_has_locked(
    sealed_world: World, unlocked_world: World
) -> None:
    """Their own pages are the same whether or not a colleague has finished; the colleague's are not."""
    found = differences(sealed_world.pages, unlocked_world.pages)
    assert [one for one in found if one.startswith(WRITING)] == []
    assert {one.split()[0] for one in found} == {LOCKED}


def test_reminders_go_to_those_who_still_write_and_nobody_reads_in_the_list_whom_they_miss(
    sealed_world: World, blank_world: World
) -> None:
    """One letter fewer is owed where somebody has locked, and the list of letters shows the same."""
    assert len(blank_world.letters) - len(sealed_world.letters) == 1
    assert "reminder" not in sealed_world.pages[READS_LETTERS, "/authority/letters?name=reminder"][1].split("<main")[1]


def test_after_the_last_lock_the_panel_reads_every_sheet_and_nobody_else_does(opened_world: World) -> None:
    """The consensus pages hold the words of all three."""
    panel = {LOCKED, WRITING, THIRD}
    for token in TOKENS.values():
        assert said_by(opened_world.pages, token) == panel
        assert token in opened_world.pages[THIRD, "/reviewers/reviews/MSR-2026-0001/consensus/D1"][1]
