"""Asking for a joint waiver, and agreeing to it as a key holder."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from metstandard.actions import panels
from metstandard.records.accounts import Person
from metstandard.records.seats import Seat, Waiver
from metstandard.web.authority.door import door
from metstandard.web.authority.panels.forms import AgreeForm, WaiverForm, made
from metstandard.web.authority.panels.page import attempt, one_of
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session


@door.post("/reviews/<reference>/panel/seats/<int:number>/waivers/<rule>")
@open_to("programme_officer")
def ask_waiver(reference: str, number: int, rule: str) -> ResponseReturnValue:
    """Ask both keys to waive one rule for whoever holds a seat."""
    one, seat = one_of(reference), found(session().get(Seat, number))
    person = session().get_one(Person, seat.person_id)
    form = made(WaiverForm, f"seat{number}-{rule}")
    return attempt(
        one, form,
        lambda: panels.waive_conflict(
            session(), one, person=person, rule=rule, by=g.person, reason=form.reason.data or ""
        ),
        done=f"Both keys are asked to waive {rule} for {person.name}.",
    )  # fmt: skip


@door.post("/reviews/<reference>/panel/waivers/<int:number>/agree")
@open_to("key")
def agree_waiver(reference: str, number: int) -> ResponseReturnValue:
    """Agree, as one key, to exactly the waiver that was shown."""
    one, waiver = one_of(reference), found(session().get(Waiver, number))
    person = session().get_one(Person, waiver.person_id)
    form = made(AgreeForm, f"waiver{number}")
    if form.validate_on_submit() and (asked := confirm_first()) is not None:
        return asked
    return attempt(
        one, form,
        lambda: panels.waive_conflict(
            session(), one, person=person, rule=waiver.rule, by=g.person, seen=form.seen.data or ""
        ),
        done=f"You have agreed to waive {waiver.rule} for {person.name}.",
    )  # fmt: skip
