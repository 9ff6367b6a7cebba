"""What anybody sends to a sealed sheet is answered alike, whatever the sheet holds, at the same cost (SCO-3).

The same requests by the same people on databases that differ only in what is sealed.
"""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.records import database
from metstandard.records.reviews import Review
from metstandard.web.shared.database import db
from tests.factories.browser import client_for, soup
from tests.factories.counting import queries
from tests.factories.programme import Programme
from tests.web.test_seal import LOCKED, THIRD, WRITING, Pages, World, differences, text_of, world

SENDERS = ("visitor", "officer", "authority", "commissioner", "member", "link", "commander", "author", "peer2", THIRD)
MARK = {"revision-1.1": "0", "level-1.1": "3", "strengths-1.1": "Sent by somebody.", "evidence-1.1": "1"}
NEVER = "9"
# Where a sheet takes what is sent to it: address below the sheet's own, and the fields of the form.
POSTS: tuple[tuple[str, dict[str, str]], ...] = (
    ("/D1", MARK),
    ("/D1/1.1", MARK),
    ("/D1/1.1", MARK | {"revision-1.1": NEVER, "strengths-1.1": "Stale."}),
    ("/D1/1.1", MARK | {"level-1.1": NEVER}),
    ("/spreadsheet", {}),
    ("/spreadsheet/take", MARK | {"keep-1.1": NEVER, "strengths-1.1": "Taken."}),
    ("/check", {}),
)


def send(app: Flask, personas: tuple[str, ...], moment: datetime) -> Pages:
    """What each persona is answered, with the number of statements that each answer cost."""
    with app.app_context(), Session(database.engine(settings().database), expire_on_commit=False) as session:
        people = Programme.of(session).people
        reference = session.exec(select(Review)).one().reference
        engine = db.engine
    found: Pages = {}
    with clock.pinned_to(moment):
        for name in personas:
            client = client_for(app, people.get(name))
            token = token_of(client)
            for number, (path, fields) in enumerate(POSTS):
                address = f"/reviewers/reviews/{reference}/scoring{path}"
                data: dict[str, object] = {"csrf_token": token, **fields}
                if path == "/spreadsheet":
                    data["upload"] = (io.BytesIO(b"PK nothing"), "sheet.xlsx")
                with queries(engine) as sent:
                    answer = client.post(address, data=data)
                said = f"{answer.location} {text_of(answer.data)} in {len(sent)} statements"
                found[name, f"{number} {path}"] = (answer.status_code, said)
    return found


def token_of(client: FlaskClient) -> str:
    """The CSRF token of a page that anybody signed in, or nobody, may open."""
    field = soup(client.get("/account", follow_redirects=True)).select_one("[name=csrf_token]")
    assert field is not None
    return str(field["value"])


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, _filled_database: Path) -> World:
    """One reviewer has locked, one has written."""
    folder = tmp_path_factory.mktemp("sealed-posts")
    return world(folder, _filled_database, SENDERS, judged=(WRITING, LOCKED), locked=(LOCKED,), visit=send)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory, _filled_database: Path) -> World:
    """The same review before anybody has written a word."""
    folder = tmp_path_factory.mktemp("blank-posts")
    return world(folder, _filled_database, SENDERS, judged=(), locked=(), visit=send)


def test_what_is_sent_is_answered_alike_and_costs_the_same(sealed: World, blank: World) -> None:
    assert len(sealed.pages) == len(SENDERS) * len(POSTS)
    assert differences(sealed.pages, blank.pages) == []


def test_only_who_has_a_seat_gets_further_than_the_door(sealed: World) -> None:
    """The third reviewer's own sheet takes what is sent; the others are told nothing but that they may not."""
    statuses = {name: [status for (who, _), (status, _said) in sealed.pages.items() if who == name] for name in SENDERS}
    assert statuses[THIRD] == [303, 303, 409, 422, 422, 409, 422]
    others = {status for name in SENDERS if name != THIRD for status in statuses[name]}
    assert others <= {302, 401, 403, 404}
