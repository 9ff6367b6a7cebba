"""Presentation events: planned, shown in public, with their guests, who comes along and what they need."""

from __future__ import annotations

from datetime import datetime

from flask import Response, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp

from metstandard.actions.recognition import presenting
from metstandard.common import clock, words
from metstandard.common.errors import Invalid
from metstandard.documents import sheet
from metstandard.documents.sheet import Sheet
from metstandard.documents.store import kept
from metstandard.queries import events as reads
from metstandard.queries.judging import by_reference
from metstandard.records.judging import Event
from metstandard.web.authority.door import door
from metstandard.web.authority.recognition.viewing import OFFICER
from metstandard.web.shared.access import found, open_to
from metstandard.web.shared.database import session
from metstandard.web.shared.fields import DateParts
from metstandard.web.shared.forms import Form
from metstandard.web.shared.papers import pdf_file
from metstandard.web.shared.saving import saved

_TIME = Regexp(r"^([01]?\d|2[0-3]):[0-5]\d$", message="Enter a time such as 18:30")
COMING = {"": "Not answered", "yes": "Comes", "no": "Does not come"}
ANSWERS = {None: COMING[""], True: COMING["yes"], False: COMING["no"]}


class EventForm(Form):
    """What an event is, when and where."""

    title = StringField("Title", [InputRequired("Enter the title")])
    day = DateParts("Day", [InputRequired("Enter the day")])
    starts = StringField("Starts at", [InputRequired("Enter the time"), _TIME], description="Such as 18:30")
    ends = StringField("Ends at", [InputRequired("Enter the time"), _TIME], description="Such as 20:00")
    place = StringField("Place", [InputRequired("Enter the place")])
    words = TextAreaField("Words for the public", [Optional()])

    def moment(self, time: str) -> datetime:
        """A time of the event's day."""
        hour, minute = time.split(":")
        return clock.at_local(self.day.data, int(hour), int(minute))  # type: ignore[arg-type]  # required above


class InviteForm(Form):
    """Which award's nominees are asked."""

    nomination = SelectField("Award", [InputRequired("Choose the award")], validate_choice=False)


class GuestForm(Form):
    """What a guest answered."""

    coming = RadioField("Comes", [Optional()], choices=COMING)
    family_places = IntegerField(
        "Places for family", [InputRequired("Enter a number, 0 for none"), NumberRange(0, presenting.MOST_PLACES)]
    )
    access_needs = TextAreaField("Access needs", [Optional()], description="Kept until the award is archived.")


@door.get("/events", endpoint="events")
@open_to(OFFICER)
def event_list() -> str:
    """Every presentation event."""
    return render_template("pages/authority/recognition/events.html", lines=reads.events(session()))


@door.route("/events/new", methods=["GET", "POST"])
@open_to(OFFICER)
def event_new() -> ResponseReturnValue:
    """Plan an event."""
    return _edit(None)


@door.route("/events/<int:number>/edit", methods=["GET", "POST"])
@open_to(OFFICER)
def event_edit(number: int) -> ResponseReturnValue:
    """Change an event."""
    return _edit(found(reads.event(session(), number)))


def _edit(event: Event | None) -> ResponseReturnValue:
    given = {}
    if event is not None:
        starts, ends = clock.local(event.starts_at), clock.local(event.ends_at)
        given = {
            "title": event.title, "day": starts.date(), "starts": f"{starts:%H:%M}", "ends": f"{ends:%H:%M}",
            "place": event.place, "words": event.words,
        }  # fmt: skip
    form = EventForm(data=given)
    if form.validate_on_submit():
        try:
            made = presenting.save_event(
                session(), by=g.person, title=form.title.data or "", starts_at=form.moment(form.starts.data or ""),
                ends_at=form.moment(form.ends.data or ""), place=form.place.data or "", words=form.words.data or "",
                event=event,
            )  # fmt: skip
        except Invalid as wrong:
            session().rollback()
            form.refuse(wrong)
        else:
            session().commit()
            flash("The event is saved.", "success")
            return redirect(url_for("authority.event", number=made.key), code=303)
    page = render_template("pages/authority/recognition/event_edit.html", form=form, event=event)
    return (page, 422) if form.errors else page


@door.get("/events/<int:number>", endpoint="event")
@open_to(OFFICER)
def event_page(number: int) -> ResponseReturnValue:
    """One event with its ceremony list."""
    return _page(found(reads.event(session(), number)))


@door.get("/events/<int:number>/ceremony.pdf")
@open_to(OFFICER)
def ceremony_pdf(number: int) -> Response:
    """The ceremony list on paper: guests by award, with family places and access needs."""
    event = found(reads.event(session(), number))
    guests = reads.ceremony(session(), event)
    places = sum(1 + one.guest.family_places for one in guests if one.guest.coming is not False)
    made = Sheet(
        title=f"Ceremony list: {event.title}",
        dated=clock.today(),
        facts=(
            ("When", f"{words.moment(event.starts_at)} to {words.time(event.ends_at)}"),
            ("Where", event.place),
            ("Places kept", words.count(places, "place")),
        ),
        columns=("Guest", "Award", "Answer", "Family places", "Access needs"),
        rows=[
            (_guest(one), f"{one.award.title} {one.nomination.title}", ANSWERS[one.guest.coming],
             str(one.guest.family_places), one.guest.access_needs)
            for one in guests
        ],
        none="Nobody is asked yet.",
        marking="OFFICIAL-SENSITIVE",
    )  # fmt: skip
    return pdf_file(kept(sheet.html(made)), f"ceremony-{event.starts_at:%Y-%m-%d}")


def _guest(one: reads.Seated) -> str:
    return ("Family of " if one.nominee.died else "") + one.nominee.name


def _page(event: Event, refused: InviteForm | None = None) -> ResponseReturnValue:
    invite = refused or InviteForm(formdata=None)
    invite.nomination.choices = [
        (one.reference, f"{award.title} {one.title}") for one, award in reads.to_invite(session(), event)
    ]
    page = render_template(
        "pages/authority/recognition/event.html", event=event, guests=reads.ceremony(session(), event),
        invite_form=invite, form=refused, coming=ANSWERS,
        marking="OFFICIAL-SENSITIVE",
    )  # fmt: skip
    return (page, 422) if refused is not None else page


@door.post("/events/<int:number>/publish")
@open_to(OFFICER)
def publish_event(number: int) -> ResponseReturnValue:
    """Show the event in public."""
    presenting.publish_event(session(), found(reads.event(session(), number)), by=g.person)
    return _back(number, "The event is public.")


@door.post("/events/<int:number>/invite")
@open_to(OFFICER)
def invite_guests(number: int) -> ResponseReturnValue:
    """Ask the nominees of an award who consented."""
    event, form = found(reads.event(session(), number)), InviteForm()
    if form.validate_on_submit():
        nomination = found(by_reference(session(), form.nomination.data or ""))
        presenting.invite(session(), event, nomination, by=g.person)
        return _back(number, "The nominees are on the list.")
    return _page(event, form)


@door.route("/events/<int:number>/guests/<int:guest>", methods=["GET", "POST"])
@open_to(OFFICER)
def event_guest(number: int, guest: int) -> ResponseReturnValue:
    """What one guest answered."""
    event = found(reads.event(session(), number))
    seat = found(next((one for one in reads.ceremony(session(), event) if one.guest.key == guest), None))
    said = {None: "", True: "yes", False: "no"}[seat.guest.coming]
    form = GuestForm(
        data={"coming": said, "family_places": seat.guest.family_places, "access_needs": seat.guest.access_needs}
    )
    if form.validate_on_submit():
        presenting.save_guest(
            session(), event, guest, by=g.person, coming={"yes": True, "no": False}.get(form.coming.data or ""),
            family_places=form.family_places.data or 0, access_needs=form.access_needs.data or "",
        )  # fmt: skip
        return _back(number, "The answer is saved.")
    page = render_template(
        "pages/authority/recognition/guest.html", event=event, seat=seat, form=form, marking="OFFICIAL-SENSITIVE"
    )
    return (page, 422) if form.errors else page


def _back(number: int, said: str) -> ResponseReturnValue:
    return saved(said, "authority.event", number=number)
