"""What the register says today of a signed paper, found by the line that its signature covers.

One reader for each kind of paper. A reader answers None for a paper that was never issued under that number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from metstandard.documents import published
from metstandard.documents.identity import Identity, PaperKind
from metstandard.queries import register, roll
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from metstandard.records.units import Unit

CURRENT = "current"
REVOKED = frozenset({"suspended", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Standing:
    """`status` is current, suspended, withdrawn, expired or superseded; `about` whom the paper is about."""

    status: str
    about: str
    until: date | None = None


Reader = Callable[[Session, Identity], Standing | None]


def _certificate(session: Session, paper: Identity) -> Standing | None:
    entry = register.by_code(session, paper.mark)
    if entry is None or entry.certificate.title != paper.title:
        return None
    return Standing(entry.status, entry.unit.title, entry.last_day)


def _report(session: Session, paper: Identity) -> Standing | None:
    review = register.published_report(session, paper.title)
    if review is None:
        return None
    newest = published.identity(review) == paper
    return Standing(CURRENT if newest else "superseded", session.get_one(Unit, review.unit_id).title)


def _service(session: Session, paper: Identity) -> Standing | None:
    row = session.exec(
        select(Seat, Unit)
        .join(Review, col(Review.id) == Seat.review_id)
        .join(Unit, col(Unit.id) == Review.unit_id)
        .where(
            Review.reference == paper.title,
            col(Review.published_on).is_not(None),
            Seat.kind == paper.mark,
            Seat.status == SeatStatus.ACCEPTED,
        )
    ).first()
    return Standing(CURRENT, row[1].title) if row else None


def _award(session: Session, paper: Identity) -> Standing | None:
    entry = roll.by_code(session, paper.mark)
    if entry is None or entry.number != paper.title:
        return None
    return Standing("withdrawn" if entry.revoked else CURRENT, entry.who or entry.scheme_title)


READERS: dict[PaperKind, Reader] = {
    PaperKind.CERTIFICATE: _certificate,
    PaperKind.REPORT: _report,
    PaperKind.SERVICE: _service,
    PaperKind.AWARD: _award,
}


def standing(session: Session, paper: Identity) -> Standing | None:
    """How a paper stands today; None where the register has no such paper."""
    return READERS[paper.kind](session, paper)
