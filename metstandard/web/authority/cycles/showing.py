"""One proposal: how far it is, the plan from every side, or why there is none; its texts to keep."""

from __future__ import annotations

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from metstandard.actions.panels.cycles import OFFICER
from metstandard.common.errors import NotFound
from metstandard.queries import cycle_needs, cycle_words, cycles, proposals
from metstandard.records.cycles import PanelProposal, ProposalStatus
from metstandard.web.authority.cycles.asking import one_of
from metstandard.web.authority.cycles.comparing import WhatIfForm, what_if_form
from metstandard.web.authority.door import door
from metstandard.web.shared.access import open_to
from metstandard.web.shared.database import session

AGAIN = 4
"""Seconds after which the page of a proposal that waits is read again."""


@door.get("/cycles/<int:number>")
@open_to(OFFICER)
def cycle(number: int) -> ResponseReturnValue:
    """The proposal as it stands."""
    return show(one_of(number))


def show(proposal: PanelProposal, form: WhatIfForm | None = None) -> ResponseReturnValue:
    """The page of a proposal; `form` is a what-if that was refused."""
    plan = cycles.Plan(session(), proposal)
    if proposal.waits:
        still = "still" in request.args
        answer = make_response(
            render_template("pages/authority/cycles/waiting.html", plan=plan, seconds=AGAIN, still=still)
        )
        if not still:
            answer.headers["Refresh"] = f"{AGAIN}; url={url_for('authority.cycle', number=proposal.key)}"
        return answer
    parent = session().get(PanelProposal, proposal.parent_id) if proposal.parent_id else None
    before = cycles.Plan(session(), parent) if parent is not None and parent.solution else None
    page = render_template(
        "pages/authority/cycles/plan.html",
        plan=plan,
        words=proposals.STATUS_WORDS[proposal.status],
        term_words=cycles.TERM_WORDS,
        slot_words=cycles.SLOT_WORDS,
        blocked=cycle_words.blocked(session(), plan) if proposal.status is ProposalStatus.INFEASIBLE else None,
        before=before,
        changed=cycles.differing(before, plan) if before and plan.solution else [],
        figure=cycle_needs.visits(session(), plan) if plan.solution else None,
        empty_seats=cycle_needs.empty_seats(session(), plan) if proposal.status is ProposalStatus.PUBLISHED else [],
        others=[one for one in proposals.listed(session()) if one.proposal.solution and one.proposal.id != proposal.id],
        form=form,
        what_if=form or what_if_form(plan),
    )
    return (page, 422) if form is not None else page


@door.get("/cycles/<int:number>/instance.json")
@open_to(OFFICER)
def cycle_instance(number: int) -> Response:
    """What was asked, as docs/panels.md describes it."""
    return _text(one_of(number).instance, f"panels-{number}.json")


@door.get("/cycles/<int:number>/solution.json")
@open_to(OFFICER)
def cycle_solution(number: int) -> Response:
    """The answer, as docs/panels.md describes it."""
    return _text(one_of(number).solution, f"panels-{number}.solution.json")


def _text(content: str, name: str) -> Response:
    if not content:
        raise NotFound("There is no such text yet")
    answer = make_response(content)
    answer.headers["Content-Type"] = "application/json"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
