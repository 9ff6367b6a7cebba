"""A risk that cannot wait for the report: the panel raises it and sees who has read it and what was done (B6)."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import risks
from metstandard.common.errors import Invalid
from metstandard.queries import risks as reading
from metstandard.records.reviews import Review
from metstandard.rules.editions import workflow_of
from metstandard.rules.risks import CONTAIN, READ
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.evidence import declared_seat, frame
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form


class RiskForm(Form):
    """A risk that cannot wait for the report."""

    risk = TextAreaField(
        "The risk", [InputRequired("Describe the risk")],
        description="What you saw, where and when. No name of anybody who told you, and no mark or level.",
    )  # fmt: skip
    standards = BooleanField("This may be a matter for professional standards")


@door.get("/reviews/<reference>/risks")
@open_to("reviewer")
def review_risks(reference: str) -> ResponseReturnValue:
    """The risks of this review, and the form for one more while it is open."""
    return _page(declared_seat(reference)[0])


@door.post("/reviews/<reference>/risks")
@open_to("reviewer")
def raise_immediate_risk(reference: str) -> ResponseReturnValue:
    """Tell the commander and both keys at once."""
    one, _ = declared_seat(reference)
    form = RiskForm()
    if form.validate_on_submit():
        try:
            risks.raise_immediate_risk(
                session(), one, by=g.person, text=form.risk.data or "", standards=bool(form.standards.data)
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("The commander, both keys and the programme office are told.", "success")
            return redirect(url_for("reviewers.review_risks", reference=reference), code=303)
    return _page(one, form)


def _page(one: Review, refused: RiskForm | None = None) -> ResponseReturnValue:
    numbers = workflow_of(session(), one).numbers
    page = render_template(
        "pages/reviewers/risks.html",
        lines=reading.risks_of(session(), one),
        risk_form=refused or RiskForm(formdata=None),
        form=refused,
        read=numbers.get(READ),
        contain=numbers.get(CONTAIN),
        **frame(one),
    )
    return (page, 422) if refused is not None else page
