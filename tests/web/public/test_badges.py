"""Badges at public addresses: right types, no cookie, linked from the certificate, and checked as a stranger would."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, OB3Verifier
from sqlmodel import select

from metstandard.app import create_app
from metstandard.common.settings import settings
from metstandard.documents import keys
from metstandard.records.certificates import Certificate
from tests.documents import signed
from tests.factories.browser import client_for, soup
from tests.web.conftest import Rows

SITE = "https://standard.example.org"
DID = "did:web:standard.example.org"
LISTS = ("/badges/status/certificates-revocation.jwt", "/badges/status/certificates-suspension.jwt")
TYPES = {
    "/.well-known/did.json": "application/did+json",
    "/badges/issuer.json": "application/ld+json",
    "/badges/achievements/met-standard-1.json": "application/ld+json",
    "/certificates/MS-0001/badge.json": "application/vc",
    "/certificates/MS-0001/badge.jwt": "application/vc+jwt",
    LISTS[0]: "application/vc+jwt",
    LISTS[1]: "application/vc+jwt",
}


@pytest.fixture
def app(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The application of a site with a name and a key for badges."""
    keys.keep(keys.badge_pem(), tmp_path / "badges.pem")
    signed.use(monkeypatch, badge_key=str(tmp_path / "badges.pem"), base_url=SITE)
    made = create_app(settings())
    made.config["TESTING"] = True
    return made


def fetched(app: Flask, url: str) -> bytes:
    """An address of the site as a verifier downloads it; no other is ever asked for."""
    assert url.startswith(f"{SITE}/")
    with client_for(app, None).get(urlsplit(url).path) as answer:
        assert answer.status_code == 200
        return bytes(answer.data)


def verified(app: Flask) -> list[str]:
    """What strangers' verifiers say who know nothing but the site's name."""
    download = partial(fetched, app)
    verifiers: list[tuple[OB3LdpVerifier | OB3Verifier, str]] = [
        (OB3LdpVerifier.for_issuer_did(DID), "badge.json"),
        (OB3Verifier.for_issuer_did(DID, download=download), "badge.jwt"),
    ]
    told = []
    for verifier, path in verifiers:
        body = fetched(app, f"{SITE}/certificates/MS-0001/{path}").decode()
        try:
            told.append(str(verifier.verify(body, check_status=True, download=download).recipient_id))
        except OB3VerificationError as refused:
            told.append(str(refused).split(" is set")[0])
    return told


def test_each_address_has_its_type_may_be_kept_and_sets_no_cookie(app: Flask) -> None:
    answers = {path: client_for(app, None).get(path) for path in TYPES}
    assert {path: one.headers["Content-Type"] for path, one in answers.items()} == TYPES
    for one in answers.values():
        assert one.headers["Cache-Control"].startswith("public, max-age=")
        assert one.headers["Access-Control-Allow-Origin"] == "*"
        assert one.headers.getlist("Set-Cookie") == []


def test_a_stranger_checks_the_badge_and_learns_when_it_no_longer_counts(app: Flask, rows: Rows) -> None:
    assert verified(app) == [f"{SITE}/register/units/EK"] * 2
    for state, purpose in [("suspended", "suspension"), ("withdrawn", "revocation")]:
        with rows() as session:
            session.exec(select(Certificate)).one().state = state
        assert verified(app) == [f"Credential status '{purpose}'"] * 2


def test_what_a_badge_names_is_there(app: Flask) -> None:
    badge = json.loads(fetched(app, f"{SITE}/certificates/MS-0001/badge.json"))
    named = [
        badge["id"], badge["evidence"][0]["id"], badge["credentialSubject"]["id"],
        badge["credentialSubject"]["achievement"]["id"], badge["issuer"]["image"]["id"],
        *(entry["statusListCredential"] for entry in badge["credentialStatus"]),
    ]  # fmt: skip
    assert len([fetched(app, url) for url in named]) == 7


def test_the_page_of_a_certificate_leads_to_its_badge(app: Flask) -> None:
    page = soup(client_for(app, None).get("/certificates/MS-0001"))
    assert [link["href"] for link in page.find_all("a") if "badge" in link["href"]] == [
        "/certificates/MS-0001/badge.json",
        "/certificates/MS-0001/badge.jwt",
    ]


@pytest.mark.parametrize(
    "path",
    ["/certificates/MS-0002/badge.json", "/certificates/MS-0002/badge.jwt", "/badges/achievements/met-standard-9.json",
     "/badges/status/certificates-nothing.jwt", "/badges/status/nothing-revocation.jwt"],
)  # fmt: skip
def test_what_was_never_issued_is_not_found(app: Flask, path: str) -> None:
    assert client_for(app, None).get(path).status_code == 404


def test_without_a_key_there_are_no_badges(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    signed.use(monkeypatch, badge_key="")
    without = create_app(settings())
    assert {client_for(without, None).get(path).status_code for path in TYPES} == {404}
    assert b"badge" not in client_for(without, None).get("/certificates/MS-0001").data
