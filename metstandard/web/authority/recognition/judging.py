"""Who judges a nomination: proposed with nobody in conflict, confirmed, replaced; never what anybody wrote."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from metstandard.actions.recognition import allotting
from metstandard.queries import judging as reads
from metstandard.records.recognition import Nomination
from metstandard.rules.editions import workflow_of
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import OFFICER, frame, office
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved

MOST = 9


class AllotForm(Form):
    """Exactly the proposal that was shown."""

    seen = HiddenField()
    wanted = IntegerField("Judges", [InputRequired("Enter a number"), NumberRange(1, MOST)])


class ReplaceForm(Form):
    """Whom to take off, and why."""

    judge = SelectField("Take off", coerce=int, validate_choice=False)
    reason = TextAreaField("Reason", [InputRequired("Give a reason")])


@door.get("/nominations/<reference>/judging")
@open_to(OFFICER)
def nomination_judging(reference: str) -> ResponseReturnValue:
    """Who judges, who would be asked next, and what is still missing."""
    return _page(office(reference))


def _wanted(one: Nomination) -> int:
    given = request.values.get("wanted", "")
    least = workflow_of(session(), one).number("D2-judges")
    return max(least, min(int(given), MOST)) if given.isdecimal() else least


def _page(
    one: Nomination, *, allot: AllotForm | None = None, replacing: ReplaceForm | None = None
) -> ResponseReturnValue:
    refused = allot or replacing
    proposed = allotting.proposal(session(), one, wanted=_wanted(one))
    seats = reads.seats(session(), one)
    replacing = replacing or ReplaceForm(formdata=None)
    replacing.judge.choices = [(each.number, each.name) for each in seats if not each.ended]
    allot = allot or AllotForm(formdata=None)
    allot.seen.data, allot.wanted.data = proposed.digest, _wanted(one)
    page = render_template(
        "pages/authority/recognition/judges.html",
        services=reads.services(session(), one),
        seats=seats,
        proposed=proposed,
        allot_form=allot,
        replace_form=replacing,
        form=refused,
        **frame(one),
    )
    return (page, 422) if refused is not None else page


def _back(reference: str, said: str) -> ResponseReturnValue:
    return saved(said, "authority.nomination_judging", reference=reference)


@door.post("/nominations/<reference>/judging/allot")
@open_to(OFFICER)
def allot_judges(reference: str) -> ResponseReturnValue:
    """Confirm the proposal exactly as it was shown."""
    one, form = office(reference), AllotForm()
    if accepted(
        form,
        lambda: allotting.allot(session(), one, by=g.person, seen=form.seen.data or "", wanted=form.wanted.data or 0),
    ):
        return _back(reference, "The judges are allotted.")
    return _page(one, allot=form)


@door.post("/nominations/<reference>/judging/replace")
@open_to(OFFICER)
def replace_judge(reference: str) -> ResponseReturnValue:
    """Take a judge off; the next one free is asked."""
    one, form = office(reference), ReplaceForm()
    if form.validate_on_submit():
        allotting.replace(session(), one, by=g.person, judge=form.judge.data, reason=form.reason.data or "")
        return _back(reference, "The judge is replaced.")
    return _page(one, replacing=form)


@door.post("/nominations/<reference>/judging/shortlist")
@open_to(OFFICER)
def shortlist(reference: str) -> ResponseReturnValue:
    """Put it before its judges."""
    one = office(reference)
    if one.state != "shortlisted":
        allotting.shortlist(session(), one, by=g.person)
    return _back(reference, "The nomination is shortlisted. Its judges get a letter.")
