"""The unit's evidence, item by item: adding, reading, changing, taking out."""

from __future__ import annotations

from typing import BinaryIO

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions import evidence, supplied
from metstandard.queries import evidence as reads
from metstandard.records import files
from metstandard.records.evidence import Evidence
from metstandard.records.reviews import Review
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.downloads import evidence_file
from metstandard.web.shared.errors import wants_json
from metstandard.web.shared.items import UnitAdds, UnitChanges, change, facts_of
from metstandard.web.shared.saving import accepted, saved
from metstandard.web.shared.sending import add_each, told
from metstandard.web.units.door import door
from metstandard.web.units.evidence import frame, one_of

_UNIT = ("commander", "unit_author", "deputy")


def _item(one: Review, number: int) -> reads.Item:
    return found(reads.item(session(), one, number, reader=g.person, for_unit=True))


@door.route("/reviews/<reference>/evidence/add", methods=["GET", "POST"])
@open_to(*_UNIT)
def add_evidence(reference: str) -> ResponseReturnValue:
    """Add an item for each file, or one without."""
    one = one_of(reference)
    form = UnitAdds()
    form.offer(one, g.person, panel=False)
    if request.method == "GET":
        form.maker.data = "unit"
        form.criteria.data = {request.args["criterion"]: ""} if "criterion" in request.args else {}

    def add(title: str, upload: BinaryIO | None, name: str) -> Evidence:
        item = evidence.add_evidence(
            session(), one, by=g.person, criteria=form.criteria.data, upload=upload, file_name=name,
            **vars(form.details()) | {"title": title},
        )  # fmt: skip
        supplied.name_assessment(
            session(), item, assessment=form.assessment.data or "", on=form.supplied_on.data
        )  # fmt: skip
        return item

    added = add_each(one, form, add)
    if form.is_submitted() and wants_json():
        return told(form, added)
    if added and not form.errors:
        return redirect(url_for("units.review_evidence", reference=reference) + "#evidence", code=303)
    page = render_template("pages/shared/add_evidence.html", form=form, limits=files.limits(), **frame(one))
    return (page, 422) if form.errors else page


@door.get("/reviews/<reference>/evidence/items/<int:number>")
@open_to(*_UNIT)
def evidence_item(reference: str, number: int) -> str:
    """Everything about one item that the unit may know."""
    one = one_of(reference)
    item = _item(one, number)
    return render_template(
        "pages/units/evidence_item.html", changes=reads.changes_of(session(), item.evidence),
        mine=reads.may_change(session(), one, item.evidence, g.person, panel=False), **facts_of(one, item, g.person),
        **frame(one, [item]),
    )  # fmt: skip


@door.route("/reviews/<reference>/evidence/items/<int:number>/change", methods=["GET", "POST"])
@open_to(*_UNIT)
def change_evidence(reference: str, number: int) -> ResponseReturnValue:
    """Change what is said of an item of the unit's own."""
    one = one_of(reference)
    item = _item(one, number)
    found(reads.may_change(session(), one, item.evidence, g.person, panel=False) or None)
    form = UnitChanges()
    form.offer(one, g.person, panel=False)
    if accepted(form, lambda: change(one, item, form, by=g.person)):
        return saved(
            f"“{form.title.data}” is changed.", "units.evidence_item", reference=reference, number=number
        )  # fmt: skip
    if request.method == "GET":
        form.show(item)
        form.revision.data = str(item.evidence.revision)
    page = render_template("pages/shared/change_evidence.html", form=form, item=item, **frame(one, [item]))
    return (page, 422) if form.errors else page


@door.post("/reviews/<reference>/evidence/<int:number>/remove")
@open_to(*_UNIT)
def remove_evidence(reference: str, number: int) -> ResponseReturnValue:
    """Take an item of the unit's own out."""
    one = one_of(reference)
    item = _item(one, number)
    evidence.remove_evidence(session(), one, item.evidence, by=g.person)
    session().commit()
    flash(f"“{item.evidence.title}” is taken out.", "success")
    return redirect(url_for("units.review_evidence", reference=reference) + "#evidence", code=303)


@door.get("/reviews/<reference>/evidence/<int:number>/file")
@open_to(*_UNIT)
def download_evidence(reference: str, number: int) -> Response:
    """The file, always as an attachment."""
    return evidence_file(_item(one_of(reference), number))
