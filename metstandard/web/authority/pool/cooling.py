"""Posts and contracts soon after a review: said when they are entered, decided by both keys (COI-11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from metstandard.actions import panels
from metstandard.common import words
from metstandard.queries import independence as reads
from metstandard.queries import reviews
from metstandard.web.authority.door import door
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form, Words


class CoolingForm(Form):
    """What one key decides."""

    decision = RadioField(
        "Your decision", [InputRequired("Choose whether you waive the rule")],
        choices=[SelectChoice("waive", "Waive COI-11"), SelectChoice("leave", "Leave it in the register, not waived")],
    )  # fmt: skip
    reason = TextAreaField("Reason", [InputRequired("Enter your reason"), Words(300)])


@contextmanager
def warned() -> Iterator[None]:
    """Say which entries made in between put somebody into the cooling-off time of a review."""
    before = set(reads.cooling_off(session()))
    yield
    session().flush()
    for one in reads.cooling_off(session()):
        if one not in before:
            said = f"{one.what}, {words.day(one.on)}: {one.name} sat on {one.reference} ({one.unit}) within the time"
            flash(f"{said} of COI-11. Both keys are asked whether they waive it.", "error")


@door.route("/reviews/<reference>/cooling-off/<covered>", methods=["GET", "POST"])
@open_to("key")
def cooling_off(reference: str, covered: str) -> ResponseReturnValue:
    """One line of the register, decided by one key."""
    review = found(reviews.for_staff(session(), g.person, reference))
    line = found(next((one for one in reads.cooling_off(session()) if one.covered == covered), None))
    form = CoolingForm()
    if form.validate_on_submit():
        if (asked := confirm_first()) is not None:
            return asked
        panels.decide_cooling_off(
            session(), review, by=g.person, covered=covered, waive=form.decision.data == "waive",
            reason=form.reason.data or "",
        )  # fmt: skip
        session().commit()
        flash("Your decision is in the register.", "success")
        return redirect(url_for(".pool_independence"), code=303)
    page = render_template(
        "pages/authority/cooling_off.html", line=line, form=form, marking="OFFICIAL-SENSITIVE",
        decided=reads.decisions(session(), [line]).get(covered, {}),
    )  # fmt: skip
    return (page, 422) if form.errors else page
