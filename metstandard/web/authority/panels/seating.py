"""Inviting, taking off, showing the panel to the unit, confirming it."""

from __future__ import annotations

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions import panels
from metstandard.queries import panels as reads
from metstandard.records.accounts import Person
from metstandard.records.seats import Seat
from metstandard.web.authority.door import door
from metstandard.web.authority.panels.forms import InviteForm, UnseatForm, made
from metstandard.web.authority.panels.page import attempt, one_of, show
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session


@door.post("/reviews/<reference>/panel/invite")
@open_to("programme_officer")
def invite_reviewer(reference: str) -> ResponseReturnValue:
    """Ask somebody to take a seat; a rule in the way is named."""
    one = one_of(reference)
    form = InviteForm()
    if not form.validate_on_submit():
        return show(one, form)
    person = found(session().get(Person, form.person.data))
    return attempt(
        one, form,
        lambda: panels.seat(
            session(), one, person=person, kind=form.kind.data or "", lead=form.lead.data == "yes", by=g.person,
            though_away=form.though_away.data == "yes",
        ),
        done=f"{person.name} is asked to take the seat.",
    )  # fmt: skip


@door.post("/reviews/<reference>/panel/seats/<int:number>/unseat")
@open_to("programme_officer")
def unseat_reviewer(reference: str, number: int) -> ResponseReturnValue:
    """Take somebody off the panel."""
    one, seat = one_of(reference), found(session().get(Seat, number))
    form = made(UnseatForm, f"seat{number}")
    return attempt(
        one, form, lambda: panels.unseat(session(), one, seat, by=g.person, reason=form.reason.data or ""),
        done="The seat is empty again. The reviewer is told.",
    )  # fmt: skip


@door.post("/reviews/<reference>/panel/publish")
@open_to("programme_officer")
def publish_panel(reference: str) -> ResponseReturnValue:
    """Put the panel before the unit."""
    one = one_of(reference)
    if reads.objections_until(session(), one) is None:
        panels.publish_panel(session(), one, by=g.person)
        session().commit()
    flash("The panel is before the unit, which may now object.", "success")
    return redirect(url_for("authority.review_panel", reference=reference), code=303)


@door.post("/reviews/<reference>/panel/confirm")
@open_to("programme_officer")
def confirm_panel(reference: str) -> ResponseReturnValue:
    """Confirm the panel once the unit can no longer object."""
    one = one_of(reference)
    panels.confirm_panel(session(), one, by=g.person)
    session().commit()
    flash("The panel is confirmed. The lead reviewer and the commander agree the scope next.", "success")
    return redirect(url_for("authority.review_panel", reference=reference), code=303)
