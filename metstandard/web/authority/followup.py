"""Follow-up as the Authority sees it: the board of open actions, verification, joint closing."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import commissioning, followup
from metstandard.queries import followup as reads
from metstandard.queries import judgement, reviews
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records.followup import Effect
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules.content import digest
from metstandard.web.authority.door import door
from metstandard.web.authority.home import STAFF
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved


@door.get("/followup")
@open_to(*STAFF)
def followup_board() -> ResponseReturnValue:
    """Every open action, the first due first; overdue ones with the committee responsible."""
    lines = reads.all_open(session())
    return render_template(
        "pages/authority/followup_board.html", lines=lines, overdue=[line for line in lines if line.overdue],
        waiting=[line for line in lines if line.action.state == "reported"],
    )  # fmt: skip


class VerifyForm(Form):
    """What evidence shows that it is done."""

    note = TextAreaField("What evidence shows that it is done", [InputRequired("Say what evidence shows it")])


class BackForm(Form):
    """Why it is not done yet."""

    reason = TextAreaField("Why it is not done yet", [InputRequired("Give the reason")])


class EffectForm(Form):
    """Whether it changed anything."""

    effect = RadioField(
        "Did it work?", [InputRequired("Say whether it worked")],
        choices={Effect.WORKED.value: "Done, and it worked", Effect.NO_EFFECT.value: "Done, but nothing changed"},
    )  # fmt: skip


def _action(number: int) -> reads.Line:
    return found(reads.one(session(), g.person, number, "programme_officer", "link_member", "verifier", *_KEYS))


_KEYS = ("authority_key", "commissioner_key", "authority_principal", "commissioner_principal")


def _page(
    line: reads.Line,
    *,
    verify: VerifyForm | None = None,
    back: BackForm | None = None,
    effect: EffectForm | None = None,
) -> ResponseReturnValue:
    refused = next((form for form in (verify, back, effect) if form is not None), None)
    page = render_template(
        "pages/authority/followup_action.html",
        line=line,
        rows=reads.progress(session(), line.action),
        open={each.act: each for each in moves_open_to(session(), g.person, line.action)},
        verify_form=verify or VerifyForm(formdata=None),
        back_form=back or BackForm(formdata=None),
        effect_form=effect or EffectForm(formdata=None),
        form=refused,
        marking=line.review.marking.value,
    )
    return (page, 422) if refused is not None else page


@door.get("/followup/<int:number>")
@open_to(*STAFF)
def followup_action(number: int) -> ResponseReturnValue:
    """One action with its progress."""
    return _page(_action(number))


@door.post("/followup/<int:number>/verify")
@open_to("programme_officer", "link_member")
def verify(number: int) -> ResponseReturnValue:
    """Verify it, as somebody who does not own it."""
    line = _action(number)
    form = VerifyForm()
    if form.validate_on_submit():
        followup.verify(session(), line.action, by=g.person, note=form.note.data or "")
        return saved("Verified.", "authority.followup_action", number=number)
    return _page(line, verify=form)


@door.post("/followup/<int:number>/back")
@open_to("programme_officer", "link_member")
def send_back(number: int) -> ResponseReturnValue:
    """Send it back to its owner."""
    line = _action(number)
    form = BackForm()
    if form.validate_on_submit():
        followup.send_back(session(), line.action, by=g.person, reason=form.reason.data or "")
        return saved("Sent back with your reason.", "authority.followup_action", number=number)
    return _page(line, back=form)


@door.post("/followup/<int:number>/effect")
@open_to("programme_officer", "link_member")
def record_effect(number: int) -> ResponseReturnValue:
    """Twelve months on."""
    line = _action(number)
    form = EffectForm()
    if form.validate_on_submit():
        followup.record_effect(session(), line.action, by=g.person, effect=Effect(form.effect.data))
        return saved("The effect is recorded.", "authority.followup_action", number=number)
    return _page(line, effect=form)


class KeyForm(Form):
    """One's key on exactly what is shown."""

    seen = HiddenField()


class ReturnForm(Form):
    """Not yet: what is missing."""

    why = TextAreaField("Reasons", [InputRequired("Enter your reasons")])


def _closing(one: Review, *, key: KeyForm | None = None, back: ReturnForm | None = None) -> ResponseReturnValue:
    refused = next((form for form in (key, back) if form is not None), None)
    key = key or KeyForm(formdata=None)
    key.seen.data = digest(session(), one, "follow_up")
    sentence, stood = whose_move(session(), one)
    page = render_template(
        "pages/authority/review_followup.html",
        review=one,
        unit=session().get_one(Unit, one.unit_id),
        sentence=sentence,
        stood=stood,
        lines=reads.of_review(session(), one),
        open={each.act: each for each in moves_open_to(session(), g.person, one)},
        signed=judgement.signatures_of(session(), one, "follow_up"),
        key_form=key,
        return_form=back or ReturnForm(formdata=None),
        form=refused,
        marking=one.marking.value,
    )
    return (page, 422) if refused is not None else page


@door.get("/reviews/<reference>/followup")
@open_to(*STAFF)
def review_followup(reference: str) -> ResponseReturnValue:
    """The actions of one review, and its closing by both keys."""
    return _closing(found(reviews.for_staff(session(), g.person, reference)))


@door.post("/reviews/<reference>/followup/key")
@open_to("key")
def turn_key_on_closing(reference: str) -> ResponseReturnValue:
    """Turn one's key on the closing."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = KeyForm()
    asked = confirm_first()
    if asked is not None:
        return asked
    if accepted(form, lambda: commissioning.turn_key(session(), one, by=g.person, seen=form.seen.data or "")):
        return saved(
            "Your key is turned on the closing of follow-up.", "authority.review_followup", reference=reference
        )
    return _closing(one, key=form)


@door.post("/reviews/<reference>/followup/return")
@open_to("key")
def return_follow_up(reference: str) -> ResponseReturnValue:
    """Not closed yet, with reasons."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = ReturnForm()
    if form.validate_on_submit():
        commissioning.return_with_reasons(session(), one, by=g.person, reason=form.why.data or "")
        return saved("Returned with your reasons.", "authority.review_followup", reference=reference)
    return _closing(one, back=form)


@door.post("/reviews/<reference>/followup/close")
@open_to("programme_officer")
def close_follow_up(reference: str) -> ResponseReturnValue:
    """Close it, once both keys are turned."""
    one = found(reviews.for_staff(session(), g.person, reference))
    followup.close_follow_up(session(), one, by=g.person)
    return saved("The review is closed.", "authority.review", reference=reference)
