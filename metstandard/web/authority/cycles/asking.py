"""The list of proposals, asking for one, calling one off, and the year of every reviewer."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from metstandard.actions import panels
from metstandard.actions.panels.cycles import OFFICER, SECONDS_MOST
from metstandard.actions.people import reviewer_seats
from metstandard.common import words
from metstandard.common.errors import Invalid
from metstandard.queries import proposals, workload
from metstandard.queries.panels import words_of
from metstandard.records.cycles import PanelProposal
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form

_SEED_MOST = 2**31 - 1
_A_PAGE = 50


class CycleForm(Form):
    """Which reviews are planned together, and how long the solver may look."""

    title = StringField("Name of the proposal", [Optional()], description="For the list of proposals.")
    reviews = SelectMultipleField("Reviews", [InputRequired("Choose at least one review")])
    seconds = IntegerField(
        "Time for the search, in seconds",
        [InputRequired("Enter the time"), NumberRange(1, SECONDS_MOST, f"Enter a time from 1 to {SECONDS_MOST}")],
        description=f"From 1 to {SECONDS_MOST}. The search ends sooner when the best plan is proved.",
    )
    seed = IntegerField(
        "Seed", [InputRequired("Enter a whole number"), NumberRange(0, _SEED_MOST, "Enter a whole number from 0")],
        description="The same reviews and seed give the same plan.",
    )  # fmt: skip


def one_of(number: int) -> PanelProposal:
    """The proposal of this number; 404 for none."""
    return found(session().get(PanelProposal, number))


@door.get("/cycles")
@open_to(OFFICER)
def cycles() -> str:
    """The proposals so far."""
    return render_template(
        "pages/authority/cycles/list.html",
        listed=proposals.listed(session()),
        status_words=proposals.STATUS_WORDS,
        plannable=proposals.plannable(session()),
    )


@door.route("/cycles/propose", methods=["GET", "POST"])
@open_to(OFFICER)
def cycle_propose() -> ResponseReturnValue:
    """Ask for panels of one review or of many at once."""
    rows = proposals.plannable(session())
    form = CycleForm(data={"seconds": 60, "seed": 0, "reviews": request.args.getlist("review")})
    form.reviews.choices = [
        (
            one.review.reference,
            f"{one.unit.title}, {one.review.reference}, visit from {words.day(one.review.starts_on)}",
        )
        for one in rows
    ]
    if form.validate_on_submit():
        chosen = [one.review for one in rows if one.review.reference in (form.reviews.data or ())]
        search = panels.Search(seconds=form.seconds.data or 0, seed=form.seed.data or 0)
        try:
            made = panels.propose_panels(session(), chosen, by=g.person, search=search, title=form.title.data or "")
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            return redirect(url_for("authority.cycle", number=made.key), code=303)
    page = render_template("pages/authority/cycles/propose.html", form=form, rows=rows)
    return (page, 422) if form.errors else page


@door.post("/cycles/<int:number>/cancel")
@open_to(OFFICER)
def cancel_cycle(number: int) -> ResponseReturnValue:
    """Call a proposal off while it has no answer."""
    panels.cancel_proposal(session(), one_of(number), by=g.person)
    session().commit()
    flash("The proposal is called off.", "success")
    return redirect(url_for("authority.cycle", number=number), code=303)


@door.get("/cycles/reviewers")
@open_to(OFFICER)
def cycle_reviewers() -> str:
    """Everybody in the pool with their load and availability over the year."""
    seat, search = request.args.get("seat", ""), request.args.get("q", "").strip()
    rows = workload.years(session(), seat=seat, search=search)
    pages = max(1, -(-len(rows) // _A_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    months = [f"{one:%b %Y}" for one in workload.months()]
    return render_template(
        "pages/authority/cycles/reviewers.html",
        rows=rows[(number - 1) * _A_PAGE : number * _A_PAGE],
        months=months,
        columns=[{"text": one} for one in ("Reviewer", "Can take", *months)],
        seats=[("", "Any"), *((one, words_of(one)) for one in reviewer_seats())],
        words_of=words_of,
        page=number,
        pages=pages,
        total=len(rows),
    )
