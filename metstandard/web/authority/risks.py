"""Immediate risks as key holders, principals and the programme office read them (B6)."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions import risks
from metstandard.queries import reviews
from metstandard.queries import risks as reading
from metstandard.records.units import Unit
from metstandard.rules.editions import workflow_of
from metstandard.rules.risks import addressee
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.hubs import moving_facts


@door.get("/reviews/<reference>/risks")
@open_to("programme_officer", "key")
def review_risks(reference: str) -> ResponseReturnValue:
    """What cannot wait, who has read it, what the commander did."""
    one = found(reviews.for_staff(session(), g.person, reference))
    facts = moving_facts(one)
    mine = facts["open"].get("acknowledge_risk")
    asked = addressee(workflow_of(session(), one), mine.part) if mine else ""
    return render_template(
        "pages/authority/risks.html", review=one, unit=session().get_one(Unit, one.unit_id),
        rows=[
            {"line": line, "may_read": line.open and asked in line.unread}
            for line in reading.risks_of(session(), one)
        ],
        **facts,
    )  # fmt: skip


@door.post("/reviews/<reference>/risks/<int:number>/read")
@open_to("key")
def acknowledge_risk(reference: str, number: int) -> ResponseReturnValue:
    """A key holder, or a principal in their place, says that they have read it."""
    one = found(reviews.for_staff(session(), g.person, reference))
    risks.acknowledge_risk(session(), one, found(reading.risk_of(session(), one, number)), by=g.person)
    session().commit()
    flash("Thank you. It is recorded that you have read it, and when.", "success")
    return redirect(url_for("authority.review_risks", reference=reference, _anchor=f"risk-{number}"), code=303)
