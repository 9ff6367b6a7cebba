"""The first page of the reviewers' door: what this person needs to do."""

from __future__ import annotations

from flask import render_template

from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import open_to
from metstandard.web.shared.hubs import home_facts


@door.get("/")
@open_to("reviewer", "deputy", "in_pool", "judge", "judging_chair")
def home() -> str:
    """What you need to do."""
    return render_template("pages/reviewers/home.html", **home_facts())
