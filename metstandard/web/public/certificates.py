"""One certificate for everybody, and whether a certificate that somebody shows is genuine and current."""

from __future__ import annotations

from flask import Response, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.documents.badged import issues
from metstandard.documents.certificate import facts
from metstandard.documents.issued import certificate_paper
from metstandard.queries import register as reads
from metstandard.queries import roll
from metstandard.queries.register import Entry
from metstandard.web.public.door import door
from metstandard.web.public.formats import FRESH
from metstandard.web.public.register import facts_of
from metstandard.web.public.verifying import papers_are_signed
from metstandard.web.shared import limits
from metstandard.web.shared.access import found, open_to_public
from metstandard.web.shared.database import session
from metstandard.web.shared.headers import cacheable
from metstandard.web.shared.languages import isolated
from metstandard.web.shared.limits import limiter
from metstandard.web.shared.papers import certificate_file

_CHECKS = "60 per minute"
_LONGEST_CODE = 40


def _found(number: str) -> Entry:
    return found(reads.by_number(session(), number))


@door.get("/certificates/<number>")
@open_to_public
def certificate(number: str) -> ResponseReturnValue:
    """The facts of the paper, and how the certificate stands today; never a 404 for a revoked one."""
    cacheable(FRESH)
    entry = _found(number)
    if number != entry.certificate.title:
        return redirect(url_for("public.certificate", number=entry.certificate.title), code=301)
    paper = certificate_paper(session(), entry.certificate)
    said = [{"key": label, "value": isolated(value)} for label, value in facts(paper)[1:]]  # the status has its banner
    return render_template(
        "pages/public/certificate.html",
        entry=entry,
        paper=paper,
        said=said,
        badges=issues(current_app.config["METSTANDARD"]),
    )


@door.get("/certificates/<number>.pdf")
@open_to_public
def certificate_pdf(number: str) -> Response:
    """The paper itself."""
    cacheable(FRESH)
    return certificate_file(_found(number).certificate)


@door.get("/certificates/<number>.json")
@open_to_public
def certificate_json(number: str) -> Response:
    """The same facts for machines."""
    cacheable(FRESH)
    entry = _found(number)
    paper = certificate_paper(session(), entry.certificate)
    return jsonify(
        facts_of(entry)
        | {
            "commander": paper.commander,
            "rubric": paper.rubric_title,
            "rubric_edition": paper.rubric_edition,
            "issued_on": paper.issued_on.isoformat(),
            "code": paper.code,
            "verification_url": paper.verification_url,
            "journal_head": paper.journal_head,
        }
    )


@door.get("/verify")
@open_to_public
def verify() -> ResponseReturnValue:
    """Type the code of a certificate; the answer has an address of its own, the one behind the QR code."""
    typed = request.args.get("code", "").strip()[:_LONGEST_CODE]
    if reads.readable(typed):
        return redirect(url_for("public.verify_code", code=reads.readable(typed)), code=303)
    cacheable(FRESH)
    return render_template(
        "pages/public/verify.html", typed=typed, asked="code" in request.args, signed=papers_are_signed(), no_file=False
    )


@door.get("/verify/<code>")
@limiter.limit(_CHECKS, key_func=limits.address)
@open_to_public
def verify_code(code: str) -> ResponseReturnValue:
    """The truth about a code at this moment; no cache may keep it."""
    readable = reads.readable(code[:_LONGEST_CODE])
    if readable and readable != code:
        return redirect(url_for("public.verify_code", code=readable), code=301)
    entry = reads.by_code(session(), readable)
    award = None if entry else roll.by_code(session(), readable)
    if award is not None:
        return redirect(url_for("public.award", number=award.number))
    page = render_template("pages/public/verified.html", entry=entry, code=readable or code[:_LONGEST_CODE])
    return make_response(page, 200 if entry else 404)
