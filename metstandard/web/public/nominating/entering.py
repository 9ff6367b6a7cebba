"""The way in: what the awards are, beginning a nomination, and asking for a lost link.

No puzzle: a throttle and a field that people do not see. Nothing tells whether an address is known.
"""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, HiddenField, StringField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from metstandard.actions.recognition import findings, links, nominating
from metstandard.common import ids
from metstandard.common.errors import Invalid
from metstandard.queries import nominations as reads
from metstandard.records.sheets import Finding
from metstandard.rules.editions import newest_rubric, newest_workflow
from metstandard.web.public.door import door
from metstandard.web.public.nominating.holding import translated
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.languages import gettext, lazy_gettext
from metstandard.web.shared.limits import limiter

_AN_ADDRESS = lazy_gettext("Enter an e-mail address, such as name@example.org")


class _Entry(Form):
    """`website` is seen by machines only; `once` makes a second press of the button harmless."""

    once = HiddenField(validators=[InputRequired(lazy_gettext("Open the page again and send it once more"))])
    email = EmailField(
        lazy_gettext("Your e-mail address"), [InputRequired(_AN_ADDRESS), Length(max=254), Email(_AN_ADDRESS)]
    )
    website = StringField(lazy_gettext("Leave this empty"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.once.data = self.once.data or ids.token()

    def validate_website(self, field: StringField) -> None:
        """Machines fill in every field; a person who did so by accident is told."""
        if field.data:
            raise ValidationError(gettext("Leave this empty: it keeps automatic messages away"))


class BeginForm(_Entry):
    """Who nominates."""

    name = StringField(
        lazy_gettext("Your full name"), [InputRequired(lazy_gettext("Enter your name")), Length(max=120)]
    )


class LinkForm(_Entry):
    """Whose nominations."""


@door.get("/nominate", endpoint="nominate")
@open_to_public
def nominate() -> str:
    """The awards, who may be nominated, and the way to begin."""
    known = newest_rubric(nominating.RUBRIC)[0].recognition
    person = g.get("person")
    return render_template(
        "pages/public/nominating/start.html", schemes=list(known.schemes.values()) if known else [],
        months=newest_workflow("nomination")[0].number("D2-months"),
        mine=reads.made_by(session(), person) if person else [],
    )  # fmt: skip


@door.route("/nominate/begin", methods=["GET", "POST"], endpoint="nominate_begin")
@limiter.limit(limits.LETTERS_PER_ADDRESS, key_func=limits.address, methods=["POST"])
@limiter.limit("5 per hour", key_func=limits.typed_account, methods=["POST"])
@open_to_public
def begin() -> ResponseReturnValue:
    """Name and address; then the draft is there, and the way back to it goes out by letter."""
    person = g.get("person")
    form = BeginForm(data={"name": person.name, "email": person.email} if person else {})
    if form.validate_on_submit():
        try:
            made = nominating.begin_nomination(
                session(), by=person, name=form.name.data or "", email=form.email.data or "", once=form.once.data or ""
            )
        except Invalid as refused:
            form.refuse(translated(refused))
        else:
            key = made.reference if person else links.give(session(), made, nominating.NOMINATOR)
            session().commit()
            return redirect(url_for("public.nomination_page", key=key, page="award"), code=303)
    return render_template("pages/public/nominating/begin.html", form=form), 422 if form.errors else 200


@door.post("/nominate/from-finding/<int:number>", endpoint="nominate_from_finding")
@open_to("reviewer", "programme_officer")
def from_finding(number: int) -> ResponseReturnValue:
    """Start from published good practice, for its panel and the programme office."""
    made = findings.from_finding(session(), found(session().get(Finding, number)), by=g.person)
    session().commit()
    return redirect(url_for("public.nomination_page", key=made.reference, page="award"), code=303)


@door.route("/nominate/link", methods=["GET", "POST"], endpoint="nominate_link")
@limiter.limit(limits.LETTERS_PER_ADDRESS, key_func=limits.address, methods=["POST"])
@limiter.limit(limits.LETTERS_PER_ACCOUNT, key_func=limits.typed_account, methods=["POST"])
@open_to_public
def link() -> ResponseReturnValue:
    """Ask for a lost link again. The answer is the same for every address."""
    form = LinkForm()
    if form.validate_on_submit():
        nominating.send_links(session(), form.email.data or "", once=form.once.data or "")
        session().commit()
        return redirect(url_for("public.nominate_link_sent"), code=303)
    return render_template("pages/public/nominating/link.html", form=form), 422 if form.errors else 200


@door.get("/nominate/link/sent", endpoint="nominate_link_sent")
@open_to_public
def link_sent() -> str:
    """What to expect, whether the address is known or not."""
    return render_template("pages/public/nominating/link_sent.html")
