"""New evidence for a level outside the range of the three marks: named by its item, or added and named (SCO-4)."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional

from metstandard.actions import consensus, evidence
from metstandard.queries import agreeing
from metstandard.queries import consensus as reading
from metstandard.queries.scoring import evidence_titles
from metstandard.records.evidence import EvidenceType
from metstandard.records.reviews import Review
from metstandard.rules.editions import workflow_of
from metstandard.web.reviewers.consensus import facts, is_open, there, unsealed
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted


class NameForm(Form):
    """Which items bear the level out."""

    items = SelectMultipleField(
        "Evidence on which no mark rests", [Optional()], coerce=int,
        description="Choose every item that bears the agreed level out.",
    )  # fmt: skip


class BringForm(Form):
    """An item that the review does not have yet."""

    kind = SelectField(
        "Type of evidence", choices={one.value: one.value.replace("_", " ").capitalize() for one in EvidenceType}
    )
    title = StringField("Title", [InputRequired("Enter a title")])
    note = TextAreaField(
        "What it is and who brought it", [InputRequired("Say what it is and who brought it")],
        description="Nobody who was interviewed may be recognised.",
    )  # fmt: skip


@door.route("/reviews/<reference>/consensus/evidence/<criterion>", methods=["GET", "POST"])
@open_to("reviewer")
def review_new_evidence(reference: str, criterion: str) -> ResponseReturnValue:
    """What is named for a criterion, and what could be."""
    review = unsealed(reference)
    line = found(reading.lines(session(), review).get(criterion))
    form = _name_form(review, criterion, items=list(line.named))
    if accepted(form, lambda: _name(review, criterion, list(form.items.data or []))):
        session().commit()
        flash(f"The new evidence for {criterion} is named.", "success")
        return redirect(there(review, criterion), code=303)
    return _page(review, line, form, BringForm(formdata=None), form)


@door.post("/reviews/<reference>/consensus/evidence/<criterion>/add")
@open_to("reviewer")
def add_new_evidence(reference: str, criterion: str) -> ResponseReturnValue:
    """Add an item to the review and name it for this criterion."""
    review = unsealed(reference)
    line = found(reading.lines(session(), review).get(criterion))
    form = BringForm()
    if accepted(form, lambda: _bring(review, line, form)):
        session().commit()
        flash(f"“{form.title.data}” is added and named for {criterion}.", "success")
        return redirect(there(review, criterion), code=303)
    return _page(review, line, _name_form(review, criterion, formdata=None, items=list(line.named)), form, form)


def _name(review: Review, criterion: str, items: list[int]) -> None:
    consensus.name_evidence(session(), review, by=g.person, criterion=criterion, items=items)


def _bring(review: Review, line: reading.Line, form: BringForm) -> None:
    """The item is added to what is named already."""
    code = line.criterion.code
    item = evidence.add_evidence(
        session(), review, by=g.person, kind=EvidenceType(form.kind.data), title=form.title.data or "",
        criteria=[code], source="The panel", note=form.note.data or "", unit_may_see=False,
    )  # fmt: skip
    _name(review, code, [*line.named, item.key])


def _name_form(review: Review, criterion: str, **given: Any) -> NameForm:
    form = NameForm(**given)
    titles = evidence_titles(session(), review, reader=g.person)
    form.items.choices = list(agreeing.nameable(session(), review, criterion, titles).items())
    return form


def _page(review: Review, line: reading.Line, form: NameForm, bring: BringForm, posted: Form) -> ResponseReturnValue:
    here = is_open(review)
    page = render_template(
        "pages/reviewers/consensus_evidence.html",
        line=line,
        name_form=form,
        bring_form=bring,
        form=posted,
        open=here,
        may_add=here and bool(workflow_of(session(), review).moves_from(review.state, "add_evidence")),
        items=evidence_titles(session(), review, reader=g.person),
        back=there(review, line.criterion.code),
        **facts(review),
    )
    return (page, 422) if posted.errors or posted.form_errors else page
