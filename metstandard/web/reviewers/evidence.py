"""The reviewers' scope, reading of the evidence, and questions for the visit. All of it after the declaration."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from metstandard.actions import evidence
from metstandard.actions.panels import own_seat
from metstandard.common.errors import Invalid, NotNow
from metstandard.queries import evidence as reads
from metstandard.queries import reviews
from metstandard.records.accounts import Person
from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.rules.guards.panels import declared
from metstandard.rules.signatures import counting
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.hubs import review_facts


def declared_seat(reference: str) -> tuple[Review, Seat]:
    """The review and this person's accepted seat. Raises NotNow before the declaration (interface.md 15)."""
    one, _ = found(reviews.for_reviewer(session(), g.person, reference))
    seat = own_seat(session(), one, g.person)
    if declared(session(), one, g.person.key, "panels") is None:
        raise NotNow("Declare your interests first: nothing of the unit is shown before")
    return one, seat


def frame(one: Review, shown: Iterable[reads.Item] = ()) -> dict[str, object]:
    """What every page of a review shows to a reviewer; `shown` is the evidence on it, whose marking it bears (B9)."""
    return review_facts(one) | {"marking": reads.marking_of(one, shown).value}


class ScopeForm(Form):
    """What the lead reviewer proposes to look at in particular."""

    seen = HiddenField()
    first = StringField("First local focus area", [Optional()])
    second = StringField("Second local focus area", [Optional()])
    third = StringField("Third local focus area", [Optional()])
    data_request = TextAreaField("Data asked for", [Optional()], description="What the unit should have ready.")
    not_applicable = TextAreaField(
        "Criteria that do not apply", [Optional()],
        description="One a line: code, colon, reason, such as “4.2: brings no cases to court”. Both keys must agree.",
    )  # fmt: skip


def _set_aside(text: str) -> dict[str, str]:
    found_: dict[str, str] = {}
    for line in text.splitlines():
        if line.strip():
            code, _, reason = line.partition(":")
            found_[code.strip()] = reason.strip()
    return found_


@door.route("/reviews/<reference>/scope", methods=["GET", "POST"])
@open_to("reviewer")
def review_scope(reference: str) -> ResponseReturnValue:
    """The scope; the lead reviewer writes and agrees it."""
    one, seat = declared_seat(reference)
    form = ScopeForm()
    if seat.lead and form.validate_on_submit():
        try:
            evidence.agree_scope(
                session(), one, by=g.person, seen=form.seen.data or "",
                focus_areas=[each.data or "" for each in (form.first, form.second, form.third)],
                data_request=form.data_request.data or "", not_applicable=_set_aside(form.not_applicable.data or ""),
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("You have agreed this scope. The commander is asked next.", "success")
            return redirect(url_for("reviewers.review", reference=reference), code=303)
    elif not form.is_submitted():
        areas = [*one.focus_areas, "", "", ""]
        form.first.data, form.second.data, form.third.data = areas[:3]
        form.data_request.data = one.data_request
        form.not_applicable.data = "\n".join(f"{code}: {reason}" for code, reason in one.not_applicable.items())
    form.seen.data = digest(session(), one, "agree_scope")
    page = render_template(
        "pages/reviewers/scope.html", form=form, seat=seat, rubric=rubric_of(session(), one),
        signed=[(session().get_one(Person, each.person_id), each) for each in counting(session(), one, "agree_scope")],
        **frame(one),
    )  # fmt: skip
    return (page, 422) if form.errors else page


class QuestionForm(Form):
    """What to look at on site."""

    criterion = SelectField("Criterion")
    text = TextAreaField("What to look at on site", [InputRequired("Write the question")])


@door.route("/reviews/<reference>/evidence", methods=["GET", "POST"])
@open_to("reviewer")
def review_evidence(reference: str) -> ResponseReturnValue:
    """The unit's self-assessment with its evidence, and the panel's questions."""
    one, seat = declared_seat(reference)
    form = QuestionForm()
    rubric = rubric_of(session(), one)
    form.criterion.choices = [(code, f"{code} {each.title}") for code, each in rubric.criteria.items()]
    if form.validate_on_submit():
        evidence.note_question(session(), one, by=g.person, criterion=form.criterion.data, text=form.text.data or "")
        session().commit()
        flash("Your question is noted.", "success")
        return redirect(
            url_for("reviewers.review_evidence", reference=reference) + f"#c-{form.criterion.data}", code=303
        )
    shown = reads.items(session(), one, reader=g.person, for_unit=False) if readable(one) else []
    page = render_template(
        "pages/reviewers/evidence.html", form=form, seat=seat, rubric=rubric, readable=readable(one), items=shown,
        domains=reads.self_lines(session(), one, reader=g.person, for_unit=False) if readable(one) else {},
        questions=reads.questions(session(), one), **frame(one, shown),
    )  # fmt: skip
    return (page, 422) if form.errors else page


_BEFORE_SUBMISSION = ("panel_forming", "panel_confirming", "scoping", "self_assessment")


def readable(one: Review) -> bool:
    """The unit's draft is its own until the commander submits it."""
    return one.state not in _BEFORE_SUBMISSION


@door.post("/reviews/<reference>/evidence/close")
@open_to("reviewer")
def close_evidence_review(reference: str) -> ResponseReturnValue:
    """The lead reviewer closes the reading."""
    one, _ = declared_seat(reference)
    evidence.close_evidence_review(session(), one, by=g.person)
    session().commit()
    flash("The reading is closed. Next is the visit.", "success")
    return redirect(url_for("reviewers.review", reference=reference), code=303)
