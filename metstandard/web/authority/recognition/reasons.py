"""Acts of the programme office that ask for a reason: returning, passing on, withdrawing, holding; another seconder."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, RadioField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length

from metstandard.actions.recognition import checks, eligibility, nominating, seconding
from metstandard.queries.nominations import titles
from metstandard.records.recognition import Nomination
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.nomination import REASONS, done
from metstandard.web.authority.recognition.viewing import OFFICER, office
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted

# Where a nomination stands after each act, and what is then said.
_AFTER = {
    "return": ("returned", "The nomination is returned. The nominator gets a letter."),
    "redirect": ("redirected", "The nomination is passed on. The nominator gets a letter."),
    "withdraw": ("withdrawn", "The nomination is withdrawn. The nominator gets a letter."),
    "hold": ("held", "The nomination is on hold."),
}
_READ = {
    "return": "The nominator reads these words.",
    "redirect": "The nominator reads these words.",
    "withdraw": "The nominator reads these words.",
    "hold": "Only the programme office reads these words. Say nothing of anybody’s record.",
}


class ReasonForm(Form):
    """Why."""

    why = TextAreaField("Reasons", [InputRequired("Enter your reasons"), Length(max=4000)])


class RedirectForm(ReasonForm):
    """Where to, and why."""

    to = RadioField("Where does it go?", [InputRequired("Choose where the nomination goes")])


class SeconderForm(Form):
    """Somebody of another unit or body."""

    name = StringField("Full name", [InputRequired("Enter the name"), Length(max=120)])
    email = EmailField(
        "E-mail address", [InputRequired("Enter an e-mail address"), Length(max=254), Email("Enter an e-mail address")]
    )
    body = StringField("Unit or organisation", [InputRequired("Enter the unit or organisation"), Length(max=160)])


@door.route(
    "/nominations/<reference>/reason/<any(return, redirect, withdraw, hold):act>", methods=["GET", "POST"],
    endpoint="nomination_reason",
)  # fmt: skip
@open_to(OFFICER)
def nomination_reason(reference: str, act: str) -> ResponseReturnValue:
    """One act with its reason; sent twice it is done once."""
    one = office(reference)
    state, said = _AFTER[act]
    if one.state == state:
        return done(one, said)
    form = RedirectForm() if act == "redirect" else ReasonForm()
    if isinstance(form, RedirectForm):
        form.to.choices = list(titles(session(), one).redirects.items())
    if accepted(form, lambda: _act(one, act, form)):
        session().commit()
        return done(one, said)
    page = render_template(
        "pages/authority/recognition/reason.html", form=form, nomination=one, said=REASONS[act][1], read=_READ[act]
    )
    return page, 422 if form.errors or form.form_errors else 200


def _act(one: Nomination, act: str, form: ReasonForm) -> None:
    reason = form.why.data or ""
    if isinstance(form, RedirectForm):
        eligibility.redirect(session(), one, form.to.data or "", by=g.person, reason=reason)
        return
    acts = {"return": eligibility.return_nomination, "withdraw": nominating.withdraw, "hold": checks.hold}
    acts[act](session(), one, by=g.person, reason=reason)


@door.route("/nominations/<reference>/seconder", methods=["GET", "POST"], endpoint="nomination_seconder")
@open_to(OFFICER)
def nomination_seconder(reference: str) -> ResponseReturnValue:
    """Ask somebody else to second it."""
    one = office(reference)
    form = SeconderForm()
    if accepted(
        form,
        lambda: seconding.name_seconder(
            session(),
            one,
            by=g.person,
            name=form.name.data or "",
            email=form.email.data or "",
            body=form.body.data or "",
        ),
    ):
        session().commit()
        return redirect(url_for("authority.nomination", reference=one.reference), code=303)
    page = render_template("pages/authority/recognition/seconder.html", form=form, nomination=one)
    return page, 422 if form.errors or form.form_errors else 200
