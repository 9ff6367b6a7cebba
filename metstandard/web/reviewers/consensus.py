"""Consensus: three sheets side by side, a level agreed for each criterion, dissent, findings, signatures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import consensus
from metstandard.common import clock, words
from metstandard.common.errors import Invalid, NotFound, NotNow, Stale
from metstandard.queries import consensus as reading
from metstandard.queries.judgement import findings_of
from metstandard.queries.scoring import evidence_titles
from metstandard.queries.tasks import whose_move
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rules.editions import rubric_of, workflow_of
from metstandard.rules.guards.scoring import sealed
from metstandard.web.reviewers.agreements import Agreement, posted, stored, two_versions
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.marks import TwoVersions
from metstandard.web.reviewers.seated import seated
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.errors import wants_json
from metstandard.web.shared.forms import Form


class DissentForm(Form):
    """What one reviewer holds against the others."""

    dissent = TextAreaField("What you hold, and why", [InputRequired("Say what you hold and why")])


@door.get("/reviews/<reference>/consensus")
@open_to("reviewer")
def review_consensus(reference: str) -> ResponseReturnValue:
    """Where the panel stands: marks and agreed levels at a glance, what is missing, who has signed."""
    review, _, _ = seated(reference)
    sentence, stood = whose_move(session(), review)
    if sealed(session(), review):
        return render_template("pages/reviewers/consensus_sealed.html", sentence=sentence, stood=stood, **facts(review))
    lines = reading.lines(session(), review)
    signing = reading.signing(session(), review)
    return render_template(
        "pages/reviewers/consensus.html",
        sentence=sentence,
        stood=stood,
        open=is_open(review),
        members=reading.members(session(), review),
        domains=reading.by_domain(session(), review, lines),
        missing=[code for code, one in lines.items() if one.missing],
        thin=[code for code, one in lines.items() if one.thin],
        found=findings_of(session(), review),
        signing=signing,
        mine=any(one.person.key == g.person.key for one in signing.signed),
        **facts(review),
    )


@door.get("/reviews/<reference>/consensus/<domain>")
@open_to("reviewer")
def review_consensus_domain(reference: str, domain: str) -> ResponseReturnValue:
    """The criteria of one domain with the three marks side by side, to agree one by one."""
    review = unsealed(reference)
    lines = reading.lines(session(), review)
    codes = [code for code in _criteria(review, domain) if code in lines]
    return _domain_page(review, domain, lines, [stored(code, lines[code].row) for code in codes])


@door.post("/reviews/<reference>/consensus/<domain>")
@open_to("reviewer")
def save_agreements(reference: str, domain: str) -> ResponseReturnValue:
    """Save every agreed level of the page; what a colleague saved in the meantime comes back with both versions."""
    review = unsealed(reference)
    entries, stale = [], []
    for code in _criteria(review, domain):
        entry = posted(code, request.form)
        if entry is None:
            continue
        try:
            _agree(review, entry)
        except Invalid as wrong:
            entry = entry.refused(wrong)
        except Stale as other:
            stale.append(_both(review, entry, other.theirs))
        entries.append(entry)
    session().commit()
    if stale:
        return render_template(
            "pages/reviewers/consensus_versions.html", stale=stale, domain=domain, **facts(review)
        ), 409
    if any(entry.wrong for entry in entries):
        return _domain_page(review, domain, reading.lines(session(), review), entries), 422
    flash(f"Saved at {words.time(clock.now())}.", "success")
    return redirect(_next(review, domain), code=303)


@door.post("/reviews/<reference>/consensus/<domain>/<criterion>")
@open_to("reviewer")
def save_agreement(reference: str, domain: str, criterion: str) -> ResponseReturnValue:
    """Save one agreed level while somebody types; the answer comes after the commit."""
    review = unsealed(reference)
    entry = found(posted(criterion, request.form))
    try:
        row = _agree(review, entry)
    except Invalid as wrong:
        raise Invalid(wrong.sentence, field=f"{wrong.field}-{criterion}", rule=wrong.rule) from None
    answer = {"saved_at": words.time(clock.now()), "revision": row.revision}
    session().commit()
    if wants_json():
        return jsonify(answer)
    there = url_for(".review_consensus_domain", reference=reference, domain=domain, _anchor=f"c-{criterion}")
    return redirect(there, code=303)


@door.route("/reviews/<reference>/consensus/dissent/<criterion>", methods=["GET", "POST"])
@open_to("reviewer")
def review_dissent(reference: str, criterion: str) -> ResponseReturnValue:
    """Record that the panel did not agree on a criterion: the median stands."""
    review = unsealed(reference)
    line = found(reading.lines(session(), review).get(criterion))
    own = line.row is not None and line.row.dissent_by_id == g.person.key
    form = DissentForm(dissent=line.row.dissent if own and line.row else "")
    if form.validate_on_submit():
        try:
            consensus.record_dissent(
                session(), review, by=g.person, criterion=criterion, dissent=form.dissent.data or ""
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(f"Your dissent on {criterion} is recorded. The median stands.", "success")
            return redirect(there(review, criterion), code=303)
    page = render_template(
        "pages/reviewers/consensus_dissent.html",
        line=line,
        own=own,
        form=form,
        open=is_open(review),
        back=there(review, criterion),
        **facts(review),
    )
    return page, 422 if form.errors else 200


@door.post("/reviews/<reference>/consensus/dissent/<criterion>/withdraw")
@open_to("reviewer")
def withdraw_dissent(reference: str, criterion: str) -> ResponseReturnValue:
    """Take one's own dissent back."""
    review = unsealed(reference)
    consensus.withdraw_dissent(session(), review, by=g.person, criterion=criterion)
    session().commit()
    flash(f"Your dissent on {criterion} is taken back. The panel can agree another level.", "success")
    return redirect(there(review, criterion), code=303)


def facts(review: Review) -> dict[str, Any]:
    """What every page of the consensus shows at its top."""
    unit = session().get_one(Unit, review.unit_id)
    return {"review": review, "unit": unit, "marking": review.marking.value}


def unsealed(reference: str) -> Review:
    """The review, once every sheet is locked. Raises NotNow before, whoever has or has not locked."""
    review, _, _ = seated(reference)
    if sealed(session(), review):
        raise NotNow("Consensus opens when every sheet is locked. Until then all of them are sealed.")
    return review


def is_open(review: Review) -> bool:
    """Whether levels can be agreed at this stage."""
    return not review.paused and bool(workflow_of(session(), review).moves_from(review.state, "agree_level"))


def _criteria(review: Review, domain: str) -> list[str]:
    rubric = rubric_of(session(), review)
    if domain not in rubric.domains:
        raise NotFound("We could not find that page")
    return list(rubric.domains[domain].criteria)


def _agree(review: Review, entry: Agreement) -> Any:
    return consensus.agree_level(
        session(), review, by=g.person, criterion=entry.code, revision=entry.revision, **entry.texts()
    )


def _both(review: Review, entry: Agreement, theirs: object) -> TwoVersions:
    title = rubric_of(session(), review).criteria[entry.code].title
    return two_versions(f"{entry.code} {title}", entry, theirs if isinstance(theirs, Mapping) else {})


def _domain_page(review: Review, domain: str, lines: Mapping[str, reading.Line], entries: list[Agreement]) -> str:
    rubric = rubric_of(session(), review)
    codes = list(rubric.domains)
    return render_template(
        "pages/reviewers/consensus_domain.html", rubric=rubric, domain=rubric.domains[domain], open=is_open(review),
        parts=[(lines[entry.code], entry) for entry in entries], number=codes.index(domain) + 1, of=len(codes),
        errors_on_page=any(one.wrong for one in entries), items=evidence_titles(session(), review, reader=g.person),
        **facts(review),
    )  # fmt: skip


def there(review: Review, criterion: str) -> str:
    """The address of a criterion on the page of its domain."""
    domain = rubric_of(session(), review).domain_of(criterion).code
    return url_for(".review_consensus_domain", reference=review.reference, domain=domain, _anchor=f"c-{criterion}")


def _next(review: Review, domain: str) -> str:
    codes = list(rubric_of(session(), review).domains)
    after = codes[codes.index(domain) + 1 :]
    if request.form.get("do") == "next" and after:
        return url_for(".review_consensus_domain", reference=review.reference, domain=after[0])
    if request.form.get("do") == "stay":
        return url_for(".review_consensus_domain", reference=review.reference, domain=domain)
    return url_for(".review_consensus", reference=review.reference)
