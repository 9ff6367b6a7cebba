"""The check of a report once more, before it is published: marking and people who could be recognised (B5, B9)."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import reporting
from metstandard.queries import checking, reviews
from metstandard.records.reviews import Review
from metstandard.records.units import Unit
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.hubs import moving_facts
from metstandard.web.shared.saving import accepted, saved


class ReasonForm(Form):
    """Why the report may be published although the check found this."""

    reason = TextAreaField(
        "Why it may be published all the same", [InputRequired("Say why it may be published all the same")],
        description="It is kept with your name.",
    )  # fmt: skip


@door.get("/reviews/<reference>/check")
@open_to("programme_officer")
def review_check(reference: str) -> ResponseReturnValue:
    """What the check finds in the report as it stands."""
    return _page(found(reviews.for_staff(session(), g.person, reference)))


@door.post("/reviews/<reference>/check/<key>")
@open_to("programme_officer")
def waive_check(reference: str, key: str) -> ResponseReturnValue:
    """Let one finding of the check stand at publication, with one's name and reason."""
    one = found(reviews.for_staff(session(), g.person, reference))
    form = ReasonForm(prefix=key)
    if accepted(
        form, lambda: reporting.waive_check(session(), one, by=g.person, key=key, reason=form.reason.data or "")
    ):
        return saved("Your reason is recorded with your name.", "authority.review_check", reference=reference)
    return _page(one, key, form)


def _page(one: Review, key: str = "", refused: ReasonForm | None = None) -> ResponseReturnValue:
    facts = moving_facts(one)
    may = "publish" in facts["open"] and facts["open"]["publish"].possible
    rows = [
        (each, let, refused if refused and each.key == key else ReasonForm(formdata=None, prefix=each.key))
        for each, let in checking.checked(session(), one)
    ]
    page = render_template(
        "pages/authority/check.html", review=one, unit=session().get_one(Unit, one.unit_id), found=rows, may=may,
        form=refused, **facts,
    )  # fmt: skip
    return (page, 422) if refused is not None else page
