"""A reviewer's reviews, and the page of one."""

from __future__ import annotations

from flask import current_app, g, render_template, url_for
from sqlmodel import col, select

from metstandard.documents.served import completed
from metstandard.queries import reviews as finding
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Seat, SeatStatus
from metstandard.records.units import Unit
from metstandard.rules.guards.panels import declared
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.feedback import is_asked
from metstandard.web.shared.hubs import hub_facts

# Text, endpoint, whether only the lead reviewer has it, the first stage at which it is there.
_PAGES = (
    ("Your seat", "reviewers.review_seat", False),
    ("Declaration of interests", "reviewers.review_declaration", False),
    ("Scope", "reviewers.review_scope", False),
    ("Self-assessment and evidence", "reviewers.review_evidence", False),
    ("Visit", "reviewers.review_visit", False),
    ("Immediate risks", "reviewers.review_risks", False),
    ("Your sheet", "reviewers.review_scoring", False),
    ("Consensus", "reviewers.review_consensus", False),
    ("Every criterion", "reviewers.review_lines", False),
    ("Report", "reviewers.review_reporting", False),
    ("Factual accuracy", "reviewers.review_accuracy", True),
    ("Your deputies", "reviewers.review_deputies", True),
)


@door.get("/reviews")
@open_to("reviewer")
def reviews() -> str:
    """Every review in which this person is asked to sit or sits."""
    rows = (
        session()
        .exec(
            select(Review, Seat, Unit)
            .join(Seat, col(Seat.review_id) == Review.id)
            .join(Unit, col(Unit.id) == Review.unit_id)
            .where(Seat.person_id == g.person.key, col(Seat.status).in_(HOLDING))
            .order_by(col(Review.starts_on).desc())
        )
        .all()
    )
    return render_template("pages/reviewers/reviews.html", rows=rows)


@door.get("/reviews/<reference>")
@open_to("reviewer", "deputy")
def review(reference: str) -> str:
    """Whose move it is, what can be done, how far it is; nothing of the unit's before the declaration.

    A deputy of the lead reviewer gets the report alone: never the sheet of the one for whom they prepare.
    """
    seated = finding.for_reviewer(session(), g.person, reference)
    one = found(seated[0] if seated else finding.for_deputy(session(), g.person, reference, "lead_reviewer"))
    pages = _pages(one, seated[1]) if seated else _links(one, (("Report", "reviewers.review_reporting", False),))
    return render_template(
        "pages/reviewers/review.html", unit=session().get_one(Unit, one.unit_id), pages=pages, **hub_facts(one)
    )


def _pages(one: Review, seat: Seat) -> list[dict[str, str]]:
    """Before the declaration only the seat and the declaration; the lead reviewer's own pages only to the lead."""
    open_to_read = seat.status is SeatStatus.ACCEPTED and declared(session(), one, seat.person_id, "panels") is not None
    wanted = _PAGES if open_to_read else _PAGES[:2]
    if one.published_on is not None:
        wanted = (*wanted, ("Published report (PDF)", "reviewers.review_report", False))
    if is_asked(one):
        wanted = (*wanted, ("Feedback on the reviewers", "reviewers.review_feedback", False))
    if completed(one, seat):
        wanted = (*wanted, ("Your certificate of service (PDF)", "reviewers.review_service", False))
    return _links(one, tuple(page for page in wanted if seat.lead or not page[2]))


def _links(one: Review, pages: tuple[tuple[str, str, bool], ...]) -> list[dict[str, str]]:
    return [
        {"text": text, "href": url_for(endpoint, reference=one.reference)}
        for text, endpoint, _ in pages
        if endpoint in current_app.view_functions
    ]
