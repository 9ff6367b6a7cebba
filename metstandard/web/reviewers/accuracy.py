"""Factual accuracy as the panel sees it: the unit's points, what they would change, the lead reviewer's answers."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import accuracy
from metstandard.common.errors import Invalid, NotFound
from metstandard.documents.differences import differences, merged
from metstandard.queries.judgement import points_of
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records.reviews import Review
from metstandard.records.sheets import Answer, Point
from metstandard.web.reviewers.consensus import facts
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.seated import seated
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form


class AnswerForm(Form):
    """Accept or refuse one point."""

    answer = RadioField(
        "Your answer",
        choices={"accepted": "Accept: the paragraph is corrected", "refused": "Refuse: it stays as it is"},
        validators=[InputRequired("Choose whether you accept or refuse")],
    )
    wording = TextAreaField(
        "In your own words", description="Only to accept in other words than the unit’s. Leave it empty otherwise."
    )
    reason = TextAreaField("Reason", description="Needed to refuse. The unit reads it, and the report prints it.")


@door.get("/reviews/<reference>/accuracy")
@open_to("reviewer")
def review_accuracy(reference: str) -> ResponseReturnValue:
    """Every point of the unit, and what became of it."""
    review, _, _ = seated(reference)
    return _page(review)


@door.post("/reviews/<reference>/accuracy/<int:number>")
@open_to("reviewer")
def answer_point(reference: str, number: int) -> ResponseReturnValue:
    """Accept, which rewrites the paragraph, or refuse with a reason."""
    review, _, _ = seated(reference)
    point = session().get(Point, number)
    if point is None or point.review_id != review.key:
        raise NotFound("We could not find that page")
    form = AnswerForm(prefix=f"p{number}")
    if form.validate_on_submit():
        if (point.answer.value, point.answered_by_id) == (form.answer.data, g.person.key):
            return _answered(reference, number)
        try:
            accuracy.answer_point(
                session(),
                review,
                point,
                by=g.person,
                answer=Answer(form.answer.data),
                reason=form.reason.data or "",
                wording=form.wording.data or "",
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            return _answered(reference, number)
    return _page(review, number, form), 422


def _answered(reference: str, number: int) -> ResponseReturnValue:
    flash("The point is answered. The unit is told.", "success")
    return redirect(url_for(".review_accuracy", reference=reference, _anchor=f"point-{number}"), code=303)


def _page(review: Review, number: int = 0, refused: AnswerForm | None = None) -> str:
    sentence, stood = whose_move(session(), review)
    may = {one.act for one in moves_open_to(session(), g.person, review)}
    rows = [
        {
            "point": point,
            "paragraph": paragraph,
            "asked": differences(point.before, point.proposed),
            "moved_on": point.answer is Answer.OPEN and paragraph.text != point.before,
            "now": differences(paragraph.text, point.proposed),
            "made": merged(point.before, point.wording or point.proposed),
            "form": refused if point.key == number and refused else AnswerForm(formdata=None, prefix=f"p{point.key}"),
        }
        for point, paragraph in points_of(session(), review)
    ]
    return render_template(
        "pages/reviewers/accuracy.html", sentence=sentence, stood=stood, rows=rows, may=may, form=refused,
        posted=request.method == "POST", **facts(review),
    )  # fmt: skip
