"""Where a unit stands, and the page of one review as its commander sees it."""

from __future__ import annotations

from flask import current_app, g, render_template, url_for

from metstandard.queries import reviews
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.feedback import is_asked
from metstandard.web.shared.hubs import hub_facts
from metstandard.web.units.door import door

_PAGES = (
    ("Your panel", "units.review_panels"),
    ("Scope", "units.review_scope"),
    ("Self-assessment and evidence", "units.review_evidence"),
    ("Immediate risks", "units.review_risks"),
    ("Factual accuracy", "units.review_accuracy"),
    ("Every criterion", "units.review_lines"),
    ("Result", "units.review_result"),
    ("Action plan", "units.review_followup"),
    ("Your deputies", "units.review_deputies"),
)


@door.get("/reviews/<reference>")
@open_to("commander", "unit_author", "deputy")
def review(reference: str) -> str:
    """Whose move it is, what can be done, how far it is, what happened."""
    one = found(reviews.for_unit(session(), g.person, reference))
    unit = session().get_one(Unit, one.unit_id)
    return render_template("pages/units/review.html", unit=unit, pages=_pages(one), **hub_facts(one, for_unit=True))


def _pages(one: Review) -> list[dict[str, str]]:
    asked = (("Feedback on the reviewers", "units.review_feedback"),) if is_asked(one) else ()
    return [
        {"text": text, "href": url_for(endpoint, reference=one.reference)}
        for text, endpoint in (*_PAGES, *asked)
        if endpoint in current_app.view_functions and g.may_open(endpoint)
    ]
