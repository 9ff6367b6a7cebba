"""Two nominations up to the checks, through every door: one person by a visitor, a team with a late leaver."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, col, select

from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.queries.invariants import breaches
from metstandard.records.accounts import Person
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Nomination, Nominee
from metstandard.web.shared.database import db
from metstandard.web.shared.limits import limiter
from tests.factories.browser import client_for, press, soup
from tests.factories.nominations import WORDS, recognisers
from tests.factories.programme import Programme

NEXT = "Save and continue"
LINK = re.compile(r"http://\S+?(/(?:nominations|second)/\S+)")


@pytest.fixture
def site(data: Path) -> Iterator[Flask]:
    """The application on a small programme with the people of recognition; whole at the end."""
    app = create_app(settings())
    limiter.reset()
    app.config["TESTING"] = True
    with app.app_context(), Session(db.engine) as session:
        recognisers(Programme.of(session))
    yield app
    with app.app_context(), Session(db.engine) as session:
        assert breaches(session) == []
    limiter.reset()


def browser(app: Flask, word: str) -> FlaskClient:
    """Somebody's fresh sign-in, or a visitor for an empty word."""
    with app.app_context(), Session(db.engine, expire_on_commit=False) as session:
        person = session.exec(select(Person).where(Person.email == f"{word}@example.org")).first() if word else None
    return client_for(app, person)


def link(app: Flask, name: str) -> str:
    """The path in the newest letter of a name."""
    with app.app_context(), Session(db.engine) as session:
        text = session.exec(select(Letter.text).where(Letter.name == name).order_by(col(Letter.id).desc())).first()
    found = LINK.search(text or "")
    assert found is not None
    return found.group(1)


def day(name: str, back: int) -> dict[str, Any]:
    """The three parts of a date so many days ago."""
    when = clock.today() - timedelta(days=back)
    return {f"{name}-day": when.day, f"{name}-month": when.month, f"{name}-year": when.year}


def written(visitor: FlaskClient, base: str, pages: dict[str, dict[str, Any]]) -> None:
    """Answer the questions that every nomination has, and those given."""
    told = {page: {page: WORDS[page]} for page in ("title", "account", "effect", "difficulty", "citation")}
    evidence = {"evidence": WORDS["evidence"], "witnesses": WORDS["witnesses"]}
    seconder = {"name": "Sam Seconder", "email": "sam@example.com", "body": "Hackney Council"}
    you = {"nominator_relation": "Neighbour", "nominator_body": "Canal Trust"}
    rest = {"when": day("happened_on", 20), "evidence": evidence, "incident": {}, "earlier": {}, "seconder": seconder}
    for page, typed in {**pages, **told, **rest, "you": you}.items():
        assert press(visitor, f"{base}/{page}", NEXT, **typed).status_code == 200


def begun(visitor: FlaskClient) -> str:
    """Begin a nomination; the address of its pages."""
    opened = press(visitor, "/nominate/begin", NEXT, name="Nora Nominator", email="nora@example.com")
    return opened.request.path.removesuffix("/award")


def through(app: Flask, base: str) -> str:
    """Sent, seconded, taken up and passed on; the reference."""
    visitor, officer = browser(app, ""), browser(app, "officer")
    press(visitor, f"{base}/check", "Send the nomination")
    press(visitor, link(app, "seconder_asked"), "Send your answer", answer="confirm", words="I saw it.")
    with app.app_context(), Session(db.engine) as session:
        reference = session.exec(select(Nomination.reference)).one()
    page = f"/authority/nominations/{reference}"
    press(officer, page, "Take it up")
    press(officer, page, "It is eligible: ask for the checks")
    return reference


def lines(app: Flask) -> list[tuple[str, str, str]]:
    """The journal of the nomination: act, part, and where it then stood."""
    with app.app_context(), Session(db.engine) as session:
        rows = session.exec(
            select(JournalLine).where(JournalLine.record_kind == "nomination").order_by(col(JournalLine.seq))
        ).all()
        return [(one.act, one.part, one.after) for one in rows]


def test_a_neighbour_without_an_account_nominates_an_officer(site: Flask) -> None:
    """Interrupted, taken up again by the link of a letter, sent, seconded, and before the checks."""
    visitor = browser(site, "")
    base = begun(visitor)
    press(visitor, f"{base}/award", "Save and come back later", scheme="individual")
    later = link(site, "nomination_begun")
    nominee = {"name": "Olive Officer", "role": "Constable", "service": "met", "body": "Camden Borough"}
    written(
        browser(site, ""), later,
        {"kind": {"nominee_kind": "officer"}, "category": {"category": "courage"}, "nominee": nominee},
    )  # fmt: skip
    reference = through(site, later)
    assert lines(site) == [
        ("begin_nomination", "nominator", "draft"), ("submit_nomination", "nominator", "submitted"),
        ("second", "seconder", "submitted"), ("take_up", "programme_officer", "eligibility"),
        ("pass_eligibility", "programme_officer", "checks"),
    ]  # fmt: skip
    standing = soup(visitor.get(base)).get_text(" ", strip=True)
    assert "It is being considered." in standing
    assert "hecks" not in standing
    assert browser(site, "standards").get(f"/authority/nominations/{reference}/check").status_code == 200


def test_a_team_is_nominated_and_one_of_them_turns_out_to_have_left(site: Flask) -> None:
    """Returned once with a question, sent again and seconded again; then the leaver's last day is recorded."""
    visitor, officer = browser(site, ""), browser(site, "officer")
    base = begun(visitor)
    written(
        visitor, base,
        {
            "award": {"scheme": "team"}, "kind": {"nominee_kind": "team"}, "category": {"category": "courage"},
            "team": {"body": "The canal team"},
        },
    )  # fmt: skip
    for name in ("Tess Team", "Tom Team"):
        press(visitor, f"{base}/members/new", NEXT, name=name, role="Constable", service="met", **day("from_on", 90))
    press(visitor, f"{base}/check", "Send the nomination")
    with site.app_context(), Session(db.engine) as session:
        reference = session.exec(select(Nomination.reference)).one()
    page = f"/authority/nominations/{reference}"
    press(officer, f"{page}/reason/return", "Return it to the nominator", why="Which bridge was it?")
    returned = link(site, "nomination_returned")
    assert "Which bridge was it?" in soup(visitor.get(returned)).get_text(" ", strip=True)
    press(visitor, f"{returned}/account", NEXT, account=f"{WORDS['account']} It was the iron bridge.")
    through(site, returned)
    with site.app_context(), Session(db.engine) as session:
        tess = session.exec(select(Nominee.id).where(Nominee.name == "Tess Team")).one()
    left = {"how": "left", "why": "She has moved to Barnet.", **day("until_on", 2)}
    done = press(officer, f"{page}/team/{tess}/leave", "Save", **left)
    words = soup(done).get_text(" ", strip=True)
    assert re.search(r"Tess Team, Constable.*?, until \d+ \w+ \d{4}", words)
    assert lines(site)[-3:] == [
        ("take_up", "programme_officer", "eligibility"), ("pass_eligibility", "programme_officer", "checks"),
        ("change_team", "programme_officer", "checks"),
    ]  # fmt: skip
    with site.app_context(), Session(db.engine) as session:
        asked = session.exec(select(Letter).where(Letter.name == "seconder_asked")).all()
        assert len(asked) == 2
