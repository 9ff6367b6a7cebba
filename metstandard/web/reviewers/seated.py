"""Entering a page of the panel's own work: a seat that was accepted after a declaration of interests."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from flask import g
from sqlmodel import col

from metstandard.common.errors import NotNow
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Declaration, Interest, Seat, SeatStatus
from metstandard.records.units import Unit
from metstandard.web.shared.access import found
from metstandard.web.shared.database import session


class Seated(NamedTuple):
    """A review, this person's seat on its panel, and the unit."""

    review: Review
    seat: Seat
    unit: Unit


def _seated() -> sa.Select[tuple[Review, Seat, Unit, Interest | None]]:
    """The query, made once."""
    person = sa.bindparam("person", type_=sa.Integer)
    said = (
        sa.select(col(Declaration.interest))
        .where(
            col(Declaration.review_id) == Review.id,
            col(Declaration.person_id) == person,
            col(Declaration.stage) == "panels",
        )
        .order_by(col(Declaration.id).desc())
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(Review, Seat, Unit, said)
        .join(Seat, col(Seat.review_id) == Review.id)
        .join(Unit, col(Unit.id) == Review.unit_id)
        .where(
            col(Review.reference) == sa.bindparam("reference", type_=sa.String),
            col(Seat.person_id) == person,
            col(Seat.status).in_(HOLDING),
        )
    )


_SEATED = _seated()


def seated(reference: str) -> Seated:
    """What a panel member may enter, found in one query: these pages are opened most of all.

    Raises NotFound for a stranger, NotNow before the seat is accepted and interests are declared (COI-8).
    """
    row = session().execute(_SEATED, {"person": g.person.key, "reference": reference}).first()
    review, seat, unit, interest = found(row)
    if seat.status is not SeatStatus.ACCEPTED or interest not in (Interest.NONE, Interest.PERSONAL):
        raise NotNow("Declare your interests and accept your seat first. Then this page opens for you.")
    return Seated(review, seat, unit)
