"""The line of one criterion as officers, key holders and moderators follow it."""

from __future__ import annotations

from flask import g, render_template

from metstandard.queries import reviews
from metstandard.queries.timeline import View
from metstandard.web.authority.door import door
from metstandard.web.authority.home import JUDGES
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.lines import line_facts, list_facts


@door.get("/reviews/<reference>/criteria")
@open_to(*JUDGES)
def review_lines(reference: str) -> str:
    """Every criterion, to follow one by one."""
    one = found(reviews.for_staff(session(), g.person, reference))
    return render_template("pages/shared/lines.html", **list_facts(one))


@door.get("/reviews/<reference>/criteria/<criterion>")
@open_to(*JUDGES)
def review_line(reference: str, criterion: str) -> str:
    """Own level, evidence, marks, agreed level, report, finding, action, proof, effect."""
    one = found(reviews.for_staff(session(), g.person, reference))
    return render_template("pages/shared/line.html", **line_facts(one, criterion, View.STAFF))
