"""Sign in, sign out, and the password once more before a signature."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.sansio.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from metstandard.common.ids import token_hash
from metstandard.web.account.door import door
from metstandard.web.account.forms import Confirm, SignIn
from metstandard.web.shared import limits, security
from metstandard.web.shared.access import SIGNED_IN, open_to, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.kept import newest_kept
from metstandard.web.shared.limits import limiter
from metstandard.web.shared.redirects import after, start_page

# The same words for an unknown address, a wrong password, a disabled account and one without a password yet.
NOT_RIGHT = "The e-mail address or the password is not right"


def _signed_in() -> str:
    return f"person:{g.person.key if g.get('person') else token_hash(limits.address())}"


@door.route("/sign-in", methods=["GET", "POST"])
@limiter.limit(limits.SIGN_IN_PER_ADDRESS, key_func=limits.address, methods=["POST"], deduct_when=limits.failed)
@limiter.limit(limits.SIGN_IN_PER_ACCOUNT, key_func=limits.typed_account, methods=["POST"])
@open_to_public
def sign_in() -> str | Response:
    """The way in."""
    if g.get("person") is not None and request.method == "GET":
        return redirect(after(request.args.get("next")))
    form = SignIn(next=request.args.get("next", ""))
    if form.validate_on_submit():
        person = security.person_of(session(), form.email.data or "")
        if security.matches(person, form.password.data or "") and person is not None:
            security.begin(person)
            return redirect(url_for("account.kept") if newest_kept(session(), person) else after(form.next.data))
        form.email.errors = [NOT_RIGHT]
    return render_template("pages/account/sign_in.html", form=form, waiting="kept" in browser_session)


@door.record_once
def without_token(state: BlueprintSetupState) -> None:
    """Signing out needs no CSRF token: it works when the session is over, and SameSite keeps other sites out."""
    state.app.extensions["csrf"].exempt(f"{__name__}.sign_out")


@door.post("/sign-out")
@open_to_public
def sign_out() -> Response:
    """The way out; harmless when nobody is signed in any more."""
    security.finish()
    return redirect(url_for("account.signed_out"))


@door.get("/signed-out")
@open_to_public
def signed_out() -> str | Response:
    """What one sees after signing out."""
    if g.get("person") is not None:
        return redirect(start_page())
    return render_template("pages/account/signed_out.html")


@door.route("/account/confirm", methods=["GET", "POST"])
@limiter.limit(limits.SIGN_IN_PER_ACCOUNT, key_func=_signed_in, methods=["POST"])
@open_to(SIGNED_IN)
def confirm() -> str | Response:
    """The password once more: a signature or a withdrawal asks for a sign-in of the last 15 minutes."""
    form = Confirm(next=request.args.get("next", ""))
    if form.validate_on_submit():
        if security.matches(g.person, form.password.data or ""):
            security.confirm()
            flash("Thank you. You can sign for the next 15 minutes.", "success")
            waiting = browser_session.pop("kept", "")
            return redirect(url_for("account.kept") if waiting else after(form.next.data))
        form.password.errors = ["This is not your password"]
    return render_template("pages/account/confirm.html", form=form, waiting="kept" in browser_session)
