"""Choosing a password: over a link from a letter (invitation, reset), or when signed in."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask import session as browser_session
from werkzeug.wrappers import Response

from metstandard.actions import accounts
from metstandard.records.accounts import Person
from metstandard.web.account.door import door
from metstandard.web.account.forms import ChangePassword, Forgotten, NewPassword
from metstandard.web.shared import limits, security
from metstandard.web.shared.access import SIGNED_IN, open_to, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.limits import limiter
from metstandard.web.shared.redirects import start_page


def _words_of(person: Person) -> tuple[str, ...]:
    return (person.name, person.title, person.email)


@door.route("/forgotten-password", methods=["GET", "POST"])
@limiter.limit(limits.LETTERS_PER_ADDRESS, key_func=limits.address, methods=["POST"])
@limiter.limit(limits.LETTERS_PER_ACCOUNT, key_func=limits.typed_account, methods=["POST"])
@open_to_public
def forgotten() -> str | Response:
    """Ask for a letter with a link. The answer is the same for known and unknown addresses."""
    form = Forgotten()
    if form.validate_on_submit():
        accounts.send_reset(session(), security.person_of(session(), form.email.data or ""))
        session().commit()
        return redirect(url_for("account.letter_on_its_way"))
    return render_template("pages/account/forgotten.html", form=form)


@door.get("/letter-on-its-way")
@open_to_public
def letter_on_its_way() -> str:
    """What happens next, known or unknown."""
    return render_template("pages/account/letter_on_its_way.html")


@door.get("/link/<token>")
@limiter.limit(limits.LINKS_PER_ADDRESS, key_func=limits.address)
@open_to_public
def link(token: str) -> Response:
    """Take the secret out of the address at once; reading a link ahead, as mail scanners do, spends nothing."""
    browser_session["link"] = token
    return redirect(url_for("account.choose_password"))


@door.route("/choose-password", methods=["GET", "POST"])
@limiter.limit(limits.LINKS_PER_ADDRESS, key_func=limits.address, methods=["POST"])
@open_to_public
def choose_password() -> str | Response:
    """Choose a password over a link; the person is signed in afterwards."""
    token = str(browser_session.get("link", ""))
    found = accounts.open_link(session(), token)
    if found is None:
        return render_template("pages/account/link_too_old.html")
    opened, person = found
    form = NewPassword()
    form.about = _words_of(person)
    if form.validate_on_submit():
        accounts.choose_password(session(), token, hashed=security.hashed(form.password.data or ""))
        session().commit()
        browser_session.pop("link", None)
        security.begin(person)
        flash("Your password is set, and you are signed in.", "success")
        return redirect(start_page())
    invited = opened.purpose == accounts.INVITATION
    return render_template("pages/account/choose_password.html", form=form, whose=person, invited=invited)


@door.route("/account/password", methods=["GET", "POST"])
@limiter.limit(
    limits.SIGN_IN_PER_ACCOUNT, key_func=lambda: f"change:{g.person.key if g.get('person') else ''}", methods=["POST"]
)
@open_to(SIGNED_IN)
def change_password() -> str | Response:
    """Change the password; every other session of the person ends."""
    form = ChangePassword()
    form.about = _words_of(g.person)
    if form.validate_on_submit():
        if security.matches(g.person, form.present.data or ""):
            accounts.change_password(session(), g.person, hashed=security.hashed(form.password.data or ""))
            session().commit()
            security.begin(g.person)
            flash("Your password is changed. You are signed out everywhere else.", "success")
            return redirect(url_for("account.home"))
        form.present.errors = ["This is not your present password"]
    return render_template("pages/account/change_password.html", form=form)
