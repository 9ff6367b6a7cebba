"""Moderators and key holders declare their own interests; a prejudicial one keeps them out of the review (COI-9)."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions import panels
from metstandard.common.errors import Invalid
from metstandard.queries import panels as reads
from metstandard.records.seats import Interest
from metstandard.records.units import Unit
from metstandard.web.authority.door import door
from metstandard.web.authority.panels.page import one_of
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.declarations import LINKS, DeclarationForm


@door.route("/reviews/<reference>/interests", methods=["GET", "POST"])
@open_to("moderator", "key")
def review_interests(reference: str) -> ResponseReturnValue:
    """One's own declaration for this review, and what one declared before."""
    one = one_of(reference)
    form = DeclarationForm()
    if form.validate_on_submit():
        interest = Interest(form.interest.data)
        try:
            panels.declare_interests(session(), one, by=g.person, interest=interest, detail=form.detail.data or "")
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            out = " You take no part in this review." if interest is Interest.PREJUDICIAL else ""
            flash(f"Your declaration is recorded.{out}", "success")
            return redirect(url_for("authority.review_interests", reference=reference), code=303)
    page = render_template(
        "pages/authority/interests.html",
        form=form,
        links=LINKS,
        review=one,
        unit=session().get_one(Unit, one.unit_id),
        said=reads.declarations_of(session(), one, g.person),
        barred=any(each.interest is Interest.PREJUDICIAL for each in reads.declarations_of(session(), one, g.person)),
        marking=one.marking.value,
    )
    return (page, 422) if form.errors else page
