"""The good practice that a review found, from which a nomination can start once it is published."""

from __future__ import annotations

from flask import g, render_template

from metstandard.queries import reviews
from metstandard.queries.judgement import findings_of
from metstandard.records.units import Unit
from metstandard.rubric.shapes import Grade
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import OFFICER
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session


@door.get("/reviews/<reference>/good-practice", endpoint="review_good_practice")
@open_to(OFFICER)
def review_good_practice(reference: str) -> str:
    """Findings of good practice; before publication they are the panel's, and none is shown."""
    one = found(reviews.for_staff(session(), g.person, reference))
    published = one.published_on is not None
    good = [each for each in findings_of(session(), one) if each.grade is Grade.GOOD] if published else []
    return render_template(
        "pages/authority/recognition/good_practice.html", review=one, unit=session().get_one(Unit, one.unit_id),
        good=good, published=published,
    )  # fmt: skip
