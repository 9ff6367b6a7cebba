"""The list of the pool: kind of seat, where from, how long fit, how busy."""

from __future__ import annotations

from flask import render_template, request

from metstandard.actions import people as acts
from metstandard.queries import pool as reads
from metstandard.web.authority.door import door
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session

_LONGEST_NUMBER = 7


@door.get("/pool")
@open_to(acts.OFFICER, "key")
def pool() -> str:
    """Everybody who could sit, filtered as the address says."""
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < _LONGEST_NUMBER else 1
    chosen = reads.Chosen(
        search=request.args.get("search", "").strip(), seat=request.args.get("seat", ""),
        fit=request.args.get("fit", ""), load=request.args.get("load", ""),
    )  # fmt: skip
    return render_template(
        "pages/authority/pool.html",
        found=reads.pool(session(), chosen, number),
        chosen=chosen,
        seats=[("", "Any"), *((each, each.replace("_", " ").capitalize()) for each in acts.reviewer_seats())],
        fits=[("", "Any"), (reads.FIT, "Fit"), (reads.ENDING, "Ends within 90 days"), (reads.UNFIT, "Not fit today")],
        loads=[("", "Any"), (reads.FREE, "Has room"), (reads.FULL, "Full")],
    )
