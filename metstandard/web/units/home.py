"""The first page of the units' door: what this person needs to do."""

from __future__ import annotations

from flask import render_template

from metstandard.web.shared.access import open_to
from metstandard.web.shared.hubs import home_facts
from metstandard.web.units.door import door


@door.get("/")
@open_to("commander", "unit_author", "deputy")
def home() -> str:
    """What you need to do."""
    return render_template("pages/units/home.html", **home_facts())
