"""The visit: its log, the panel's own evidence, its end."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from metstandard.actions import evidence
from metstandard.common import clock
from metstandard.common.errors import Invalid
from metstandard.queries import evidence as reads
from metstandard.queries import interviews
from metstandard.records.evidence import ActivityKind
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.rules.case import Case
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards.visit import visit_gaps
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.evidence import declared_seat, frame
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form

_KINDS = {
    ActivityKind.INTERVIEW: "Interview",
    ActivityKind.FOCUS_GROUP: "Focus group",
    ActivityKind.OBSERVATION: "Observation or reality check",
    ActivityKind.PARTNER_MEETING: "Partner meeting",
    ActivityKind.FEEDBACK: "Feedback to the command team",
}


class ActivityForm(Form):
    """One meeting or reality check; how many people, never who."""

    kind = SelectField("What", choices={one.value: text for one, text in _KINDS.items()})
    held_on = DateParts("Day", [InputRequired("Enter the day")])
    people = IntegerField(
        "How many people", [InputRequired("Enter how many people"), NumberRange(0, 5000, "Enter how many people")]
    )
    minutes = IntegerField(
        "How many minutes",
        [InputRequired("Enter how many minutes"), NumberRange(1, 1440, "Enter the minutes, 1 to 1440")],
    )
    group = StringField(
        "Ranks, roles or shift", [Optional()], description="For example “night-duty constables”. Never a name."
    )
    note = TextAreaField("Note", [Optional()])


def _page(one: Review, seat: Seat, *, log: ActivityForm | None = None) -> ResponseReturnValue:
    refused = log
    if log is None:
        log = ActivityForm(formdata=None)
        log.held_on.process(None, clock.today())
    rows = reads.activities(session(), one)
    case = Case(session(), one, workflow_of(session(), one), "end_visit", g.person)
    items = [each for each in reads.items(session(), one, reader=g.person, for_unit=False) if each.evidence.from_panel]
    page = render_template(
        "pages/reviewers/visit.html",
        seat=seat,
        rows=rows,
        groups=interviews.groups(session(), one, rows, g.person),
        kinds={one.value: text for one, text in _KINDS.items()},
        effort=reads.effort(rows),
        gaps=visit_gaps(case),
        items=items,
        log_form=log,
        form=refused,
        **frame(one, items),
    )
    return (page, 422) if refused is not None else page


@door.get("/reviews/<reference>/visit")
@open_to("reviewer")
def review_visit(reference: str) -> ResponseReturnValue:
    """The log of the visit and what is still wanted."""
    return _page(*declared_seat(reference))


@door.post("/reviews/<reference>/visit/log")
@open_to("reviewer")
def log_activity(reference: str) -> ResponseReturnValue:
    """Log one meeting."""
    one, seat = declared_seat(reference)
    form = ActivityForm()
    if form.validate_on_submit():
        try:
            evidence.log_activity(
                session(), one, by=g.person, kind=ActivityKind(form.kind.data),
                held_on=form.held_on.data or clock.today(),
                people=form.people.data or 0, minutes=form.minutes.data or 0, group=form.group.data or "",
                note=form.note.data or "",
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            least = interviews.smallest_group(session(), one)
            if form.group.data and (form.people.data or 0) < least:
                flash(f"Fewer than {least} people: only you and the lead reviewer read “{form.group.data}”.", "message")
            flash("Logged.", "success")
            return redirect(url_for("reviewers.review_visit", reference=reference), code=303)
    return _page(one, seat, log=form)


@door.post("/reviews/<reference>/visit/end")
@open_to("reviewer")
def end_visit(reference: str) -> ResponseReturnValue:
    """The lead reviewer ends the visit; scoring opens."""
    one, _ = declared_seat(reference)
    evidence.end_visit(session(), one, by=g.person)
    session().commit()
    flash("The visit is over. Each of you now scores alone.", "success")
    return redirect(url_for("reviewers.review", reference=reference), code=303)
