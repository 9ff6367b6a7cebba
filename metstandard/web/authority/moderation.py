"""Moderation: look at what is thin or disputed, change a level with a reason, return to the panel, sign."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import moderation
from metstandard.common.errors import Invalid
from metstandard.queries import judgement, reviews
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.web.authority.door import door
from metstandard.web.authority.home import JUDGES
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form


class LevelForm(Form):
    """A change of one level by one."""

    criterion = SelectField("Criterion")
    level = SelectField("New level")
    reason = TextAreaField("Reason", [InputRequired("Enter your reason")], description="The panel will read it.")


class ReturnForm(Form):
    """Back to the panel."""

    why = TextAreaField("Reasons", [InputRequired("Enter your reasons")], description="The panel will read them.")


class SignForm(Form):
    """One's signature on exactly what is shown."""

    seen = HiddenField()
    no_interest = BooleanField(
        "I have no personal or prejudicial interest in this unit", [InputRequired("Confirm that you have no interest")]
    )


@door.get("/reviews/<reference>/moderation")
@open_to(*JUDGES)
def review_moderation(reference: str) -> ResponseReturnValue:
    """Everything a moderator looks at."""
    return _page(found(reviews.for_staff(session(), g.person, reference)))


def _page(
    one: Review, *, level: LevelForm | None = None, back: ReturnForm | None = None, sign: SignForm | None = None
) -> ResponseReturnValue:
    refused = next((form for form in (level, back, sign) if form is not None), None)
    sign = sign or SignForm(formdata=None)
    sign.seen.data = digest(session(), one, "moderation")
    sentence, stood = whose_move(session(), one)
    page = render_template(
        "pages/authority/moderation.html",
        review=one,
        unit=session().get_one(Unit, one.unit_id),
        sentence=sentence,
        stood=stood,
        open={each.act: each for each in moves_open_to(session(), g.person, one)},
        lines=judgement.level_lines(session(), one),
        found=judgement.findings_of(session(), one),
        paragraphs=judgement.paragraphs_of(session(), one),
        points=judgement.points_of(session(), one),
        signed=judgement.signatures_of(session(), one, "moderation"),
        unsigned=judgement.seats_unsigned(session(), one),
        level_form=level or _level_form(one, formdata=None),
        return_form=back or ReturnForm(formdata=None),
        sign_form=sign,
        form=refused,
        marking=one.marking.value,
    )
    return (page, 422) if refused is not None else page


def _level_form(one: Review, **given: None) -> LevelForm:
    form = LevelForm(**given)
    rubric = rubric_of(session(), one)
    form.criterion.choices = [(code, f"{code} {each.title}") for code, each in rubric.criteria.items()]
    form.level.choices = [(str(each.number), f"{each.number} {each.name}") for each in rubric.scale]
    return form


@door.post("/reviews/<reference>/moderation/level")
@open_to("moderator")
def change_level(reference: str) -> ResponseReturnValue:
    """Change one level."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = _level_form(one)
    if form.validate_on_submit():
        try:
            moderation.change_level(
                session(),
                one,
                by=g.person,
                criterion=form.criterion.data,
                level=form.level.data,
                reason=form.reason.data or "",
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(f"Criterion {form.criterion.data} now stands at {form.level.data}. The panel is told.", "success")
            return redirect(url_for("authority.review_moderation", reference=reference), code=303)
    return _page(one, level=form)


@door.post("/reviews/<reference>/moderation/return")
@open_to("moderator")
def return_to_panel(reference: str) -> ResponseReturnValue:
    """Send it back to consensus."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = ReturnForm()
    if form.validate_on_submit():
        moderation.return_to_panel(session(), one, by=g.person, reason=form.why.data or "")
        session().commit()
        flash("The review is back with the panel.", "success")
        return redirect(url_for("authority.review", reference=reference), code=303)
    return _page(one, back=form)


@door.post("/reviews/<reference>/moderation/sign")
@open_to("moderator")
def sign_moderation(reference: str) -> ResponseReturnValue:
    """Sign exactly what was shown."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = SignForm()
    if form.validate_on_submit():
        asked = confirm_first()
        if asked is not None:
            return asked
        try:
            moderation.sign_moderation(session(), one, by=g.person, seen=form.seen.data or "")
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("You have signed the report as moderated.", "success")
            return redirect(url_for("authority.review", reference=reference), code=303)
    return _page(one, sign=form)
