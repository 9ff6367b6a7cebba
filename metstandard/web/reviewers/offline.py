"""The score sheet as a spreadsheet: taken away, filled in without network, looked at when it comes back, then taken."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField

from metstandard.actions.offline import book, columns, merging
from metstandard.actions.offline.merging import Merged, Typed
from metstandard.actions.workbooks import MOST_BYTES, refused
from metstandard.common import clock, words
from metstandard.common.errors import Invalid
from metstandard.queries import scoring as reading
from metstandard.queries.scoring import OwnSheet, Shelf
from metstandard.records.sheets import Mark
from metstandard.rules.editions import rubric_of
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.marks import LABELS, Entry, TwoVersions, stored, two_versions
from metstandard.web.reviewers.saving import facts, is_open, save_all
from metstandard.web.reviewers.seated import Seated, seated
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.downloads import attachment
from metstandard.web.shared.forms import Form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class SheetForm(Form):
    """The filled-in workbook."""

    upload = FileField("Your filled-in sheet", description="XLSX. You see first what it would change.")


@dataclass(frozen=True)
class Change:
    """One criterion that the workbook would change: what of it, and all it says, as the fields of a form."""

    title: str
    what: str
    fields: tuple[tuple[str, str], ...]


@door.get("/reviews/<reference>/scoring/spreadsheet.xlsx")
@open_to("reviewer")
def review_scoring_workbook(reference: str) -> ResponseReturnValue:
    """One's own sheet as it stands, to fill in without network."""
    at = seated(reference)
    own, shelf = _mine(at)
    if own.locked or not is_open(at.review):
        return redirect(url_for(".review_scoring", reference=reference))
    body = book.workbook(at.review, at.seat, own, shelf)
    return attachment(body, XLSX, f"{reference}-score-sheet.xlsx")


@door.route("/reviews/<reference>/scoring/spreadsheet", methods=["GET", "POST"])
@open_to("reviewer")
def review_scoring_spreadsheet(reference: str) -> ResponseReturnValue:
    """Download, and upload to see what the workbook would change; nothing is saved yet."""
    at = seated(reference)
    own, shelf = _mine(at)
    if own.locked or not is_open(at.review):
        return redirect(url_for(".review_scoring", reference=reference))
    form = SheetForm()
    if form.validate_on_submit():
        try:
            sent = request.files.get("upload")
            if sent is None or not sent.filename:
                raise refused("Choose a file")
            content = sent.stream.read(MOST_BYTES + 1)
            found = merging.merge(content, own, shelf, columns.identity(at.review, at.seat, own.rubric))
        except Invalid as wrong:
            form.refuse(wrong)
        else:
            return _preview(at, own, shelf, found)
    page = render_template("pages/reviewers/scoring_spreadsheet.html", form=form, **facts(at.review, at.unit))
    return (page, 422) if form.errors else page


@door.post("/reviews/<reference>/scoring/spreadsheet/take")
@open_to("reviewer")
def take_spreadsheet(reference: str) -> ResponseReturnValue:
    """Save what was looked at: all of it, or nothing where one value is refused by now.

    What was saved elsewhere since comes back with both versions.
    """
    review, _, unit = seated(reference)
    entries, stale = save_all(review, rubric_of(session(), review).criteria)
    wrong = next((one for one in entries if one.wrong), None)
    if wrong is not None:
        raise Invalid(f"{wrong.code}: {wrong.wrong}. Nothing of the spreadsheet was taken", field="upload")
    session().commit()
    there = url_for(".review_scoring", reference=reference)
    if stale:
        here = url_for(".take_spreadsheet", reference=reference)
        return render_template(
            "pages/reviewers/scoring_versions.html", stale=stale, action=here, back=there, **facts(review, unit)
        ), 409
    taken = words.count(len(entries), "criterion", "criteria")
    flash(f"{taken} taken from the spreadsheet at {words.time(clock.now())}. Nothing has been sent yet.", "success")
    return redirect(there, code=303)


def _mine(at: Seated) -> tuple[OwnSheet, Shelf]:
    own = reading.own_sheet(session(), at.review, at.seat)
    return own, reading.linked_evidence(session(), at.review, list(own.rubric.criteria), reader=g.person)


def _preview(at: Seated, own: OwnSheet, shelf: Shelf, found: Merged) -> ResponseReturnValue:
    """What the workbook would do. While one cell is wrong, nothing of it can be taken."""
    titles = {key: one.title for key, one in shelf.items.items()}
    changes = [_change(own, one) for one in found.taken]
    both = [_both(own, one, titles) for one in found.both]
    page = render_template(
        "pages/reviewers/scoring_preview.html", found=found, changes=changes, both=both,
        newest={one.code: own.marks[one.code].revision for one in found.both}, **facts(at.review, at.unit),
    )  # fmt: skip
    return (page, 422) if found.wrong else page


def _entry(typed: Typed) -> Entry:
    return Entry(
        typed.code, typed.level, typed.strengths, typed.improvements, typed.confidence, typed.evidence, typed.revision
    )


def _title(own: OwnSheet, code: str) -> str:
    return f"{code} {own.rubric.criteria[code].title}"


def _change(own: OwnSheet, typed: Typed) -> Change:
    new, old = _entry(typed), stored(typed.code, own.marks.get(typed.code))
    names = [label for name, label in LABELS.items() if getattr(new, name) != getattr(old, name)]
    if new.evidence != old.evidence:
        names.append("Evidence")
    return Change(_title(own, typed.code), words.listed(names), tuple(new.fields()))


def _both(own: OwnSheet, typed: Typed, titles: dict[int, str]) -> TwoVersions:
    mark: Mark = own.marks[typed.code]
    theirs = {
        "level": mark.level, "strengths": mark.strengths, "improvements": mark.improvements,
        "confidence": mark.confidence.value if mark.confidence else None, "evidence": mark.evidence,
        "revision": typed.revision,
    }  # fmt: skip
    return two_versions(_title(own, typed.code), _entry(typed), theirs, titles)
