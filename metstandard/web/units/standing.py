"""Where we stand: the unit's review, result, certificate and actions, also when no review is open."""

from __future__ import annotations

from flask import g, render_template

from metstandard.queries.standing import where_we_stand
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.units.door import door


@door.get("/standing")
@open_to("commander", "unit_author")
def standing() -> str:
    """Each of this person's units."""
    return render_template("pages/units/standing.html", units=where_we_stand(session(), g.person))
