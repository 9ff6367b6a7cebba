"""What was typed when the session ended: seen again after sign-in, and sent with one press."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask import session as browser_session
from werkzeug.wrappers import Response

from metstandard.web.account.door import door
from metstandard.web.shared import kept as keeping
from metstandard.web.shared.access import SIGNED_IN, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.redirects import start_page


@door.get("/account/kept")
@open_to(SIGNED_IN)
def kept() -> str | Response:
    """The form that was sent too late, with everything in it. It stays until it is sent or thrown away."""
    form = keeping.kept_for(session(), g.person, str(browser_session.get("kept", "")))
    if form is None:
        browser_session.pop("kept", None)
        return redirect(start_page())
    fields = keeping.fields_of(form)
    return render_template("pages/account/kept.html", path=form.path, page=keeping.page_of(form), fields=fields)


@door.post("/account/kept/forget")
@open_to(SIGNED_IN)
def forget_kept() -> Response:
    """Throw it away."""
    form = keeping.kept_for(session(), g.person, str(browser_session.pop("kept", "")))
    page = start_page()
    if form is not None:
        page = keeping.page_of(form)
        session().delete(form)
        session().commit()
        flash("What you had typed is thrown away.", "message")
    return redirect(page if page != "/" else url_for("account.home"))
