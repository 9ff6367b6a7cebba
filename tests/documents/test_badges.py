"""A badge passes the verifier of the library that others use, offline, until its bit is set."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, OB3Verifier
from sqlmodel import Session, select

from metstandard.common import clock
from metstandard.documents import badged, badges, keys
from metstandard.documents.badges import AchievementFacts, Badge, BadgeIssuer, Purpose
from metstandard.records.certificates import Certificate
from tests.factories.certified import certified

SITES = ["http://127.0.0.1:8000", "https://standard.example.org"]
FACTS = AchievementFacts("met-standard-1", "Met Standard, edition 1", "Achieved.", "28 criteria.")
NOBODY: dict[Purpose, list[int]] = {purpose: [] for purpose in Purpose}
BADGE = Badge(
    path="/certificates/MS-0007/badge.json", achievement=FACTS, recipient_path="/register/units/EK",
    recipient_name="Camden BOCU", page_path="/certificates/MS-0007", since=datetime(2026, 1, 1, tzinfo=UTC),
    until=datetime(2126, 1, 1, tzinfo=UTC), series="certificates", number=7,
)  # fmt: skip


@pytest.fixture(params=SITES)
def issuer(request: pytest.FixtureRequest) -> BadgeIssuer:
    """An issuer with a new key: in a demonstration, and at a site with a name."""
    return BadgeIssuer("The Met Standard", str(request.param), keys.badge_pem())


def served(issuer: BadgeIssuer, bits: dict[Purpose, list[int]]) -> Callable[[str], bytes]:
    """What the site would answer; any other address is an error, so that no test asks the network."""
    lists = {f"{issuer.base_url}{badges.status_path('certificates', purpose)}": purpose for purpose in Purpose}

    def answer(url: str) -> bytes:
        if url == "https://standard.example.org/.well-known/did.json":
            return json.dumps(badges.did_document(issuer)).encode()
        now, purpose = datetime.now(UTC), lists[url]
        return badges.status_list(issuer, "certificates", purpose, numbers=bits[purpose], at=now).encode()

    return answer


def check(issuer: BadgeIssuer, badge: Badge, bits: dict[Purpose, list[int]]) -> list[str]:
    """The recipients that both verifiers read, each trusting nothing but the issuer's identifier."""
    download = served(issuer, bits)
    found = [
        OB3LdpVerifier.for_issuer_did(issuer.id).verify(
            badges.as_json(issuer, badge), check_status=True, download=download
        ),
        OB3Verifier.for_issuer_did(issuer.id, download=download).verify(
            badges.as_jwt(issuer, badge), check_status=True, download=download
        ),
    ]
    return [str(one.recipient_id) for one in found]


def test_both_forms_pass_the_librarys_own_verifier(issuer: BadgeIssuer) -> None:
    assert check(issuer, BADGE, NOBODY) == [f"{issuer.base_url}/register/units/EK"] * 2
    assert check(issuer, BADGE, {Purpose.REVOCATION: [6], Purpose.SUSPENSION: [8]})
    assert issuer.id.startswith("did:web:standard.example.org" if "https" in issuer.base_url else "did:key:z6Mk")


@pytest.mark.parametrize("purpose", Purpose)
def test_a_set_bit_ends_both(issuer: BadgeIssuer, purpose: Purpose) -> None:
    with pytest.raises(OB3VerificationError, match=f"'{purpose}' is set at index 7"):
        check(issuer, BADGE, NOBODY | {purpose: [7]})


def test_a_changed_word_a_past_day_and_another_key_are_refused(issuer: BadgeIssuer) -> None:
    signed = badges.as_json(issuer, BADGE)
    verifier = OB3LdpVerifier(issuer.public_key)
    assert verifier.verify(signed).name == FACTS.name
    for text, key in [(signed.replace("Camden", "Barnet"), issuer.key), (signed, keys.badge_pem())]:
        with pytest.raises(OB3VerificationError):
            OB3LdpVerifier(replace(issuer, key=key).public_key).verify(text)
    over = replace(BADGE, until=datetime(2026, 1, 2, tzinfo=UTC))
    with pytest.raises(OB3VerificationError, match="expired"):
        verifier.verify(badges.as_json(issuer, over))
    with pytest.raises(OB3VerificationError, match="expired"):
        OB3Verifier(issuer.public_key).verify(badges.as_jwt(issuer, over))


def test_the_same_badge_is_the_same_text(issuer: BadgeIssuer) -> None:
    assert badges.as_json(issuer, BADGE) == badges.as_json(issuer, BADGE)
    assert badges.as_jwt(issuer, BADGE) == badges.as_jwt(issuer, BADGE)


def test_the_documents_beside_it_name_the_same_things(issuer: BadgeIssuer) -> None:
    credential = json.loads(badges.as_json(issuer, BADGE))
    profile, achievement = badges.profile(issuer), badges.achievement_document(issuer, FACTS)
    assert profile | credential["issuer"] == profile
    assert achievement | credential["credentialSubject"]["achievement"] == achievement
    assert [entry["statusPurpose"] for entry in credential["credentialStatus"]] == ["revocation", "suspension"]
    assert repr(issuer).count("PRIVATE") == 0


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with Camden's certificate MS-0001 in it."""
    (tmp_path / "metstandard.db").write_bytes(certified())
    return tmp_path


def test_a_certificate_becomes_a_badge_that_ends_with_its_last_day(session: Session) -> None:
    one = session.exec(select(Certificate)).one()
    badge = badged.certificate_badge(session, one)
    assert (badge.path, badge.recipient_path, badge.recipient_name, badge.series, badge.number) == (
        "/certificates/MS-0001/badge.json", "/register/units/EK", "Camden BOCU", "certificates", 1,
    )  # fmt: skip
    assert badge.until is not None
    assert clock.local_date(badge.until - timedelta(seconds=1)) == one.valid_until
    assert badged.achievement(session, badge.achievement.word) == badge.achievement
    assert [badged.achievement(session, word) for word in ("met-standard-2", "recognition-1", "met", "-")] == [None] * 4


@pytest.mark.parametrize(
    ("state", "expected"),
    [("current", ([], [])), ("expired", ([], [])), ("withdrawn", ([1], [])), ("superseded", ([1], [])),
     ("suspended", ([], [1]))],
)  # fmt: skip
def test_the_status_lists_follow_the_certificate(session: Session, state: str, expected: tuple[list[int], list[int]]) -> None:  # noqa: E501  # fmt: skip
    session.exec(select(Certificate)).one().state = state
    found = badged.bits(session, "certificates")
    assert found is not None
    assert (found[Purpose.REVOCATION], found[Purpose.SUSPENSION]) == expected
    assert badged.bits(session, "nothing") is None
