"""Lists of reviewers by file: a template, an export that can come back, and an import that is looked at first."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Iterable, Sequence

import xlsxwriter
from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask.wrappers import Response
from sqlmodel import select
from wtforms import FileField

from metstandard.actions import people as acts
from metstandard.actions import workbooks
from metstandard.actions.pool import importing, rows, tables
from metstandard.common import clock, ids
from metstandard.common.errors import Invalid
from metstandard.queries import pool as reads
from metstandard.records.accounts import KeptForm
from metstandard.web.authority.board import neutral
from metstandard.web.authority.door import door
from metstandard.web.authority.pool.cooling import warned
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PATH = "/authority/pool/import"
_MOST_SHOWN = 200
_SHEET = "Reviewers"


class ImportForm(Form):
    """The file to look at."""

    upload = FileField(
        "List of reviewers", description="CSV (UTF-8) or XLSX, up to 10,000 rows. Nothing is changed yet."
    )


@door.get("/pool/template.xlsx")
@open_to(acts.OFFICER)
def pool_template() -> Response:
    """An empty list with the columns, and a second sheet that explains them."""
    return _download(_workbook([]), XLSX, "template.xlsx")


@door.get("/pool/export.<any(csv, xlsx):ending>")
@open_to(acts.OFFICER)
def pool_export(ending: str) -> Response:
    """The whole pool in the columns of the import."""
    lines = [list(one) for one in reads.exported(session(), list(rows.columns()))]
    if ending == "xlsx":
        return _download(_workbook(lines), XLSX, f"reviewers-{clock.today()}.xlsx")
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(rows.columns())
    writer.writerows([neutral(cell) for cell in line] for line in lines)
    return _download(out.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"reviewers-{clock.today()}.csv")


def _workbook(lines: Iterable[Sequence[str]]) -> bytes:
    """A workbook of texts: nothing in it is a formula or a link."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, words = book.add_worksheet(_SHEET), book.add_worksheet("How to fill it in")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, list(rows.columns()), bold)
        for number, line in enumerate(lines, start=1):
            for column, cell in enumerate(line):
                sheet.write_string(number, column, cell)
        for number, (name, what) in enumerate(rows.columns().items()):
            words.write_string(number, 0, name, bold)
            words.write_string(number, 1, what)
        sheet.autofit()
        words.autofit()
    return out.getvalue()


def _download(body: bytes, media_type: str, name: str) -> Response:
    answer = make_response(body)
    answer.headers["Content-Type"] = media_type
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@door.route("/pool/import", methods=["GET", "POST"])
@open_to(acts.OFFICER)
def pool_import() -> ResponseReturnValue:
    """Choose a file, and see what it would do: every bad cell, or what is new and what would change."""
    form = ImportForm()
    if form.validate_on_submit():
        sent = request.files.get("upload")
        try:
            if sent is None or not sent.filename:
                raise Invalid("Choose a file", field="upload")  # noqa: TRY301 (told beside the field, as all others)
            content = sent.stream.read(workbooks.MOST_BYTES + 1)
            plan = importing.plan(session(), tables.read(content, sent.filename), by=g.person)
        except Invalid as refused:
            form.refuse(refused)
        else:
            return _preview(plan, sent.filename, content)
    page = render_template("pages/authority/pool_import.html", form=form, columns=rows.columns())
    return (page, 422) if form.errors else page


def _preview(plan: importing.Plan, name: str, content: bytes) -> ResponseReturnValue:
    """What the file would do. A file without a bad cell is kept for a week, until it is confirmed."""
    token = "" if plan.wrong else _keep(name, content)
    page = render_template(
        "pages/authority/pool_preview.html", plan=plan, name=name, token=token, most=_MOST_SHOWN,
        work=[one for one in plan.lines if one.kind != "same"],
    )  # fmt: skip
    return (page, 422) if plan.wrong else page


def _keep(name: str, content: bytes) -> str:
    token = ids.token()
    fields = json.dumps([name, base64.b64encode(content).decode()])
    session().add(KeptForm(token_hash=ids.token_hash(token), person_id=g.person.key, path=_PATH, fields=fields))
    session().commit()
    return token


@door.post("/pool/import/confirm")
@open_to(acts.OFFICER)
def pool_import_confirm() -> ResponseReturnValue:
    """Import the file that was looked at, whole. It is read again: what changed meanwhile is noticed."""
    kept = (
        session()
        .exec(
            select(KeptForm)
            .where(
                KeptForm.token_hash == ids.token_hash(request.form.get("token", "")),
                KeptForm.person_id == g.person.key, KeptForm.path == _PATH,
            )
            .with_for_update()
        )
        .first()
    )  # fmt: skip
    if kept is None:
        flash("This list was imported already, or it was kept for too long.", "message")
        return redirect(url_for(".pool"), code=303)
    name, body = json.loads(kept.fields)
    content = base64.b64decode(body)
    plan = importing.plan(session(), tables.read(content, name), by=g.person)
    if plan.wrong:
        return _preview(plan, name, content)
    new, changed = plan.count("new"), plan.count("changed")
    with warned():
        importing.write(session(), plan, by=g.person)
    session().delete(kept)
    session().commit()
    flash(f"The list is imported: {new} new, {changed} changed, {plan.count('same')} as they were.", "success")
    return redirect(url_for(".pool"), code=303)
