"""What the papers of a review bear: inherited from what they quote, raised freely, lowered with a reason."""

from __future__ import annotations

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Optional

from metstandard.actions import markings as acts
from metstandard.queries import reviews
from metstandard.queries.tasks import moves_open_to
from metstandard.queries.timeline import marked_lines
from metstandard.records.units import Unit
from metstandard.rules import markings
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved


class MarkingForm(Form):
    """The marking of the papers, and why it may be lower."""

    choice = RadioField("Marking of the papers", [InputRequired("Choose a protective marking")], validate_choice=False)
    reason = TextAreaField(
        "Why it may be lower", [Optional()],
        description="Needed only where you choose a lower marking. It is kept in the journal with your name.",
    )  # fmt: skip


@door.route("/reviews/<reference>/marking", methods=["GET", "POST"])
@open_to("programme_officer")
def review_marking(reference: str) -> ResponseReturnValue:
    """The marking of a review's papers, where it comes from, and who set it."""
    one = found(reviews.for_staff(session(), g.person, reference))
    now = markings.of_papers(session(), one)
    found(markings.may_see(g.person, now) or None)
    form, scheme = MarkingForm(), markings.profile()
    form.choice.choices = [(each.value, each.value) for each in scheme.ladder if markings.may_see(g.person, each)]

    def act() -> None:
        chosen = markings.read(form.choice.data or "", "choice")
        acts.set_marking(session(), one, by=g.person, marking=chosen, reason=form.reason.data or "")

    if accepted(form, act):
        return saved("The marking of the papers is set.", "authority.review_marking", reference=reference)
    if request.method == "GET":
        same = markings.equivalent(now, scheme)
        form.choice.data = same.value if same else None
    page = render_template(
        "pages/authority/marking.html", form=form, review=one, unit=session().get_one(Unit, one.unit_id), now=now,
        inherited=sorted(one.value for one in set(markings.quoted(session(), one).values())),
        meanings={each.value: said for each, said in scheme.meanings.items()}, lines=marked_lines(session(), one),
        open={each.act: each for each in moves_open_to(session(), g.person, one)},
        marking=markings.highest([one.marking, now]).value,
    )  # fmt: skip
    return (page, 422) if form.errors else page
