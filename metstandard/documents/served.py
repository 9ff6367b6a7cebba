"""From records to the certificate of service: one for each seat that was held to the end of a published review."""

from __future__ import annotations

from sqlmodel import Session, col, select

from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.documents import signing
from metstandard.documents.identity import Identity, PaperKind
from metstandard.documents.service import ServicePaper
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat, SeatStatus
from metstandard.records.units import Unit
from metstandard.rules.editions import rubric_of, workflow_of


def completed(review: Review, seat: Seat) -> bool:
    """Whether a seat was held to the end: accepted, never given up, and the review's report is published."""
    return review.published_on is not None and seat.status is SeatStatus.ACCEPTED and seat.accepted_at is not None


def seats(session: Session, review: Review) -> list[Seat]:
    """The seats of a review that have earned a certificate of service."""
    rows = session.exec(select(Seat).where(Seat.review_id == review.key).order_by(col(Seat.id))).all()
    return [one for one in rows if completed(review, one)]


def identity(review: Review, seat: Seat) -> Identity:
    """What the signature of the file names."""
    return Identity(PaperKind.SERVICE, review.reference, seat.kind)


def service_paper(session: Session, review: Review, seat: Seat) -> ServicePaper:
    """The paper of one seat. Raises ValueError for one that was not held to the end."""
    if review.published_on is None or seat.accepted_at is None or not completed(review, seat):
        raise ValueError(f"the {seat.kind} seat of {review.reference} has not completed the review")
    unit, rubric = session.get_one(Unit, review.unit_id), rubric_of(session, review)
    return ServicePaper(
        person=session.get_one(Person, seat.person_id).name,
        seat=seat.kind.replace("_", " "),
        lead=seat.lead,
        unit_name=unit.title,
        unit_code=unit.code,
        reference=review.reference,
        rubric_title=rubric.title,
        rubric_edition=str(rubric.edition),
        since=clock.local_date(seat.accepted_at),
        until=review.published_on,
        parties=tuple(one.replace("_", " ").capitalize() for one in workflow_of(session, review).parties),
        verify_at=f"{settings().base_url}/verify" if signing.signs(settings()) else "",
    )
