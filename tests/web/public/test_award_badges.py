"""An award is a badge from the second at which its embargo ends; a revoked one is none, and its copies are revoked."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError
from sqlmodel import select

from metstandard.app import create_app
from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.records.recognition import Consent, Nomination, Nominee
from tests.documents import signed
from tests.factories.browser import client_for, soup
from tests.factories.honoured import NAME, honoured
from tests.web.conftest import Rows

SITE = "https://standard.example.org"
BADGE = "/awards/MA-0001/badge.json"
LIST = "/badges/status/awards-revocation.jwt"


@cache
def until() -> datetime:
    """The end of the embargo: some days ago, because the library's verifier looks at the machine's clock."""
    return clock.now().replace(microsecond=0) - timedelta(days=30)


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application of a site with a name and keys, and one award in its database."""
    (tmp_path / "metstandard.db").write_bytes(honoured(until()))
    signed.use(monkeypatch, base_url=SITE, **signed.both_keys(tmp_path))
    made = create_app(settings())
    made.config["TESTING"] = True
    return made


def fetched(app: Flask, url: str) -> bytes:
    """An address of the site as a verifier downloads it."""
    with client_for(app, None).get(urlsplit(url).path) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def check(app: Flask, body: bytes) -> str:
    """What a stranger's verifier says who knows nothing but the site's name."""
    verifier = OB3LdpVerifier.for_issuer_did("did:web:standard.example.org")
    try:
        verifier.verify(body, check_status=True, download=lambda url: fetched(app, url))
    except OB3VerificationError as refused:
        return str(refused).split(" is set")[0]
    return "valid"


def test_nothing_is_a_badge_before_the_second(app: Flask) -> None:
    word = urlsplit(json.loads(fetched(app, BADGE))["credentialSubject"]["achievement"]["id"]).path
    paths = (BADGE, "/awards/MA-0001/badge.jwt", word)
    for moment, expected in [(until() - timedelta(seconds=1), 404), (until(), 200)]:
        with clock.pinned_to(moment):
            answers = [client_for(app, None).get(path) for path in paths]
            assert [one.status_code for one in answers] == [expected] * 3
    with clock.pinned_to(until() - timedelta(seconds=1)):
        assert NAME.encode() not in b"".join(client_for(app, None).get(path).data for path in paths)


def test_a_badge_names_who_agreed_and_leads_to_the_award(app: Flask, rows: Rows) -> None:
    said = json.loads(fetched(app, BADGE))
    assert said["credentialSubject"]["id"] == f"{SITE}/awards/MA-0001"
    assert [one["identityHash"] for one in said["credentialSubject"]["identifier"]] == [NAME]
    assert said["credentialSubject"]["achievement"]["achievementType"] == "Award"
    page = soup(client_for(app, None).get("/awards/MA-0001"))
    assert [link["href"] for link in page.find_all("a") if "badge" in link["href"]] == [
        BADGE,
        "/awards/MA-0001/badge.jwt",
    ]
    with rows() as session:
        session.exec(select(Nominee)).one().anonymous = True
    anonymous = fetched(app, BADGE)
    assert NAME.encode() not in anonymous
    assert check(app, anonymous) == "valid"


def test_a_revoked_award_has_no_badge_and_its_copies_are_revoked(app: Flask, rows: Rows) -> None:
    copy = fetched(app, BADGE)
    assert check(app, copy) == "valid"
    with rows() as session:
        one = session.exec(select(Nomination)).one()
        one.state, one.state_since = "revoked", clock.now()
    assert check(app, copy) == "Credential status 'revocation'"
    assert client_for(app, None).get(BADGE).status_code == 404
    assert b"badge" not in client_for(app, None).get("/awards/MA-0001").data


def test_a_consent_taken_back_takes_the_name_out(app: Flask, rows: Rows) -> None:
    assert NAME.encode() in fetched(app, BADGE)
    with rows() as session:
        session.exec(select(Nominee)).one().consent = Consent.DECLINED
    answer = client_for(app, None).get(BADGE)
    assert NAME.encode() not in answer.data
