"""Certificates as the Authority runs them: the list, one with its history, and the acts that need both keys."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import certificates
from metstandard.common.errors import Invalid
from metstandard.documents.certificate import facts
from metstandard.documents.issued import certificate_paper
from metstandard.queries import certificates as reads
from metstandard.queries import reviews
from metstandard.queries.register import STATUSES
from metstandard.queries.tasks import moves_open_to
from metstandard.rules.content import digest
from metstandard.web.authority.door import door
from metstandard.web.authority.home import JUDGES, STAFF
from metstandard.web.shared.access import confirm_first, found, held, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.papers import certificate_file, report_file


@dataclass(frozen=True)
class Words:
    """A joint act in words: on the button, what follows from it, and what is said when it has happened."""

    button: str
    follows: str
    done: str
    kind: str = ""


ACTS = {
    "suspend": Words(
        "Suspend",
        "The register says so at once. The unit may not show the certificate. It lasts six months at most, "
        "then both keys reinstate or withdraw it.",
        "The certificate is suspended.",
        "warning",
    ),
    "reinstate": Words(
        "Reinstate", "The certificate is current again until its last day.", "The certificate is current again."
    ),
    "withdraw": Words(
        "Withdraw",
        "The certificate ends for good. The register keeps it, marked as withdrawn. A new one needs a new review.",
        "The certificate is withdrawn.",
        "warning",
    ),
    "extend": Words(
        "Extend", "The last day moves three months on. This can be done once only.", "The certificate is extended."
    ),
}


@door.get("/certificates", endpoint="certificates")
@open_to(*STAFF)
def certificate_list() -> ResponseReturnValue:
    """Every certificate with its status and what comes next."""
    chosen = request.args.get("status", "")
    return render_template(
        "pages/authority/certificates.html",
        lines=reads.lines(session(), chosen if chosen in STATUSES else ""),
        statuses=[("", "Any"), *((one, one.capitalize()) for one in STATUSES)],
        chosen=chosen,
        words=ACTS,
    )


@door.get("/certificates/<int:number>")
@open_to(*STAFF)
def certificate(number: int) -> ResponseReturnValue:
    """What the certificate says, how it stands, what may be done, what happened."""
    line = found(reads.one(session(), number))
    one = line.certificate
    judges = bool(held() & set(JUDGES))  # reasons are for those who decide and those who run the programme
    possible = {each.act: each for each in moves_open_to(session(), g.person, one) if each.act in ACTS}
    paper = certificate_paper(session(), one)
    return render_template(
        "pages/authority/certificate.html",
        line=line,
        said=[{"key": label, "value": value} for label, value in facts(paper) if label != "Status"],
        joint=[
            (act, words, reads.agreements(session(), one, act), possible.get(act))
            for act, words in ACTS.items()
            if judges and (act in possible or act in line.begun)
        ],
        events=reads.history(session(), one, reasons=judges),
    )


class AgreeForm(Form):
    """One key's agreement, with its reason, to exactly what is shown."""

    seen = HiddenField()
    reason = TextAreaField(
        "Reason", [InputRequired("Give a reason")],
        description="The other key holder and the programme office read it. It stays in the journal.",
    )  # fmt: skip


@door.route("/certificates/<int:number>/<any(suspend, reinstate, withdraw, extend):act>", methods=["GET", "POST"])
@open_to("key")
def certificate_act(number: int, act: str) -> ResponseReturnValue:
    """Agree to a joint act; it happens when the other key agrees too."""
    line = found(reads.one(session(), number))
    form = AgreeForm()
    if form.validate_on_submit():
        asked = confirm_first()
        if asked is not None:
            return asked
        try:
            happened = certificates.joint_act(
                session(), line.certificate, act, by=g.person, reason=form.reason.data or "", seen=form.seen.data or ""
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(
                ACTS[act].done if happened else "You have agreed. It happens when the other key agrees too.", "success"
            )
            return redirect(url_for("authority.certificate", number=number), code=303)
    form.seen.data = digest(session(), line.certificate, act)
    page = render_template(
        "pages/authority/certificate_act.html",
        line=line, act=act, words=ACTS[act], form=form,
        open={each.act: each for each in moves_open_to(session(), g.person, line.certificate)}.get(act),
        agreements=reads.agreements(session(), line.certificate, act),
    )  # fmt: skip
    return (page, 422) if form.errors else page


@door.get("/certificates/<int:number>/certificate.pdf")
@open_to(*STAFF)
def certificate_pdf(number: int) -> Response:
    """The paper as it now stands."""
    return certificate_file(found(reads.one(session(), number)).certificate)


@door.get("/reviews/<reference>/report.pdf")
@open_to(*JUDGES)
def review_report(reference: str) -> Response:
    """The report, from the decision on."""
    one = found(reviews.for_staff(session(), g.person, reference))
    return report_file(found(one if one.outcome is not None else None))
