"""Independence over the years: units that reviewed each other, and who went over after a review."""

from __future__ import annotations

from flask import render_template

from metstandard.actions import people as acts
from metstandard.queries import independence as reads
from metstandard.rules.calibration import number
from metstandard.web.authority.door import door
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session


@door.get("/pool/independence")
@open_to(acts.OFFICER, "key")
def pool_independence() -> str:
    """Units that reviewed each other, rings of three, and who went over after a review."""
    went = reads.cooling_off(session())
    return render_template(
        "pages/authority/pool_independence.html",
        closed=reads.closed(session()),
        went=went,
        decisions=reads.decisions(session(), went),
        waived=lambda decided: reads.waived(decided, acts.main_workflow().parties),
        months=number("COI-3"),
        cooling=number("COI-11"),
        marking="OFFICIAL-SENSITIVE",
    )
