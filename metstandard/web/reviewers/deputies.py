"""The lead reviewer's deputies in one review: they prepare the report and never sign."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from metstandard.queries import reviews
from metstandard.records.reviews import Review
from metstandard.records.seats import SeatStatus
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.deputies import deputies_page, ended


def _led(reference: str) -> Review:
    """The review that this person leads."""
    review, seat = found(reviews.for_reviewer(session(), g.person, reference))
    return found(review if seat.lead and seat.status is SeatStatus.ACCEPTED else None)


@door.route("/reviews/<reference>/deputies", methods=["GET", "POST"])
@open_to("reviewer")
def review_deputies(reference: str) -> ResponseReturnValue:
    """Who prepares in the lead reviewer's name."""
    return deputies_page(_led(reference))


@door.post("/reviews/<reference>/deputies/<int:number>/end")
@open_to("reviewer")
def end_deputy(reference: str, number: int) -> ResponseReturnValue:
    """End it."""
    return ended(_led(reference), number)
