"""The proposals of panels so far, and the reviews whose panels can be planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col

from metstandard.records.accounts import Person
from metstandard.records.cycles import PanelProposal, ProposalStatus, ProposedReview
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat
from metstandard.records.units import Unit

PLANNED = ("proposed", "commissioning", "panel_forming")
"""The stages at which a review's panel can still be planned."""

STATUS_WORDS: Mapping[ProposalStatus, tuple[str, str]] = {
    ProposalStatus.QUEUED: ("Waiting for the solver", "waiting"),
    ProposalStatus.SOLVING: ("Being solved", "doing"),
    ProposalStatus.SOLVED: ("Solved", "done"),
    ProposalStatus.INFEASIBLE: ("Impossible", "stopped"),
    ProposalStatus.LATE: ("No answer in time", "stopped"),
    ProposalStatus.FAILED: ("Failed", "stopped"),
    ProposalStatus.CANCELLED: ("Called off", ""),
    ProposalStatus.PUBLISHED: ("Published", "special"),
    ProposalStatus.SUPERSEDED: ("Out of date", ""),
}


@dataclass(frozen=True)
class Plannable:
    """A review whose panel can be planned, and how many of its seats are held."""

    review: Review
    unit: Unit
    held: int


def plannable(session: Session) -> list[Plannable]:
    """The reviews whose panel can be planned, the earliest visit first."""
    held = (
        sa.select(sa.func.count())
        .where(col(Seat.review_id) == Review.id, col(Seat.status).in_(HOLDING))
        .correlate(Review)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(Review, Unit, held)
        .join(Unit, col(Unit.id) == Review.unit_id)
        .where(col(Review.state).in_(PLANNED))
        .order_by(col(Review.starts_on), col(Review.reference))
    ).all()
    return [Plannable(review, unit, number) for review, unit, number in rows]


@dataclass(frozen=True)
class Listed:
    """A proposal in the list, with how many reviews it seats and who asked for it."""

    proposal: PanelProposal
    reviews: int
    asked_by: str


def listed(session: Session, *, most: int = 50) -> list[Listed]:
    """The newest proposals."""
    number = (
        sa.select(sa.func.count())
        .where(col(ProposedReview.proposal_id) == PanelProposal.id)
        .correlate(PanelProposal)
        .scalar_subquery()
    )
    rows = session.execute(
        sa.select(PanelProposal, number, col(Person.name))
        .join(Person, col(Person.id) == PanelProposal.asked_by_id)
        .order_by(col(PanelProposal.id).desc())
        .limit(most)
    ).all()
    return [Listed(proposal, reviews, name) for proposal, reviews, name in rows]
