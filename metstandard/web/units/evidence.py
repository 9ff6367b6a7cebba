"""The unit's scope, self-assessment and evidence."""

from __future__ import annotations

from flask import Response, flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import (
    FileField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, NumberRange, Optional

from metstandard.actions import evidence
from metstandard.common import clock, words
from metstandard.common.errors import Invalid
from metstandard.queries import evidence as reads
from metstandard.queries import reviews
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records import files
from metstandard.records.evidence import EvidenceType
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.downloads import evidence_file
from metstandard.web.shared.errors import wants_json
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form
from metstandard.web.units.door import door

_UNIT = ("commander", "unit_author", "deputy")


def one_of(reference: str) -> Review:
    """The review of a unit that this person commands or prepares for."""
    return found(reviews.for_unit(session(), g.person, reference))


def frame(one: Review) -> dict[str, object]:
    """What every page of a review shows to its unit."""
    sentence, stood = whose_move(session(), one)
    return {
        "review": one,
        "unit": session().get_one(Unit, one.unit_id),
        "sentence": sentence,
        "stood": stood,
        "open": {each.act: each for each in moves_open_to(session(), g.person, one)},
        "marking": one.marking.value,
    }


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
    lines = reads.self_lines(session(), one)
    return render_template(
        "pages/units/evidence.html", domains=lines, items=reads.items(session(), one, for_unit=True),
        gaps=sum(line.missing != "" for rows in lines.values() for line in rows), **frame(one),
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
    line = next(
        each for rows in reads.self_lines(session(), one).values() for each in rows if each.criterion.code == criterion
    )
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
    page = render_template(
        "pages/units/self_assessment.html", form=form, criterion=about, rubric=rubric, line=line,
        items=[each for each in reads.items(session(), one, for_unit=True) if criterion in each.criteria], **frame(one),
    )  # fmt: skip
    return (page, 422) if form.errors else page


def _next_url(one: Review, criterion: str) -> str:
    """The task list, at the criterion just saved."""
    return url_for("units.review_evidence", reference=one.reference) + f"#c-{criterion}"


class EvidenceForm(Form):
    """One item of evidence."""

    kind = SelectField(
        "Type of evidence", choices={one.value: one.value.replace("_", " ").capitalize() for one in EvidenceType}
    )
    title = StringField("Title", [InputRequired("Enter a title")])
    upload = FileField("File", [Optional()])
    source = StringField("Source", [Optional()], description="Who made it, or where it is found.")
    dated_on = DateParts("Date", [Optional()])
    period = StringField("Period it covers", [Optional()])
    outcome_years = IntegerField("Years of outcome data", [Optional(), NumberRange(0, 50, "Enter a number of years")])
    note = TextAreaField("Note", [Optional()])
    criteria = SelectMultipleField("Criteria it speaks to", [InputRequired("Choose at least one criterion")])


@door.route("/reviews/<reference>/evidence/add", methods=["GET", "POST"])
@open_to(*_UNIT)
def add_evidence(reference: str) -> ResponseReturnValue:
    """Add one item, with a file or without."""
    one = one_of(reference)
    form = EvidenceForm()
    form.criteria.choices = [
        (code, f"{code} {each.title}") for code, each in rubric_of(session(), one).criteria.items()
    ]
    if request.method == "GET":
        form.criteria.data = [request.args["criterion"]] if "criterion" in request.args else []
    if form.validate_on_submit():
        sent = form.upload.data if form.upload.data and form.upload.data.filename else None
        try:
            evidence.add_evidence(
                session(), one, by=g.person, kind=EvidenceType(form.kind.data), title=form.title.data or "",
                criteria=list(form.criteria.data or []), source=form.source.data or "", dated_on=form.dated_on.data,
                period=form.period.data or "", note=form.note.data or "", outcome_years=form.outcome_years.data or 0,
                upload=sent.stream if sent else None, file_name=sent.filename if sent else "",
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            if wants_json():
                return jsonify(name=form.title.data, saved_at=words.time(clock.now()))
            flash(f"“{form.title.data}” is added.", "success")
            return redirect(url_for("units.review_evidence", reference=reference) + "#evidence", code=303)
    page = render_template("pages/units/add_evidence.html", form=form, limits=files.limits(), **frame(one))
    return (page, 422) if form.errors else page


@door.post("/reviews/<reference>/evidence/<int:number>/remove")
@open_to(*_UNIT)
def remove_evidence(reference: str, number: int) -> ResponseReturnValue:
    """Take an item of the unit's own out."""
    one = one_of(reference)
    item = found(reads.item(session(), one, number, for_unit=True))
    evidence.remove_evidence(session(), one, item.evidence, by=g.person)
    session().commit()
    flash(f"“{item.evidence.title}” is taken out.", "success")
    return redirect(url_for("units.review_evidence", reference=reference) + "#evidence", code=303)


@door.get("/reviews/<reference>/evidence/<int:number>/file")
@open_to(*_UNIT)
def download_evidence(reference: str, number: int) -> Response:
    """The file, always as an attachment."""
    item = found(reads.item(session(), one_of(reference), number, for_unit=True))
    return evidence_file(item)


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
