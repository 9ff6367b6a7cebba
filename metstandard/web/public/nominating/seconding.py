"""The seconder's page: exactly what is seconded, and the answer."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from metstandard.actions.recognition import links
from metstandard.actions.recognition.seconding import second as answer
from metstandard.common.errors import Invalid
from metstandard.queries.nominations import titles
from metstandard.records.recognition import Nomination, Seconder
from metstandard.records.units import Unit
from metstandard.rules.guards.recognition import seconder_of
from metstandard.rules.recognition import nominees_of
from metstandard.rules.seconders import seconded_digest
from metstandard.web.public.door import door
from metstandard.web.public.nominating.holding import translated
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form, Words
from metstandard.web.shared.languages import gettext, lazy_gettext
from metstandard.web.shared.limits import limiter

_OPEN = ("submitted", "eligibility")
_MOST_WORDS = 200


class AnswerForm(Form):
    """Confirm or decline what was shown: `seen` is its hash."""

    seen = HiddenField()
    answer = RadioField(lazy_gettext("Your answer"), [InputRequired(lazy_gettext("Choose an answer"))])
    words = TextAreaField(
        lazy_gettext("What do you know of it yourself?"), [Optional(), Length(max=4000), Words(_MOST_WORDS)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = [
            ("confirm", gettext("I second it: what is written here is true as far as I know")),
            ("decline", gettext("I do not second it")),
        ]


def _opened(key: str) -> tuple[Nomination, Seconder]:
    link = found(links.opened(session(), key, "seconder"))
    row = found(session().get(Seconder, link.about_id) if link.about_id else None)
    return session().get_one(Nomination, link.nomination_id), row


@door.route("/second/<key>", methods=["GET", "POST"], endpoint="second")
@limiter.limit("60 per hour", key_func=limits.address, methods=["POST"])
@open_to_public
def second(key: str) -> ResponseReturnValue:
    """What is seconded, shown in full until it was answered."""
    nomination, row = _opened(key)
    form = AnswerForm()
    if form.validate_on_submit():
        try:
            answer(
                session(), nomination, row, confirm=form.answer.data == "confirm", words=form.words.data or "",
                seen=form.seen.data or "",
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(Invalid(translated(refused).sentence))
        else:
            session().commit()
            return redirect(url_for("public.second", key=key), code=303)
    newest = seconder_of(session(), nomination)
    waiting = nomination.state in _OPEN and newest is not None and newest.key == row.key
    form.seen.data = seconded_digest(session(), nomination)
    page = render_template(
        "pages/public/nominating/second.html", form=form, nomination=nomination, seconder=row, waiting=waiting,
        titles=titles(session(), nomination), most=_MOST_WORDS,
        nominees=[(each, _unit(each.unit_id)) for each in nominees_of(session(), nomination)],
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200


def _unit(number: int | None) -> str:
    unit = session().get(Unit, number) if number is not None else None
    return unit.title if unit else ""
