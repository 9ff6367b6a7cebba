"""Replacing a reviewer after the panel was shown to the unit (PAN-4)."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from metstandard.actions import panels
from metstandard.records.accounts import Person
from metstandard.records.seats import Seat
from metstandard.web.authority.door import door
from metstandard.web.authority.panels.forms import KeyForReplacementForm, SubstituteForm, made
from metstandard.web.authority.panels.page import attempt, one_of, show
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session


@door.post("/reviews/<reference>/panel/seats/<int:number>/replace")
@open_to("programme_officer")
def replace_reviewer(reference: str, number: int) -> ResponseReturnValue:
    """Put a substitute in a seat, with a reason."""
    one, seat = one_of(reference), found(session().get(Seat, number))
    form = made(SubstituteForm, f"substitute{number}")
    if not form.validate_on_submit():
        return show(one, form)
    person = found(session().get(Person, form.substitute.data))
    return attempt(
        one, form,
        lambda: panels.replace_reviewer(
            session(), one, seat, by=g.person, reason=form.reason.data or "", substitute=person
        ),
        done=f"{person.name} is asked to take the seat over.",
    )  # fmt: skip


@door.post("/reviews/<reference>/panel/seats/<int:number>/replace/agree")
@open_to("key")
def agree_replacement(reference: str, number: int) -> ResponseReturnValue:
    """Agree, as one key, that a reviewer is replaced."""
    one, seat = one_of(reference), found(session().get(Seat, number))
    form = made(KeyForReplacementForm, f"key{number}")
    if form.validate_on_submit() and (asked := confirm_first()) is not None:
        return asked
    return attempt(
        one, form,
        lambda: panels.replace_reviewer(session(), one, seat, by=g.person, reason=form.reason.data or ""),
        done="You have agreed. Once both keys have, the programme office seats a substitute.",
    )  # fmt: skip
