"""One's own account, and where one is signed in."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask import session as browser_session
from werkzeug.wrappers import Response

from metstandard.actions import accounts
from metstandard.common.ids import token_hash
from metstandard.web.account.browsers import described
from metstandard.web.account.door import door
from metstandard.web.shared.access import SIGNED_IN, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.kept import newest_kept


def _this_session() -> str:
    """The hash of the present session's token."""
    return token_hash(str(getattr(browser_session, "token", "")))


@door.get("/account")
@open_to(SIGNED_IN)
def home() -> str:
    """Name, address, and what one can change."""
    return render_template("pages/account/home.html", waiting=newest_kept(session(), g.person))


@door.get("/account/sessions")
@open_to(SIGNED_IN)
def my_sessions() -> str:
    """Every browser in which one is signed in."""
    rows = [
        {
            "number": one.token_hash[:16],
            "browser": described(one.browser),
            "address": one.address,
            "since": one.created_at,
            "here": one.token_hash == _this_session(),
        }
        for one in accounts.sessions_of(session(), g.person)
    ]
    return render_template("pages/account/my_sessions.html", rows=rows)


@door.post("/account/sessions/end")
@open_to(SIGNED_IN)
def end_session() -> Response:
    """End one session, or all but this one; ending one that is over already is no error."""
    number = request.form.get("number", "")
    if number:
        accounts.end_session(session(), g.person, number)
        flash("That session has ended.", "success")
    else:
        accounts.end_sessions(session(), g.person, but=_this_session())
        flash("You are signed out everywhere else.", "success")
    session().commit()
    return redirect(url_for("account.my_sessions"))
