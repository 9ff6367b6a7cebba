"""The panel as the unit sees it once it is put before it, and the right to object."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import panels
from metstandard.common.errors import Invalid
from metstandard.queries import panels as reads
from metstandard.queries import reviews
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.records.units import Unit
from metstandard.rules.editions import workflow_of
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.units.door import door

_UNIT = ("commander", "unit_author", "deputy")


class ObjectionForm(Form):
    """Why the unit objects to one reviewer."""

    cause = TextAreaField(
        "Why do you object?", [InputRequired("Say why: an objection needs a cause")],
        description="Both key holders read it and give their ruling with reasons.",
    )  # fmt: skip


@door.get("/reviews/<reference>/panel")
@open_to(*_UNIT)
def review_panels(reference: str) -> ResponseReturnValue:
    """Names, kinds and employers, from the day on which the panel was put before the unit."""
    return _page(found(reviews.for_unit(session(), g.person, reference)))


def _page(one: Review, refused: ObjectionForm | None = None, number: int = 0) -> ResponseReturnValue:
    sentence, stood = whose_move(session(), one)
    shown = reads.before_the_unit(session(), one)
    raised = reads.objections(session(), one)
    page = render_template(
        "pages/units/panels.html",
        review=one,
        unit=session().get_one(Unit, one.unit_id),
        sentence=sentence,
        stood=stood,
        open={each.act: each for each in moves_open_to(session(), g.person, one)},
        shown=shown,
        raised=raised,
        most=workflow_of(session(), one).number("COI-10-objections"),
        until=reads.objections_until(session(), one),
        words_of=reads.words_of,
        forms={
            each.seat.key: refused
            if refused is not None and each.seat.key == number
            else ObjectionForm(formdata=None, prefix=f"seat{each.seat.key}")
            for each in shown
        },
        form=refused,
        marking=one.marking.value,
    )
    return (page, 422) if refused is not None else page


@door.post("/reviews/<reference>/panel/seats/<int:number>/object")
@open_to("commander")
def object_to_reviewer(reference: str, number: int) -> ResponseReturnValue:
    """Object to one reviewer, for cause."""
    one = found(reviews.for_unit(session(), g.person, reference))
    shown = {each.seat.key: each.seat for each in reads.before_the_unit(session(), one)}
    seat: Seat = found(shown.get(number))
    form = ObjectionForm(prefix=f"seat{number}")
    if form.validate_on_submit():
        try:
            panels.object_to_reviewer(session(), one, seat, by=g.person, cause=form.cause.data or "")
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("Your objection is with both key holders, who will rule on it.", "success")
            return redirect(url_for("units.review_panels", reference=reference), code=303)
    return _page(one, form, number)
