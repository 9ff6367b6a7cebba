"""Incidents: the list, one with the nominations beneath it, and what is known of it."""

from __future__ import annotations

from dataclasses import asdict

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from metstandard.actions.recognition import incidents
from metstandard.actions.recognition.incidents import Facts, fingerprint
from metstandard.common import clock
from metstandard.common.errors import Invalid
from metstandard.queries import incidents as reads
from metstandard.queries.nominations import for_office
from metstandard.records.recognition import Hold
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import OFFICER
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form
from metstandard.web.shared.saving import accepted, saved

HOLDS = {
    Hold.SUB_JUDICE.value: "A case before a court",
    Hold.INQUEST.value: "An inquest",
    Hold.CONDUCT.value: "A conduct case",
}


class IncidentForm(Form):
    """What is known of an incident."""

    seen = HiddenField()
    title = StringField("What happened, in a few words", [InputRequired("Enter what happened"), Length(max=160)])
    happened_on = DateParts("Day", [InputRequired("Enter the day")])
    place = StringField("Place", [Optional(), Length(max=160)])
    outside_reference = StringField(
        "Reference elsewhere", [Optional(), Length(max=60)], description="Such as the number of the control room."
    )
    died = BooleanField("Somebody died")
    families_asked_on = DateParts("Day on which the families were asked first", [Optional()])
    everyone_asked_on = DateParts(
        "Day on which everybody who took part had been asked about",
        [Optional()],
        description="Not only those who are named, and in every service.",
    )
    hold = SelectField("Proceedings elsewhere for which all of it waits", [Optional()])

    def facts(self) -> Facts:
        """What was typed, as the action wants it."""
        return Facts(
            title=self.title.data or "", happened_on=self.happened_on.data or clock.today(),
            place=self.place.data or "", outside_reference=self.outside_reference.data or "",
            died=bool(self.died.data), families_asked_on=self.families_asked_on.data,
            everyone_asked_on=self.everyone_asked_on.data, hold=Hold(self.hold.data) if self.hold.data else None,
        )  # fmt: skip


def _form(**data: object) -> IncidentForm:
    form = IncidentForm(data=data)
    form.hold.choices = [("", "None"), *HOLDS.items()]
    return form


@door.get("/incidents", endpoint="incidents")
@open_to(OFFICER)
def incidents_page() -> str:
    """Every incident, newest first."""
    return render_template(
        "pages/authority/recognition/incidents.html", incidents=reads.incidents(session()), holds=HOLDS
    )


@door.route("/incidents/new", methods=["GET", "POST"], endpoint="incident_new")
@open_to(OFFICER)
def incident_new() -> ResponseReturnValue:
    """A new incident; opened from a nomination it takes day and words from there, and takes it in."""
    one = for_office(session(), g.person, request.args.get("nomination", "")[:20])
    form = _form(title=one.title if one else "", happened_on=one.happened_on if one else None)
    if form.validate_on_submit():
        try:
            made = incidents.create_incident(session(), form.facts(), by=g.person)
            if one is not None:
                incidents.group(session(), one, made, by=g.person)
        except Invalid as refused:
            session().rollback()
            form.refuse(refused)
        else:
            return saved("The incident is kept.", "authority.incident", reference=made.reference)
    page = render_template("pages/authority/recognition/incident_new.html", form=form, nomination=one)
    return page, 422 if form.errors or form.form_errors else 200


@door.route("/incidents/<reference>", methods=["GET", "POST"], endpoint="incident")
@open_to(OFFICER)
def incident_page(reference: str) -> ResponseReturnValue:
    """One incident, what is known of it, and the nominations beneath it."""
    one = found(reads.incident(session(), reference))
    known = asdict(Facts.of(one))
    form = _form(**{**known, "hold": one.hold.value if one.hold else "", "seen": fingerprint(one)})
    if accepted(
        form, lambda: incidents.edit_incident(session(), one, form.facts(), by=g.person, seen=form.seen.data or "")
    ):
        return saved("The incident is kept.", "authority.incident", reference=reference)
    page = render_template(
        "pages/authority/recognition/incident.html", form=form, incident=one,
        lines=reads.of_incident(session(), one, g.person), today=clock.today(),
    )  # fmt: skip
    return page, 422 if form.errors or form.form_errors else 200
