"""The nominee's page, by the link of a letter: consent before anything is public, and equality monitoring."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired, Optional

from metstandard.actions.recognition import consent, monitoring
from metstandard.common.errors import Invalid
from metstandard.queries import judging as reads
from metstandard.records.recognition import Consent, Nomination, Nominee
from metstandard.web.public.door import door
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.languages import gettext, lazy_gettext, marked
from metstandard.web.shared.limits import limiter

OPEN = ("decided", "consented", "embargoed")
# What the rubric asks and offers, for the catalogues; a body's own words are shown as they are.
QUESTIONS = {"role": marked("What is your role?"), "sex": marked("What is your sex?"),
             "ethnicity": marked("What is your ethnic group?")}  # fmt: skip
ANSWERS = (
    marked("Officer"), marked("Special constable"), marked("Police community support officer"), marked("Staff"),
    marked("Volunteer"), marked("Other"), marked("Female"), marked("Male"), marked("Another"),
    marked("Asian or Asian British"), marked("Black or Black British"), marked("Mixed"), marked("White"),
)  # fmt: skip


class ConsentForm(Form):
    """Named, not named, or no award: nothing is chosen beforehand."""

    answer = RadioField(lazy_gettext("Your answer"), [InputRequired(lazy_gettext("Choose an answer"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer.choices = [
            ("named", gettext("I accept the award, and the name may be made public")),
            ("unnamed", gettext("I accept the award, but the name must not be made public")),
            ("declined", gettext("I do not accept the award")),
        ]


def _opened(key: str) -> tuple[Nomination, Nominee]:
    _, nomination, nominee = found(consent.nominee_by_link(session(), key))
    return nomination, nominee


@door.route("/consent/<key>", methods=["GET", "POST"], endpoint="consent")
@limiter.limit("60 per hour", key_func=limits.address, methods=["POST"])
@open_to_public
def consent_page(key: str) -> ResponseReturnValue:
    """What the award is for, and the answer, which may be changed until the announcement."""
    nomination, nominee = _opened(key)
    form = ConsentForm()
    if form.validate_on_submit():
        consent.answer(
            session(), nomination, nominee, by=None, given=form.answer.data != "declined",
            anonymous=form.answer.data == "unnamed",
        )  # fmt: skip
        session().commit()
        return redirect(url_for("public.consent", key=key), code=303)
    if not form.errors:
        form.answer.data = _said(nominee)
    page = render_template(
        "pages/public/consent.html", form=form, nomination=nomination, nominee=nominee, key=key,
        told=reads.told(session(), nomination), waiting=nomination.state in OPEN, said=_said(nominee),
        asked=bool(monitoring.questions(session(), nomination)) and not nominee.monitored and not nominee.died,
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _said(nominee: Nominee) -> str | None:
    if nominee.consent is Consent.DECLINED:
        return "declined"
    if nominee.consent is Consent.GIVEN:
        return "unnamed" if nominee.anonymous else "named"
    return None


def _questions_form(nomination: Nomination) -> Form:
    """A form class out of the rubric's questions; every one of them may be left out."""
    asked = monitoring.questions(session(), nomination)
    fields: dict[str, Any] = {
        word: RadioField(gettext(QUESTIONS.get(word, word.capitalize())), [Optional()], validate_choice=False)
        for word in asked
    }
    form: Form = type("QuestionsForm", (Form,), fields)()
    for word, offered in asked.items():
        form[word].choices = [(one, gettext(one)) for one in offered]
    return form


@door.route("/consent/<key>/questions", methods=["GET", "POST"], endpoint="consent_questions")
@limiter.limit("60 per hour", key_func=limits.address, methods=["POST"])
@open_to_public
def consent_questions(key: str) -> ResponseReturnValue:
    """Equality monitoring, if they wish: kept apart from the name, read in totals only."""
    nomination, nominee = _opened(key)
    form = _questions_form(nomination)
    if form.validate_on_submit() and not nominee.monitored:
        answers = {field.name: field.data or "" for field in form if isinstance(field, RadioField)}
        try:
            monitoring.answer(session(), nomination, nominee, answers=answers)
        except Invalid as wrong:
            session().rollback()
            form.refuse(Invalid(gettext("Choose one of the answers, or none"), field=wrong.field))
        else:
            session().commit()
            return redirect(url_for("public.consent_questions", key=key), code=303)
    page = render_template(
        "pages/public/consent_questions.html", form=form, nomination=nomination, nominee=nominee, key=key
    )
    return (page, 422) if form.errors else page
