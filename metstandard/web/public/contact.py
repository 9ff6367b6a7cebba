"""What readers tell us and ask for: comments with a reply, and papers in Braille, audio or signed video.

No puzzle: a throttle, a field that people do not see, and limits of length. One form sent twice is one enquiry.
"""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Email, InputRequired, Length, Optional, ValidationError

from metstandard.actions import enquiries
from metstandard.actions.enquiries import Message
from metstandard.common import ids
from metstandard.common.errors import Invalid
from metstandard.queries import enquiries as reads
from metstandard.records.enquiries import About, EnquiryKind, Format
from metstandard.web.public.door import door
from metstandard.web.public.formats import FRESH
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form, Words
from metstandard.web.shared.headers import cacheable
from metstandard.web.shared.languages import gettext, lazy_gettext, marked
from metstandard.web.shared.limits import limiter

SENT_PER_ADDRESS = "10 per hour"
MOST_WORDS = 500
_LONGEST = 4000
_READS = "60 per minute"
ABOUT = {
    About.SERVICE.value: marked("This site or the scheme"),
    About.UNIT.value: marked("A unit or its review"),
    About.AWARD.value: marked("An award"),
}
FORMATS = {
    Format.BRAILLE.value: marked("Braille"),
    Format.AUDIO.value: marked("Audio"),
    Format.SIGNED_VIDEO.value: marked("Video in British Sign Language"),
    Format.LARGE_PRINT.value: marked("Large print on paper"),
    Format.EASY_READ.value: marked("Easy read"),
}


class Enquiring(Form):
    """What both forms ask. `website` is seen by machines only; `once` makes a second press of the button harmless."""

    once = HiddenField(validators=[InputRequired(lazy_gettext("Open the page again and send it once more"))])
    name = StringField(lazy_gettext("Your name"), [Optional(), Length(max=120)])
    email = EmailField(
        lazy_gettext("Your e-mail address"),
        [Optional(), Length(max=254), Email(lazy_gettext("Enter an e-mail address, such as name@example.org"))],
    )
    website = StringField(lazy_gettext("Leave this empty"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.once.data = self.once.data or ids.token()

    def validate_website(self, field: StringField) -> None:
        """Machines fill in every field; a person who did so by accident is told."""
        if field.data:
            raise ValidationError(gettext("Leave this empty: it keeps automatic messages away"))


class CommentForm(Enquiring):
    """A comment: what it is about, the words, and an address for the reply."""

    about = RadioField(lazy_gettext("What is it about?"), [InputRequired(lazy_gettext("Say what it is about"))])
    unit = SelectField(lazy_gettext("The unit, if it is about one"), [Optional()])
    item = StringField(lazy_gettext("The award or page, if it is about one"), [Optional(), Length(max=200)])
    text = TextAreaField(
        lazy_gettext("Your comment"),
        [InputRequired(lazy_gettext("Enter your comment")), Length(max=_LONGEST), Words(MOST_WORDS)],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about.choices = [(value, gettext(words)) for value, words in ABOUT.items()]


class FormatForm(Enquiring):
    """A paper in another format: which, in what form, and where to."""

    item = StringField(
        lazy_gettext("Which paper or page would you like?"),
        [InputRequired(lazy_gettext("Say which paper or page you would like")), Length(max=200)],
    )
    format = RadioField(lazy_gettext("In which format?"), [InputRequired(lazy_gettext("Choose a format"))])
    postal = TextAreaField(lazy_gettext("Your postal address"), [Optional(), Length(max=500)])
    text = TextAreaField(
        lazy_gettext("Is there anything else that we should know?"), [Optional(), Length(max=_LONGEST)]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.format.choices = [(value, gettext(words)) for value, words in FORMATS.items()]


@door.route("/contact", methods=["GET", "POST"])
@limiter.limit(SENT_PER_ADDRESS, key_func=limits.address, methods=["POST"])
@limiter.limit(
    limits.LETTERS_PER_ACCOUNT, key_func=limits.typed_account, methods=["POST"], exempt_when=lambda: not _email()
)
@open_to_public
def contact() -> ResponseReturnValue:
    """Tell us something. A reply comes by letter where an address was given."""
    form = CommentForm(**_asked())
    units = reads.units(session())
    form.unit.choices = [("", gettext("Choose a unit")), *((one.code, one.title) for one in units)]
    if form.validate_on_submit():
        about = About(form.about.data)
        message = Message(
            kind=EnquiryKind.COMMENT, about=about, text=form.text.data or "",
            unit=next((one for one in units if one.code == form.unit.data), None) if about is About.UNIT else None,
            item=form.item.data or "", name=form.name.data or "", email=form.email.data or "",
        )  # fmt: skip
        sent = _sent(form, message)
        if sent is not None:
            return sent
    return render_template("pages/public/contact.html", form=form, words=MOST_WORDS), 422 if form.errors else 200


@door.route("/other-formats/ask", methods=["GET", "POST"])
@limiter.limit(SENT_PER_ADDRESS, key_func=limits.address, methods=["POST"])
@limiter.limit(
    limits.LETTERS_PER_ACCOUNT, key_func=limits.typed_account, methods=["POST"], exempt_when=lambda: not _email()
)
@open_to_public
def ask_format() -> ResponseReturnValue:
    """Ask for a paper in a format that people make for one reader."""
    form = FormatForm(**_asked())
    if form.validate_on_submit():
        message = Message(
            kind=EnquiryKind.FORMAT, about=About.PAPER, text=form.text.data or "", item=form.item.data or "",
            format=Format(form.format.data), name=form.name.data or "", email=form.email.data or "",
            postal=form.postal.data or "",
        )  # fmt: skip
        sent = _sent(form, message)
        if sent is not None:
            return sent
    return render_template("pages/public/ask_format.html", form=form), 422 if form.errors else 200


def _email() -> str:
    return request.form.get("email", "").strip()


def _asked() -> dict[str, str]:
    """What a link to the form has filled in already."""
    return {name: request.args[name][:200] for name in ("about", "unit", "item", "format") if request.args.get(name)}


def _sent(form: Enquiring, message: Message) -> ResponseReturnValue | None:
    try:
        enquiry = enquiries.take_in(session(), message, once=str(form.once.data))
    except Invalid as refused:
        session().rollback()
        form.refuse(refused)
        return None
    reference = enquiry.reference
    session().commit()
    return redirect(url_for("public.enquiry", reference=reference), code=303)


@door.get("/contact/<reference>", endpoint="enquiry")
@limiter.limit(_READS, key_func=limits.address)
@open_to_public
def enquiry_page(reference: str) -> str:
    """How far an enquiry is, for whoever has its reference; nothing of what was said or by whom."""
    return render_template("pages/public/enquiry.html", enquiry=found(reads.public_one(session(), reference)))


@door.get("/other-formats")
@open_to_public
def other_formats() -> str:
    """Which formats there are, where to find them, and how to ask for another."""
    cacheable(FRESH)
    return render_template("pages/public/other_formats.html")


@door.get("/easy-read")
@open_to_public
def easy_read() -> str:
    """What the scheme is, in short sentences and plain words."""
    cacheable(FRESH)
    return render_template("pages/public/easy_read.html")
