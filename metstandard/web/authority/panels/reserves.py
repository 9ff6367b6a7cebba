"""Naming who steps into a seat when its holder leaves, and taking them off the list again."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions import panels
from metstandard.records.accounts import Person
from metstandard.records.pool import Reserve
from metstandard.web.authority.door import door
from metstandard.web.authority.panels.forms import InviteForm
from metstandard.web.authority.panels.page import attempt, one_of
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session


@door.post("/reviews/<reference>/panel/reserves")
@open_to("programme_officer")
def name_reserve(reference: str) -> ResponseReturnValue:
    """Name somebody as the next reserve of a seat."""
    one, form = one_of(reference), InviteForm()
    person = found(session().get(Person, form.person.data or 0))
    return attempt(
        one, form,
        lambda: panels.name_reserve(session(), one, person=person, kind=form.kind.data or "", by=g.person),
        done=f"{person.name} is a reserve. Nobody is asked before the seat is free.",
    )  # fmt: skip


@door.post("/reviews/<reference>/panel/reserves/<int:number>/drop")
@open_to("programme_officer")
def drop_reserve(reference: str, number: int) -> ResponseReturnValue:
    """Take somebody off the list; pressing twice changes nothing more."""
    one, reserve = one_of(reference), session().get(Reserve, number)
    if reserve is not None:
        panels.drop_reserve(session(), one, reserve, by=g.person)
        session().commit()
    flash("The reserve is taken off the list.", "success")
    return redirect(url_for("authority.review_panel", reference=reference), code=303)
