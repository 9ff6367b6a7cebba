"""Moving the clock forward, so that windows close and reminders fall due while one looks."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, request
from sqlmodel import select
from werkzeug.wrappers import Response

from metstandard.common import clock, words
from metstandard.common.errors import Invalid
from metstandard.records.accounts import SignedIn
from metstandard.web.demo.door import door
from metstandard.web.shared import security
from metstandard.web.shared.access import SIGNED_IN, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.redirects import after

MOST = 400


@door.post("/clock")
@open_to(SIGNED_IN)
def move() -> Response:
    """Move the clock; the worker does within seconds what fell due. Sessions of the demonstration go on."""
    days = request.form.get("days", "")
    if not days.isdigit() or not 0 < int(days) <= MOST:
        raise Invalid(f"The clock moves by 1 to {MOST} days", field="days")
    by = timedelta(days=int(days))
    clock.shift_forward(by)
    for row in session().exec(select(SignedIn)).all():
        row.expires_at += by
        session().add(row)
    session().commit()
    security.confirm()
    flash(f"It is now {words.moment(clock.now())}. What fell due is done within a few seconds.", "success")
    return redirect(after(request.form.get("next")), code=303)
