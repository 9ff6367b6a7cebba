"""Which nominations repeat each other, and which belong to one incident."""

from __future__ import annotations

from flask import g, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import select
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from metstandard.actions.recognition import eligibility, incidents
from metstandard.common.errors import Invalid
from metstandard.common.words import day
from metstandard.queries import incidents as reads
from metstandard.queries.tasks import moves_open_to
from metstandard.records.recognition import Nomination
from metstandard.rules.guards.recognition import incident_of
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.nomination import done
from metstandard.web.authority.recognition.viewing import OFFICER, office
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.forms import Form

NO_DUPLICATE = "none"


class DuplicateForm(Form):
    """Which one it repeats."""

    of = RadioField("Which nomination does it repeat?", [InputRequired("Choose the nomination that this one repeats")])


class GroupForm(Form):
    """Which incident it belongs to."""

    incident = SelectField("Incident", [Optional()])


@door.get("/nominations/<reference>/same", endpoint="nomination_same")
@open_to(OFFICER)
def nomination_same(reference: str) -> ResponseReturnValue:
    """Nominations like this one, with why; its incident."""
    one = office(reference)
    return _page(one, _duplicates(one), _groups(one))


def _duplicates(one: Nomination) -> DuplicateForm:
    form = DuplicateForm(data={"of": _original(one)})
    alike = [each.line.nomination for each in reads.alike(session(), one)]
    form.of.choices = [
        *((each.reference, f"{each.reference}: {each.title}") for each in alike),
        (NO_DUPLICATE, "It repeats none of them"),
    ]
    return form


def _original(one: Nomination) -> str:
    other = session().get(Nomination, one.duplicate_of_id) if one.duplicate_of_id else None
    return other.reference if other else NO_DUPLICATE


def _groups(one: Nomination) -> GroupForm:
    incident = incident_of(session(), one)
    form = GroupForm(data={"incident": incident.reference if incident else ""})
    form.incident.choices = [
        ("", "None"),
        *(
            (each.reference, f"{each.title}, {day(each.happened_on)} ({each.reference})")
            for each in reads.incidents_near(session(), one)
        ),
    ]
    return form


def _page(one: Nomination, duplicates: DuplicateForm, groups: GroupForm) -> ResponseReturnValue:
    refused = next((form for form in (duplicates, groups) if form.errors or form.form_errors), None)
    page = render_template(
        "pages/authority/recognition/same.html", nomination=one, alike=reads.alike(session(), one),
        duplicates=duplicates, groups=groups, incident=incident_of(session(), one),
        open="group" in {each.act for each in moves_open_to(session(), g.person, one)},
        **({"form": refused} if refused else {}),
    )  # fmt: skip
    return page, 422 if refused else 200


@door.post("/nominations/<reference>/duplicate", endpoint="nomination_duplicate")
@open_to(OFFICER)
def nomination_duplicate(reference: str) -> ResponseReturnValue:
    """Say which nomination it repeats, or that it repeats none."""
    one = office(reference)
    form = _duplicates(one)
    if form.validate_on_submit():
        original = session().exec(select(Nomination).where(Nomination.reference == form.of.data)).first()
        try:
            eligibility.mark_duplicate(session(), one, original, by=g.person)
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            session().commit()
            return done(one, f"It repeats {original.reference}." if original else "It repeats no other nomination.")
    return _page(one, form, _groups(one))


@door.post("/nominations/<reference>/incident", endpoint="nomination_incident")
@open_to(OFFICER)
def nomination_incident(reference: str) -> ResponseReturnValue:
    """Put it beneath an incident, or take it out of one."""
    one = office(reference)
    form = _groups(one)
    if form.validate_on_submit():
        chosen = form.incident.data or ""
        incident = found(reads.incident(session(), chosen)) if chosen else None
        incidents.group(session(), one, incident, by=g.person)
        session().commit()
        return done(one, f"It belongs to: {incident.title}." if incident else "It belongs to no incident.")
    return _page(one, _duplicates(one), form)
