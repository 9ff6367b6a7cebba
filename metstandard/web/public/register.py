"""The register of certificates, the page of one unit, and published reports."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.common import clock, words
from metstandard.documents.listing import Line, Listing
from metstandard.queries import register as reads
from metstandard.queries.register import Entry
from metstandard.web.public.door import door
from metstandard.web.public.formats import FRESH, LONGEST, chosen, offer, offers
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.headers import cacheable
from metstandard.web.shared.languages import gettext
from metstandard.web.shared.papers import report_file

PAGE = 50
COLUMNS = ("number", "unit", "unit_code", "status", "decided_on", "valid_until", "scope", "changed_at", "url")
FILTERS = ("unit", "status", "sort")


def _entries() -> list[Entry]:
    status = request.args.get("status", "")
    return reads.register(
        session(),
        search=request.args.get("unit", "")[:LONGEST],
        status=status if status in reads.STATUSES else "",
        sort=request.args.get("sort", "unit"),
    )


@door.get("/register")
@open_to_public
def register() -> ResponseReturnValue:
    """Every certificate ever issued, with its status today."""
    cacheable(FRESH)
    search = request.args.get("unit", "")[:LONGEST]
    entries = _entries()
    pages = max(1, -(-len(entries) // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "pages/public/register.html",
        entries=entries[(page - 1) * PAGE : page * PAGE],
        count=len(entries),
        others=[] if request.args.get("status") else reads.without_certificate(session(), search),
        statuses=[("", gettext("Any")), *((one, gettext(one.capitalize())) for one in reads.STATUSES)],
        chosen={"unit": search, "status": request.args.get("status", "")},
        offers=offers("register", FILTERS),
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
        "changed_at": entry.changed_at.isoformat(),
        "url": url_for("public.certificate", number=one.title, _external=True),
    }


def listing() -> Listing:
    """The entries that the address asks for, for every format."""
    return Listing(
        word="register",
        many="certificates",
        title="Register of certificates",
        summary="Every certificate of the Met Standard ever issued, with its status.",
        address=url_for("public.register", _external=True, **chosen(FILTERS)),
        fields=COLUMNS,
        columns=("Unit", "Certificate", "Status", "Decided on", "Valid until"),
        none="No certificate passes this search.",
        lines=tuple(_line(one) for one in _entries()),
        changed_at=reads.changed_at(session()) or clock.at_local(clock.today(), 0),
    )


def _line(entry: Entry) -> Line:
    one = entry.certificate
    facts = facts_of(entry)
    decided, until = words.day(one.decided_on), words.day(one.valid_until)
    return Line(
        facts=facts,
        words=(entry.unit.title, one.title, entry.status.capitalize(), decided, until),
        title=f"{entry.unit.title}: certificate {one.title} is {entry.status}",
        summary=f"Decided on {decided}, valid until {until}. Scope: {one.scope}",
        address=str(facts["url"]),
        changed_at=entry.changed_at,
    )


offer("/register", "register", listing)


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
