"""Open Badges for machines: who issues, what can be achieved, the credentials, and which of them no longer count."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response

from metstandard.common import clock
from metstandard.documents import badged, badges
from metstandard.documents.badges import Badge, BadgeIssuer, Purpose
from metstandard.queries import register as reads
from metstandard.queries import roll
from metstandard.web.public.conditional import changed
from metstandard.web.public.door import door
from metstandard.web.public.formats import FRESH
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.headers import cacheable
from metstandard.web.shared.limits import limiter

_PER_ADDRESS = "60 per minute"  # each credential costs a signature
_JSON_LD = "application/ld+json"
_CREDENTIAL = "application/vc"
_JWT = "application/vc+jwt"
_DID = "application/did+json"


def _issuer() -> BadgeIssuer:
    cacheable(FRESH)
    return found(badged.issuer())


def _answer(text: str, media_type: str) -> Response:
    """Any site may read it: a wallet or a verifier is often a page of somebody else."""
    made = make_response(text)
    made.headers["Content-Type"] = media_type
    made.headers["Access-Control-Allow-Origin"] = "*"
    made.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return made


def _document(said: dict[str, Any], media_type: str = _JSON_LD) -> Response:
    return _answer(json.dumps(said, ensure_ascii=False, indent=1), media_type)


@door.get("/.well-known/did.json")
@open_to_public
def did_document() -> Response:
    """The issuer's key under the site's own name; only where the site is served over HTTPS."""
    return _document(found(badges.did_document(_issuer())), _DID)


@door.get("/badges/issuer.json")
@open_to_public
def badge_issuer() -> Response:
    """The issuer's profile."""
    return _document(badges.profile(_issuer()))


@door.get("/badges/achievements/<word>.json")
@open_to_public
def badge_achievement(word: str) -> Response:
    """What a badge says that somebody achieved."""
    issuer = _issuer()
    return _document(badges.achievement_document(issuer, found(badged.achievement(session(), word))))


@door.get("/badges/status/<series>-<purpose>.jwt")
@open_to_public
def badge_status(series: str, purpose: str) -> Response:
    """Which badges of a series are revoked or suspended today, signed."""
    issuer, wanted = _issuer(), found(next((one for one in Purpose if one.value == purpose), None))
    set_today = found(badged.bits(session(), series))
    return _answer(badges.status_list(issuer, series, wanted, numbers=set_today[wanted], at=clock.now()), _JWT)


# The two forms of a credential, by the ending of its address.
_FORMS = {"json": (badges.as_json, _CREDENTIAL), "jwt": (badges.as_jwt, _JWT)}


@door.get("/certificates/<number>/badge.<any(json, jwt):form>")
@limiter.limit(_PER_ADDRESS, key_func=limits.address)
@open_to_public
def certificate_badge(number: str, form: str) -> Response:
    """The certificate as a credential with its proof; a revoked one too: the status list says that it is."""
    entry = found(reads.by_number(session(), number))
    changed(entry.changed_at)
    return _credential(badged.certificate_badge(session(), entry.certificate), form)


@door.get("/awards/<number>/badge.<any(json, jwt):form>")
@limiter.limit(_PER_ADDRESS, key_func=limits.address)
@open_to_public
def award_badge(number: str, form: str) -> Response:
    """A public award as a credential with its proof; a revoked one has none."""
    return _credential(found(badged.award_badge(found(roll.by_number(session(), number)))), form)


def _credential(badge: Badge, form: str) -> Response:
    make, kind = _FORMS[form]
    return _answer(make(_issuer(), badge), kind)
