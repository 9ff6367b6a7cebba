"""The unit's scope, self-assessment and evidence."""

from __future__ import annotations

from collections.abc import Iterable

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Optional

from metstandard.actions import evidence
from metstandard.common import clock, words
from metstandard.common.errors import Invalid
from metstandard.queries import evidence as reads
from metstandard.queries import reviews
from metstandard.records.reviews import Review
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.errors import wants_json
from metstandard.web.shared.forms import Form
from metstandard.web.shared.hubs import review_facts
from metstandard.web.units.door import door

_UNIT = ("commander", "unit_author", "deputy")


def one_of(reference: str) -> Review:
    """The review of a unit that this person commands or prepares for."""
    return found(reviews.for_unit(session(), g.person, reference))


def frame(one: Review, shown: Iterable[reads.Item] = ()) -> dict[str, object]:
    """What every page of a review shows to its unit; `shown` is the evidence on it, whose marking it bears (B9)."""
    return review_facts(one) | {"marking": reads.marking_of(one, shown).value}


class ScopeForm(Form):
    """The commander's agreement to exactly what is shown."""

    seen = HiddenField()


@door.route("/reviews/<reference>/scope", methods=["GET", "POST"])
@open_to(*_UNIT)
def review_scope(reference: str) -> ResponseReturnValue:
    """The scope: focus areas, data request, what does not apply; the commander agrees."""
    one = one_of(reference)
    form = ScopeForm()
    if form.validate_on_submit():
        try:
            evidence.agree_scope(session(), one, by=g.person, seen=form.seen.data or "")
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("You have agreed the scope.", "success")
            return redirect(url_for("units.review", reference=reference), code=303)
    form.seen.data = digest(session(), one, "agree_scope")
    page = render_template("pages/units/scope.html", form=form, rubric=rubric_of(session(), one), **frame(one))
    return (page, 422) if form.errors else page


@door.get("/reviews/<reference>/evidence")
@open_to(*_UNIT)
def review_evidence(reference: str) -> ResponseReturnValue:
    """The self-assessment as a task list by domain, and the evidence."""
    one = one_of(reference)
    lines = reads.self_lines(session(), one, reader=g.person, for_unit=True)
    items = reads.items(session(), one, reader=g.person, for_unit=True)
    return render_template(
        "pages/units/evidence.html", domains=lines, items=items,
        gaps=sum(line.missing != "" for rows in lines.values() for line in rows), **frame(one, items),
    )  # fmt: skip


class SelfForm(Form):
    """One criterion of the self-assessment; a draft may be incomplete."""

    level = RadioField("Your level", [Optional()], validate_choice=False)
    account = TextAreaField(
        "Your account", [Optional()], description="What you do, how far it reaches, how you know that it works."
    )
    revision = HiddenField()


@door.route("/reviews/<reference>/evidence/<criterion>", methods=["GET", "POST"])
@open_to(*_UNIT)
def self_assessment(reference: str, criterion: str) -> ResponseReturnValue:
    """One criterion: the descriptors, the unit's level and account, and the evidence that speaks to it."""
    one = one_of(reference)
    rubric = rubric_of(session(), one)
    about = found(rubric.criteria.get(criterion))
    lines = reads.self_lines(session(), one, reader=g.person, for_unit=True)
    line = next(each for rows in lines.values() for each in rows if each.criterion.code == criterion)
    form = SelfForm()
    form.level.choices = [(str(each.number), f"{each.number} {each.name}") for each in rubric.scale]
    if form.validate_on_submit():
        revision = int(form.revision.data or 0) if (form.revision.data or "0").isdigit() else 0
        saved = evidence.save_self_assessment(
            session(), one, by=g.person, criterion=criterion, level=form.level.data or "",
            account=form.account.data or "", revision=revision,
        )  # fmt: skip
        session().commit()
        if wants_json():
            return jsonify(saved_at=words.time(clock.now()), revision=saved.revision)
        flash(f"Criterion {criterion} is saved.", "success")
        return redirect(_next_url(one, criterion), code=303)
    if request.method == "GET" and line.mark is not None:
        form.level.data, form.account.data = line.mark.level, line.mark.account
    form.revision.data = str(line.mark.revision if line.mark else 0)
    items = [each for each in reads.items(session(), one, reader=g.person, for_unit=True) if criterion in each.criteria]
    page = render_template(
        "pages/units/self_assessment.html", form=form, criterion=about, rubric=rubric, line=line, items=items,
        **frame(one, items),
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _next_url(one: Review, criterion: str) -> str:
    """The task list, at the criterion just saved."""
    return url_for("units.review_evidence", reference=one.reference) + f"#c-{criterion}"


@door.post("/reviews/<reference>/evidence/submit")
@open_to("commander")
def submit_self_assessment(reference: str) -> ResponseReturnValue:
    """The commander signs the self-assessment off."""
    one = one_of(reference)
    asked = confirm_first()
    if asked is not None:
        return asked
    evidence.submit_self_assessment(session(), one, by=g.person)
    session().commit()
    flash("The self-assessment is submitted. The panel now reads it.", "success")
    return redirect(url_for("units.review", reference=reference), code=303)
