"""Open Badges 3.0: what a certificate says, as a credential that a machine can check without asking us.

Plain data in, signed text out, through openbadgeslib; no network is ever used. A `Badge` may be about a unit's
certificate or about an award: whoever fills it decides what is true. Each is offered as JSON-LD with a Data Integrity
proof (eddsa-rdfc-2022) and as a JWT; both name their place in a status list for each purpose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from openbadgeslib.keys import public_jwk_from_pem
from openbadgeslib.ob3 import (
    Achievement,
    Evidence,
    IdentityObject,
    Issuer,
    OB3LdpSigner,
    OB3Signer,
    OpenBadgeCredential,
    build_did_document,
    build_status_list_credential,
    did_key_from_pem,
    did_web_from_url,
    status_entry,
)
from openbadgeslib.ob3.credential import OB3_CONTEXT

LIST_LASTS = timedelta(days=1)
LIST_REFRESH = timedelta(minutes=5)
_FRAGMENT = "badges"
_ALGORITHM = "EdDSA"


class Purpose(StrEnum):
    """What a set bit of a status list means."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"


@dataclass(frozen=True, slots=True)
class AchievementFacts:
    """What can be achieved. `word` is the last part of its address, such as `met-standard-1`; texts are for people."""

    word: str
    name: str
    description: str
    criteria: str
    kind: str = "Certificate"


@dataclass(frozen=True, slots=True)
class Badge:
    """One credential. `path`, `recipient_path` and `page_path` are addresses of this site, from the first slash.

    `recipient_name` is empty where nobody may be named.
    `series` and `number` are its place in the status lists: a series for each kind of record, numbers from 0 to 131071.
    """

    path: str
    achievement: AchievementFacts
    recipient_path: str
    recipient_name: str
    page_path: str
    since: datetime
    until: datetime | None
    series: str
    number: int


@dataclass(frozen=True, slots=True)
class BadgeIssuer:
    """Who issues: an Ed25519 key (PEM) and the public address of the site."""

    name: str
    base_url: str
    key: bytes = field(repr=False)

    @property
    def public_key(self) -> bytes:
        """The public half, as PEM."""
        public = load_pem_private_key(self.key, None).public_key()
        return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    @property
    def id(self) -> str:
        """did:web where the site is served over HTTPS, so that its name vouches for the key; else did:key."""
        if self.base_url.startswith("https://"):
            return str(did_web_from_url(self.base_url))
        return str(did_key_from_pem(self.public_key))

    @property
    def method(self) -> str:
        """The address of the key within the identifier."""
        return f"{self.id}#{self.id.removeprefix('did:key:') if self.id.startswith('did:key:') else _FRAGMENT}"


def profile(issuer: BadgeIssuer) -> dict[str, Any]:
    """The issuer's profile as a document of its own."""
    return {"@context": OB3_CONTEXT[:2], **_issuer(issuer).to_dict()}


def did_document(issuer: BadgeIssuer) -> dict[str, Any] | None:
    """What `/.well-known/did.json` says; None where the identifier is the key itself."""
    if not issuer.id.startswith("did:web:"):
        return None
    return build_did_document(issuer.id, [(_FRAGMENT, public_jwk_from_pem(issuer.public_key))])


def achievement_document(issuer: BadgeIssuer, facts: AchievementFacts) -> dict[str, Any]:
    """An achievement as a document of its own."""
    return {"@context": OB3_CONTEXT[:2], **_achievement(issuer, facts).to_dict()}


def as_json(issuer: BadgeIssuer, badge: Badge) -> str:
    """The credential as JSON-LD with its proof. The same badge gives the same text."""
    return _ldp(issuer).sign_to_json(_credential(issuer, badge), created=badge.since)


def as_jwt(issuer: BadgeIssuer, badge: Badge) -> str:
    """The credential as a JWT. The same badge gives the same text."""
    return _jwt(issuer).sign(_credential(issuer, badge))


def status_path(series: str, purpose: Purpose) -> str:
    """Where the status list of a series is served."""
    return f"/badges/status/{series}-{purpose}.jwt"


def status_list(issuer: BadgeIssuer, series: str, purpose: Purpose, *, numbers: Iterable[int], at: datetime) -> str:
    """The signed list with the bits of `numbers` set. It lapses after a day, so that no old copy passes for long."""
    listed = build_status_list_credential(
        issuer.id, f"{issuer.base_url}{status_path(series, purpose)}", purpose.value, numbers,
        issued=at, valid_until=at + LIST_LASTS, ttl=int(LIST_REFRESH.total_seconds() * 1000),
    )  # fmt: skip
    claims = {"iss": issuer.id, "jti": listed["id"], "nbf": int(at.timestamp())}
    return _jwt(issuer).sign_payload(listed | claims)


def _issuer(issuer: BadgeIssuer) -> Issuer:
    return Issuer(id=issuer.id, name=issuer.name, url=issuer.base_url, image_url=f"{issuer.base_url}/static/mark.svg")


def _achievement(issuer: BadgeIssuer, facts: AchievementFacts) -> Achievement:
    return Achievement(
        id=f"{issuer.base_url}/badges/achievements/{facts.word}.json",
        name=facts.name,
        description=facts.description,
        criteria_narrative=facts.criteria,
        achievement_type=facts.kind,
        image_url=f"{issuer.base_url}/static/mark.svg",
    )


def _credential(issuer: BadgeIssuer, badge: Badge) -> OpenBadgeCredential:
    return OpenBadgeCredential(
        id=f"{issuer.base_url}{badge.path}",
        issuer=_issuer(issuer),
        recipient_id=f"{issuer.base_url}{badge.recipient_path}",
        identifiers=[
            IdentityObject(identity_hash=name, identity_type="name", hashed=False)
            for name in (badge.recipient_name,)
            if name
        ],
        achievement=_achievement(issuer, badge.achievement),
        issuance_date=badge.since,
        expiration_date=badge.until,
        evidence=[Evidence(id=f"{issuer.base_url}{badge.page_path}", name="The register's entry")],
        credential_status=[
            status_entry(f"{issuer.base_url}{status_path(badge.series, purpose)}", purpose.value, badge.number)
            for purpose in Purpose
        ],
    )


@lru_cache(maxsize=2)
def _ldp(issuer: BadgeIssuer) -> OB3LdpSigner:
    return OB3LdpSigner(issuer.key, issuer.method)


@lru_cache(maxsize=2)
def _jwt(issuer: BadgeIssuer) -> OB3Signer:
    return OB3Signer(issuer.key, _ALGORITHM)
