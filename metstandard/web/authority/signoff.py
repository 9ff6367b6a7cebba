"""The joint decision: the rules' arithmetic, the outcome chosen, two keys; then notice and publication."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Optional

from metstandard.actions import commissioning, signoff
from metstandard.common.errors import Invalid
from metstandard.queries import judgement, reviews
from metstandard.queries.changes import since_read
from metstandard.records.reviews import Review
from metstandard.rubric.shapes import Outcome
from metstandard.rules import award
from metstandard.rules.content import digest
from metstandard.rules.departures import Departure, departure
from metstandard.rules.editions import rubric_of
from metstandard.web.authority.door import door
from metstandard.web.authority.home import JUDGES
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.hubs import review_facts


class OutcomeForm(Form):
    """What both keys will be turned on."""

    outcome = RadioField("Outcome", [InputRequired("Choose the outcome")])
    exception = TextAreaField(
        "Reason for departing from the rules", [Optional()],
        description="Only when the outcome differs from that of the rules. It is printed in the report.",
    )  # fmt: skip


class KeyForm(Form):
    """One's key on exactly what is shown."""

    seen = HiddenField()
    exception_agreed = BooleanField("I agree to the joint exception, for the reason written down")
    no_interest = BooleanField(
        "I have no personal or prejudicial interest in this unit", [InputRequired("Confirm that you have no interest")]
    )


class BackForm(Form):
    """Back to moderation."""

    why = TextAreaField("Reasons", [InputRequired("Enter your reasons")])


@door.get("/reviews/<reference>/signoff")
@open_to(*JUDGES)
def review_signoff(reference: str) -> ResponseReturnValue:
    """Everything a key holder signs, and what comes after."""
    return _page(found(reviews.for_staff(session(), g.person, reference)))


def _outcome_form(one: Review, **given: None) -> OutcomeForm:
    form = OutcomeForm(**given)
    rules = rubric_of(session(), one).award
    form.outcome.choices = [(each.outcome.value, each.title) for each in (rules.outcomes.values() if rules else ())]
    return form


def _page(
    one: Review, *, outcome: OutcomeForm | None = None, key: KeyForm | None = None, back: BackForm | None = None
) -> ResponseReturnValue:
    refused = next((form for form in (outcome, key, back) if form is not None), None)
    key = key or KeyForm(formdata=None)
    key.seen.data = digest(session(), one, "decision")
    result = award.result(session(), one)
    if outcome is None:
        outcome = _outcome_form(one, formdata=None)
        outcome.outcome.data = (one.chosen_outcome or result.outcome or "") and str(
            one.chosen_outcome or result.outcome
        )
        outcome.exception.data = one.exception_reason
    rules = rubric_of(session(), one).award
    page = render_template(
        "pages/authority/signoff.html",
        result=result,
        meanings={each.outcome.value: each for each in (rules.outcomes.values() if rules else ())},
        domains=rubric_of(session(), one).domains,
        lines=judgement.level_lines(session(), one),
        found=judgement.findings_of(session(), one),
        paragraphs=judgement.paragraphs_of(session(), one),
        points=judgement.points_of(session(), one),
        waivers=judgement.joint_waivers(session(), one),
        signed=judgement.signatures_of(session(), one, "decision"),
        since_read=since_read(session(), one, g.person, "decision"),
        departs=departure(result.outcome, one.chosen_outcome) if one.chosen_outcome else Departure.NONE,
        outcome_form=outcome,
        key_form=key,
        back_form=back or BackForm(formdata=None),
        form=refused,
        **review_facts(one),
    )
    return (page, 422) if refused is not None else page


@door.post("/reviews/<reference>/signoff/outcome")
@open_to("key")
def choose_outcome(reference: str) -> ResponseReturnValue:
    """Say what the keys are to be turned on."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = _outcome_form(one)
    if form.validate_on_submit():
        try:
            signoff.choose_outcome(
                session(), one, by=g.person, outcome=Outcome(form.outcome.data), exception=form.exception.data or ""
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("The outcome to be signed is written down. Read it once more, then turn your key.", "success")
            return redirect(url_for("authority.review_signoff", reference=reference) + "#key", code=303)
    return _page(one, outcome=form)


@door.post("/reviews/<reference>/signoff/key")
@open_to("key")
def turn_key_on_decision(reference: str) -> ResponseReturnValue:
    """Turn one's key on exactly what was shown."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = KeyForm()
    if form.validate_on_submit():
        asked = confirm_first()
        if asked is not None:
            return asked
        try:
            signoff.decide(
                session(), one, by=g.person, seen=form.seen.data or "", exception_agreed=form.exception_agreed.data
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("Your key is turned on this decision.", "success")
            return redirect(url_for("authority.review", reference=reference), code=303)
    return _page(one, key=form)


@door.post("/reviews/<reference>/signoff/return")
@open_to("key")
def return_decision(reference: str) -> ResponseReturnValue:
    """Send it back to moderation, with reasons."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = BackForm()
    if form.validate_on_submit():
        commissioning.return_with_reasons(session(), one, by=g.person, reason=form.why.data or "")
        session().commit()
        flash("The review is back in moderation.", "success")
        return redirect(url_for("authority.review", reference=reference), code=303)
    return _page(one, back=form)


@door.post("/reviews/<reference>/signoff/notify")
@open_to("programme_officer")
def notify(reference: str) -> ResponseReturnValue:
    """Tell the unit; the appeal window opens."""
    one = found(reviews.for_staff(session(), g.person, reference))
    signoff.notify(session(), one, by=g.person)
    session().commit()
    flash("The unit is told its result. It may now appeal.", "success")
    return redirect(url_for("authority.review", reference=reference), code=303)


@door.post("/reviews/<reference>/signoff/publish")
@open_to("programme_officer")
def publish(reference: str) -> ResponseReturnValue:
    """Publish the result; the certificate is issued where the outcome brings one."""
    one = found(reviews.for_staff(session(), g.person, reference))
    signoff.publish(session(), one, by=g.person)
    session().commit()
    flash("The result is published.", "success")
    return redirect(url_for("authority.review", reference=reference), code=303)
