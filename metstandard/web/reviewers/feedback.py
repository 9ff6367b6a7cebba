"""What a reviewer says about the other two after a review (REV-5)."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.seated import seated
from metstandard.web.shared import feedback
from metstandard.web.shared.access import open_to


@door.route("/reviews/<reference>/feedback", methods=["GET", "POST"])
@open_to("reviewer")
def review_feedback(reference: str) -> ResponseReturnValue:
    """The form, once the review is published."""
    review = seated(reference).review
    back = url_for(".review", reference=reference)
    return feedback.answer(review, page="pages/reviewers/feedback.html", back=back)
