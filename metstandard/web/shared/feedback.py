"""The form about the reviewers after a review, for both doors that are asked (REV-5)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Optional

from metstandard.actions import feedback as acts
from metstandard.common.errors import NotFound
from metstandard.queries import feedback as reads
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules.feedback import questions
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form, Words

_WORDS = 300


def _name(one: reads.Asked, word: str) -> str:
    return f"{one.row.about_id}-{word}"


def _form(asked: list[reads.Asked]) -> Form:
    """A field for each statement about each reviewer, and one for words."""
    fields: dict[str, Any] = {}
    for one in asked:
        said = questions(one.row.questions)
        steps = [SelectChoice(str(step), text) for step, text in enumerate(said.scale, start=1)]
        for word, statement in said.statements.items():
            wanted = InputRequired(f"Choose an answer about {one.name}")
            fields[_name(one, word)] = RadioField(statement, [wanted], choices=steps)
        fields[_name(one, "words")] = TextAreaField(said.words, [Optional(), Words(_WORDS)])
    made: Form = type("FeedbackForm", (Form,), fields)()
    return made


def answer(review: Review, *, page: str, back: str) -> ResponseReturnValue:
    """The form, or what became of it. `page` is the template, `back` the page of the review.

    Raises NotFound for whoever is not asked.
    """
    asked = reads.asked(session(), review, g.person)
    if not asked:
        raise NotFound("We could not find that page")
    given = asked[0].row.given_at
    form = _form(asked)
    if request.method == "POST" and form.validate_on_submit():
        acts.give(session(), review, by=g.person, said={one.row.about_id: _said(form, one) for one in asked})
        session().commit()
        flash("Your feedback is with the programme office.", "success")
        return redirect(back, code=303)
    parts = [
        (one, [form[_name(one, word)] for word in questions(one.row.questions).statements], form[_name(one, "words")])
        for one in asked
    ]
    unit = session().get_one(Unit, review.unit_id)
    shown = render_template(
        page, review=review, unit=unit, form=form, parts=parts, given=given, due=asked[0].row.due_on, back=back,
        most=_WORDS, marking="OFFICIAL-SENSITIVE",
    )  # fmt: skip
    return (shown, 422) if form.errors else shown


def _said(form: Form, one: reads.Asked) -> acts.Said:
    steps = {word: int(form[_name(one, word)].data) for word in questions(one.row.questions).statements}
    return acts.Said(steps, form[_name(one, "words")].data or "")


def is_asked(review: Review) -> bool:
    """Whether the person who is signed in is asked about the reviewers of a review."""
    return bool(reads.asked(session(), review, g.person))
