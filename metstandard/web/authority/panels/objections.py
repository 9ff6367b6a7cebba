"""Ruling on the unit's objections, one key at a time."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from metstandard.actions import panels
from metstandard.records.seats import Objection
from metstandard.web.authority.door import door
from metstandard.web.authority.panels.forms import RulingForm, made
from metstandard.web.authority.panels.page import attempt, one_of
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session


@door.post("/reviews/<reference>/panel/objections/<int:number>")
@open_to("key")
def rule_on_objection(reference: str, number: int) -> ResponseReturnValue:
    """Uphold or refuse, with a reason that the unit will read."""
    one, objection = one_of(reference), found(session().get(Objection, number))
    form = made(RulingForm, f"objection{number}")
    return attempt(
        one, form,
        lambda: panels.rule_on_objection(
            session(), one, objection, by=g.person, upheld=form.ruling.data == "uphold", reason=form.reason.data or ""
        ),
        done="Your ruling is written down. It stands once both keys rule the same way.",
        anchor="#objections",
    )  # fmt: skip
