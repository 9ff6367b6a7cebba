"""A judge's own pages: interests first, then the sealed judgement, which saves while one types, then the lock."""

from __future__ import annotations

from typing import Any

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired

from metstandard.actions.recognition import judging
from metstandard.common import words
from metstandard.common.errors import Invalid, NotFound, Stale
from metstandard.queries import judging as reads
from metstandard.queries.tasks import whose_move
from metstandard.records.judging import Allotment, Judgement
from metstandard.records.recognition import Nomination
from metstandard.records.seats import Interest
from metstandard.rules.editions import rubric_of
from metstandard.rules.recognition import nominees_of
from metstandard.web.reviewers.descriptors import descriptors
from metstandard.web.reviewers.door import door
from metstandard.web.reviewers.judgements import Entry, posted, stored, two_versions
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.errors import wants_json
from metstandard.web.shared.forms import Form

JUDGE = "judge"
# What counts as an interest in a nominee, in the words of the judge who declares.
LINKS = (
    "a nominee is of your family, your partner or a close friend",
    "you have worked with a nominee, or for one, in the last two years",
    "you have a complaint or a claim against a nominee, or a nominee has one against you",
    "you took part in what the nomination is about, or in an inquiry into it",
)


class InterestForm(Form):
    """Three answers; none is chosen beforehand, and a blank is refused (COI-8)."""

    interest = RadioField(
        "Do you have an interest in this nomination?",
        [InputRequired("Choose one: leaving it blank does not count as “nothing to declare”")],
        choices=[
            SelectChoice(Interest.NONE.value, "I have nothing to declare"),
            SelectChoice(Interest.PERSONAL.value, "I have a personal interest"),
            SelectChoice(Interest.PREJUDICIAL.value, "I have a prejudicial interest"),
        ],
    )
    detail = TextAreaField("What is the interest?", description="Needed if you have one. The chair reads it later.")


class StandDownForm(Form):
    """Why somebody will not judge."""

    reason = TextAreaField(
        "Your reason", [InputRequired("Give a reason")], description="The programme office reads it."
    )


def _own(reference: str) -> tuple[Nomination, Allotment]:
    return found(reads.for_judge(session(), g.person, reference))


@door.get("/nominations", endpoint="nominations")
@open_to(JUDGE, "judging_chair")
def nomination_list() -> str:
    """The nominations that this person judges or chairs."""
    return render_template(
        "pages/reviewers/nominations.html", mine=reads.of_judge(session(), g.person),
        chaired=reads.of_chair(session(), g.person),
    )  # fmt: skip


@door.route("/nominations/<reference>/declaration", methods=["GET", "POST"])
@open_to(JUDGE)
def nomination_declaration(reference: str) -> ResponseReturnValue:
    """The first task of every judge: until it is done only the nominees' names are shown."""
    if reads.ended_for(session(), g.person, reference) is not None:
        return redirect(url_for(".nomination_ended", reference=reference), code=303)
    one, mine = _own(reference)
    if mine.locked_at is not None or one.state not in reads.BEFORE_JUDGES:
        return redirect(url_for(".nomination", reference=reference), code=303)
    form = InterestForm()
    if form.validate_on_submit():
        interest = Interest(form.interest.data)
        try:
            judging.declare_interests(session(), one, by=g.person, interest=interest, words=form.detail.data or "")
        except Invalid as wrong:
            session().rollback()
            form.refuse(wrong)
        else:
            session().commit()
            ended = interest is Interest.PREJUDICIAL
            page = ".nomination_ended" if ended else ".nomination"
            return redirect(url_for(page, reference=reference), code=303)
    page = render_template(
        "pages/reviewers/nomination_declaration.html", nomination=one, form=form, links=LINKS,
        nominees=nominees_of(session(), one), earlier=mine, marking=one.marking.value,
    )  # fmt: skip
    return (page, 422) if form.errors else page


@door.route("/nominations/<reference>/stand-down", methods=["GET", "POST"])
@open_to(JUDGE)
def nomination_stand_down(reference: str) -> ResponseReturnValue:
    """Leave a nomination before one's judgement is locked."""
    if reads.ended_for(session(), g.person, reference) is not None:
        return redirect(url_for(".nomination_ended", reference=reference), code=303)
    one, _ = _own(reference)
    form = StandDownForm()
    if form.validate_on_submit():
        judging.stand_down(session(), one, by=g.person, reason=form.reason.data or "")
        session().commit()
        return redirect(url_for(".nomination_ended", reference=reference), code=303)
    page = render_template(
        "pages/reviewers/nomination_stand_down.html", nomination=one, form=form, marking=one.marking.value
    )
    return (page, 422) if form.errors else page


@door.get("/nominations/<reference>/ended")
@open_to(JUDGE)
def nomination_ended(reference: str) -> str:
    """That one judges a nomination no more."""
    one, mine = found(reads.ended_for(session(), g.person, reference))
    return render_template("pages/reviewers/nomination_ended.html", nomination=one, mine=mine)


@door.get("/nominations/<reference>", endpoint="nomination")
@open_to(JUDGE)
def nomination_sheet(reference: str) -> ResponseReturnValue:
    """What was written, and one's own marks; once locked, to read only."""
    if reads.ended_for(session(), g.person, reference) is not None:
        return redirect(url_for(".nomination_ended", reference=reference), code=303)
    one, mine = _own(reference)
    if mine.interest is None:
        return redirect(url_for(".nomination_declaration", reference=reference), code=303)
    own = reads.own(session(), one, mine)
    if own.locked or one.state not in reads.BEFORE_JUDGES:
        confirm = one.state in reads.BEFORE_JUDGES and judging.all_locked(session(), one)
        return render_template("pages/reviewers/nomination_locked.html", own=own, confirm=confirm, **_facts(one))
    return _sheet(one, own, [stored(code, own.marks.get(code)) for code in own.rubric.criteria])


def _facts(one: Nomination) -> dict[str, Any]:
    sentence, stood = whose_move(session(), one)
    return {
        "nomination": one, "told": reads.told(session(), one), "sentence": sentence, "stood": stood,
        "marking": one.marking.value,
    }  # fmt: skip


def _sheet(one: Nomination, own: reads.Own, entries: list[Entry], refused: str = "") -> str:
    parts = []
    for entry in entries:
        criterion = own.rubric.criteria[entry.code]
        levels = descriptors(own.rubric, criterion).chosen(entry.level, {})
        parts.append({"criterion": criterion, "entry": entry, "levels": levels})
    return render_template(
        "pages/reviewers/nomination.html", parts=parts, own=own, refused=refused,
        errors_on_page=bool(refused) or any(entry.wrong for entry in entries), **_facts(one),
    )  # fmt: skip


def _save(one: Nomination, entry: Entry) -> Judgement:
    return judging.save_judgement(
        session(), one, by=g.person, criterion=entry.code, level=entry.level, words=entry.words, revision=entry.revision
    )


@door.post("/nominations/<reference>")
@open_to(JUDGE)
def save_judgement(reference: str) -> ResponseReturnValue:
    """Save every mark of the page, then go on to the lock; those saved elsewhere come back with both versions."""
    one, mine = _own(reference)
    rubric = rubric_of(session(), one)
    entries, stale = [], []
    for code, criterion in rubric.criteria.items():
        entry = posted(code, request.form)
        if entry is None:
            entries.append(stored(code, reads.own(session(), one, mine).marks.get(code)))
            continue
        try:
            _save(one, entry)
        except Invalid as wrong:
            entry = entry.refused(wrong)
        except Stale as other:
            stale.append(two_versions(f"{code} {criterion.title}", entry, other.theirs))
        entries.append(entry)
    session().commit()
    if stale:
        return render_template("pages/reviewers/nomination_versions.html", stale=stale, **_facts(one)), 409
    if any(entry.wrong for entry in entries):
        return _sheet(one, reads.own(session(), one, mine), entries), 422
    flash("Saved. Nothing has been sent yet.", "success")
    page = ".nomination_lock" if request.form.get("do") == "next" else ".nomination"
    return redirect(url_for(page, reference=reference), code=303)


@door.post("/nominations/<reference>/marks/<criterion>")
@open_to(JUDGE)
def save_judgement_mark(reference: str, criterion: str) -> ResponseReturnValue:
    """Save one mark while somebody types; the answer comes after the commit."""
    one, _ = _own(reference)
    entry = posted(criterion, request.form)
    if entry is None:
        raise NotFound("We could not find that page")
    try:
        mark = _save(one, entry)
    except Invalid as wrong:
        raise Invalid(wrong.sentence, field=f"{wrong.field}-{criterion}", rule=wrong.rule) from None
    answer = {"saved_at": words.time(mark.saved_at), "revision": mark.revision}
    session().commit()
    if wants_json():
        return jsonify(answer)
    return redirect(url_for(".nomination", reference=reference, _anchor=f"c-{criterion}"), code=303)


@door.route("/nominations/<reference>/lock", methods=["GET", "POST"])
@open_to(JUDGE)
def nomination_lock(reference: str) -> ResponseReturnValue:
    """Check your answers, then lock; nothing was sent before."""
    one, mine = _own(reference)
    refused = False
    if request.method == "POST":
        try:
            judging.lock_judgement(session(), one, by=g.person)
        except Invalid:
            session().rollback()
            refused = True
        else:
            session().commit()
            flash("Your judgement is locked. It stays sealed until every judge has locked theirs.", "success")
            return redirect(url_for(".nomination", reference=reference), code=303)
    own = reads.own(session(), one, mine)
    if mine.interest is None or own.locked or one.state not in reads.BEFORE_JUDGES:
        return redirect(url_for(".nomination", reference=reference), code=303)
    page = render_template("pages/reviewers/nomination_lock.html", own=own, errors_on_page=refused, **_facts(one))
    return (page, 422) if refused else page
