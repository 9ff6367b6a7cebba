"""The page of one review as the Authority's staff see it."""

from __future__ import annotations

from flask import current_app, g, render_template, url_for

from metstandard.queries import reviews
from metstandard.queries.tasks import moves_open_to
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.web.authority.door import door
from metstandard.web.authority.home import STAFF
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.hubs import hub_facts

_PAGES = (
    ("Commission", "authority.review_commissioning"),
    ("Panel", "authority.review_panel"),
    ("Your own interests", "authority.review_interests"),
    ("Immediate risks", "authority.review_risks"),
    ("Every criterion", "authority.review_lines"),
    ("Moderation", "authority.review_moderation"),
    ("Decision and publication", "authority.review_signoff"),
    ("Statistics", "authority.review_statistics"),
    ("Follow-up", "authority.review_followup"),
    ("Good practice", "authority.review_good_practice"),
    ("Marking of the papers", "authority.review_marking"),
)


@door.get("/reviews/<reference>")
@open_to(*STAFF)
def review(reference: str) -> str:
    """Whose move it is, what can be done, how far it is, what happened."""
    one = found(reviews.for_staff(session(), g.person, reference))
    unit = session().get_one(Unit, one.unit_id)
    return render_template(
        "pages/authority/review.html", unit=unit, pages=_pages(one),
        open={each.act: each for each in moves_open_to(session(), g.person, one)}, **hub_facts(one),
    )  # fmt: skip


def _pages(one: Review) -> list[dict[str, str]]:
    report = (("Report (PDF)", "authority.review_report"),) if one.outcome is not None else ()
    return [
        {"text": text, "href": url_for(endpoint, reference=one.reference)}
        for text, endpoint in (*_PAGES, *report)
        if endpoint in current_app.view_functions and g.may_open(endpoint)
    ]
