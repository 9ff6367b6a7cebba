"""Events, their guests with what they need, the presentation, and what is not kept afterwards."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import consent, presenting
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours
from metstandard.queries import events as reads
from metstandard.records.judging import Event, Guest
from metstandard.rules.recognition import nominees_of
from tests.factories.judged import judged_to
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme


def _event(programme: Programme, **given: object) -> Event:
    starts = clock.now() + timedelta(days=30)
    facts = {"title": "Evening", "starts_at": starts, "ends_at": starts + timedelta(hours=2), "place": "Hall", **given}
    return presenting.save_event(programme.session, by=programme["officer"], **facts)  # type: ignore[arg-type]


def test_an_event_is_planned_by_the_programme_office(programme: Programme, session: Session) -> None:
    with pytest.raises(Invalid, match="after the start"):
        _event(programme, ends_at=clock.now())
    event = _event(programme)
    assert event.published_at is None
    with pytest.raises(NotYours):
        presenting.publish_event(session, event, by=programme["press"])
    presenting.publish_event(session, event, by=programme["officer"])
    first = event.published_at
    presenting.publish_event(session, event, by=programme["officer"])
    assert (first is not None, event.published_at) == (True, first)


def test_guests_are_those_who_consented_once_the_award_is_announced(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session, scheme="team"), "decided")
    tess, tom = nominees_of(session, one)
    consent.answer(session, one, tess, by=None, given=True)
    consent.answer(session, one, tom, by=None, given=False)
    judged_to(programme, one, "embargoed")
    event = _event(programme)
    with pytest.raises(NotNow):
        presenting.invite(session, event, one, by=programme["officer"])
    judged_to(programme, one, "announced")
    assert [presenting.invite(session, event, one, by=programme["officer"]) for _ in range(2)] == [1, 0]
    assert [seat.nominee.name for seat in reads.ceremony(session, event)] == ["Tess Team"]


def test_what_a_guest_needs_is_kept_until_the_award_is_archived(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "announced")
    event, other = _event(programme), _event(programme, title="Other")
    presenting.invite(session, event, one, by=programme["officer"])
    guest = session.exec(select(Guest)).one()
    given = {"by": programme["officer"], "coming": True, "access_needs": "A ramp"}
    with pytest.raises(Invalid, match="from 0 to 20"):
        presenting.save_guest(session, event, guest.key, family_places=21, **given)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        presenting.save_guest(session, other, guest.key, family_places=2, **given)  # type: ignore[arg-type]
    presenting.save_guest(session, event, guest.key, family_places=2, **given)  # type: ignore[arg-type]
    line = next(each for each in reads.events(session) if each.event.key == event.key)
    assert (line.guests, line.places, guest.access_needs) == (1, 3, "A ramp")
    judged_to(programme, one, "presented")
    presenting.archive(session, one, by=programme["officer"])
    session.refresh(guest)
    assert (one.state, guest.access_needs, guest.family_places) == ("archived", "", 2)
