"""The days by which an immediate risk is read and contained wait while its review is paused (B6)."""

from datetime import timedelta

from sqlmodel import Session, col, select

from metstandard.records.reviews import Review
from metstandard.records.risks import Containment, ImmediateRisk, RiskNotice


def postpone(session: Session, review: Review, lasted: timedelta) -> None:
    """Move the days of a review's open risks by the length of a pause; the caller has begun the act that ends it."""
    rows = session.exec(
        select(RiskNotice)
        .join(ImmediateRisk, col(ImmediateRisk.id) == RiskNotice.risk_id)
        .where(
            ImmediateRisk.review_id == review.key,
            col(RiskNotice.withdrawn_at).is_(None),
            col(ImmediateRisk.id).not_in(select(Containment.risk_id)),
        )
    ).all()
    for notice in rows:
        notice.read_by, notice.contain_by = notice.read_by + lasted, notice.contain_by + lasted
        session.add(notice)
    session.flush()
