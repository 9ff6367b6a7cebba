"""Two proposals beside each other, and what would become of a plan with fewer people, other weeks or waivers."""

from __future__ import annotations

from dataclasses import replace

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from metstandard.actions import panels
from metstandard.actions.panels.cycles import OFFICER
from metstandard.common.errors import NotFound
from metstandard.common.words import count, listed
from metstandard.queries import cycles, proposals
from metstandard.rules.instances import Wishes, number_of
from metstandard.web.authority.cycles.asking import one_of
from metstandard.web.authority.door import door
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form

_MOST, _WEEKS = 1000, 52
_ALL = "all"
_FEWER = {"peer": "Fewer peers", "la": "Fewer local authority reviewers", "private": "Fewer private sector reviewers"}


class WhatIfForm(Form):
    """What might be otherwise. Those who sit most often are taken away first."""

    peer = IntegerField(_FEWER["peer"], [Optional(), NumberRange(0, _MOST, "Enter a whole number")])
    la = IntegerField(_FEWER["la"], [Optional(), NumberRange(0, _MOST, "Enter a whole number")])
    private = IntegerField(_FEWER["private"], [Optional(), NumberRange(0, _MOST, "Enter a whole number")])
    review = SelectField("A review that would be later", [Optional()])
    weeks = IntegerField("Weeks later", [Optional(), NumberRange(1, _WEEKS, f"Enter 1 to {_WEEKS} weeks")])
    waiver = SelectField("A reviewer for whom both keys would waive what they may", [Optional()])


def what_if_form(plan: cycles.Plan) -> WhatIfForm:
    """The form with the reviews and reviewers of a proposal."""
    form = WhatIfForm(prefix="if")
    form.review.choices = [("", "None"), *((one.reference, unit.title) for _, one, unit in plan.rows)]
    held = [one for one in plan.instance.reviewers if one.interests] if plan.instance else []
    names = sorted((plan.who[one.id].name, one.id) for one in held)
    form.waiver.choices = [("", "Nobody"), (_ALL, "Everybody"), *((who, name) for name, who in names)]
    return form


@door.post("/cycles/<int:number>/what-if")
@open_to(OFFICER)
def cycle_what_if(number: int) -> ResponseReturnValue:
    """Ask what would become of a plan; the answer is a proposal that is never published."""
    from metstandard.web.authority.cycles.showing import show  # noqa: PLC0415 - the page shows this form

    plan = cycles.Plan(session(), one_of(number))
    if plan.instance is None:
        raise NotFound("This proposal has no answer yet")
    form = what_if_form(plan)
    if form.validate_on_submit():
        wishes, said = _changed(plan, form)
        if said:
            made = panels.propose_panels(
                session(), [one for _, one, _ in plan.rows], by=g.person, wishes=wishes, parent=plan.proposal,
                search=panels.Search(plan.proposal.seconds, plan.proposal.seed), what_if=True,
                title=f"What if: {listed(said)}"[:200],
            )  # fmt: skip
            session().commit()
            return redirect(url_for("authority.cycle", number=made.key), code=303)
        form.peer.errors = ["Say what would be otherwise"]
    return show(plan.proposal, form)


def _changed(plan: cycles.Plan, form: WhatIfForm) -> tuple[Wishes, list[str]]:
    """What is asked then, and in words what is otherwise."""
    wishes, said = panels.wishes_of(plan.proposal), []
    gone: set[int] = set()
    for category, field in (("peer", form.peer), ("la", form.la), ("private", form.private)):
        if field.data:
            gone |= {number_of(one) for one in cycles.busiest_first(plan, category)[: field.data]}
            said.append(f"{field.data} {_FEWER[category].lower()}")
    later = dict(wishes.later)
    if form.review.data and form.weeks.data:
        later[form.review.data] = later.get(form.review.data, 0) + form.weeks.data
        said.append(f"{form.review.data} {count(form.weeks.data, 'week')} later")
    waived = set(wishes.waived)
    if form.waiver.data:
        waived |= {
            f"interest:{one.id}:{unit}"
            for one in plan.cycle.instance.reviewers
            for unit in one.interests
            if form.waiver.data in {_ALL, one.id}
        }
        said.append("waivers granted")
    changed = replace(wishes, without=wishes.without | gone, later=later, waived=tuple(sorted(waived)))
    return changed, said


@door.get("/cycles/compare")
@open_to(OFFICER)
def compare_cycles() -> str:
    """Two plans: objective, terms, load, coverage, the worst panel, and the seats on which they differ."""
    plans = [cycles.Plan(session(), one_of(request.args.get(name, 0, type=int))) for name in ("one", "other")]
    if any(each.solution is None for each in plans):
        raise NotFound("Only two plans that are solved can be compared")
    return render_template(
        "pages/authority/cycles/compare.html",
        one=plans[0],
        other=plans[1],
        changed=cycles.differing(plans[0], plans[1]),
        term_words=cycles.TERM_WORDS,
        status_words=proposals.STATUS_WORDS,
    )
