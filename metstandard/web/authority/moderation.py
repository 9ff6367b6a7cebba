"""Moderation: the batch, what is thin or disputed, what others got the same level for, change, return, sign."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired

from metstandard.actions import moderation
from metstandard.queries import judgement, reviews, robustness
from metstandard.queries import moderation as reading
from metstandard.queries.changes import since_read
from metstandard.records.reviews import Review
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.web.authority.door import door
from metstandard.web.authority.home import JUDGES
from metstandard.web.shared.access import confirm_first, found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form
from metstandard.web.shared.hubs import review_facts
from metstandard.web.shared.saving import accepted, saved


class LevelForm(Form):
    """A change of one level by one."""

    criterion = SelectField("Criterion")
    level = SelectField("New level")
    reason = TextAreaField("Reason", [InputRequired("Enter your reason")], description="The panel will read it.")


class ReturnForm(Form):
    """Back to the panel."""

    criteria = SelectMultipleField("Criteria that it concerns", description="None: the review as a whole.")
    why = TextAreaField("Reasons", [InputRequired("Enter your reasons")], description="The panel will read them.")


class SignForm(Form):
    """One's signature on exactly what is shown."""

    seen = HiddenField()
    looked = SelectMultipleField("I have looked at the dissent on")
    no_interest = BooleanField(
        "I have no personal or prejudicial interest in this unit", [InputRequired("Confirm that you have no interest")]
    )


@door.get("/moderation")
@open_to("moderator")
def moderations() -> str:
    """The reviews now in moderation, to look at side by side."""
    return render_template("pages/authority/moderations.html", rows=reading.batch(session(), g.person))


@door.get("/reviews/<reference>/moderation")
@open_to(*JUDGES)
def review_moderation(reference: str) -> ResponseReturnValue:
    """Everything a moderator looks at."""
    return _page(_of(reference))


@door.get("/reviews/<reference>/moderation/robustness")
@open_to("moderator", "programme_officer")
def review_robustness(reference: str) -> str:
    """How firmly the outcome stands, and how severe the three reviewers are: information, never a score."""
    one = _of(reference)
    rules = rubric_of(session(), one).award
    return render_template(
        "pages/authority/robustness.html",
        firm=robustness.firmness(session(), one),
        titles={each.outcome.value: each.title for each in (rules.outcomes.values() if rules else ())},
        rubric=rubric_of(session(), one),
        **review_facts(one),
    )


def _of(reference: str) -> Review:
    return found(reviews.for_staff(session(), g.person, reference))


def _page(
    one: Review, *, level: LevelForm | None = None, back: ReturnForm | None = None, sign: SignForm | None = None
) -> ResponseReturnValue:
    refused = next((form for form in (level, back, sign) if form is not None), None)
    sign = sign or _sign_form(one, formdata=None)
    sign.seen.data = digest(session(), one, "moderation")
    page = render_template(
        "pages/authority/moderation.html",
        lines=judgement.level_lines(session(), one),
        held=reading.held(session(), one, g.person),
        precedents=reading.precedents(session(), one, g.person),
        found=judgement.findings_of(session(), one),
        paragraphs=judgement.paragraphs_of(session(), one),
        points=judgement.points_of(session(), one),
        signed=judgement.signatures_of(session(), one, "moderation"),
        unsigned=judgement.seats_unsigned(session(), one),
        since_read=since_read(session(), one, g.person, "moderation"),
        level_form=level or _level_form(one, formdata=None),
        return_form=back or _return_form(one, formdata=None),
        sign_form=sign,
        form=refused,
        **review_facts(one),
    )
    return (page, 422) if refused is not None else page


def _titles(one: Review) -> list[tuple[str, str]]:
    return [(code, f"{code} {each.title}") for code, each in rubric_of(session(), one).criteria.items()]


def _level_form(one: Review, **given: None) -> LevelForm:
    form = LevelForm(**given)
    form.criterion.choices = _titles(one)
    form.level.choices = [(str(each.number), f"{each.number} {each.name}") for each in rubric_of(session(), one).scale]
    return form


def _return_form(one: Review, **given: None) -> ReturnForm:
    form = ReturnForm(**given)
    form.criteria.choices = [pair for pair in _titles(one) if pair[0] not in one.not_applicable]
    return form


def _sign_form(one: Review, **given: None) -> SignForm:
    """Nothing is ticked beforehand: each dissent is looked at by the one who signs (SCO-4)."""
    form = SignForm(**given)
    disputed = moderation.dissents(session(), one)
    form.looked.choices = [pair for pair in _titles(one) if pair[0] in disputed]
    return form


@door.post("/reviews/<reference>/moderation/level")
@open_to("moderator")
def change_level(reference: str) -> ResponseReturnValue:
    """Change one level."""
    one = _of(reference)
    form = _level_form(one)
    code, level = form.criterion.data, form.level.data

    def act() -> None:
        moderation.change_level(session(), one, by=g.person, criterion=code, level=level, reason=form.reason.data or "")

    if accepted(form, act):
        said = f"Criterion {code} now stands at {level}. The panel is told."
        return saved(said, "authority.review_moderation", reference=reference)
    return _page(one, level=form)


@door.post("/reviews/<reference>/moderation/return")
@open_to("moderator")
def return_to_panel(reference: str) -> ResponseReturnValue:
    """Send it back to consensus."""
    one = _of(reference)
    form = _return_form(one)

    def act() -> None:
        moderation.return_to_panel(
            session(), one, by=g.person, reason=form.why.data or "", criteria=form.criteria.data or ()
        )

    if accepted(form, act):
        return saved("The review is back with the panel.", "authority.review", reference=reference)
    return _page(one, back=form)


@door.post("/reviews/<reference>/moderation/sign")
@open_to("moderator")
def sign_moderation(reference: str) -> ResponseReturnValue:
    """Sign exactly what was shown."""
    one = _of(reference)
    form = _sign_form(one)
    asked = confirm_first() if form.validate_on_submit() else None
    if asked is not None:
        return asked

    def act() -> None:
        moderation.sign_moderation(
            session(), one, by=g.person, seen=form.seen.data or "", looked=form.looked.data or ()
        )

    if accepted(form, act):
        return saved("You have signed the report as moderated.", "authority.review", reference=reference)
    return _page(one, sign=form)
