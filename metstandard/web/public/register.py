"""The register of certificates, the page of one unit, and published reports."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.queries import register as reads
from metstandard.queries.register import Entry
from metstandard.web.public.door import door
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.headers import cacheable
from metstandard.web.shared.papers import report_file

FRESH = 60  # seconds for which a shared cache may keep what the register says
PAGE = 50
COLUMNS = ("number", "unit", "unit_code", "status", "decided_on", "valid_until", "scope", "url")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _entries() -> list[Entry]:
    status = request.args.get("status", "")
    return reads.register(
        session(),
        search=request.args.get("unit", "")[:100],
        status=status if status in reads.STATUSES else "",
        sort=request.args.get("sort", "unit"),
    )


@door.get("/register")
@open_to_public
def register() -> ResponseReturnValue:
    """Every certificate ever issued, with its status today."""
    cacheable(FRESH)
    search = request.args.get("unit", "")[:100]
    entries = _entries()
    pages = max(1, -(-len(entries) // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "pages/public/register.html",
        entries=entries[(page - 1) * PAGE : page * PAGE],
        count=len(entries),
        others=[] if request.args.get("status") else reads.without_certificate(session(), search),
        statuses=[("", "Any"), *((one, one.capitalize()) for one in reads.STATUSES)],
        chosen={"unit": search, "status": request.args.get("status", "")},
        query=request.query_string.decode(),
        page=page,
        pages=pages,
    )


def facts_of(entry: Entry) -> dict[str, Any]:
    """What the register says of one certificate, for machines; dates as ISO 8601."""
    one = entry.certificate
    return {
        "number": one.title,
        "unit": entry.unit.title,
        "unit_code": entry.unit.code,
        "status": entry.status,
        "decided_on": one.decided_on.isoformat(),
        "valid_until": one.valid_until.isoformat(),
        "scope": one.scope,
        "url": url_for("public.certificate", number=one.title, _external=True),
    }


@door.get("/register.json")
@open_to_public
def register_json() -> Response:
    """The same entries as JSON."""
    cacheable(FRESH)
    return jsonify(certificates=[facts_of(one) for one in _entries()])


@door.get("/register.csv")
@open_to_public
def register_csv() -> Response:
    """The same entries as CSV; no cell is a formula."""
    cacheable(FRESH)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for entry in _entries():
        writer.writerow([_neutral(str(value)) for value in facts_of(entry).values()])
    answer = make_response(out.getvalue().encode("utf-8-sig"))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers.set("Content-Disposition", "attachment", filename="register.csv")
    return answer


def _neutral(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


@door.get("/register/units/<code>")
@open_to_public
def register_unit(code: str) -> ResponseReturnValue:
    """What is public about one unit."""
    cacheable(FRESH)
    standing = found(reads.standing(session(), code.upper()))
    if code != standing.unit.code:
        return redirect(url_for("public.register_unit", code=standing.unit.code), code=301)
    return render_template("pages/public/unit.html", standing=standing, unit=standing.unit)


@door.get("/reports/<reference>.pdf")
@open_to_public
def report(reference: str) -> Response:
    """A published report."""
    cacheable(FRESH)
    return report_file(found(reads.published_report(session(), reference)))
