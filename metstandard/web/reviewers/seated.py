"""Entering a page of the panel's own work: a seat that was accepted after a declaration of interests."""

from __future__ import annotations

from flask import g

from metstandard.common.errors import NotNow
from metstandard.queries import reviews
from metstandard.records.reviews import Review
from metstandard.records.seats import Interest, Seat, SeatStatus
from metstandard.rules.guards.panels import declared
from metstandard.web.shared.access import found
from metstandard.web.shared.database import session


def seated(reference: str) -> tuple[Review, Seat]:
    """The review and this person's seat on its panel.

    Raises NotFound for a stranger, NotNow before the seat is accepted and interests are declared (COI-8).
    """
    review, seat = found(reviews.for_reviewer(session(), g.person, reference))
    said = declared(session(), review, g.person.key, "panels")
    if seat.status is not SeatStatus.ACCEPTED or said is None or said.interest is Interest.PREJUDICIAL:
        raise NotNow("Declare your interests and accept your seat first. Then this page opens for you.")
    return review, seat
