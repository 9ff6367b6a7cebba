"""Checking the answers and sending them; withdrawing; naming another seconder."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from metstandard.actions.recognition import nominating
from metstandard.actions.recognition.seconding import name_seconder
from metstandard.common import words as dates
from metstandard.common.errors import Invalid, NotNow
from metstandard.queries.nominations import titles
from metstandard.records.units import Unit
from metstandard.rules.guards.recognition import seconder_of
from metstandard.rules.recognition import nominees_of
from metstandard.web.public.door import door
from metstandard.web.public.nominating import pages, standing, steps
from metstandard.web.public.nominating.forms import SeconderForm
from metstandard.web.public.nominating.holding import UNSENT, Held, held, translated
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.languages import gettext, lazy_gettext
from metstandard.web.shared.limits import limiter

SENT_PER_ADDRESS = "30 per hour"


class SendForm(Form):
    """One button."""


class WithdrawForm(Form):
    """Why."""

    why = TextAreaField(
        lazy_gettext("Why do you withdraw it?"),
        [InputRequired(lazy_gettext("Enter your reasons")), Length(max=2000)],
    )


@door.route("/nominations/<key>/check", methods=["GET", "POST"], endpoint="nomination_check")
@limiter.limit(SENT_PER_ADDRESS, key_func=limits.address, methods=["POST"])
@open_to_public
def check(key: str) -> ResponseReturnValue:
    """Everything that was answered, with the way to change it; the button that sends it."""
    one = held(key)
    if not one.unsent:
        # Pressed twice: it is sent already, and the page says so.
        return redirect(url_for(f"public.nomination{'_sent' if request.method == 'POST' else ''}", key=key), code=303)
    form = SendForm()
    if form.validate_on_submit():
        try:
            nominating.submit(session(), one.nomination, by=one.by)
        except Invalid as refused:
            session().rollback()
            form.refuse(translated(refused))
        except NotNow as refused:
            session().rollback()
            if one.nomination.state not in UNSENT:
                return redirect(url_for("public.nomination_sent", key=key), code=303)
            form.form_errors.append(gettext(str(refused)))
        else:
            session().commit()
            return redirect(url_for("public.nomination_sent", key=key), code=303)
    answered = render_template(
        "pages/public/nominating/check.html", form=form, key=key, lines=lines(one),
        missing=steps.missing(one.nomination), nomination=one.nomination,
    )  # fmt: skip
    return answered, 422 if form.errors or form.form_errors else 200


@door.get("/nominations/<key>/sent", endpoint="nomination_sent")
@open_to_public
def sent(key: str) -> ResponseReturnValue:
    """The reference, and what happens next."""
    one = held(key)
    if one.unsent:
        return redirect(url_for("public.nomination", key=key))
    return render_template("pages/public/nominating/sent.html", nomination=one.nomination, key=key)


def lines(one: Held) -> list[dict[str, Any]]:
    """The answers, one line a page: title, texts, where to change them, and what is wrong."""
    missing = steps.missing(one.nomination)
    return [
        {
            "key": gettext(steps.TITLES[page]), "texts": _texts(one, page), "missing": missing.get(page, ""),
            "change": f"{pages.address(one, page)}?then=check",
        }
        for page in steps.order(one.nomination)
    ]  # fmt: skip


def _texts(one: Held, page: str) -> list[str]:
    nomination, known = one.nomination, titles(session(), one.nomination)
    if page in {"nominee", "members"}:
        return [_nominee(each) for each in nominees_of(session(), nomination)]
    if page == "seconder":
        row = seconder_of(session(), nomination)
        return [f"{row.name}, {row.body}", row.email] if row else []
    values = {
        "award": gettext(known.schemes.get(nomination.scheme, "")),
        "kind": gettext(known.nominees.get(nomination.nominee_kind, "")),
        "category": gettext(known.categories.get(nomination.category, "")),
        "when": dates.day(nomination.happened_on) if nomination.happened_on else "",
    }  # fmt: skip
    if page in values:
        return [values[page]] if values[page] else []
    if page == "you":
        contact = gettext("May be contacted") if nomination.may_contact else gettext("Not to be contacted")
        own = [nomination.nominator_name, nomination.nominator_body, nomination.nominator_relation]
        return [each for each in (*own, nomination.nominator_email, contact) if each]
    return [text for column in nominating.PAGES[page] if (text := str(getattr(nomination, column) or ""))]


def _nominee(row: Any) -> str:
    unit = session().get(Unit, row.unit_id) if row.unit_id else None
    said = [row.name, row.role, unit.title if unit else row.body]
    if row.from_on or row.until_on:
        first, last = (dates.day(day) if day else "" for day in (row.from_on, row.until_on))
        said.append(f"{first} – {last}")
    if row.died:
        said.append(gettext("has died"))
    return ", ".join(each for each in said if each)


@door.route("/nominations/<key>/withdraw", methods=["GET", "POST"], endpoint="nomination_withdraw")
@open_to_public
def withdraw(key: str) -> ResponseReturnValue:
    """Take it back, as long as the programme office has not passed it on."""
    one = held(key)
    if one.nomination.state == "withdrawn":
        return redirect(url_for("public.nomination", key=key), code=303)
    found(one if one.unsent or standing.of(one.nomination).may_withdraw else None)
    form = WithdrawForm()
    if form.validate_on_submit():
        nominating.withdraw(session(), one.nomination, by=one.by, reason=form.why.data or "")
        session().commit()
        return redirect(url_for("public.nomination", key=key), code=303)
    return render_template("pages/public/nominating/withdraw.html", form=form, key=key), 422 if form.errors else 200


@door.route("/nominations/<key>/new-seconder", methods=["GET", "POST"], endpoint="nomination_seconder")
@limiter.limit(SENT_PER_ADDRESS, key_func=limits.address, methods=["POST"])
@open_to_public
def new_seconder(key: str) -> ResponseReturnValue:
    """Ask somebody else to second what was sent."""
    one = held(key)
    found(one if standing.of(one.nomination).may_name else None)
    form = SeconderForm(data={"revision": "0"})
    if form.validate_on_submit():
        try:
            name_seconder(
                session(), one.nomination, by=one.by, name=form.name.data or "", email=form.email.data or "",
                body=form.body.data or "",
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(translated(refused))
        else:
            session().commit()
            return redirect(url_for("public.nomination", key=key), code=303)
    return pages.shown(
        one, "new-seconder", form, title=gettext("Name another seconder"), back=url_for("public.nomination", key=key)
    )
