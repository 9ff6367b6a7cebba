"""Immediate risks as the commander answers them: read, then contained, each by its day (B6)."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import risks
from metstandard.common.errors import Invalid
from metstandard.queries import risks as reading
from metstandard.records.reviews import Review
from metstandard.rules.risks import COMMANDER
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.units.door import door
from metstandard.web.units.evidence import frame, one_of


class ContainForm(Form):
    """What the commander did at once."""

    text = TextAreaField("What was done, by whom and when", [InputRequired("Write what was done to contain the risk")])
    referral = TextAreaField(
        "Professional standards",
        description="Where it went, with the reference, or why it did not. Needed where the panel saw a matter for it.",
    )


@door.get("/reviews/<reference>/risks")
@open_to("commander")
def review_risks(reference: str) -> ResponseReturnValue:
    """What cannot wait, who has read it, what was done."""
    return _page(one_of(reference))


@door.post("/reviews/<reference>/risks/<int:number>/read")
@open_to("commander")
def acknowledge_risk(reference: str, number: int) -> ResponseReturnValue:
    """The commander says that they have read it."""
    one = one_of(reference)
    risks.acknowledge_risk(session(), one, found(reading.risk_of(session(), one, number)), by=g.person)
    session().commit()
    flash("Thank you. It is recorded that you have read it, and when.", "success")
    return _back(reference, number)


@door.post("/reviews/<reference>/risks/<int:number>/contained")
@open_to("commander")
def contain_risk(reference: str, number: int) -> ResponseReturnValue:
    """The commander records what was done."""
    one = one_of(reference)
    risk = found(reading.risk_of(session(), one, number))
    form = ContainForm(prefix=f"r{number}")
    if form.validate_on_submit():
        try:
            risks.contain_risk(
                session(), one, risk, by=g.person, text=form.text.data or "", referral=form.referral.data or ""
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("It is recorded. Both keys, the programme office and the panel are told.", "success")
            return _back(reference, number)
    return _page(one, number, form)


def _back(reference: str, number: int) -> ResponseReturnValue:
    return redirect(url_for("units.review_risks", reference=reference, _anchor=f"risk-{number}"), code=303)


def _page(one: Review, number: int = 0, refused: ContainForm | None = None) -> ResponseReturnValue:
    facts = frame(one)
    open_here = facts["open"] if isinstance(facts["open"], dict) else {}
    rows = [
        {
            "line": line,
            "may_read": line.open and "acknowledge_risk" in open_here and COMMANDER in line.unread,
            "form": _form(line, number, refused) if line.open and "contain_risk" in open_here else None,
        }
        for line in reading.risks_of(session(), one)
    ]
    page = render_template("pages/units/risks.html", rows=rows, form=refused, **facts)
    return (page, 422) if refused is not None else page


def _form(line: reading.RiskLine, number: int, refused: ContainForm | None) -> ContainForm:
    if refused is not None and line.risk.key == number:
        return refused
    return ContainForm(formdata=None, prefix=f"r{line.risk.key}")
