"""Press check, embargo and the announcement by the clock, to the second; thanks to those not chosen."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import announcing
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.common.settings import settings
from metstandard.jobs import recognition as sweeps
from metstandard.records import database
from metstandard.records.outbox import Letter
from metstandard.records.recognition import CheckResult, Nomination, Shown
from metstandard.workflow.machine import NotOpen
from tests.factories.judged import answer_all, decide, judged_to
from tests.factories.nominations import nominated, recognisers
from tests.factories.programme import Programme


def _sweep() -> int:
    engine = database.engine(settings().database)
    try:
        return sweeps.announce(engine, settings(), threading.Event())
    finally:
        engine.dispose()


def _embargoed(programme: Programme, **given: Any) -> Nomination:
    return judged_to(programme, nominated(recognisers(programme).session, **given), "embargoed")


def test_an_embargo_lies_in_the_future_and_follows_the_press_check(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "consented")
    press = programme["press"]
    with pytest.raises(NotOpen, match="The announcement is not checked"):
        announcing.set_embargo(session, one, by=press, until=clock.now() + timedelta(days=1))
    session.rollback()
    announcing.check_announcement(session, one, by=press, words="An award.")
    with pytest.raises(Invalid, match="must be in the future"):
        announcing.set_embargo(session, one, by=press, until=clock.now())
    session.rollback()
    with pytest.raises(NotYours):
        announcing.check_announcement(session, one, by=programme["officer"], words="An award.")


def test_the_clock_announces_at_the_second_and_not_one_before(programme: Programme, session: Session) -> None:
    one = _embargoed(programme)
    later = clock.now() + timedelta(days=9)
    announcing.set_embargo(session, one, by=programme["press"], until=later)
    session.commit()
    with clock.pinned_to(later - timedelta(seconds=1)):
        assert _sweep() == 0
    session.refresh(one)
    assert one.state == "embargoed"
    session.commit()
    with clock.pinned_to(later):
        assert (_sweep(), _sweep()) == (1, 0)
    session.refresh(one)
    assert (one.state, one.state_since) == ("announced", later)


def test_a_check_that_is_clear_no_more_stops_the_announcement(programme: Programme, session: Session) -> None:
    one = _embargoed(programme)
    until = one.embargo_until
    assert until is not None
    answer_all(programme, one, CheckResult.HOLD)
    with clock.pinned_to(until):
        assert _sweep() == 0
    session.refresh(one)
    assert one.state == "embargoed"
    session.commit()
    answer_all(programme, one)
    with clock.pinned_to(until):
        assert _sweep() == 1


def test_nominator_and_nominees_get_their_letters_at_the_announcement(programme: Programme, session: Session) -> None:
    one = _embargoed(programme)
    before = {each.key for each in session.exec(select(Letter)).all()}
    judged_to(programme, one, "announced")
    letters = [each for each in session.exec(select(Letter)).all() if each.key not in before]
    assert sorted((each.name, each.address) for each in letters) == [
        ("award_announced", "officer@example.org"),
        ("award_announced", "press@example.org"),
        ("award_given", "olive@example.com"),
        ("award_news", "nora@example.com"),
    ]
    given = next(each for each in letters if each.name == "award_given")
    assert "It stands on the roll of honour, as you agreed." in given.text


def test_an_award_that_is_not_public_is_not_said_to_be(programme: Programme, session: Session) -> None:
    one = _embargoed(programme)
    one.shown = Shown.UNPUBLISHED
    session.add(one)
    session.commit()
    judged_to(programme, one, "announced")
    given = session.exec(select(Letter).where(Letter.name == "award_given")).one()
    assert "it does not stand on the public roll of honour" in given.text


def test_those_not_chosen_are_thanked_once_with_the_offices_words(programme: Programme, session: Session) -> None:
    one = judged_to(programme, nominated(recognisers(programme).session), "moderated")
    with pytest.raises(NotNow):
        announcing.thank(session, one, by=programme["officer"], feedback="Soon.")
    decide(programme, one, award=False)
    with pytest.raises(NotYours):
        announcing.thank(session, one, by=programme["press"], feedback="No.")
    with pytest.raises(Invalid):
        announcing.thank(session, one, by=programme["officer"], feedback=" ")
    words = "Tell us more about the effect.\nSee http://evil.example/x"
    for _ in range(2):
        announcing.thank(session, one, by=programme["officer"], feedback=words)
    letters = {each.address: each for each in session.exec(select(Letter)).all() if each.name.startswith("nomination_")}
    feedback, thanks = letters["nora@example.com"], letters["olive@example.com"]
    assert (feedback.name, thanks.name) == ("nomination_feedback", "nomination_thanks")
    assert "Tell us more about the effect." in feedback.text
    assert "http://evil.example" not in feedback.text
    sent = select(Letter).where(Letter.name == "nomination_feedback")
    assert len(session.exec(sent).all()) == 1
