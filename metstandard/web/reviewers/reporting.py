"""The report: the whole panel reads it, the lead reviewer writes it paragraph by paragraph and sends the draft."""

from __future__ import annotations

from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import reporting
from metstandard.common import clock, words
from metstandard.common.errors import Invalid, NotNow
from metstandard.documents.differences import differences
from metstandard.queries import checking
from metstandard.queries import reporting as reading
from metstandard.queries.judgement import paragraphs_of
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records.reviews import Review
from metstandard.records.sheets import Paragraph
from metstandard.rules.award import final_levels
from metstandard.rules.editions import rubric_of
from metstandard.web.reviewers.consensus import facts
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.seated import seated
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.errors import wants_json
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved


class ParagraphForm(Form):
    """One paragraph's text."""

    text = TextAreaField("Text of the paragraph")
    revision = HiddenField()


class SendForm(Form):
    """What the lead reviewer has checked before the unit reads the draft."""

    marking_checked = BooleanField(
        "The marking is right for what the draft says", [InputRequired("Check the marking, then confirm it")]
    )
    nobody_named = BooleanField(
        "Nobody who was interviewed can be recognised",
        [InputRequired("Check that nobody can be recognised, then confirm it")],
    )


@door.get("/reviews/<reference>/reporting")
@open_to("reviewer", "deputy")
def review_reporting(reference: str) -> ResponseReturnValue:
    """The report as it stands."""
    review = _readable(reference)
    sentence, stood = whose_move(session(), review)
    sections = reading.sections(session(), review)
    return render_template(
        "pages/reviewers/reporting.html", sentence=sentence, stood=stood, sections=sections, may=_may(review),
        rubric=rubric_of(session(), review), levels=final_levels(session(), review), **facts(review),
    )  # fmt: skip


@door.route("/reviews/<reference>/reporting/<int:number>", methods=["GET", "POST"])
@open_to("reviewer", "deputy")
def review_paragraph(reference: str, number: int) -> ResponseReturnValue:
    """One paragraph: its text to edit, what it is made from, how it read before."""
    review = _readable(reference)
    one = found(reading.paragraph_of(session(), review, number))
    form = ParagraphForm(text=one.text, revision=str(one.revision))
    if request.method == "POST" and form.validate():
        revision = int(form.revision.data or 0) if str(form.revision.data).isdecimal() else 0
        reporting.edit_paragraph(session(), review, one, by=g.person, text=form.text.data or "", revision=revision)
        answer = {"saved_at": words.time(clock.now()), "revision": one.revision}
        session().commit()
        if wants_json():
            return jsonify(answer)
        flash(f"Paragraph {number} is saved.", "success")
        return redirect(_after(review, number), code=303)
    page = render_template(
        "pages/reviewers/reporting_paragraph.html",
        form=form,
        one=one,
        title=_title(review, one),
        last=_last(review),
        may=_may(review),
        rubric=rubric_of(session(), review),
        sources=reading.sources(session(), review, one),
        history=[(each, differences(each.before, each.text)) for each in reading.history(session(), review, one)],
        **facts(review),
    )
    return page, 422 if form.errors else 200


class ReasonForm(Form):
    """Why the report may leave although the check found this."""

    reason = TextAreaField(
        "Why the report may leave all the same", [InputRequired("Say why the report may leave all the same")]
    )


@door.post("/reviews/<reference>/reporting/check/<key>")
@open_to("reviewer")
def waive_check(reference: str, key: str) -> ResponseReturnValue:
    """Let one finding of the check stand, with one's name and reason."""
    review = _readable(reference)
    form = ReasonForm(prefix=key)
    if accepted(
        form, lambda: reporting.waive_check(session(), review, by=g.person, key=key, reason=form.reason.data or "")
    ):
        return saved("Your reason is recorded with your name.", ".send_draft", reference=reference)
    return _send_page(review, SendForm(formdata=None), waiving=(key, form)), 422


@door.route("/reviews/<reference>/reporting/send", methods=["GET", "POST"])
@open_to("reviewer")
def send_draft(reference: str) -> ResponseReturnValue:
    """Check marking and recognisable people, then send the draft to the unit."""
    review = _readable(reference)
    form = SendForm()
    if form.validate_on_submit():
        try:
            reporting.send_draft(session(), review, by=g.person)
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(_sent(review), "success")
            return redirect(url_for(".review_reporting", reference=reference), code=303)
    return _send_page(review, form), 422 if form.errors or form.form_errors else 200


def _send_page(review: Review, form: SendForm, *, waiving: tuple[str, ReasonForm] | None = None) -> str:
    """What the check finds, each with its reason or a place for one; then what the lead reviewer confirms."""
    may = _may(review)
    if "send_draft" not in may:
        raise NotNow("The draft is sent by the lead reviewer, once, while the report is being written.")
    refused = dict([waiving]) if waiving else {}
    return render_template(
        "pages/reviewers/reporting_send.html",
        send_form=form,
        form=waiving[1] if waiving else form,
        may=may,
        found=[
            (one, let, refused.get(one.key) or ReasonForm(formdata=None, prefix=one.key))
            for one, let in checking.checked(session(), review)
        ],
        count=len(paragraphs_of(session(), review)),
        **facts(review),
    )


def _readable(reference: str) -> Review:
    """The review, for its panel and for the lead reviewer's own deputy."""
    lent = reading.for_writer(session(), g.person, reference)
    return lent if lent is not None else seated(reference)[0]


def _may(review: Review) -> dict[str, Any]:
    """The acts that are open to this person; a deputy of the unit's is no deputy here."""
    return {one.act: one for one in moves_open_to(session(), g.person, review)}


def _title(review: Review, one: Paragraph) -> str:
    rubric = rubric_of(session(), review)
    if one.criterion:
        return f"{one.criterion} {rubric.criteria[one.criterion].title}"
    return reading.title_of(rubric, one.section)


def _last(review: Review) -> int:
    return max((one.number for one in paragraphs_of(session(), review)), default=0)


def _after(review: Review, number: int) -> str:
    if request.form.get("do") == "next" and number < _last(review):
        return url_for(".review_paragraph", reference=review.reference, number=number + 1)
    return url_for(".review_reporting", reference=review.reference, _anchor=f"p-{number}")


def _sent(review: Review) -> str:
    due = f" The unit can answer until {words.day(review.due_on)}." if review.due_on else ""
    return f"The draft is with the unit for factual accuracy.{due}"
