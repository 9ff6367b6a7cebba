"""The visit: its log, the panel's own evidence, its end."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from metstandard.actions import evidence
from metstandard.common import clock
from metstandard.common.errors import Invalid
from metstandard.queries import evidence as reads
from metstandard.records import files
from metstandard.records.evidence import ActivityKind, EvidenceType
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.rules.case import Case
from metstandard.rules.editions import rubric_of, workflow_of
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


class FindForm(Form):
    """What the panel itself saw, heard or was given."""

    kind = SelectField(
        "Type of evidence", choices={one.value: one.value.replace("_", " ").capitalize() for one in EvidenceType}
    )
    title = StringField("Title", [InputRequired("Enter a title")])
    note = TextAreaField(
        "What was seen or heard", [Optional()], description="Nobody who was interviewed may be recognised."
    )
    upload = FileField("File", [Optional()])
    criteria = SelectMultipleField("Criteria it speaks to", [InputRequired("Choose at least one criterion")])


def _page(
    one: Review,
    seat: Seat,
    *,
    log: ActivityForm | None = None,
    find: FindForm | None = None,
) -> ResponseReturnValue:
    refused = next((form for form in (log, find) if form is not None), None)
    if log is None:
        log = ActivityForm(formdata=None)
        log.held_on.process(None, clock.today())
    rows = reads.activities(session(), one)
    case = Case(session(), one, workflow_of(session(), one), "end_visit", g.person)
    page = render_template(
        "pages/reviewers/visit.html",
        seat=seat,
        rows=rows,
        kinds={one.value: text for one, text in _KINDS.items()},
        effort=reads.effort(rows),
        gaps=visit_gaps(case),
        items=[each for each in reads.items(session(), one, for_unit=False) if not each.evidence.by_unit],
        log_form=log,
        find_form=find or _find_form(one, formdata=None),
        limits=files.limits(),
        form=refused,
        **frame(one),
    )
    return (page, 422) if refused is not None else page


def _find_form(one: Review, **given: None) -> FindForm:
    form = FindForm(**given)
    form.criteria.choices = [
        (code, f"{code} {each.title}") for code, each in rubric_of(session(), one).criteria.items()
    ]
    return form


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
            flash("Logged.", "success")
            return redirect(url_for("reviewers.review_visit", reference=reference), code=303)
    return _page(one, seat, log=form)


@door.post("/reviews/<reference>/visit/evidence")
@open_to("reviewer")
def add_panel_evidence(reference: str) -> ResponseReturnValue:
    """Add what the panel saw or heard."""
    one, seat = declared_seat(reference)
    form = _find_form(one)
    if form.validate_on_submit():
        sent = form.upload.data if form.upload.data and form.upload.data.filename else None
        try:
            evidence.add_evidence(
                session(), one, by=g.person, kind=EvidenceType(form.kind.data), title=form.title.data or "",
                criteria=list(form.criteria.data or []), source="The panel", dated_on=clock.today(),
                note=form.note.data or "", unit_may_see=False, upload=sent.stream if sent else None,
                file_name=sent.filename if sent else "",
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(f"“{form.title.data}” is added.", "success")
            return redirect(url_for("reviewers.review_visit", reference=reference) + "#evidence", code=303)
    return _page(one, seat, find=form)


@door.post("/reviews/<reference>/visit/end")
@open_to("reviewer")
def end_visit(reference: str) -> ResponseReturnValue:
    """The lead reviewer ends the visit; scoring opens."""
    one, _ = declared_seat(reference)
    evidence.end_visit(session(), one, by=g.person)
    session().commit()
    flash("The visit is over. Each of you now scores alone.", "success")
    return redirect(url_for("reviewers.review", reference=reference), code=303)
