"""Declaring interests, then accepting or declining a seat. Nothing of the unit's content is shown here."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import panels
from metstandard.common.errors import Invalid
from metstandard.queries import panels as reads
from metstandard.queries import reviews
from metstandard.queries.panels import words_of
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records.reviews import Review
from metstandard.records.seats import HOLDING, Interest, Seat, SeatStatus
from metstandard.records.units import Unit
from metstandard.rules.conflicts import own_days
from metstandard.rules.guards.panels import declared
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.declarations import LINKS, DeclarationForm
from metstandard.web.shared.forms import Form


class DeclineForm(Form):
    """Why somebody will not sit."""

    reason = TextAreaField(
        "Your reason", [InputRequired("Enter your reason")], description="The programme office reads it."
    )


def _own(reference: str) -> tuple[Review, Seat]:
    return found(reviews.for_reviewer(session(), g.person, reference))


def _stage(one: Review, seat: Seat) -> str:
    """The stage for which this person declares next: for the panel, on site, or for consensus."""
    if declared(session(), one, g.person.key, "panels") is None or seat.status is SeatStatus.INVITED:
        return "panels"
    return {
        "panel_confirming": "confirmation",
        "on_site": "on_site",
        "scoring": "on_site",
        "consensus": "consensus",
    }.get(one.state, "panels")


@door.route("/reviews/<reference>/declaration", methods=["GET", "POST"])
@open_to("signed_in")
def review_declaration(reference: str) -> ResponseReturnValue:
    """The first task of every reviewer, and the same again on site (COI-8)."""
    if _ended(reference) is not None:
        return redirect(url_for("reviewers.seat_ended", reference=reference), code=303)
    one, seat = _own(reference)
    stage = _stage(one, seat)
    form = DeclarationForm()
    if form.validate_on_submit():
        try:
            panels.declare_interests(
                session(), one, by=g.person, interest=Interest(form.interest.data), detail=form.detail.data or "",
                stage=form.stage.data or stage,
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            return _declared(reference, Interest(form.interest.data))
    form.stage.data = stage
    page = render_template(
        "pages/reviewers/declaration.html", form=form, links=LINKS, stage=stage,
        earlier=declared(session(), one, g.person.key, stage), **_frame(one, seat),
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _declared(reference: str, interest: Interest) -> ResponseReturnValue:
    if interest is Interest.PREJUDICIAL:
        return redirect(url_for("reviewers.seat_ended", reference=reference), code=303)
    flash("Your declaration is recorded.", "success")
    one, seat = _own(reference)
    invited = seat.status is SeatStatus.INVITED
    return redirect(
        url_for("reviewers.review_seat" if invited else "reviewers.review", reference=one.reference), code=303
    )


def _frame(one: Review, seat: Seat) -> dict[str, object]:
    sentence, stood = whose_move(session(), one)
    return {
        "review": one,
        "seat": seat,
        "seat_words": words_of(seat.kind),
        "unit": session().get_one(Unit, one.unit_id),
        "sentence": sentence,
        "stood": stood,
        "open": {each.act: each for each in moves_open_to(session(), g.person, one)},
        "marking": one.marking.value,
    }


@door.get("/reviews/<reference>/seat")
@open_to("signed_in")
def review_seat(reference: str) -> ResponseReturnValue:
    """What is asked of this person, and the answer."""
    if _ended(reference) is not None:
        return redirect(url_for("reviewers.seat_ended", reference=reference), code=303)
    return _seat_page(*_own(reference))


def _seat_page(one: Review, seat: Seat, refused: DeclineForm | None = None) -> ResponseReturnValue:
    page = render_template(
        "pages/reviewers/seat.html",
        form=refused,
        decline_form=refused or DeclineForm(formdata=None),
        declaration=declared(session(), one, g.person.key, "panels"),
        dates=reads.dates_asked(session(), one),
        own_days=seat.status is SeatStatus.INVITED and own_days(session(), one, g.person),
        **_frame(one, seat),
    )
    return (page, 422) if refused is not None else page


@door.post("/reviews/<reference>/seat/accept")
@open_to("signed_in")
def accept_seat(reference: str) -> ResponseReturnValue:
    """Accept the seat."""
    one, _ = _own(reference)
    panels.accept_seat(session(), one, by=g.person)
    session().commit()
    flash("You have accepted the seat. Thank you.", "success")
    return redirect(url_for("reviewers.review_seat", reference=reference), code=303)


@door.post("/reviews/<reference>/seat/decline")
@open_to("signed_in")
def decline_seat(reference: str) -> ResponseReturnValue:
    """Decline the seat, with a reason."""
    if _ended(reference) is not None:
        return redirect(url_for("reviewers.seat_ended", reference=reference), code=303)
    one, seat = _own(reference)
    form = DeclineForm()
    if form.validate_on_submit():
        panels.decline_seat(session(), one, by=g.person, reason=form.reason.data or "")
        session().commit()
        return redirect(url_for("reviewers.seat_ended", reference=reference), code=303)
    return _seat_page(one, seat, form)


@door.get("/reviews/<reference>/seat/ended")
@open_to("signed_in")
def seat_ended(reference: str) -> ResponseReturnValue:
    """That a seat has ended, and why; the person may hold no part any more."""
    one, seat = found(_ended(reference))
    return render_template(
        "pages/reviewers/seat_ended.html", review=one, seat=seat, seat_words=words_of(seat.kind),
        unit=session().get_one(Unit, one.unit_id), marking=one.marking.value,
    )  # fmt: skip


def _ended(reference: str) -> tuple[Review, Seat] | None:
    """The newest seat of this person in a review when it has ended."""
    last = reads.own_last_seat(session(), g.person, reference)
    return last if last is not None and last[1].status not in HOLDING else None
