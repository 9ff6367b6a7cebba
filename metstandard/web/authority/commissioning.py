"""Proposing reviews, changing a proposal, the joint commission; pausing, resuming, cancelling."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import commissioning
from metstandard.common import clock
from metstandard.common.errors import Invalid
from metstandard.queries import judgement, reviews
from metstandard.queries.changes import since_read
from metstandard.queries.people import link_members
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records.accounts import Person
from metstandard.records.bodies import Committee
from metstandard.records.reviews import Origin, Review
from metstandard.records.units import Unit
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_names, rubric_of
from metstandard.web.authority.door import door
from metstandard.web.authority.home import STAFF
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form

_ORIGINS = {Origin.NEW.value: "New work", Origin.UNDER_WAY.value: "Already under way"}
DEFAULT_COMMITTEE = "SOP"


class ProposalForm(Form):
    """What every proposal says."""

    committee = SelectField("Committee responsible", coerce=int)
    origin = RadioField("Is this work new?", [InputRequired("Say whether the work is new")], choices=_ORIGINS)
    starts_on = DateParts("First day on site", [InputRequired("Enter the first day on site")])
    scope = TextAreaField("Scope", [InputRequired("Enter the scope")], description="What of the unit is reviewed.")
    link_member = SelectField("Link member", coerce=int)


class ProposeForm(ProposalForm):
    """The same for one unit or many."""

    units = SelectMultipleField("Units", [InputRequired("Choose at least one unit")])
    rubric = SelectField("Rubric")


class KeyForm(Form):
    """One's key on exactly what is shown."""

    seen = HiddenField()


class ReasonForm(Form):
    """Reasons for returning, pausing or cancelling."""

    why = TextAreaField("Reasons", [InputRequired("Enter your reasons")])


def _choices(form: ProposalForm) -> None:
    committees = (
        session().exec(select(Committee).where(col(Committee.valid_until).is_(None)).order_by(Committee.name)).all()
    )
    form.committee.choices = [(one.key, one.name) for one in committees]
    form.link_member.choices = [(0, "None yet"), *((one.key, one.name) for one in link_members(session()))]
    if not form.is_submitted() and form.committee.data is None:
        form.committee.data = next((one.key for one in committees if one.code == DEFAULT_COMMITTEE), None)


@door.route("/reviews/new", methods=["GET", "POST"])
@open_to("programme_officer")
def propose() -> ResponseReturnValue:
    """Propose a review of one unit, or of many at once; nothing is proposed when one of them cannot be."""
    form = ProposeForm()
    _choices(form)
    units = session().exec(select(Unit).where(col(Unit.valid_until).is_(None)).order_by(Unit.kind, Unit.name)).all()
    form.units.choices = [(one.code, one.title) for one in units]
    form.rubric.choices = [(name, name) for name in rubric_names()]
    if form.validate_on_submit():
        try:
            made = [_propose(form, one) for one in units if one.code in (form.units.data or [])]
        except Invalid as refused:
            session().rollback()
            refused.field = "units" if refused.field == "unit" else refused.field
            form.refuse(refused)
        else:
            session().commit()
            if len(made) == 1:
                flash(f"Review {made[0].reference} is proposed.", "success")
                return redirect(url_for("authority.review", reference=made[0].reference), code=303)
            flash(f"{len(made)} reviews are proposed.", "success")
            return redirect(url_for("authority.board", state="proposed"), code=303)
    page = render_template("pages/authority/propose.html", form=form, busy=_busy())
    return (page, 422) if form.errors else page


def _busy() -> dict[str, str]:
    """The units that cannot be proposed now, with why, by code."""
    rows = (
        session()
        .exec(
            select(Unit.code, Review.reference)
            .join(Review, col(Review.unit_id) == Unit.id)
            .where(col(Review.state).not_in(commissioning.MAY_FOLLOW))
        )
        .all()
    )
    return {code: f"Under review: {reference}" for code, reference in rows}


def _propose(form: ProposeForm, unit: Unit) -> Review:
    return commissioning.propose(
        session(), unit=unit, committee=session().get_one(Committee, form.committee.data), by=g.person,
        starts_on=form.starts_on.data or clock.today(), scope=form.scope.data or "", origin=Origin(form.origin.data),
        rubric=form.rubric.data, link_member=_member(form),
    )  # fmt: skip


def _member(form: ProposalForm) -> Person | None:
    return session().get(Person, form.link_member.data) if form.link_member.data else None


@door.get("/reviews/<reference>/commissioning")
@open_to(*STAFF)
def review_commissioning(reference: str) -> ResponseReturnValue:
    """What is proposed, exactly as the keys sign it."""
    return _page(found(reviews.for_staff(session(), g.person, reference)))


def _page(
    one: Review,
    *,
    proposal: ProposalForm | None = None,
    key: KeyForm | None = None,
    back: ReasonForm | None = None,
) -> ResponseReturnValue:
    refused = next((form for form in (proposal, key, back) if form is not None), None)
    key = key or KeyForm(formdata=None)
    key.seen.data = digest(session(), one, "commissioning")
    if proposal is None:
        proposal = ProposalForm(formdata=None)
        proposal.process(
            data={
                "committee": one.committee_id, "origin": one.origin.value, "starts_on": one.starts_on,
                "scope": one.scope, "link_member": one.link_member_id or 0,
            }
        )  # fmt: skip
        _choices(proposal)
    sentence, stood = whose_move(session(), one)
    page = render_template(
        "pages/authority/commissioning.html",
        review=one,
        unit=session().get_one(Unit, one.unit_id),
        committee=session().get_one(Committee, one.committee_id),
        link_member=session().get(Person, one.link_member_id) if one.link_member_id else None,
        rubric=rubric_of(session(), one),
        sentence=sentence,
        stood=stood,
        open={each.act: each for each in moves_open_to(session(), g.person, one)},
        since_read=since_read(session(), one, g.person, "commissioning"),
        signed=judgement.signatures_of(session(), one, "commissioning"),
        proposal_form=proposal,
        key_form=key,
        return_form=back or ReasonForm(formdata=None),
        form=refused,
        marking=one.marking.value,
    )
    return (page, 422) if refused is not None else page


@door.post("/reviews/<reference>/commissioning/edit")
@open_to("programme_officer")
def edit_proposal(reference: str) -> ResponseReturnValue:
    """Change the proposal before it goes to the keys."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = ProposalForm()
    _choices(form)
    if form.validate_on_submit():
        try:
            commissioning.edit_proposal(
                session(), one, by=g.person, scope=form.scope.data or "",
                starts_on=form.starts_on.data or one.starts_on,
                committee=session().get_one(Committee, form.committee.data), origin=Origin(form.origin.data),
                link_member=_member(form),
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("The proposal is changed.", "success")
            return redirect(url_for("authority.review_commissioning", reference=reference), code=303)
    return _page(one, proposal=form)


@door.post("/reviews/<reference>/commissioning/send")
@open_to("programme_officer")
def send_for_commission(reference: str) -> ResponseReturnValue:
    """Put it before both keys."""
    one = found(reviews.for_staff(session(), g.person, reference))
    commissioning.send_for_commission(session(), one, by=g.person)
    session().commit()
    flash("The proposal is before both keys.", "success")
    return redirect(url_for("authority.review", reference=reference), code=303)


@door.post("/reviews/<reference>/commissioning/key")
@open_to("key")
def turn_key(reference: str) -> ResponseReturnValue:
    """Turn one's key on the commission."""
    one = found(reviews.for_staff(session(), g.person, reference))
    asked = confirm_first()
    if asked is not None:
        return asked
    form = KeyForm()
    if form.validate_on_submit():
        try:
            commissioning.turn_key(session(), one, by=g.person, seen=form.seen.data or "")
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("Your key is turned on this commission.", "success")
            return redirect(url_for("authority.review", reference=reference), code=303)
    return _page(one, key=form)


@door.post("/reviews/<reference>/commissioning/return")
@open_to("key")
def return_commission(reference: str) -> ResponseReturnValue:
    """Send it back to the programme office, with reasons."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = ReasonForm()
    if form.validate_on_submit():
        commissioning.return_with_reasons(session(), one, by=g.person, reason=form.why.data or "")
        session().commit()
        flash("The proposal is back with the programme office.", "success")
        return redirect(url_for("authority.review", reference=reference), code=303)
    return _page(one, back=form)


_STOPS = {"pause": "Pause this review", "cancel": "Cancel this review"}


@door.route("/reviews/<reference>/<any(pause, cancel):act>", methods=["GET", "POST"])
@open_to("programme_officer", "key")
def stop(reference: str, act: str) -> ResponseReturnValue:
    """Pause, or agree to cancel, with reasons."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = ReasonForm()
    if form.validate_on_submit():
        function = commissioning.pause if act == "pause" else commissioning.cancel
        function(session(), one, by=g.person, reason=form.why.data or "")
        session().commit()
        flash("Done, with your reasons in the journal.", "success")
        return redirect(url_for("authority.review", reference=reference), code=303)
    page = render_template(
        "pages/authority/stop.html", review=one, form=form, act=act, title=_STOPS[act],
        unit=session().get_one(Unit, one.unit_id), signed=judgement.signatures_of(session(), one, "cancel"),
        open={each.act: each for each in moves_open_to(session(), g.person, one)}, marking=one.marking.value,
    )  # fmt: skip
    return (page, 422) if form.errors else page


@door.post("/reviews/<reference>/resume")
@open_to("programme_officer")
def resume(reference: str) -> ResponseReturnValue:
    """Go on; due dates move by the days of the pause."""
    one = found(reviews.for_staff(session(), g.person, reference))
    commissioning.resume(session(), one, by=g.person)
    session().commit()
    flash("The review goes on.", "success")
    return redirect(url_for("authority.review", reference=reference), code=303)
