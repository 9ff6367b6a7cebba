"""Signing the consensus: exactly what is shown, under the hash of exactly that."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField
from wtforms.validators import InputRequired

from metstandard.actions import consensus
from metstandard.common.errors import Invalid, NotNow
from metstandard.queries import consensus as reading
from metstandard.queries.agreeing import level_changes
from metstandard.queries.changes import since_looked
from metstandard.queries.judgement import findings_of
from metstandard.queries.scoring import evidence_titles
from metstandard.records.reviews import Review
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.web.reviewers.consensus import facts, is_open, unsealed
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import confirm_first, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form


class SignForm(Form):
    """One's signature on what is shown, with the declaration of interests re-affirmed (COI-8)."""

    seen = HiddenField()
    reaffirm = BooleanField(
        "I re-affirm my declaration of interests", [InputRequired("Confirm that your declaration still holds")]
    )


@door.route("/reviews/<reference>/consensus/sign", methods=["GET", "POST"])
@open_to("reviewer")
def sign_consensus(reference: str) -> ResponseReturnValue:
    """Read everything once more, then sign it."""
    review = unsealed(reference)
    form = SignForm()
    if form.validate_on_submit():
        asked = confirm_first()
        if asked is not None:
            return asked
        try:
            consensus.sign_consensus(session(), review, by=g.person, seen=form.seen.data or "")
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(_said(review), "success")
            return redirect(url_for(".review_consensus", reference=reference), code=303)
    if not is_open(review):
        raise NotNow("The consensus is closed: nothing of it can be signed or changed now.")
    return _page(review, form), 422 if form.errors or form.form_errors else 200


def _said(review: Review) -> str:
    if is_open(review):
        return "You have signed the consensus as it stands. A later change of anything in it takes your signature away."
    return "You have signed the consensus, and so has everybody. The draft of the report is written from it."


def _page(review: Review, form: SignForm) -> str:
    form.seen.data = digest(session(), review, "consensus")
    lines = reading.lines(session(), review)
    signing = reading.signing(session(), review)
    return render_template(
        "pages/reviewers/consensus_sign.html",
        form=form,
        rubric=rubric_of(session(), review),
        domains=reading.by_domain(session(), review, lines),
        found=findings_of(session(), review),
        missing=[code for code, one in lines.items() if one.missing],
        signing=signing,
        voided=any(one.person.key == g.person.key for one in signing.void),
        declared=reading.last_declared(session(), review, g.person),
        changes=[*(since_looked(session(), review, g.person) or []), *level_changes(session(), review, g.person)],
        items=evidence_titles(session(), review, reader=g.person),
        **facts(review),
    )
