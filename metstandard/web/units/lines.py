"""The line of one criterion as the unit follows it."""

from __future__ import annotations

from flask import render_template

from metstandard.queries.timeline import View
from metstandard.web.shared.access import open_to
from metstandard.web.shared.lines import line_facts, list_facts
from metstandard.web.units.door import door
from metstandard.web.units.evidence import one_of


@door.get("/reviews/<reference>/criteria")
@open_to("commander", "unit_author", "deputy")
def review_lines(reference: str) -> str:
    """Every criterion, to follow one by one."""
    return render_template("pages/shared/lines.html", **list_facts(one_of(reference)))


@door.get("/reviews/<reference>/criteria/<criterion>")
@open_to("commander", "unit_author", "deputy")
def review_line(reference: str, criterion: str) -> str:
    """Own level, evidence, the agreed level with the result, report, finding, action, proof, effect."""
    return render_template("pages/shared/line.html", **line_facts(one_of(reference), criterion, View.UNIT))
