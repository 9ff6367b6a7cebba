"""Severity, signs and drift of reviewers: for the programme office, and for nobody who reviews (REV-5)."""

from __future__ import annotations

from flask import g, render_template

from metstandard.actions.people import OFFICER
from metstandard.common.errors import NotYours
from metstandard.queries.feedback import averages
from metstandard.queries.statistics.drawings import in_words, severity_figure
from metstandard.queries.statistics.marks import opened
from metstandard.queries.statistics.signs import watch
from metstandard.rules.calibration import in_pool
from metstandard.web.authority.door import door
from metstandard.web.authority.statistics.overview import about_cycles, chosen_cycle
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session


def only_the_office() -> None:
    """Raises NotYours for a programme officer who also reviews: the stricter of two views is theirs."""
    if in_pool(session(), g.person) is not None:
        raise NotYours("Severity is for the programme office, and you review too")


@door.get("/statistics/reviewers")
@open_to(OFFICER)
def statistics_reviewers() -> str:
    """How harsh each reviewer and each kind of seat is, what adds up, and how it drifts."""
    only_the_office()
    found = opened(session())
    cycle = chosen_cycle(found)
    watched = watch(session(), found, cycle)
    return render_template(
        "pages/authority/statistics/reviewers.html",
        watched=watched,
        figure=severity_figure(watched),
        tried=len({one.person_id for one in found.tried}),
        in_words=in_words,
        feedback=averages(session(), [one.severity.person_id for one in watched.reviewers]),
        **about_cycles(found, cycle),
    )
