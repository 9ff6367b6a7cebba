"""Presentation events and their guests, the presentation itself, and what becomes of a nomination afterwards (D2)."""

from datetime import datetime

from sqlmodel import Session, col, select

from metstandard.actions import moving
from metstandard.actions.recognition.checks import only_officer
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow
from metstandard.records.accounts import Person
from metstandard.records.judging import Event, Guest
from metstandard.records.recognition import Consent, Nomination, Nominee
from metstandard.rules.recognition import nominees_of

MOST_PLACES = 20
GIVEN = ("announced", "presented", "archived")


def save_event(
    session: Session, *, by: Person, title: str, starts_at: datetime, ends_at: datetime, place: str, words: str = "",
    event: Event | None = None,
) -> Event:  # fmt: skip
    """Make or change a presentation event. Raises NotYours, Invalid naming the field."""
    only_officer(session, by)
    if not title.strip():
        raise Invalid("Enter the title", field="title")
    if not place.strip():
        raise Invalid("Enter the place", field="place")
    if ends_at <= starts_at:
        raise Invalid("The end must be after the start", field="ends")
    made = event or Event(title="", starts_at=starts_at, ends_at=ends_at, place="")
    made.title, made.place, made.words = title.strip(), place.strip(), words.strip()
    made.starts_at, made.ends_at = starts_at, ends_at
    session.add(made)
    session.flush()
    return made


def publish_event(session: Session, event: Event, *, by: Person) -> None:
    """Show an event in public; a second time changes nothing."""
    only_officer(session, by)
    if event.published_at is None:
        event.published_at = clock.now()
        session.add(event)
        session.flush()


def invite(session: Session, event: Event, nomination: Nomination, *, by: Person) -> int:
    """Give every nominee who consented a place at an event; how many are new. Raises NotNow before the announcement."""
    only_officer(session, by)
    if nomination.awarded is not True or nomination.state not in GIVEN:
        raise NotNow("Guests are invited once the award is announced")
    known = set(session.exec(select(Guest.nominee_id).where(Guest.event_id == event.key)).all())
    new = [one for one in nominees_of(session, nomination) if one.consent is Consent.GIVEN and one.key not in known]
    session.add_all([Guest(event_id=event.key, nominee_id=one.key) for one in new])
    session.flush()
    return len(new)


def save_guest(
    session: Session, event: Event, guest: int, *, by: Person, coming: bool | None, family_places: int,
    access_needs: str,
) -> Guest:  # fmt: skip
    """Keep what a guest answered. Raises NotFound for a guest of another event, Invalid for too many places."""
    only_officer(session, by)
    found = session.exec(select(Guest).where(Guest.id == guest, Guest.event_id == event.key)).first()
    if found is None:
        raise NotFound("We could not find that page")
    if not 0 <= family_places <= MOST_PLACES:
        raise Invalid(f"Enter a number of places from 0 to {MOST_PLACES}", field="family_places")
    found.coming, found.family_places, found.access_needs = coming, family_places, access_needs.strip()
    session.add(found)
    session.flush()
    return found


def record_presentation(session: Session, nomination: Nomination, *, by: Person) -> None:
    """The award was presented."""
    moving.move(session, nomination, "record_presentation", by=by)


def archive(session: Session, nomination: Nomination, *, by: Person) -> None:
    """Close an award; what its guests needed at the event is no longer kept."""
    turn = moving.begin(session, nomination, "archive", by=by)
    guests = session.exec(
        select(Guest).join(Nominee, col(Nominee.id) == Guest.nominee_id).where(Nominee.nomination_id == nomination.key)
    ).all()
    for one in guests:
        one.access_needs = ""
        session.add(one)
    turn.finish()
