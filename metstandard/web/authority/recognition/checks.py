"""Checks: what professional standards and sponsors answer, what the programme office reads, holds, and publication."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions.recognition import checks
from metstandard.queries import judging as reads
from metstandard.queries import recognition_tasks
from metstandard.queries.tasks import moves_open_to
from metstandard.records.recognition import CheckResult, Hold, Nomination, Shown
from metstandard.rules.parts import standing
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import frame, office
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved

ANSWERERS = ("standards_officer", "sponsor")
RESULTS = {
    CheckResult.CLEAR.value: "Clear", CheckResult.NOT_CLEAR.value: "Not clear", CheckResult.HOLD.value: "Hold",
}  # fmt: skip
SHOWN = {
    Shown.NAMED.value: "By name", Shown.ANONYMOUS.value: "Without names", Shown.UNPUBLISHED.value: "Not in public",
}  # fmt: skip
ASKED = {"standards_officer": "Professional standards", "sponsor": "Sponsor of the service"}


class CheckForm(Form):
    """One of three answers. There is no field for a reason, and none is kept."""

    about = HiddenField()
    result = RadioField("Your answer", [InputRequired("Choose clear, not clear or hold")], choices=RESULTS)


class HoldForm(Form):
    """Why a nomination waits, and whether its whole incident does."""

    proceedings = SelectField("Proceedings about the incident", choices=[])
    reason = TextAreaField("Reason for the hold", [InputRequired("Give a reason")])


class ReleaseForm(Form):
    """Why a hold ends."""

    reason = TextAreaField("Why the hold ends", [InputRequired("Give a reason")])


class CloseForm(Form):
    """Why a nomination goes no further."""

    reason = TextAreaField("Why it goes no further", [InputRequired("Give a reason")])


class PublicationForm(Form):
    """How the award would be shown in public."""

    shown = RadioField("Show the award", [InputRequired("Choose how it is shown")], choices=SHOWN)
    reason = TextAreaField(
        "Reason", [InputRequired("Give a reason")], description="The programme office reads it. It is never public."
    )


@door.get("/checks", endpoint="checks")
@open_to(*ANSWERERS)
def waiting_checks() -> str:
    """The nominations that wait for this person's answer, and those answered before."""
    return render_template(
        "pages/authority/recognition/checks.html",
        lines=recognition_tasks.to_check(session(), g.person, standing(session(), g.person)),
    )


@door.route("/nominations/<reference>/check", methods=["GET", "POST"])
@open_to(*ANSWERERS)
def nomination_check(reference: str) -> ResponseReturnValue:
    """The nominees of one's own service, with what is needed to look them up and nothing more."""
    one = found(reads.for_parts(session(), g.person, reference, ANSWERERS))
    mine = checks.answers_for(session(), g.person, one)
    possible = "answer_check" in {each.act for each in moves_open_to(session(), g.person, one)}
    found(mine or None)
    found(one if possible or one.state in (*reads.OPENED, "held") else None)
    form = CheckForm()
    if form.validate_on_submit():
        asked, _, number = (form.about.data or "").partition(":")
        checks.answer_check(
            session(), one, by=g.person, nominee=int(number) if number.isdecimal() else 0, asked_of=asked,
            result=CheckResult(form.result.data),
        )  # fmt: skip
        session().commit()
        flash("Your answer is recorded. You may change it until the award is presented.", "success")
        return redirect(url_for("authority.nomination_check", reference=reference), code=303)
    page = render_template(
        "pages/authority/recognition/check.html",
        nomination=one,
        told=reads.told(session(), one),
        services=reads.services(session(), one),
        answers=[
            each
            for each in reads.answers(session(), one)
            if (each.nominee.key, each.asked_of) in {(who.key, asked) for who, asked in mine}
        ],
        form=form if form.errors else None,
        form_for=lambda: CheckForm(formdata=None),
        results=RESULTS,
        asked_words=ASKED,
        possible=possible,
        marking=one.marking.value,
    )
    return (page, 422) if form.errors else page


@door.get("/nominations/<reference>/checks")
@open_to("programme_officer")
def nomination_checks(reference: str) -> ResponseReturnValue:
    """Clear, not clear or hold, with who and when; and what may be done."""
    return _page(office(reference))


def _hold_form(**given: None) -> HoldForm:
    form = HoldForm(prefix="hold-", **given)
    form.proceedings.choices = [
        ("", "None: only this nomination waits"), *((one.value, words) for one, words in checks.HOLDS.items()),
    ]  # fmt: skip
    return form


def _page(
    one: Nomination, *, hold: HoldForm | None = None, release: ReleaseForm | None = None,
    publication: PublicationForm | None = None, close: CloseForm | None = None,
) -> ResponseReturnValue:  # fmt: skip
    refused = next((form for form in (hold, release, publication, close) if form is not None), None)
    if publication is None:
        publication = PublicationForm(prefix="publication-", formdata=None)
        publication.shown.data = one.shown.value
    page = render_template(
        "pages/authority/recognition/checked.html",
        answers=reads.answers(session(), one),
        services=reads.services(session(), one),
        results=RESULTS,
        asked_words=ASKED,
        hold_words=checks.HOLDS,
        shown_words=SHOWN,
        hold_form=hold or _hold_form(formdata=None),
        release_form=release or ReleaseForm(prefix="release-", formdata=None),
        publication_form=publication,
        close_form=close or CloseForm(prefix="close-", formdata=None),
        form=refused,
        **frame(one),
    )
    return (page, 422) if refused is not None else page


def _back(reference: str, said: str) -> ResponseReturnValue:
    return saved(said, "authority.nomination_checks", reference=reference)


@door.post("/nominations/<reference>/checks/clear")
@open_to("programme_officer")
def clear_checks(reference: str) -> ResponseReturnValue:
    """On to the sift."""
    one = office(reference)
    if one.state != "sifted":
        checks.clear_checks(session(), one, by=g.person)
    return _back(reference, "Every check is clear. The nomination is sifted.")


@door.post("/nominations/<reference>/checks/hold")
@open_to("programme_officer")
def hold_nomination(reference: str) -> ResponseReturnValue:
    """Wait for somebody else's proceedings."""
    one, form = office(reference), _hold_form()
    if accepted(form, lambda: _hold(one, form)):
        return _back(reference, "The nomination is on hold.")
    return _page(one, hold=form)


def _hold(one: Nomination, form: HoldForm) -> None:
    """Pressed twice, it is on hold once."""
    if one.state != "held":
        proceedings = Hold(form.proceedings.data) if form.proceedings.data else None
        checks.hold(session(), one, by=g.person, reason=form.reason.data or "", proceedings=proceedings)


@door.post("/nominations/<reference>/checks/release")
@open_to("programme_officer")
def release_nomination(reference: str) -> ResponseReturnValue:
    """End the hold: the checks are looked at again."""
    one, form = office(reference), ReleaseForm(prefix="release-")
    if form.validate_on_submit():
        if one.state != "checks":
            checks.release(session(), one, by=g.person, reason=form.reason.data or "")
        return _back(reference, "The hold has ended. The nomination is back at its checks.")
    return _page(one, release=form)


@door.post("/nominations/<reference>/checks/publication")
@open_to("programme_officer")
def change_publication(reference: str) -> ResponseReturnValue:
    """Show an award without names, or not at all."""
    one, form = office(reference), PublicationForm(prefix="publication-")
    if form.validate_on_submit():
        checks.change_publication(
            session(), one, by=g.person, shown=Shown(form.shown.data), reason=form.reason.data or ""
        )
        return _back(reference, "How the award is shown is changed.")
    return _page(one, publication=form)


@door.post("/nominations/<reference>/checks/close")
@open_to("programme_officer")
def close_nomination(reference: str) -> ResponseReturnValue:
    """End it without an award; thanks and feedback come next."""
    one, form = office(reference), CloseForm(prefix="close-")
    if form.validate_on_submit():
        if one.state != "archived":
            checks.close_nomination(session(), one, by=g.person, reason=form.reason.data or "")
        session().commit()
        flash("The nomination is closed. Thank those who took part.", "success")
        return redirect(url_for("authority.nomination_feedback", reference=reference), code=303)
    return _page(one, close=form)
