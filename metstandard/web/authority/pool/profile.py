"""The profile of one reviewer: what makes them able to sit, and what they know."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Optional

from metstandard.actions import people as acts
from metstandard.actions.pool import profiles
from metstandard.common.errors import Invalid
from metstandard.records.accounts import Person
from metstandard.records.bodies import Employer
from metstandard.records.units import Unit
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form

_NOBODY = ("", "None")
_LEVELS = ("None", "Some", "Good", "Expert")


class ProfileForm(Form):
    """What makes a reviewer able to sit. The expertise in each domain is added by `_form`."""

    revision = HiddenField()
    seat = SelectField("Kind of seat")
    unit = SelectField("Unit in which a peer serves")
    employer = SelectField("Employer of a local authority or private sector reviewer")
    company = StringField("Or the name of a company that is not listed", [Optional()])
    rank = IntegerField(
        "Rank of a peer", [Optional()], description="A number from 1 to 10. A peer is at most one below the commander."
    )
    can_lead = BooleanField("Can lead a panel")
    can_chair = BooleanField("Can chair a panel")
    trained_until = DateParts("Training is valid until", [Optional()])
    vetted_until = DateParts("Vetting is valid until", [Optional()])
    terms_signed_on = DateParts("Confidentiality terms signed on", [Optional()])
    observed_on = DateParts("First observed a review on", [Optional()])
    home_borough = SelectField("Borough where the reviewer lives")
    travel_most = IntegerField(
        "Furthest distance", [Optional()], description="Steps between regions, from 0 to 9. Leave it empty for any."
    )
    capacity = IntegerField("Reviews offered in a year", [InputRequired("Enter a number, such as 3")], default=3)
    reviews_before = IntegerField(
        "Reviews done elsewhere", [InputRequired("Enter a number: 0 if there are none")], default=0
    )
    unit_types = SelectMultipleField("Types of unit that the reviewer knows")


def _form() -> ProfileForm:
    """The form with one choice of expertise for each domain of the rubric."""
    domains = profiles.domains()
    fields: dict[str, Any] = {
        f"expertise_{code}": SelectField(
            f"Expertise: {title}", default="0",
            choices=[SelectChoice(str(number), word) for number, word in enumerate(_LEVELS)],
        )
        for code, title in domains.items()
    }  # fmt: skip
    form: ProfileForm = type("ProfileForm", (ProfileForm,), fields)()
    units = session().exec(select(Unit).where(col(Unit.valid_until).is_(None)).order_by(Unit.kind, Unit.name)).all()
    employers = session().exec(select(Employer).order_by(col(Employer.kind).desc(), Employer.name)).all()
    form.seat.choices = [(each, each.replace("_", " ").capitalize()) for each in acts.reviewer_seats()]
    form.unit.choices = [_NOBODY, *((each.code, each.title) for each in units)]
    form.employer.choices = [_NOBODY, *((each.name, each.name) for each in employers)]
    form.home_borough.choices = [("", "Not known"), *((each, each) for each in profiles.boroughs())]
    form.unit_types.choices = [(each, each) for each in profiles.unit_types(session())]
    return form


@door.route("/people/<int:number>/profile", methods=["GET", "POST"], endpoint="person_profile")
@open_to(acts.OFFICER)
def profile(number: int) -> ResponseReturnValue:
    """Put somebody into the pool of reviewers, or correct what is known."""
    one = found(session().get(Person, number))
    stored = profiles.profile_of(session(), one)
    form = _form()
    if request.method == "GET" and stored is not None:
        levels = {f"expertise_{code}": str(level) for code, level in stored.expertise.items()}
        form.process(data=asdict(stored) | levels | {"revision": stored.revision})
    if form.validate_on_submit():
        try:
            profiles.save_profile(session(), one, _typed(form), by=g.person, revision=form.revision.data or "")
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash("The profile is saved.", "success")
            return redirect(url_for("authority.person", number=one.key), code=303)
    page = render_template("pages/authority/person_profile.html", form=form, one=one, stored=stored)
    return (page, 422) if form.errors else page


def _typed(form: ProfileForm) -> profiles.Profile:
    expertise = {
        name.removeprefix("expertise_"): int(str(field.data))
        for name, field in form._fields.items()
        if name.startswith("expertise_")
    }
    return profiles.Profile(
        seat=form.seat.data, unit=form.unit.data, employer=form.company.data or form.employer.data, rank=form.rank.data,
        can_lead=form.can_lead.data, can_chair=form.can_chair.data, trained_until=form.trained_until.data,
        vetted_until=form.vetted_until.data, terms_signed_on=form.terms_signed_on.data,
        observed_on=form.observed_on.data, home_borough=form.home_borough.data, travel_most=form.travel_most.data,
        capacity=form.capacity.data or 0, reviews_before=form.reviews_before.data or 0,
        expertise={code: level for code, level in expertise.items() if level},
        unit_types=tuple(form.unit_types.data or ()),
    )  # fmt: skip
