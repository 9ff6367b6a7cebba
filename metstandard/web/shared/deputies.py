"""Naming and ending a deputy: one page, the same for a commander and for a lead reviewer."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import EmailField
from wtforms.validators import InputRequired

from metstandard.actions import deputies
from metstandard.common.errors import Invalid
from metstandard.queries.people import by_address
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.web.shared.access import found
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form


class DeputyForm(Form):
    """Who prepares in one's name."""

    deputy = EmailField("Your deputy’s e-mail address", [InputRequired("Enter the e-mail address")])


def deputies_page(review: Review) -> ResponseReturnValue:
    """The deputies of this person in a review, and a form for one more."""
    form = DeputyForm()
    if form.validate_on_submit():
        try:
            named = deputies.assign_deputy(
                session(), review, by=g.person, deputy=by_address(session(), form.deputy.data or "")
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            name = session().get_one(Person, named.person_id).name
            session().commit()
            flash(f"{name} may now prepare in your name in this review.", "success")
            return redirect(url_for(f"{request.blueprint}.review_deputies", reference=review.reference), code=303)
    page = render_template(
        "pages/shared/deputies.html", form=form, review=review, unit=session().get_one(Unit, review.unit_id),
        named=deputies.deputies_of(session(), review, g.person), marking=review.marking.value,
    )  # fmt: skip
    return (page, 422) if form.errors else page


def ended(review: Review, number: int) -> ResponseReturnValue:
    """End what one deputy may do, at once."""
    deputy = found(session().get(Person, number))
    deputies.end_deputy(session(), review, by=g.person, deputy=deputy)
    session().commit()
    flash("The deputy’s part is ended.", "success")
    return redirect(url_for(f"{request.blueprint}.review_deputies", reference=review.reference), code=303)
