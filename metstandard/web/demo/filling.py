"""Filling long forms with a sample, as the signed-in person, through the acts that the pages use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, request
from sqlmodel import select
from werkzeug.wrappers import Response

from metstandard.actions import samples
from metstandard.common.errors import NotFound
from metstandard.records.reviews import Review
from metstandard.web.demo.door import door
from metstandard.web.shared.access import SIGNED_IN, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.redirects import after

_FILLERS: dict[str, Callable[..., Any]] = {
    "self_assessment": samples.fill_self_assessment,
    "visit": samples.fill_visit,
    "sheet": samples.fill_sheet,
    "consensus": samples.fill_consensus,
}


@door.post("/fill/<what>/<reference>")
@open_to(SIGNED_IN)
def fill(what: str, reference: str) -> Response:
    """Fill what is still empty; the act refuses whoever may not. `next` is the page to go back to."""
    review = found(session().exec(select(Review).where(Review.reference == reference)).first())
    if what == "plan":
        samples.fill_plan(session(), review, by=g.person, owner=g.person)
    elif what in _FILLERS:
        _FILLERS[what](session(), review, by=g.person)
    else:
        raise NotFound("There is no sample for this form")
    session().commit()
    flash("Filled with a sample. Read it, change what you like, and save.", "success")
    return redirect(after(request.form.get("next")), code=303)
