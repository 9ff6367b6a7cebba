"""What the commander says about the three reviewers after a review (REV-5)."""

from __future__ import annotations

from flask import g, url_for
from flask.typing import ResponseReturnValue

from metstandard.queries import reviews
from metstandard.web.shared import feedback
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.units.door import door


@door.route("/reviews/<reference>/feedback", methods=["GET", "POST"])
@open_to("commander")
def review_feedback(reference: str) -> ResponseReturnValue:
    """The form, once the review is published."""
    review = found(reviews.for_unit(session(), g.person, reference))
    back = url_for(".review", reference=reference)
    return feedback.answer(review, page="pages/units/feedback.html", back=back)
