"""The sealed score sheet: a task list by domain, one page per domain that saves while one types, and the lock."""

from __future__ import annotations

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions import scoring
from metstandard.common import clock, words
from metstandard.common.errors import Invalid, NotFound
from metstandard.queries import scoring as reading
from metstandard.queries.tasks import whose_move
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.rubric.definition import Domain, Rubric
from metstandard.rules import award
from metstandard.rules.editions import rubric_of
from metstandard.web.reviewers.descriptors import descriptors
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.marks import CONFIDENCES, Entry, needs, posted, stored
from metstandard.web.reviewers.saving import facts, is_open, save, save_all
from metstandard.web.reviewers.seated import seated
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.errors import wants_json


@door.get("/reviews/<reference>/scoring")
@open_to("reviewer")
def review_scoring(reference: str) -> ResponseReturnValue:
    """The sheet as a task list; once locked, the whole of it to read."""
    review, seat, unit = seated(reference)
    own = reading.weighed(session(), review, reading.own_sheet(session(), review, seat))
    given = facts(review, unit) | {"own": own, "seat": seat}
    if own.locked:
        titles = reading.evidence_titles(session(), review, reader=g.person)
        return render_template("pages/reviewers/scoring_locked.html", items=titles, **given)
    sentence, stood = whose_move(session(), review)
    place = own.place if is_open(review) else ""
    return render_template(
        "pages/reviewers/scoring.html", sentence=sentence, stood=stood, open=is_open(review),
        domains=reading.progress(own), place=place, here=own.rubric.domain_of(place) if place else None, **given,
    )  # fmt: skip


@door.get("/reviews/<reference>/scoring/<domain>")
@open_to("reviewer")
def review_scoring_domain(reference: str, domain: str) -> ResponseReturnValue:
    """The criteria of one domain, with every level's descriptor, to mark one by one."""
    review, seat, unit = seated(reference)
    own = reading.own_sheet(session(), review, seat)
    chosen = _domain(own.rubric, domain)
    if own.locked or not is_open(review):
        return redirect(url_for(".review_scoring", reference=reference))
    entries = [stored(one.code, own.marks.get(one.code)) for one in own.asked(chosen)]
    return _domain_page(review, unit, chosen, entries)


@door.post("/reviews/<reference>/scoring/<domain>")
@open_to("reviewer")
def save_domain(reference: str, domain: str) -> ResponseReturnValue:
    """Save every mark of the page; those saved elsewhere in the meantime come back with both versions."""
    review, _, unit = seated(reference)
    rubric = rubric_of(session(), review)
    chosen = _domain(rubric, domain)
    entries, stale = save_all(review, chosen.criteria)
    session().commit()
    if stale:
        return render_template(
            "pages/reviewers/scoring_versions.html",
            stale=stale,
            action=url_for(".save_domain", reference=reference, domain=domain),
            back=url_for(".review_scoring_domain", reference=reference, domain=domain),
            **facts(review, unit),
        ), 409
    if any(entry.wrong for entry in entries):
        return _domain_page(review, unit, chosen, entries), 422
    flash(f"Saved at {words.time(clock.now())}. Nothing has been sent yet.", "success")
    return redirect(_next(reference, rubric, chosen), code=303)


@door.post("/reviews/<reference>/scoring/<domain>/<criterion>")
@open_to("reviewer")
def save_mark(reference: str, domain: str, criterion: str) -> ResponseReturnValue:
    """Save one mark while somebody types; the answer comes after the commit."""
    review, _, _ = seated(reference)
    entry = posted(criterion, request.form)
    if entry is None:
        raise NotFound("We could not find that page")
    try:
        mark = save(review, entry)
    except Invalid as wrong:
        raise Invalid(wrong.sentence, field=f"{wrong.field}-{criterion}", rule=wrong.rule) from None
    answer = {"saved_at": words.time(mark.saved_at), "revision": mark.revision, "notes": _notes(review, entry)}
    session().commit()
    if wants_json():
        return jsonify(answer)
    there = url_for(".review_scoring_domain", reference=reference, domain=domain, _anchor=f"c-{criterion}")
    return redirect(there, code=303)


@door.route("/reviews/<reference>/scoring/check", methods=["GET", "POST"])
@open_to("reviewer")
def review_scoring_check(reference: str) -> ResponseReturnValue:
    """Check your answers, then lock; nothing was sent before."""
    review, seat, unit = seated(reference)
    if request.method == "POST":
        try:
            scoring.lock_sheet(session(), review, by=g.person)
        except Invalid:
            session().rollback()
        else:
            session().commit()
            return redirect(url_for(".review_scoring_done", reference=reference), code=303)
    own = reading.weighed(session(), review, reading.own_sheet(session(), review, seat))
    if own.locked or not is_open(review):
        return redirect(url_for(".review_scoring", reference=reference))
    refused = request.method == "POST"
    page = render_template(
        "pages/reviewers/scoring_check.html", own=own, gaps=own.gaps, errors_on_page=refused,
        items=reading.evidence_titles(session(), review, reader=g.person),
        **facts(review, unit),
    )  # fmt: skip
    return (page, 422) if refused else page


@door.get("/reviews/<reference>/scoring/done")
@open_to("reviewer")
def review_scoring_done(reference: str) -> ResponseReturnValue:
    """What was locked, when, what happens next and by when."""
    review, seat, unit = seated(reference)
    own = reading.own_sheet(session(), review, seat)
    if not own.locked:
        return redirect(url_for(".review_scoring", reference=reference))
    return render_template(
        "pages/reviewers/scoring_done.html", own=own, seat=seat, still_sealed=is_open(review), **facts(review, unit)
    )


def _domain(rubric: Rubric, code: str) -> Domain:
    if code not in rubric.domains:
        raise NotFound("We could not find that page")
    return rubric.domains[code]


def _domain_page(review: Review, unit: Unit, domain: Domain, entries: list[Entry]) -> str:
    rubric = rubric_of(session(), review)
    evidence = reading.linked_evidence(session(), review, list(domain.criteria), reader=g.person)
    unit_views = reading.self_marks(session(), review, list(domain.criteria))
    parts = []
    for entry in entries:
        criterion = domain.criteria[entry.code]
        same_for_all = descriptors(rubric, criterion)
        lacking = needs(rubric, entry, evidence.carried(entry.evidence))
        parts.append(
            {
                "criterion": criterion,
                "entry": entry,
                "levels": same_for_all.chosen(entry.level, lacking),
                "advice": lacking[""],
                "prompts": same_for_all.prompts,
                "items": evidence.near(entry.code, entry.evidence),
                "others": evidence.others(entry.code, entry.evidence),
                "unit_view": unit_views.get(entry.code),
            }
        )
    codes = list(rubric.domains)
    return render_template(
        "pages/reviewers/scoring_domain.html", domain=domain, parts=parts, confidences=CONFIDENCES,
        number=codes.index(domain.code) + 1, of=len(codes), errors_on_page=any(one.wrong for one in entries),
        **facts(review, unit),
    )  # fmt: skip


def _notes(review: Review, entry: Entry) -> dict[str, str]:
    """What the page says beside each level and below the evidence, by the number of its place on the page."""
    items = award.linked_items(session(), review, entry.evidence).values()
    lacking = needs(rubric_of(session(), review), entry, list(items))
    return {f"needs-{entry.code}-{level}" if level else f"needs-{entry.code}": text for level, text in lacking.items()}


def _next(reference: str, rubric: Rubric, domain: Domain) -> str:
    """The page that the pressed button leads to: the next domain, or the task list."""
    codes = list(rubric.domains)
    after = codes[codes.index(domain.code) + 1 :]
    if request.form.get("do") == "next" and after:
        return url_for(".review_scoring_domain", reference=reference, domain=after[0])
    if request.form.get("do") == "stay":
        return url_for(".review_scoring_domain", reference=reference, domain=domain.code)
    return url_for(".review_scoring", reference=reference)
