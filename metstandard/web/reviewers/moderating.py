"""The chair of the judges: every judgement once the last is locked, ties ordered with a reason, then on to the keys."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Optional

from metstandard.actions.recognition import judging
from metstandard.common.errors import Invalid
from metstandard.queries import judging as reads
from metstandard.queries.tasks import moves_open_to, whose_move
from metstandard.records.recognition import Nomination
from metstandard.rules import ties
from metstandard.rules.editions import rubric_of
from metstandard.web.reviewers.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form

CHAIR = "judging_chair"


class TieForm(Form):
    """Why the chair orders nominations of the same score as they do; the places stand beside each nomination."""

    reason = TextAreaField("Reason for this order", [InputRequired("Give a reason")])


class ModerateForm(Form):
    """A word to the key holder."""

    words = TextAreaField("A word to the Authority", [Optional()], description="No mark is changed by it.")


def _own(reference: str) -> Nomination:
    one = found(reads.for_parts(session(), g.person, reference, (CHAIR,)))
    return found(None if reads.sealed(one) else one)


@door.get("/nominations/<reference>/moderation")
@open_to(CHAIR)
def nomination_moderation(reference: str) -> ResponseReturnValue:
    """Every judgement with its words, the mean, and what is tied with it."""
    return _page(_own(reference))


def _page(one: Nomination, *, tie: TieForm | None = None, moderate: ModerateForm | None = None) -> ResponseReturnValue:
    refused = tie or moderate
    sentence, stood = whose_move(session(), one)
    tied = ties.open_ties(session(), one) if one.state == "judged" else []
    page = render_template(
        "pages/reviewers/nomination_moderation.html",
        nomination=one,
        told=reads.told(session(), one),
        rubric=rubric_of(session(), one),
        judgements=reads.judgements(session(), one),
        mean=reads.mean(session(), one),
        tied=[(each, request.form.get(f"place-{each.reference}", "")) for each in ([one, *tied] if tied else [])],
        rulings=reads.rulings(session(), one),
        open={each.act: each for each in moves_open_to(session(), g.person, one)},
        tie_form=tie or TieForm(formdata=None),
        moderate_form=moderate or ModerateForm(formdata=None),
        form=refused,
        sentence=sentence,
        stood=stood,
        marking=one.marking.value,
    )
    return (page, 422) if refused is not None else page


@door.post("/nominations/<reference>/moderation/tie")
@open_to(CHAIR)
def rule_on_tie(reference: str) -> ResponseReturnValue:
    """Order nominations with the same score."""
    one, form = _own(reference), TieForm()
    if form.validate_on_submit():
        places = {
            name.removeprefix("place-"): int(place)
            for name, place in request.form.items()
            if name.startswith("place-") and place.isdecimal()
        }
        try:
            judging.rule_on_tie(session(), one, by=g.person, places=places, reason=form.reason.data or "")
        except Invalid as wrong:
            session().rollback()
            form.refuse(wrong)
        else:
            session().commit()
            flash("The order is recorded.", "success")
            return redirect(url_for(".nomination_moderation", reference=reference), code=303)
    return _page(one, tie=form)


@door.post("/nominations/<reference>/moderation/pass")
@open_to(CHAIR)
def moderate(reference: str) -> ResponseReturnValue:
    """Pass it on to the Authority."""
    one, form = _own(reference), ModerateForm()
    if form.validate_on_submit():
        if one.state == "judged":
            judging.moderate(session(), one, by=g.person, words=form.words.data or "")
            session().commit()
        flash("The nomination is before the Authority.", "success")
        return redirect(url_for(".nomination_moderation", reference=reference), code=303)
    return _page(one, moderate=form)
