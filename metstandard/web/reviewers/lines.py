"""The line of one criterion as the panel follows it."""

from __future__ import annotations

from flask import render_template

from metstandard.queries.timeline import View
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.seated import seated
from metstandard.web.shared.access import open_to
from metstandard.web.shared.lines import line_facts, list_facts


@door.get("/reviews/<reference>/criteria")
@open_to("reviewer")
def review_lines(reference: str) -> str:
    """Every criterion, to follow one by one."""
    return render_template("pages/shared/lines.html", **list_facts(seated(reference).review))


@door.get("/reviews/<reference>/criteria/<criterion>")
@open_to("reviewer")
def review_line(reference: str, criterion: str) -> str:
    """Own level, evidence, marks once every sheet is locked, agreed level, report, finding, action, proof, effect."""
    return render_template("pages/shared/line.html", **line_facts(seated(reference).review, criterion, View.PANEL))
