"""Equality monitoring of nominees, shortlist and winners: in totals only."""

from __future__ import annotations

from flask import render_template

from metstandard.queries import equality
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import OFFICER
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session


@door.get("/monitoring", endpoint="monitoring")
@open_to(OFFICER)
def monitoring_totals() -> str:
    """Totals, with small numbers withheld and whatever would give them away."""
    found, small = equality.tables(session())
    return render_template(
        "pages/authority/recognition/monitoring.html", tables=found, small=small, groups=equality.GROUPS
    )
