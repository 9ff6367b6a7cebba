"""A judgement is its judge's alone until the last lock; check answers and monitoring are for those who may read them.

Every page about nominations is read as every kind of person, on databases that differ only in what is hidden.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select
from structlog.testing import capture_logs

from metstandard.actions.recognition import judging
from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.jobs import reminders
from metstandard.records import database
from metstandard.records.judging import Monitoring
from metstandard.records.outbox import Letter
from metstandard.records.recognition import CheckResult, Nomination
from metstandard.records.reviews import Timer
from metstandard.web.shared.limits import limiter
from tests.conftest import KEY
from tests.factories.browser import client_for
from tests.factories.judged import answer_all, judged_to, write
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme

LOCKED, WRITING, THIRD = "judge1", "judge2", "judge3"
TOKENS = {LOCKED: "quokkaberry", WRITING: "zinnwaldite"}
LEVELS = {LOCKED: "4", WRITING: "0"}
OUTSIDERS = (
    "visitor", "officer", "authority", "committee", "administrator", "press", "commander",
    "standards", "chair", THIRD,
)  # fmt: skip
ABOUT = re.compile(
    r"(authority|reviewers)\.(home|nomination|letter|checks|announcement|event|monitoring|incident)|account\.to$|public\.roll$"
)
NUMBERS = {"authority.letter": range(1, 20), "authority.letter_html": range(1, 20)}
_CHANGING = (
    re.compile(r'name="csrf_token"[^>]*value="[^"]*"|value="[^"]*"[^>]*name="csrf_token"'),
    re.compile(r'nonce="[^"]*"'), re.compile(r'<meta name="csrf-token"[^>]*>'), re.compile(r"\?v=[0-9a-f]+"),
)  # fmt: skip
Pages = dict[tuple[str, str], tuple[int, str]]
Change = Callable[[Programme, Nomination], None]


@dataclass
class World:
    """One database as everybody reads it."""

    pages: Pages
    letters: list[str]
    logged: str


def _addresses(app: Flask, reference: str, who: str) -> list[str]:
    adapter = app.url_map.bind("localhost")
    known: dict[str, Any] = {
        "reference": reference, "number": 1, "guest": 1, "key": reference, "kind": "nomination", "page": "award",
        "act": "hold", "token": "nothing", "format": "json", "name": "nothing",
    }  # fmt: skip
    found = set()
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or not ABOUT.search(rule.endpoint) or "language" in rule.arguments:
            continue
        for number in NUMBERS.get(rule.endpoint, (1,)) if who == "officer" else (1,):
            values = {name: (known | {"number": number}).get(name, 1) for name in rule.arguments}
            found.add(adapter.build(rule.endpoint, values))
    return [*sorted(found), "/authority/letters?name=reminder", "/authority/nominations?sort=-due"]


def _crawl(app: Flask, personas: tuple[str, ...], reference: str, people: dict[str, Any]) -> Pages:
    found: Pages = {}
    for name in personas:
        client = client_for(app, people.get(name))
        for address in _addresses(app, reference, name):
            answer = client.get(address)
            plain = str(answer.mimetype).startswith(
                ("text/", "application/json", "application/atom", "application/xml")
            )
            text = answer.get_data(as_text=True) if plain else ""
            for pattern in _CHANGING:
                text = pattern.sub("", text)
            found[name, address] = (answer.status_code, text)
    return found


def _base(folder: Path, filled: Path, state: str) -> None:
    """A nomination at a state, in a database that worlds are copied from."""
    folder.mkdir()
    shutil.copyfile(filled, folder / "metstandard.db")
    with _at(folder) as engine, Session(engine) as session:
        programme = recognisers(Programme.of(session))
        one = nominated(session)
        if state != "checks":
            judged_to(programme, one, state)
        session.commit()


class _at:  # noqa: N801 (reads as a word where it is used)
    """Settings and engine of a folder, for a while."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.patch = folder, pytest.MonkeyPatch()

    def __enter__(self) -> Any:
        for name, value in (("DATA", str(self.folder)), ("SECRET_KEY", KEY), ("TRUSTED_HOSTS", "localhost")):
            self.patch.setenv(f"METSTANDARD_{name}", value)
        settings.cache_clear()
        self.engine = database.engine(f"sqlite:///{self.folder / 'metstandard.db'}")
        return self.engine

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()
        self.patch.undo()
        settings.cache_clear()


def _world(base: Path, folder: Path, personas: tuple[str, ...], change: Change) -> World:
    """A copy of a base with something hidden added, read at one moment by everybody, after its reminders went out."""
    shutil.copytree(base, folder)
    with _at(folder) as engine, capture_logs() as log:
        with Session(engine, expire_on_commit=False) as session:
            programme = Programme.of(session)
            one = session.exec(select(Nomination)).one()
            moment = clock.at_local(max(each.due_on for each in session.exec(select(Timer)).all()), 12)
            with clock.pinned_to(one.state_since + timedelta(minutes=5)):
                change(programme, one)
            session.commit()
        with Session(engine, expire_on_commit=False) as session:
            people, reference = dict(Programme.of(session).people), session.exec(select(Nomination.reference)).one()
        with clock.pinned_to(moment):
            reminders.sweep(engine, settings(), threading.Event())
            app = create_app(settings())
            app.config.update(TESTING=True, RATELIMIT_ENABLED=False)
            limiter.enabled = False
            pages = _crawl(app, personas, reference, people)
            limiter.enabled = True
        with Session(engine) as session:
            letters = [f"{each.subject} {each.text}" for each in session.exec(select(Letter)).all()]
    return World(pages, letters, repr(log))


def _nothing(_programme: Programme, _one: Nomination) -> None:
    return


def _judged(*locked: str) -> Change:
    def change(programme: Programme, one: Nomination) -> None:
        for word in (WRITING, LOCKED) if locked else (WRITING,):
            write(programme.session, one, programme[word], LEVELS[word], f"We saw {TOKENS[word]} here.")
        for word in locked:
            judging.lock_judgement(programme.session, one, by=programme[word])

    return change


def _declared_only(programme: Programme, one: Nomination) -> None:
    """The programme office is told that somebody declared: that much is no judgement, so it happens in both worlds."""
    for word in (WRITING, LOCKED):
        write(programme.session, one, programme[word], "", "")


def _differences(one: Pages, other: Pages) -> list[str]:
    return sorted(f"{who} {path}" for who, path in one.keys() & other.keys() if one[who, path] != other[who, path])


@pytest.fixture(scope="module")
def filled(_filled_database: Path) -> Path:
    """The small programme, to copy."""
    return _filled_database


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, filled: Path) -> dict[str, World]:
    """One judge has locked and another has written; the same before anybody wrote."""
    folder = tmp_path_factory.mktemp("judging")
    _base(folder / "base", filled, "shortlisted")
    everybody = (*OUTSIDERS, LOCKED, WRITING)
    return {
        "sealed": _world(folder / "base", folder / "sealed", everybody, _judged(LOCKED)),
        "blank": _world(folder / "base", folder / "blank", OUTSIDERS, _declared_only),
    }


@pytest.mark.slow
def test_each_judge_reads_their_own_words_and_nobody_else_does(worlds: dict[str, World]) -> None:
    """The tokens could leak: their owners read them."""
    sealed = worlds["sealed"]
    readers = {
        owner: {who for (who, _), (_, body) in sealed.pages.items() if token in body} for owner, token in TOKENS.items()
    }
    assert readers == {owner: {owner} for owner in TOKENS}


@pytest.mark.slow
def test_no_word_of_a_judgement_stands_in_a_letter_or_in_what_is_logged(worlds: dict[str, World]) -> None:
    sealed = worlds["sealed"]
    assert any("Judge" in letter or "judge" in letter for letter in sealed.letters)
    for token in TOKENS.values():
        assert [letter for letter in sealed.letters if token in letter] == []
        assert token not in sealed.logged


@pytest.mark.slow
def test_nobody_else_can_tell_whether_a_judgement_is_written_or_locked(worlds: dict[str, World]) -> None:
    """Status, size, order, counts and every word are the same; and pages really opened."""
    opened = {
        name: sum(status == 200 for (who, _), (status, _b) in worlds["sealed"].pages.items() if who == name)
        for name in OUTSIDERS
    }
    assert opened["officer"] >= 20
    assert opened["chair"] >= 2
    assert _differences(worlds["sealed"].pages, worlds["blank"].pages) == []


@pytest.mark.slow
def test_a_check_answer_is_read_by_the_office_and_by_who_gave_it(
    tmp_path_factory: pytest.TempPathFactory, filled: Path
) -> None:
    """Clear and hold make a difference to nobody else."""
    folder = tmp_path_factory.mktemp("checks")
    _base(folder / "base", filled, "checks")

    def answered(result: CheckResult) -> Change:
        return lambda programme, one: answer_all(programme, one, result)

    personas = ("visitor", "officer", "authority", "chair", "judge1", "standards", "sponsor")
    clear = _world(folder / "base", folder / "clear", personas, answered(CheckResult.CLEAR))
    hold = _world(folder / "base", folder / "hold", personas, answered(CheckResult.HOLD))
    assert {one.split()[0] for one in _differences(clear.pages, hold.pages)} == {"officer", "standards"}


@pytest.mark.slow
def test_a_few_answers_of_equality_monitoring_are_seen_by_nobody(
    tmp_path_factory: pytest.TempPathFactory, filled: Path
) -> None:
    folder = tmp_path_factory.mktemp("monitoring")
    _base(folder / "base", filled, "decided")

    def told(count: int) -> Change:
        def change(programme: Programme, one: Nomination) -> None:
            given = {"role": "Officer", "sex": "Female", "ethnicity": "Mixed"}
            programme.session.add_all([Monitoring(nomination_id=one.key, answers=given) for _ in range(count)])

        return change

    personas = ("visitor", "officer", "judge1")
    few = _world(folder / "base", folder / "few", personas, told(4))
    none = _world(folder / "base", folder / "none", personas, _nothing)
    many = _world(folder / "base", folder / "many", ("officer",), told(6))
    assert _differences(few.pages, none.pages) == []
    assert _differences(many.pages, none.pages) == ["officer /authority/monitoring"]
