"""Comments and requests of the public: the list by due date, one of them, and what is done about it."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import enquiries
from metstandard.common.errors import Stale
from metstandard.queries import enquiries as reads
from metstandard.records.enquiries import EnquiryKind, Format
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved

OFFICER = "programme_officer"
STATES = [
    ("open", "Open"), ("received", "Received"), ("in_work", "In work"), ("answered", "Answered"), ("closed", "Closed"),
    ("", "Any"),
]  # fmt: skip
KINDS = {EnquiryKind.COMMENT.value: "Comment", EnquiryKind.FORMAT.value: "Another format"}
FORMATS = {
    Format.BRAILLE.value: "Braille", Format.AUDIO.value: "Audio", Format.SIGNED_VIDEO.value: "Signed video",
    Format.LARGE_PRINT.value: "Large print on paper", Format.EASY_READ.value: "Easy read",
}  # fmt: skip


class GiveForm(Form):
    """Who works on it."""

    revision = HiddenField()
    to = SelectField("Who works on it", [InputRequired("Choose somebody")], coerce=int)


class AnswerForm(Form):
    """The reply, or how the paper was sent."""

    revision = HiddenField()
    text = TextAreaField("Your answer", [InputRequired("Enter your answer")])


class CloseForm(Form):
    """Why there is no answer."""

    revision = HiddenField()
    reason = TextAreaField("The reason", [InputRequired("Give the reason")])


@door.get("/enquiries", endpoint="enquiries")
@open_to(OFFICER)
def enquiries_page() -> str:
    """What waits for an answer, the first due first; filtered as the address says."""
    chosen = {name: request.args.get(name, "").strip()[:100] for name in ("kind", "given", "search")}
    chosen["state"] = request.args.get("state", "open")
    page = request.args.get("page", 1, type=int)
    return render_template(
        "pages/authority/enquiries.html", found=reads.enquiries(session(), g.person, **chosen, page=page),
        chosen=chosen, states=STATES, kinds=[("", "Any"), *KINDS.items()], words=KINDS, formats=FORMATS,
        given=[("", "Anybody"), ("me", "Me"), ("nobody", "Nobody yet")],
    )  # fmt: skip


@door.get("/enquiries/<reference>", endpoint="enquiry")
@open_to(OFFICER)
def enquiry_page(reference: str) -> ResponseReturnValue:
    """One enquiry, with the three things that can be done about it."""
    return _page(_line(reference))


def _line(reference: str) -> reads.Line:
    return found(reads.one(session(), g.person, reference))


def _page(
    line: reads.Line, *, give: GiveForm | None = None, answer: AnswerForm | None = None, close: CloseForm | None = None
) -> ResponseReturnValue:
    refused = next((form for form in (give, answer, close) if form is not None), None)
    seen = {"revision": line.enquiry.version}
    giving = give or GiveForm(formdata=None, data=seen | {"to": line.enquiry.assigned_to_id or g.person.key})
    giving.to.choices = _officers()
    page = render_template(
        "pages/authority/enquiry.html", line=line, enquiry=line.enquiry, steps=reads.steps(session(), line.enquiry),
        words=KINDS, formats=FORMATS, give_form=giving, answer_form=answer or AnswerForm(formdata=None, data=seen),
        close_form=close or CloseForm(formdata=None, data=seen), **({"form": refused} if refused else {}),
    )  # fmt: skip
    return page, 422 if refused else 200


def _officers() -> list[tuple[int, str]]:
    return [(one.key, one.name) for one in reads.officers(session())]


def _revision(form: Form) -> int:
    """The version that the page showed. Raises Stale where it is missing: nothing is done on a guess."""
    shown = str(form.data.get("revision") or "")
    if not (shown.isascii() and shown.isdecimal()):
        raise Stale("Open the page again: we do not know what you saw")
    return int(shown[:9])


def _back(said: str, reference: str) -> ResponseReturnValue:
    return saved(said, "authority.enquiry", reference=reference)


@door.post("/enquiries/<reference>/give", endpoint="enquiry_give")
@open_to(OFFICER)
def give(reference: str) -> ResponseReturnValue:
    """Put it into somebody's hands."""
    line = _line(reference)
    form = GiveForm()
    form.to.choices = _officers()
    to = next((one for one in reads.officers(session()) if one.key == form.to.data), g.person)
    if accepted(form, lambda: enquiries.give(session(), line.enquiry, to, by=g.person, revision=_revision(form))):
        return _back(f"{to.name} works on it.", reference)
    return _page(line, give=form)


@door.post("/enquiries/<reference>/answer", endpoint="enquiry_answer")
@open_to(OFFICER)
def answer(reference: str) -> ResponseReturnValue:
    """Answer it; the letter goes out with it."""
    line = _line(reference)
    form = AnswerForm()
    if accepted(
        form,
        lambda: enquiries.answer(session(), line.enquiry, form.text.data or "", by=g.person, revision=_revision(form)),
    ):
        return _back("It is answered.", reference)
    return _page(line, answer=form)


@door.post("/enquiries/<reference>/close", endpoint="enquiry_close")
@open_to(OFFICER)
def close(reference: str) -> ResponseReturnValue:
    """Close it with a reason."""
    line = _line(reference)
    form = CloseForm()
    if accepted(
        form,
        lambda: enquiries.close(session(), line.enquiry, form.reason.data or "", by=g.person, revision=_revision(form)),
    ):
        return _back("It is closed.", reference)
    return _page(line, close=form)
