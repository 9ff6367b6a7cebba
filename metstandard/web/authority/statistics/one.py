"""The statistics of one review: its panel's agreement and marks, how sure its overall score is."""

from __future__ import annotations

from flask import g, render_template

from metstandard.actions.people import OFFICER
from metstandard.queries import reviews
from metstandard.queries.statistics import overall_of
from metstandard.queries.statistics.agreement import ac2, coefficients, flattened, of_review, plainly
from metstandard.queries.statistics.drawings import domains_figure, marks_figure, timetable_figure
from metstandard.queries.statistics.marks import opened
from metstandard.queries.statistics.severity import standard
from metstandard.records.units import Unit
from metstandard.rules.editions import rubric_of
from metstandard.web.authority.door import door
from metstandard.web.authority.statistics.reviewers import only_the_office
from metstandard.web.shared.access import found as seen_by
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session


@door.get("/reviews/<reference>/statistics")
@open_to(OFFICER)
def review_statistics(reference: str) -> str:
    """What the three sheets say together, once the last is locked."""
    only_the_office()
    review = seen_by(reviews.for_staff(session(), g.person, reference))
    found = opened(session())
    measured = of_review(found, review)
    agreed = measured.found if measured else None
    return render_template(
        "pages/authority/statistics/review.html",
        review=review,
        unit=session().get_one(Unit, review.unit_id),
        coefficients=coefficients(agreed) if agreed else [],
        said=plainly(ac2(agreed)),
        flattened=agreed is not None and flattened(agreed),
        figure=marks_figure(session(), found, review),
        domains=domains_figure(session(), review),
        timetable=timetable_figure(session(), review),
        likely=overall_of(session(), review, found=found),
        standard=standard(rubric_of(session(), review)),
        marking=review.marking.value,
    )
