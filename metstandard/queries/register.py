"""The public register: every certificate ever issued with its status, and what was published about a unit.

Nothing here knows of an unpublished review. A unit without a certificate is never shown as one that failed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.records.certificates import Certificate
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules import award
from metstandard.rules.editions import rubric_of

STATUSES = ("current", "suspended", "withdrawn", "expired", "superseded")
_NUMBER = re.compile(r"MS-?0*(\d{1,9})", re.IGNORECASE)
_NOT_IN_CODES = re.compile(r"[^0-9A-Z]")
_GROUP = 4


@dataclass(frozen=True)
class Entry:
    """One certificate with its unit."""

    certificate: Certificate
    unit: Unit

    @property
    def status(self) -> str:
        """How it stands today."""
        return self.certificate.status

    @property
    def last_day(self) -> date:
        """The last day of validity as printed."""
        return self.certificate.valid_until

    @property
    def changed_at(self) -> datetime:
        """When the public last saw it change: issued, moved by an act, or expired at midnight."""
        one = self.certificate
        if one.status == one.state:
            return max(one.issued_at, one.state_since)
        return clock.at_local(one.valid_until + timedelta(days=1), 0)


@dataclass(frozen=True)
class Published:
    """A published result, in the words that the rubric has for the public. Scores are exact fractions."""

    review: Review
    outcome: str
    meaning: str
    overall: Any
    domains: tuple[tuple[str, str, Any], ...]


@dataclass(frozen=True)
class Standing:
    """What the public may know of one unit."""

    unit: Unit
    certificates: tuple[Entry, ...]
    published: tuple[Published, ...]

    @property
    def held(self) -> Entry | None:
        """The certificate that is current today, if any."""
        return next((one for one in self.certificates if one.status == "current"), None)

    @property
    def suspended(self) -> Entry | None:
        """The certificate that is suspended today, if any."""
        return next((one for one in self.certificates if one.status == "suspended"), None)


_SORTS: dict[str, Callable[[Entry], Any]] = {
    "unit": lambda one: (one.unit.name.casefold(), one.certificate.number),
    "number": lambda one: one.certificate.number,
    "status": lambda one: (STATUSES.index(one.status), one.unit.name.casefold()),
    "decided": lambda one: (one.certificate.decided_on, one.certificate.number),
    "valid": lambda one: (one.certificate.valid_until, one.certificate.number),
}


def register(session: Session, *, search: str = "", status: str = "", sort: str = "unit") -> list[Entry]:
    """The certificates whose unit, code or number is searched for; `sort` is a column, with `-` the other way round."""
    rows = session.exec(select(Certificate, Unit).join(Unit, col(Unit.id) == Certificate.unit_id)).all()
    found = [
        one
        for one in (Entry(certificate, unit) for certificate, unit in rows)
        if status in {"", one.status} and _matches(search, one.unit, one.certificate.title)
    ]
    key = _SORTS.get(sort.removeprefix("-"), _SORTS["unit"])
    return sorted(found, key=key, reverse=sort.startswith("-"))


def without_certificate(session: Session, search: str) -> list[Unit]:
    """The units that a search finds and that never had a certificate; none without a search."""
    if not search.strip():
        return []
    having = select(Certificate.unit_id)
    units = session.exec(select(Unit).where(col(Unit.id).not_in(having)).order_by(Unit.name)).all()
    return [unit for unit in units if _matches(search, unit)]


def _matches(search: str, unit: Unit, number: str = "") -> bool:
    said = f"{unit.title} {unit.code} {unit.borough or ''} {number}".casefold()
    return all(word in said for word in search.casefold().split())


def changed_at(session: Session) -> datetime | None:
    """When anything in the whole register last changed; None while it is empty."""
    return max((one.changed_at for one in register(session)), default=None)


def by_number(session: Session, number: str) -> Entry | None:
    """The certificate of a printed number such as `MS-0007`, whatever became of it."""
    match = _NUMBER.fullmatch(number.strip())
    return _entry(session, Certificate.number == int(match[1])) if match else None


def readable(code: str) -> str:
    """A typed code as it is printed: capitals, in groups of four; spaces and other signs do not matter."""
    plain = _NOT_IN_CODES.sub("", code.upper())
    return "-".join(plain[start : start + _GROUP] for start in range(0, len(plain), _GROUP))


def by_code(session: Session, code: str) -> Entry | None:
    """The certificate with a verification code, however it was typed."""
    return _entry(session, Certificate.code == readable(code))


def _entry(session: Session, where: Any) -> Entry | None:
    row = session.exec(select(Certificate, Unit).join(Unit, col(Unit.id) == Certificate.unit_id).where(where)).first()
    return Entry(*row) if row else None


def standing(session: Session, code: str) -> Standing | None:
    """One unit by its code, with its certificates and published results, newest first."""
    unit = session.exec(select(Unit).where(Unit.code == code)).first()
    if unit is None:
        return None
    certificates = session.exec(
        select(Certificate).where(Certificate.unit_id == unit.key).order_by(col(Certificate.number).desc())
    ).all()
    reviews = session.exec(
        select(Review)
        .where(Review.unit_id == unit.key, col(Review.published_on).is_not(None))
        .order_by(col(Review.published_on).desc(), col(Review.id).desc())
    ).all()
    return Standing(
        unit,
        tuple(Entry(one, unit) for one in certificates),
        tuple(_published(session, review) for review in reviews),
    )


def _published(session: Session, review: Review) -> Published:
    rubric = rubric_of(session, review)
    meaning = rubric.award.outcomes.get(review.outcome) if rubric.award and review.outcome else None
    result = award.result(session, review)
    return Published(
        review,
        meaning.title if meaning else "",
        meaning.public if meaning else "",
        result.overall,
        tuple((code, domain.title, result.domains[code]) for code, domain in rubric.domains.items()),
    )


def published_report(session: Session, reference: str) -> Review | None:
    """A review whose report is public."""
    query = select(Review).where(Review.reference == reference, col(Review.published_on).is_not(None))
    return session.exec(query).first()


def figures(session: Session) -> dict[str, int]:
    """How many certificates were issued, by status today; every status is there."""
    found = dict.fromkeys(STATUSES, 0)
    for one in session.exec(select(Certificate)).all():
        found[one.status] += 1
    return found
