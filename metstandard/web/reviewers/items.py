"""The evidence as reviewers read it item by item, and what they add of their own: talks, observations, testimony."""

from __future__ import annotations

from typing import BinaryIO

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions import evidence
from metstandard.common import clock
from metstandard.queries import evidence as reads
from metstandard.queries import interviews
from metstandard.records import files
from metstandard.records.evidence import Evidence
from metstandard.records.reviews import Review
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.evidence import declared_seat, frame, readable
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.downloads import evidence_file
from metstandard.web.shared.errors import wants_json
from metstandard.web.shared.items import PanelAdds, PanelChanges, PanelForm, change, facts_of
from metstandard.web.shared.saving import accepted, saved
from metstandard.web.shared.sending import add_each, told


def _item(one: Review, number: int) -> reads.Item:
    """An item of a review whose evidence the panel may read; a stranger to it gets 404."""
    return found(reads.item(session(), one, number, reader=g.person, for_unit=False) if readable(one) else None)


def _warn(one: Review, form: PanelForm) -> None:
    """Say that a small group's role is withheld from others (B5)."""
    talk, least = form.talk(), interviews.smallest_group(session(), one)
    if talk is not None and talk.group and talk.people < least:
        flash(f"Fewer than {least} people: only you and the lead reviewer read “{talk.group}”.", "message")


@door.route("/reviews/<reference>/evidence/add", methods=["GET", "POST"])
@open_to("reviewer")
def add_evidence(reference: str) -> ResponseReturnValue:
    """Add what the panel saw, heard or was given."""
    one, _ = declared_seat(reference)
    form = PanelAdds()
    form.offer(one, g.person, panel=True)
    if request.method == "GET":
        form.dated_on.process(None, clock.today())
        form.criteria.data = {request.args["criterion"]: ""} if "criterion" in request.args else {}

    def add(title: str, upload: BinaryIO | None, name: str) -> Evidence:
        return evidence.add_evidence(
            session(), one, by=g.person, criteria=form.criteria.data, upload=upload, file_name=name,
            **vars(form.details()) | {"title": title},
        )  # fmt: skip

    added = add_each(one, form, add)
    if added:
        _warn(one, form)
    if form.is_submitted() and wants_json():
        return told(form, added)
    if added and not form.errors:
        return redirect(url_for("reviewers.review_evidence", reference=reference) + "#evidence", code=303)
    page = render_template("pages/shared/add_evidence.html", form=form, limits=files.limits(), **frame(one))
    return (page, 422) if form.errors else page


@door.get("/reviews/<reference>/evidence/items/<int:number>")
@open_to("reviewer")
def evidence_item(reference: str, number: int) -> str:
    """Everything about one item that this reviewer may know."""
    one, _ = declared_seat(reference)
    item = _item(one, number)
    return render_template(
        "pages/reviewers/evidence_item.html", changes=reads.changes_of(session(), item.evidence),
        mine=reads.may_change(session(), one, item.evidence, g.person, panel=True), **facts_of(one, item, g.person),
        **frame(one, [item]),
    )  # fmt: skip


@door.route("/reviews/<reference>/evidence/items/<int:number>/change", methods=["GET", "POST"])
@open_to("reviewer")
def change_evidence(reference: str, number: int) -> ResponseReturnValue:
    """Change what is said of an item, as whoever added it or as the lead reviewer."""
    one, _ = declared_seat(reference)
    item = _item(one, number)
    found(reads.may_change(session(), one, item.evidence, g.person, panel=True) or None)
    form = PanelChanges()
    form.offer(one, g.person, panel=True)
    if accepted(form, lambda: change(one, item, form, by=g.person)):
        _warn(one, form)
        return saved(f"“{form.title.data}” is changed.", "reviewers.evidence_item", reference=reference, number=number)
    if request.method == "GET":
        form.show(item)
        form.names.data = "\n".join(interviews.interviewees(session(), one, item.evidence, g.person))
        form.revision.data = str(item.evidence.revision)
    page = render_template("pages/shared/change_evidence.html", form=form, item=item, **frame(one, [item]))
    return (page, 422) if form.errors else page


@door.post("/reviews/<reference>/evidence/<int:number>/remove")
@open_to("reviewer")
def remove_evidence(reference: str, number: int) -> ResponseReturnValue:
    """Take out an item that one added oneself, or as the lead reviewer any of the panel's."""
    one, _ = declared_seat(reference)
    item = _item(one, number)
    evidence.remove_evidence(session(), one, item.evidence, by=g.person)
    return saved(f"“{item.evidence.title}” is taken out.", "reviewers.review_evidence", reference=reference)


@door.get("/reviews/<reference>/evidence/<int:number>/file")
@open_to("reviewer")
def download_evidence(reference: str, number: int) -> Response:
    """The file, always as an attachment."""
    one, _ = declared_seat(reference)
    return evidence_file(_item(one, number))
