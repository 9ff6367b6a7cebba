"""Consent as the programme office follows it: who was asked, who answered, and answers on somebody's behalf."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions.recognition import announcing, consent, presenting
from metstandard.common.errors import NotFound
from metstandard.records.recognition import Consent, Nomination, Nominee
from metstandard.rules.recognition import nominees_of
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import OFFICER, frame, office
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved

ANSWERS = {"named": "Consents, and may be named", "unnamed": "Consents, but is not named", "declined": "Declines"}
STANDS = {
    Consent.NOT_ASKED: "Not asked yet", Consent.ASKED: "Asked", Consent.GIVEN: "Consents", Consent.DECLINED: "Declines",
}  # fmt: skip


class ConsentForm(Form):
    """What somebody answered by another way than the letter's link."""

    nominee = HiddenField()
    answer = RadioField("Their answer", [InputRequired("Choose their answer")], choices=ANSWERS)
    note = TextAreaField("How and when they answered", [InputRequired("Say how and when they answered")])


class FeedbackForm(Form):
    """Words for the nominator of a nomination that was not chosen."""

    feedback = TextAreaField(
        "Feedback", [InputRequired("Enter your feedback")],
        description="The nominator reads it in a letter. Name nobody, and give no marks.",
    )  # fmt: skip


@door.get("/nominations/<reference>/consent")
@open_to(OFFICER)
def nomination_consent(reference: str) -> ResponseReturnValue:
    """Who was asked, and what they answered."""
    return _page(office(reference))


def _page(one: Nomination, refused: ConsentForm | None = None) -> ResponseReturnValue:
    nominees = nominees_of(session(), one)

    def form_for(nominee: Nominee) -> ConsentForm:
        if refused is not None and refused.nominee.data == str(nominee.key):
            return refused
        form = ConsentForm(prefix=f"n{nominee.key}-", formdata=None)
        form.nominee.data = str(nominee.key)
        return form

    page = render_template(
        "pages/authority/recognition/consents.html",
        nominees=nominees,
        families_open=consent.families_open(nominees),
        stands=STANDS,
        form_for=form_for,
        form=refused,
        **frame(one),
    )
    return (page, 422) if refused is not None else page


def _nominee(one: Nomination, number: int) -> Nominee:
    for each in nominees_of(session(), one):
        if each.key == number:
            return each
    raise NotFound("We could not find that page")


@door.post("/nominations/<reference>/consent/<int:number>")
@open_to(OFFICER)
def answer_consent(reference: str, number: int) -> ResponseReturnValue:
    """Record an answer on somebody's behalf, with a note of how they gave it."""
    one = office(reference)
    nominee, form = _nominee(one, number), ConsentForm(prefix=f"n{number}-")
    form.nominee.data = str(number)
    if accepted(
        form,
        lambda: consent.answer(
            session(),
            one,
            nominee,
            by=g.person,
            given=form.answer.data != "declined",
            anonymous=form.answer.data == "unnamed",
            note=form.note.data or "",
        ),
    ):
        return _back(reference, "nomination_consent", "The answer is recorded.")
    return _page(one, form)


@door.post("/nominations/<reference>/consent/<int:number>/again")
@open_to(OFFICER)
def ask_again(reference: str, number: int) -> ResponseReturnValue:
    """Send the letter again, with a new link."""
    one = office(reference)
    consent.ask_again(session(), one, _nominee(one, number), by=g.person)
    return _back(reference, "nomination_consent", "The letter goes out again, with a new link.")


@door.route("/nominations/<reference>/feedback", methods=["GET", "POST"])
@open_to(OFFICER)
def nomination_feedback(reference: str) -> ResponseReturnValue:
    """Thanks and feedback after a nomination that was not chosen."""
    one, form = office(reference), FeedbackForm()
    if one.awarded is True or one.state != "archived":
        raise NotFound("We could not find that page")
    if form.validate_on_submit():
        announcing.thank(session(), one, by=g.person, feedback=form.feedback.data or "")
        return _back(reference, "nomination_feedback", "Thanks and feedback are on their way.")
    page = render_template(
        "pages/authority/recognition/feedback.html", nomination=one, form=form,
        sent=announcing.thanked(session(), one), nominees=nominees_of(session(), one), marking=one.marking.value,
    )  # fmt: skip
    return (page, 422) if form.errors else page


@door.post("/nominations/<reference>/presented")
@open_to(OFFICER)
def record_presentation(reference: str) -> ResponseReturnValue:
    """The award was presented."""
    one = office(reference)
    if one.state != "presented":
        presenting.record_presentation(session(), one, by=g.person)
    return _back(reference, "nomination", "The presentation is recorded.")


@door.post("/nominations/<reference>/archive")
@open_to(OFFICER)
def archive_nomination(reference: str) -> ResponseReturnValue:
    """Nothing more is to be done."""
    one = office(reference)
    if one.state != "archived":
        presenting.archive(session(), one, by=g.person)
    return _back(reference, "nomination", "The nomination is archived.")


def _back(reference: str, page: str, said: str) -> ResponseReturnValue:
    return saved(said, f"authority.{page}", reference=reference)
