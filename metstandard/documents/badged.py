"""From records to badges: those of certificates and of awards, and which places of each status list are set today.

Of awards nothing is read but what `queries/roll.py` calls public: under embargo there is no badge, no achievement and
no bit. A revoked award names nobody any more, so its badge is gone; the copies that people kept are revoked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlmodel import Session, select

from metstandard.common import clock
from metstandard.common.settings import Settings, settings
from metstandard.documents import signing
from metstandard.documents.badges import AchievementFacts, Badge, BadgeIssuer, Purpose
from metstandard.queries import roll
from metstandard.queries.roll import Entry
from metstandard.records.certificates import Certificate
from metstandard.records.editions import Edition
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rubric.definition import Rubric
from metstandard.rules.editions import rubric_from, rubric_of

NAME = "The Met Standard"
CERTIFICATES, AWARDS = "certificates", "awards"
AWARD = "award-"
# A machine reads no words beside a bit: a certificate that a later one replaced counts no more than a withdrawn one.
_MEANS = {"withdrawn": Purpose.REVOCATION, "superseded": Purpose.REVOCATION, "suspended": Purpose.SUSPENSION}

Bits = Mapping[Purpose, list[int]]


def issues(chosen: Settings) -> bool:
    """Whether these settings issue badges."""
    return bool(chosen.badge_key or chosen.demo)


def issuer() -> BadgeIssuer | None:
    """Who issues the badges of this site; None where there is no key. Raises BadSetting for one that is wrong."""
    key = signing.badge_key(settings())
    return BadgeIssuer(NAME, settings().base_url, key) if key is not None else None


def certificate_badge(session: Session, certificate: Certificate) -> Badge:
    """What a certificate says, as it now stands; whether it still counts is in the status lists."""
    unit = session.get_one(Unit, certificate.unit_id)
    rubric = rubric_of(session, session.get_one(Review, certificate.review_id))
    return Badge(
        path=f"/certificates/{certificate.title}/badge.json",
        achievement=_achieved(rubric),
        recipient_path=f"/register/units/{unit.code}",
        recipient_name=unit.title,
        page_path=f"/certificates/{certificate.title}",
        since=certificate.issued_at,
        until=clock.at_local(certificate.valid_until + timedelta(days=1), 0),
        series=CERTIFICATES,
        number=certificate.number,
    )


def _achieved(rubric: Rubric) -> AchievementFacts:
    return AchievementFacts(
        word=rubric.name,
        name=f"{rubric.title}, edition {rubric.edition}",
        description=f"Assessed by an independent panel against {rubric.title}, edition {rubric.edition}, and achieved.",
        criteria=(
            f"{len(rubric.criteria)} criteria in {len(rubric.domains)} domains: a review on site, sealed scores,"
            " agreed levels, moderation, and a joint decision of both parties."
        ),
    )


def award_badge(entry: Entry) -> Badge | None:
    """What a public award says; None for a revoked one."""
    if entry.revoked:
        return None
    return Badge(
        path=f"/awards/{entry.number}/badge.json",
        achievement=_honour(entry),
        recipient_path=f"/awards/{entry.number}",
        recipient_name=entry.who,
        page_path=f"/awards/{entry.number}",
        since=entry.announced_at,
        until=None,
        series=AWARDS,
        number=_number(entry),
    )


def _honour(entry: Entry) -> AchievementFacts:
    return AchievementFacts(
        word=f"{AWARD}{entry.scheme}-{entry.category}",
        name=f"{entry.scheme_title}: {entry.category_title}",
        description=f"Honoured in the scheme {entry.scheme_title}, in the category {entry.category_title}.",
        criteria="Sealed judgements of independent judges, clear checks, and a joint decision of both parties.",
        kind="Award",
    )


def _number(entry: Entry) -> int:
    return int(entry.number.rpartition("-")[2])


def achievement(session: Session, word: str) -> AchievementFacts | None:
    """What can be achieved, by the word of its address; None unless it is public that somebody achieved it."""
    if word.startswith(AWARD):
        honours = (_honour(one) for one in roll.public(session) if not one.revoked)
        return next((one for one in honours if one.word == word), None)
    name, _, number = word.rpartition("-")
    if not number.isdecimal():
        return None
    row = session.exec(
        select(Edition)
        .join(Review, Review.rubric_edition_id == Edition.id)  # type: ignore[arg-type]
        .join(Certificate, Certificate.review_id == Review.id)  # type: ignore[arg-type]
        .where(Edition.kind == "rubric", Edition.name == name, Edition.number == int(number))
    ).first()
    return _achieved(rubric_from(row)) if row else None


def _certificates(session: Session) -> Bits:
    found: dict[Purpose, list[int]] = {purpose: [] for purpose in Purpose}
    for one in session.exec(select(Certificate)).all():
        if one.status in _MEANS:
            found[_MEANS[one.status]].append(one.number)
    return found


def _awards(session: Session) -> Bits:
    revoked = [_number(one) for one in roll.public(session) if one.revoked]
    return {Purpose.REVOCATION: revoked, Purpose.SUSPENSION: []}


SERIES: dict[str, Callable[[Session], Bits]] = {CERTIFICATES: _certificates, AWARDS: _awards}


def bits(session: Session, series: str) -> Bits | None:
    """The places that are set today in the lists of a series; None for a series that there is not."""
    reader = SERIES.get(series)
    return reader(session) if reader else None
