"""Every route, every kind of person, every method, against a reviewed table; a new route fails until it is in it.

Reads are asked of a review whose sheets are sealed; writes of a closed one, where no act is open any more.
To look at a change run the tests with METSTANDARD_CENSUS=write, then read the difference before keeping it.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import Session, select

from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.records import database
from metstandard.records.accounts import Person
from metstandard.records.certificates import Certificate
from metstandard.records.recognition import Nomination
from metstandard.records.reviews import Review
from metstandard.web.shared.limits import limiter
from tests.documents import signed
from tests.factories.browser import client_for
from tests.factories.nominations import nominated
from tests.factories.programme import Programme, programme
from tests.factories.stages import fill_sheet, played_to

TABLE = Path(__file__).with_name("census.csv")
PERSONAS = (
    "visitor", "officer", "authority", "member", "link", "administrator", "press", "commander", "author", "elsewhere",
    "peer1", "peer2",
)  # fmt: skip

# Signing out would end the persona's session for all that follows.
LEFT_OUT = {"static", "account.sign_out", "account.end_session"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One closed review with its certificate, one in scoring whose first sheet is locked, and a commander elsewhere."""
    folder = tmp_path_factory.mktemp("census")
    engine = database.engine(f"sqlite:///{folder / 'metstandard.db'}")
    database.create_all(engine)
    with Session(engine) as session:
        made = programme(session)
        made.add("elsewhere", "Commander of Barnet BOCU")
        made.appoint("elsewhere", "commander", unit="SX")
        session.commit()
        played_to(made, "closed", began=clock.now() - timedelta(days=1700))
        barnet = {"commander": made["elsewhere"], "author": made["elsewhere"]}
        other = Programme(session, made.people | barnet)
        play = played_to(other, "scoring", unit="SX", began=clock.now() - timedelta(days=140))
        fill_sheet(play, "peer1")
        nominated(session, by=made["author"])
        session.commit()
    engine.dispose()
    return folder


@pytest.fixture
def app(prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The application on the prepared database; tokens against forgery are tried elsewhere."""
    signed.use(monkeypatch, data=str(prepared), **signed.both_keys(prepared))
    made = create_app(settings())
    made.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    limiter.enabled = False
    yield made
    limiter.enabled = True


def asked(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and address of everything that can be asked."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.endpoint):
        # The same views in another language are compared with the English ones in tests/web/public/test_languages.py.
        if rule.endpoint in LEFT_OUT or "language" in rule.arguments:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            values = _values(app, rule.arguments, rule.endpoint, method)
            yield rule.endpoint, method, app.url_map.bind("localhost").build(rule.endpoint, values)


def _values(app: Flask, names: set[str], endpoint: str, method: str) -> dict[str, str | int]:
    with app.app_context(), Session(database.engine(settings().database)) as session:
        code = session.exec(select(Certificate.code)).one()
        spare = session.exec(select(Person).where(Person.email == "company3@example.org")).one().key
        closed, sealed = _references(session)
    review = sealed if method == "GET" else closed
    known: dict[str, str | int] = {
        "reference": review, "number": "MS-0001" if endpoint.startswith("public.") else 1, "code": code,
        "criterion": "1.1", "domain": "D1", "token": "nothing", "kind": "review", "appointment": 1, "rule": "COI-6",
        "act": "suspend" if "certificate" in endpoint else "pause",
        "word": "posting" if "pool" in endpoint or "period" in endpoint else "met-standard-1",
        "series": "certificates", "purpose": "revocation", "day": "2026-12-01", "key": "nothing", "page": "award",
        "guest": 1, "period": 1, "interest": 1, "ending": "csv", "slot": "peer-1", "case": "1", "what": "award",
        "form": "json", "covered": "nothing",
    }  # fmt: skip
    if endpoint == "public.register_unit":
        known["code"] = "EK"
    if endpoint == "authority.nomination_reason":
        known["act"] = "return"
    if "nomination" in endpoint or "nominee" in endpoint:
        known["reference"] = known["key"] = _nomination(app)
    if endpoint.startswith("public.nomina"):
        known["number"] = 1
    if endpoint.startswith("authority.person"):
        known["number"] = spare
    return {name: known[name] for name in names}


def _nomination(app: Flask) -> str:
    """The reference of a nomination that stands before the checks; the author of Camden has made it."""
    with app.app_context(), Session(database.engine(settings().database)) as session:
        return session.exec(select(Nomination.reference)).one()


def _references(session: Session) -> list[str]:
    return [one.reference for one in session.exec(select(Review).order_by("id")).all()]


def found(app: Flask) -> str:
    """The table as it now is."""
    with Session(database.engine(settings().database), expire_on_commit=False) as session:
        people = Programme.of(session).people
        session.expunge_all()
    clients = {name: client_for(app, None if name == "visitor" else _person(people, name)) for name in PERSONAS}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["endpoint", "method", *PERSONAS])
    for endpoint, method, path in asked(app):
        writer.writerow([endpoint, method, *(clients[name].open(path, method=method).status_code for name in PERSONAS)])
    return out.getvalue()


def _person(people: dict[str, Person], name: str) -> Person:
    return people[name]


def reviewed() -> list[dict[str, str]]:
    """The rows of the reviewed table."""
    return list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


def test_every_route_answers_every_kind_of_person_as_reviewed(app: Flask) -> None:
    """No route without a row, no row without a route, no status that nobody has looked at."""
    table = found(app)
    if os.environ.get("METSTANDARD_CENSUS") == "write":
        TABLE.write_text(table, encoding="utf-8")
    assert table.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


def test_every_route_declares_its_audience(app: Flask) -> None:
    """A view that says nothing about who may enter stays shut, and fails here."""
    silent = [name for name, view in app.view_functions.items() if name != "static" and not hasattr(view, "audience")]
    assert silent == []


def test_a_visitor_reads_nothing_behind_the_doors() -> None:
    """In the reviewed table a visitor gets 200 only at the public door and at the pages for signing in."""
    rows = reviewed()
    open_to_all = {row["endpoint"].split(".")[0] for row in rows if row["visitor"] == "200"}
    assert open_to_all == {"account", "public"}
    assert {row["endpoint"] for row in rows if row["visitor"] == "200" and row["endpoint"].startswith("account.")} <= {
        "account.sign_in", "account.signed_out", "account.forgotten", "account.letter_on_its_way", "account.link",
        "account.choose_password",
    }  # fmt: skip


def test_nobody_is_answered_with_a_failure() -> None:
    """No combination ends in a 500."""
    rows = reviewed()
    assert [row["endpoint"] for row in rows if any(row[name].startswith("5") for name in PERSONAS)] == []
