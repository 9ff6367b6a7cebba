"""The unit's right of reply: points by paragraph, the commander's statement, the window; then the result."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Optional

from metstandard.actions import accuracy
from metstandard.common.errors import Invalid, NotFound
from metstandard.documents.differences import Stretch, merged
from metstandard.queries import certificates, judgement
from metstandard.queries.notices import notice_times
from metstandard.records.reviews import Review
from metstandard.records.sheets import Paragraph
from metstandard.rules import award
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.units.door import door
from metstandard.web.units.evidence import frame, one_of

_UNIT = ("commander", "unit_author", "deputy")
_BEFORE_DRAFT = (
    "proposed", "commissioning", "panel_forming", "panel_confirming", "scoping", "self_assessment", "evidence_review",
    "on_site", "scoring", "consensus", "reporting",
)  # fmt: skip


class PointForm(Form):
    """What one paragraph should say instead, and what shows it."""

    proposed = TextAreaField("How the paragraph should read", [InputRequired("Write how the paragraph should read")])
    evidence = TextAreaField(
        "What shows that the draft is wrong", [InputRequired("Say what shows that the draft is wrong")]
    )


class StatementForm(Form):
    """Printed unaltered with the report."""

    statement = TextAreaField("Statement of the commander", [Optional()])


def _drafted(reference: str) -> Review:
    """The review, once its draft has been sent to the unit; before that there is no such page."""
    one = one_of(reference)
    if one.draft_sent_on is None or one.state in _BEFORE_DRAFT:
        raise NotFound("We could not find that page")
    return one


def _page(one: Review, *, statement: StatementForm | None = None) -> ResponseReturnValue:
    refused = statement
    if statement is None:
        statement = StatementForm(formdata=None)
        statement.statement.data = one.statement
    page = render_template(
        "pages/units/accuracy.html",
        paragraphs=judgement.paragraphs_of(session(), one),
        points=judgement.points_of(session(), one),
        made=_made(one),
        most=workflow_of(session(), one).number("B7-statement"),
        statement_form=statement,
        form=refused,
        **frame(one),
    )
    return (page, 422) if refused is not None else page


def _made(one: Review) -> dict[int, tuple[Stretch, ...]]:
    """What each point asks or has done to the draft, by its number."""
    return {
        point.key: merged(point.before, point.wording or point.proposed)
        for point, _ in judgement.points_of(session(), one)
    }


@door.get("/reviews/<reference>/accuracy")
@open_to(*_UNIT)
def review_accuracy(reference: str) -> ResponseReturnValue:
    """The draft by paragraph, the points made and their answers."""
    return _page(_drafted(reference))


@door.route("/reviews/<reference>/accuracy/<int:number>", methods=["GET", "POST"])
@open_to(*_UNIT)
def raise_point(reference: str, number: int) -> ResponseReturnValue:
    """Ask for one paragraph to be corrected."""
    one = _drafted(reference)
    paragraph = found(_paragraph(one, number))
    form = PointForm()
    if form.validate_on_submit():
        try:
            accuracy.raise_point(
                session(),
                one,
                paragraph,
                by=g.person,
                proposed=form.proposed.data or "",
                evidence=form.evidence.data or "",
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(f"Your point on paragraph {number} is with the lead reviewer.", "success")
            return redirect(url_for("units.review_accuracy", reference=reference) + "#points", code=303)
    elif not form.is_submitted():
        form.proposed.data = paragraph.text
    page = render_template("pages/units/point.html", form=form, paragraph=paragraph, **frame(one))
    return (page, 422) if form.errors else page


def _paragraph(one: Review, number: int) -> Paragraph | None:
    return next((each for each in judgement.paragraphs_of(session(), one) if each.number == number), None)


@door.post("/reviews/<reference>/accuracy/statement")
@open_to("commander")
def write_statement(reference: str) -> ResponseReturnValue:
    """The statement, word for word."""
    one = _drafted(reference)
    form = StatementForm()
    if form.validate_on_submit():
        try:
            accuracy.write_statement(session(), one, by=g.person, statement=form.statement.data or "")
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("Your statement is saved. It will be printed exactly like this.", "success")
            return redirect(url_for("units.review_accuracy", reference=reference) + "#statement", code=303)
    return _page(one, statement=form)


@door.post("/reviews/<reference>/accuracy/close")
@open_to("commander")
def close_window(reference: str) -> ResponseReturnValue:
    """The commander has nothing more to say."""
    one = _drafted(reference)
    asked = confirm_first()
    if asked is not None:
        return asked
    accuracy.close_window(session(), one, by=g.person)
    session().commit()
    flash("The factual-accuracy window is closed.", "success")
    return redirect(url_for("units.review", reference=reference), code=303)


@door.get("/reviews/<reference>/result")
@open_to(*_UNIT)
def review_result(reference: str) -> ResponseReturnValue:
    """The result, once the unit has been told."""
    one = one_of(reference)
    if one.notified_on is None or one.outcome is None:
        raise NotFound("We could not find that page")
    rules = rubric_of(session(), one).award
    return render_template(
        "pages/units/result.html",
        result=award.result(session(), one),
        meaning=rules.outcomes.get(one.outcome) if rules else None,
        domains=rubric_of(session(), one).domains,
        lines=judgement.level_lines(session(), one),
        found=judgement.findings_of(session(), one),
        times=notice_times(workflow_of(session(), one)),
        paragraphs=judgement.paragraphs_of(session(), one),
        points=judgement.points_of(session(), one),
        made=_made(one),
        certificate=certificates.of_review(session(), one),
        **frame(one),
    )
