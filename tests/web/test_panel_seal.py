"""A proposed panel is the programme office's alone until it is published: nobody else can tell that it exists.

Every address that can be read is asked for by the others on two databases that differ only in a plan for the review.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select
from structlog.testing import capture_logs
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter

from metstandard.actions import panels
from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.records import database
from metstandard.records.cycles import PanelProposal
from metstandard.records.outbox import Letter
from metstandard.web.shared.limits import limiter
from tests.conftest import KEY
from tests.factories.browser import client_for
from tests.factories.cycle import plan_of, solved
from tests.factories.kept import database_at, play_on
from tests.factories.programme import Programme
from tests.web.test_seal import Pages, World, text_of

# Everybody who might gain by knowing: among them two whom the plan seats.
OTHERS = ("authority", "link", "member", "commander", "peer1", "council1")
OFFICER = "officer"
TOKEN = "quokkaberry"
REFERENCE = "MSR-2026-0001"
DOORS = ("authority", "reviewers", "units", "account")
# Ending the persona's session would end the crawl.
LEFT_OUT = {"account.sign_out", "account.end_session"}


def addresses(app: Flask) -> list[str]:
    """Every address of the doors that can be read, for the one review and the one proposal."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.split(".")[0] not in DOORS or rule.endpoint in LEFT_OUT or "GET" not in (rule.methods or ()):
            continue
        values = {name: _value(name, rule._converters[name]) for name in rule.arguments}
        found.append(adapter.build(rule.endpoint, values))
    return sorted(found)


def _value(name: str, converter: BaseConverter) -> Any:
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return REFERENCE if name == "reference" else 1 if isinstance(converter, IntegerConverter) else "1"


def crawl(app: Flask, personas: tuple[str, ...], moment: datetime) -> Pages:
    """What each persona reads at each address at a moment."""
    with app.app_context(), Session(database.engine(settings().database), expire_on_commit=False) as session:
        people = Programme.of(session).people
    found: Pages = {}
    with clock.pinned_to(moment):
        for name in personas:
            client = client_for(app, people[name])
            for address in addresses(app):
                answer = client.get(address)
                found[name, address] = (answer.status_code, text_of(answer.data))
    return found


def world(folder: Path, filled: Path, *, proposed: bool, published: bool = False) -> World:
    """A review whose panel is being formed, with or without a plan for it, as everybody reads it."""
    file = folder / "metstandard.db"
    file.write_bytes(filled.read_bytes())
    now = database_at("panel_forming", file)
    engine = database.engine(f"sqlite:///{file}")
    with pytest.MonkeyPatch.context() as patch, capture_logs() as log, Session(engine) as session:
        patch.setenv("METSTANDARD_DATA", str(folder))
        patch.setenv("METSTANDARD_SECRET_KEY", KEY)
        patch.setenv("METSTANDARD_TRUSTED_HOSTS", "localhost")
        settings.cache_clear()
        play = play_on(session, now)
        with play.at():
            if proposed:
                made = solved(play.programme, [play.review], title=TOKEN)
                if published:
                    panels.offer_seats(session, made, play.review, by=play[OFFICER])
                    session.commit()
            session.commit()
        app = create_app(settings())
        app.config.update(TESTING=True, RATELIMIT_ENABLED=False)
        limiter.enabled = False
        pages = crawl(app, OTHERS if not published else ("peer1", "peer2"), now)
        if proposed and not published:
            pages |= crawl(app, (OFFICER,), now)
        limiter.enabled = True
        letters = [f"{one.subject} {one.text}" for one in session.exec(select(Letter)).all()]
    engine.dispose()
    settings.cache_clear()
    return World(pages, repr(log), letters)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the databases of this file lie."""
    return tmp_path_factory.mktemp("panels")


@pytest.fixture(scope="module")
def proposed_world(folders: Path, _filled_database: Path) -> World:
    """The programme office has a plan, and has told nobody."""
    (folders / "proposed").mkdir()
    return world(folders / "proposed", _filled_database, proposed=True)


@pytest.fixture(scope="module")
def bare_world(folders: Path, _filled_database: Path) -> World:
    """Nobody has planned anything."""
    (folders / "bare").mkdir()
    return world(folders / "bare", _filled_database, proposed=False)


@pytest.fixture(scope="module")
def published_world(folders: Path, _filled_database: Path) -> World:
    """The same plan, published."""
    (folders / "published").mkdir()
    return world(folders / "published", _filled_database, proposed=True, published=True)


def _others(found: Pages) -> Pages:
    return {where: page for where, page in found.items() if where[0] != OFFICER}


def test_the_plan_could_leak_the_programme_office_reads_it(proposed_world: World) -> None:
    pages = {path for (name, path), (_, body) in proposed_world.pages.items() if name == OFFICER and TOKEN in body}
    assert {"/authority/cycles", "/authority/cycles/1"} <= pages


def test_nobody_else_can_tell_whether_a_panel_is_proposed(proposed_world: World, bare_world: World) -> None:
    """Status, size, order, counts and every word are the same on both databases; most pages open."""
    one, other = _others(proposed_world.pages), bare_world.pages
    assert sum(status == 200 for status, _ in one.values()) > 60
    assert [where for where in sorted(one) if one[where] != other[where]] == []


def test_no_letter_and_no_log_tells_of_a_plan(proposed_world: World, bare_world: World) -> None:
    assert proposed_world.letters == bare_world.letters
    assert TOKEN not in proposed_world.logged


def test_once_it_is_published_whoever_is_asked_knows_of_their_own_seat(published_world: World, folders: Path) -> None:
    """The peer who is seated finds the review; the other peer still reads nothing of it."""
    engine = database.engine(f"sqlite:///{folders / 'published' / 'metstandard.db'}")
    with Session(engine) as session:
        plan = plan_of(session, session.exec(select(PanelProposal)).one())
    engine.dispose()
    seated = plan[REFERENCE]["peer"]
    found = {name: published_world.pages[name, f"/reviewers/reviews/{REFERENCE}"][0] for name in ("peer1", "peer2")}
    assert found[seated] == 200
    assert {status for name, status in found.items() if name != seated} <= {403, 404}
