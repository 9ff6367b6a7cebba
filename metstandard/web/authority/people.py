"""People: accounts and appointments. Reviewers' profiles are in pool/."""

from __future__ import annotations

from datetime import date

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import col, select
from wtforms import EmailField, RadioField, SelectField, StringField
from wtforms.validators import Email, InputRequired, Optional

from metstandard.actions import accounts
from metstandard.actions import people as acts
from metstandard.actions.pool.profiles import Profile, profile_of
from metstandard.common import clock
from metstandard.common.errors import Invalid
from metstandard.queries import people as reads
from metstandard.records.accounts import Appointment, Person
from metstandard.records.units import Unit
from metstandard.rules import markings
from metstandard.web.authority.door import door
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved

_STAFF = (acts.OFFICER, acts.ADMINISTRATOR)
_LONGEST_NAME = 120


class PersonForm(Form):
    """A new account."""

    name = StringField("Name", [InputRequired("Enter the name")])
    title = StringField("Rank or post", [Optional()])
    email = EmailField(
        "E-mail address", [InputRequired("Enter the e-mail address"), Email("Enter a real e-mail address")],
        description="The invitation goes there.",
    )  # fmt: skip


class PartForm(Form):
    """A standing part, from a day until a day."""

    part = SelectField("Part")
    unit = SelectField("Unit", description="Only for a commander or an author.")
    seat = SelectField(
        "Seat or service",
        description="The seat of a moderator, or the service of a judge, a sponsor or an officer of standards.",
    )
    from_on = DateParts("First day", [InputRequired("Enter the first day")])
    until_on = DateParts("Last day", [Optional()], description="Leave it empty when it is not known.")


class EndForm(Form):
    """When a part ends."""

    last_day = DateParts("Last day", [Optional()], description="Leave it empty to end the part at once.")


class ClearanceForm(Form):
    """Up to which marking somebody may see evidence."""

    clearance = RadioField("Cleared up to", validate_choice=False)


_NOBODY = ("", "None")


def _page_number() -> int:
    asked = request.args.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1  # noqa: PLR2004


@door.get("/people", endpoint="people")
@open_to(*_STAFF)
def people_page() -> str:
    """Everybody with an account, filtered as the address says."""
    search, part = request.args.get("search", "").strip(), request.args.get("part", "")
    choices = [("", "Any"), *((one, _words(one)) for one in acts.parts_to_give())]
    return render_template(
        "pages/authority/people.html",
        found=reads.people(session(), search=search, part=part, page=_page_number()),
        search=search,
        part=part,
        parts=[*choices, (reads.REVIEWER, "Reviewer (in the pool)"), (reads.NO_PART, "Nothing")],
    )


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


@door.route("/people/new", methods=["GET", "POST"], endpoint="people_new")
@open_to(acts.ADMINISTRATOR)
def add_person() -> ResponseReturnValue:
    """Open an account; the invitation goes out by letter."""
    form = PersonForm()
    if form.validate_on_submit():
        try:
            made = accounts.add_person(
                session(),
                by=g.person,
                email=form.email.data or "",
                name=form.name.data or "",
                title=form.title.data or "",
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            flash(f"{made.name} is invited by letter.", "success")
            return redirect(url_for("authority.person", number=made.key), code=303)
    page = render_template("pages/authority/people_new.html", form=form)
    return (page, 422) if form.errors else page


@door.get("/people/<int:number>")
@open_to(*_STAFF)
def person(number: int) -> str:
    """One person: the account, the parts, the reviewer's profile, the panels."""
    one = found(session().get(Person, number))
    profile = profile_of(session(), one)
    return render_template(
        "pages/authority/person.html",
        one=one,
        held=reads.appointments_of(session(), one),
        profile=profile,
        short=_shortcomings(profile),
        seats=reads.seats_of(session(), one),
        own=one.key == g.person.key,
        clearance=markings.clearance_of(one).value,
    )


def _shortcomings(profile: Profile | None) -> list[str]:
    """What keeps a reviewer from any panel today (REV-1, REV-4)."""
    if profile is None:
        return []
    today = clock.today()
    said = []
    for name, until in (("Training", profile.trained_until), ("Vetting", profile.vetted_until)):
        if until is None or until < today:
            said.append(f"{name} is not valid today.")
    if profile.terms_signed_on is None:
        said.append("The confidentiality terms are not signed.")
    return said


def _back(one: Person, said: str) -> ResponseReturnValue:
    """Commit, say so, and show the person again."""
    return saved(said, "authority.person", number=one.key)


@door.post("/people/<int:number>/invite", endpoint="person_invite")
@open_to(acts.ADMINISTRATOR)
def invite(number: int) -> ResponseReturnValue:
    """Send the invitation again."""
    one = found(session().get(Person, number))
    accounts.invite(session(), one, by=g.person)
    return _back(one, "A new invitation is on its way; earlier links no longer work.")


@door.post("/people/<int:number>/disable", endpoint="person_disable")
@open_to(acts.ADMINISTRATOR)
def disable(number: int) -> ResponseReturnValue:
    """Shut the account and end its sessions."""
    one = found(session().get(Person, number))
    accounts.disable(session(), one, by=g.person)
    return _back(one, "The account is disabled and signed out everywhere.")


@door.post("/people/<int:number>/enable", endpoint="person_enable")
@open_to(acts.ADMINISTRATOR)
def enable(number: int) -> ResponseReturnValue:
    """Open it again."""
    one = found(session().get(Person, number))
    accounts.enable(session(), one, by=g.person)
    return _back(one, "The account is enabled.")


@door.route("/people/<int:number>/parts", methods=["GET", "POST"], endpoint="person_part")
@open_to(acts.ADMINISTRATOR)
def give_part(number: int) -> ResponseReturnValue:
    """Appoint somebody."""
    one = found(session().get(Person, number))
    form = PartForm()
    units = session().exec(select(Unit).where(col(Unit.valid_until).is_(None)).order_by(Unit.kind, Unit.name)).all()
    form.part.choices = [(each, _words(each)) for each in acts.parts_to_give()]
    form.unit.choices = [_NOBODY, *((each.code, each.title) for each in units)]
    form.seat.choices = [
        _NOBODY, *((each, _words(each)) for each in acts.moderator_seats()), *acts.services().items(),
    ]  # fmt: skip
    if form.validate_on_submit() and form.from_on.data is not None:
        try:
            acts.give_part(
                session(), one, form.part.data, by=g.person, from_on=form.from_on.data, until_on=form.until_on.data,
                unit=next((each for each in units if each.code == form.unit.data), None), seat=form.seat.data,
            )  # fmt: skip
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            return _back(one, f"{_words(form.part.data)} from {_day(form.from_on.data)}.")
    page = render_template("pages/authority/person_part.html", form=form, one=one)
    return (page, 422) if form.errors else page


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


@door.route("/people/<int:number>/parts/<int:appointment>/end", methods=["GET", "POST"], endpoint="person_end")
@open_to(acts.ADMINISTRATOR)
def end_part(number: int, appointment: int) -> ResponseReturnValue:
    """End one appointment, at once or after a day."""
    one = found(session().get(Person, number))
    held = found(
        next((each for each in reads.appointments_of(session(), one) if each.appointment.key == appointment), None)
    )
    form = EndForm()
    if form.validate_on_submit():
        try:
            acts.end_part(
                session(), found(session().get(Appointment, appointment)), by=g.person, last_day=form.last_day.data
            )
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            return _back(one, "The part is ended.")
    page = render_template("pages/authority/person_end.html", form=form, one=one, held=held)
    return (page, 422) if form.errors else page


@door.route("/people/<int:number>/clearance", methods=["GET", "POST"], endpoint="person_clearance")
@open_to(acts.OFFICER)
def give_clearance(number: int) -> ResponseReturnValue:
    """Say up to which marking somebody may see evidence (B9)."""
    one = found(session().get(Person, number))
    form, scheme = ClearanceForm(), markings.profile()
    form.clearance.choices = [(each.value, each.value) for each in scheme.ladder]

    def give() -> None:
        acts.give_clearance(session(), one, markings.read(form.clearance.data or "", "clearance"), by=g.person)

    if accepted(form, give):
        return _back(one, f"{one.name} is cleared up to {markings.clearance_of(one).value}.")
    if request.method == "GET":
        same = markings.equivalent(markings.clearance_of(one), scheme)
        form.clearance.data = same.value if same else None
    page = render_template(
        "pages/authority/person_clearance.html", form=form, one=one,
        meanings={each.value: said for each, said in scheme.meanings.items()},
    )  # fmt: skip
    return (page, 422) if form.errors else page
