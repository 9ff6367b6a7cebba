"""The findings of the panel: by grade, each with what is recommended, until the consensus is signed."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import consensus
from metstandard.common.errors import Invalid, NotFound
from metstandard.queries.judgement import findings_of
from metstandard.queries.notices import notice_times
from metstandard.records.reviews import Review
from metstandard.records.sheets import Finding
from metstandard.rubric.shapes import Grade
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.web.reviewers.consensus import facts, is_open, unsealed
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form


class FindingForm(Form):
    """A finding against one criterion, and what is recommended."""

    criterion = SelectField("Criterion")
    grade = RadioField("Grade", validators=[InputRequired("Choose a grade")])
    text = TextAreaField(
        "Finding", [InputRequired("Write the finding")], description="What you found, in full sentences."
    )
    recommendation = TextAreaField(
        "Recommendation", description="What the unit should do. It becomes an action. Not needed for good practice."
    )
    standards = BooleanField(
        "A critical finding: this may be a matter for professional standards",
        description="The commander must then say where it went.",
    )


@door.route("/reviews/<reference>/consensus/findings", methods=["GET", "POST"])
@open_to("reviewer")
def review_findings(reference: str) -> ResponseReturnValue:
    """The findings by grade, and a form for one more."""
    review = unsealed(reference)
    form = _finding_form(review, criterion=request.args.get("criterion", ""))
    if form.validate_on_submit():
        try:
            consensus.add_finding(session(), review, by=g.person, **_typed(form))
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("The finding is added.", "success")
            return redirect(url_for(".review_findings", reference=reference), code=303)
    return _findings_page(review, form, None), 422 if form.errors else 200


@door.route("/reviews/<reference>/consensus/findings/<int:number>", methods=["GET", "POST"])
@open_to("reviewer")
def review_finding(reference: str, number: int) -> ResponseReturnValue:
    """Change one finding."""
    review = unsealed(reference)
    one = session().get(Finding, number)
    if one is None or one.review_id != review.key or (one.removed_at is not None and request.method == "GET"):
        raise NotFound("We could not find that page")
    form = _finding_form(
        review, criterion=one.criterion, grade=one.grade.value, text=one.text, recommendation=one.recommendation
    )
    if form.validate_on_submit():
        try:
            consensus.change_finding(session(), review, one, by=g.person, **_typed(form))
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("The finding is changed.", "success")
            return redirect(url_for(".review_findings", reference=reference), code=303)
    return _findings_page(review, form, one), 422 if form.errors else 200


@door.post("/reviews/<reference>/consensus/findings/<int:number>/remove")
@open_to("reviewer")
def remove_finding(reference: str, number: int) -> ResponseReturnValue:
    """Take a finding back."""
    review = unsealed(reference)
    one = found(session().get(Finding, number))
    consensus.remove_finding(session(), review, one, by=g.person)
    session().commit()
    flash("The finding is taken back.", "success")
    return redirect(url_for(".review_findings", reference=reference), code=303)


def _finding_form(review: Review, **given: str) -> FindingForm:
    rubric = rubric_of(session(), review)
    form = FindingForm(data=given)
    form.criterion.choices = [
        (code, f"{code} {one.title}") for code, one in rubric.criteria.items() if code not in review.not_applicable
    ]
    form.grade.choices = [(grade.value, meaning.title) for grade, meaning in rubric.findings.items()]
    return form


def _typed(form: FindingForm) -> dict[str, Any]:
    return {
        "criterion": form.criterion.data, "grade": Grade(form.grade.data), "text": form.text.data or "",
        "recommendation": form.recommendation.data or "", "standards": bool(form.standards.data),
    }  # fmt: skip


def _findings_page(review: Review, form: FindingForm, one: Finding | None) -> str:
    return render_template(
        "pages/reviewers/consensus_findings.html", form=form, changing=one, found=findings_of(session(), review),
        rubric=rubric_of(session(), review), open=is_open(review),
        times=notice_times(workflow_of(session(), review)), **facts(review),
    )  # fmt: skip
