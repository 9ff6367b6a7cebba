"""What was typed when the session ended: seen again after sign-in, and sent with one press."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request
from flask import session as browser_session
from werkzeug.wrappers import Response

from metstandard.web.account.door import door
from metstandard.web.shared.access import SIGNED_IN, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.kept import fields_of, newest_kept, page_of
from metstandard.web.shared.redirects import is_local, start_page


@door.get("/account/kept")
@open_to(SIGNED_IN)
def kept() -> str | Response:
    """The form that was sent too late, with everything in it. It stays until it is sent or thrown away."""
    form = newest_kept(session(), g.person)
    browser_session.pop("kept", None)
    if form is None:
        return redirect(start_page())
    fields = fields_of(form)
    return render_template(
        "pages/account/kept.html", number=form.key, at=form.kept_at, fields=fields, typed=dict(fields)
    )


@door.post("/account/kept/send")
@open_to(SIGNED_IN)
def send_kept() -> Response:
    """Send it where it was meant to go: the browser repeats the post there, with the new session's token."""
    form = newest_kept(session(), g.person)
    if form is None or str(form.key) != request.args.get("number") or not is_local(form.path):
        return redirect(start_page())
    path = form.path
    session().delete(form)
    session().commit()
    return redirect(path, code=307)


@door.post("/account/kept/forget")
@open_to(SIGNED_IN)
def forget_kept() -> Response:
    """Throw it away."""
    form = newest_kept(session(), g.person)
    page = page_of(form) if form is not None else ""
    if form is not None:
        session().delete(form)
        session().commit()
        flash("What you had typed is thrown away.", "message")
    return redirect(page or start_page())
