"""A panel member verifies what the unit did about the panel's recommendation; and reads the published report."""

from __future__ import annotations

from flask import Response, g, render_template
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import followup
from metstandard.queries import followup as reads
from metstandard.queries import reviews
from metstandard.queries.tasks import moves_open_to
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.papers import report_file
from metstandard.web.shared.saving import accepted, saved


class VerifyForm(Form):
    """What evidence shows that it is done."""

    note = TextAreaField(
        "What evidence shows that it is done", [InputRequired("Say what evidence shows that it is done")]
    )


class BackForm(Form):
    """Why it is not done yet."""

    reason = TextAreaField("Why it is not done yet", [InputRequired("Give the reason")])


def _action(number: int) -> reads.Line:
    return found(reads.one(session(), g.person, number, "reviewer"))


def _page(line: reads.Line, *, verify: VerifyForm | None = None, back: BackForm | None = None) -> ResponseReturnValue:
    refused = verify or back
    page = render_template(
        "pages/reviewers/action.html",
        line=line,
        rows=reads.progress(session(), line.action),
        open={each.act: each for each in moves_open_to(session(), g.person, line.action)},
        verify_form=verify or VerifyForm(formdata=None),
        back_form=back or BackForm(formdata=None),
        form=refused,
        marking=line.review.marking.value,
    )
    return (page, 422) if refused is not None else page


@door.get("/actions/<int:number>")
@open_to("reviewer")
def action(number: int) -> ResponseReturnValue:
    """One action with its progress."""
    return _page(_action(number))


@door.post("/actions/<int:number>/verify")
@open_to("reviewer")
def verify_action(number: int) -> ResponseReturnValue:
    """Verify it on evidence, as somebody who does not own it."""
    line = _action(number)
    form = VerifyForm()
    if accepted(form, lambda: followup.verify(session(), line.action, by=g.person, note=form.note.data or "")):
        return saved("Verified.", "reviewers.action", number=number)
    return _page(line, verify=form)


@door.post("/actions/<int:number>/back")
@open_to("reviewer")
def send_action_back(number: int) -> ResponseReturnValue:
    """Send it back to its owner."""
    line = _action(number)
    form = BackForm()
    if accepted(form, lambda: followup.send_back(session(), line.action, by=g.person, reason=form.reason.data or "")):
        return saved("Sent back with your reason.", "reviewers.action", number=number)
    return _page(line, back=form)


@door.get("/reviews/<reference>/report.pdf")
@open_to("reviewer")
def review_report(reference: str) -> Response:
    """The report of a review of one's own, once it is published."""
    one, _seat = found(reviews.for_reviewer(session(), g.person, reference))
    return report_file(found(one if one.published_on is not None else None))
