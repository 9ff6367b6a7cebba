"""Consent: families first, by the link of a letter or through the programme office, changed until the announcement."""

import re
from typing import Any

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import consent, monitoring
from metstandard.actions.recognition.nominees import Named
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.records.judging import Monitoring
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Consent, Nomination, Nominee
from metstandard.rules.recognition import nominees_of
from tests.factories.judged import judged_to
from tests.factories.nominations import incident, nominated, recognisers
from tests.factories.programme import Programme

RESCUERS = (
    Named("Fay Fallen", role="Firefighter", service="lfb", email="family@example.com", died=True),
    Named("Pat Police", role="Constable", service="met", email="pat@example.com"),
    Named("Ann Ambulance", role="Paramedic", service="las"),
)


def _decided(programme: Programme, **given: Any) -> Nomination:
    return judged_to(programme, nominated(recognisers(programme).session, **given), "decided")


def _asked(session: Session) -> list[str]:
    return [one.address for one in session.exec(select(Letter).where(Letter.name == "consent_asked")).all()]


def _by_name(session: Session, one: Nomination) -> dict[str, Nominee]:
    return {each.name: each for each in nominees_of(session, one)}


def test_a_nominees_link_opens_their_own_answer(programme: Programme, session: Session) -> None:
    one = _decided(programme)
    letter = session.exec(select(Letter).where(Letter.name == "consent_asked")).one()
    found = re.search(r"/consent/(\S+)", letter.text)
    assert found is not None
    assert letter.person_id is None
    opened = consent.nominee_by_link(session, found[1])
    assert opened is not None
    assert (opened[1].key, opened[2].name) == (one.key, "Olive Officer")
    assert consent.nominee_by_link(session, "something else") is None


def test_everybody_answers_and_who_declines_is_left_out(programme: Programme, session: Session) -> None:
    one = _decided(programme, scheme="team")
    tess, tom = nominees_of(session, one)
    consent.answer(session, one, tess, by=None, given=True, anonymous=True)
    assert one.state == "decided"
    consent.answer(session, one, tom, by=None, given=False)
    assert (one.state, tess.anonymous, tom.consent) == ("consented", True, Consent.DECLINED)


def test_nobody_is_recorded_without_a_note_of_how_they_answered(programme: Programme, session: Session) -> None:
    one = _decided(programme)
    nominee = nominees_of(session, one)[0]
    with pytest.raises(Invalid, match="Say how and when they answered"):
        consent.answer(session, one, nominee, by=programme["officer"], given=True)
    session.rollback()
    with pytest.raises(NotYours):
        consent.answer(session, one, nominee, by=programme["press"], given=True, note="He said so.")
    session.rollback()
    consent.answer(session, one, nominee, by=programme["officer"], given=True, note="By telephone, on Monday.")
    assert one.state == "consented"


def test_a_new_letter_ends_the_earlier_link(programme: Programme, session: Session) -> None:
    one = _decided(programme)
    consent.ask_again(session, one, nominees_of(session, one)[0], by=programme["officer"])
    letters = session.exec(select(Letter).where(Letter.name == "consent_asked").order_by(Letter.id)).all()  # type: ignore[arg-type]
    keys = [re.search(r"/consent/(\S+)", each.text)[1] for each in letters]  # type: ignore[index]
    assert [consent.nominee_by_link(session, key) is not None for key in keys] == [False, True]


def test_a_change_during_the_embargo_voids_the_press_check(programme: Programme, session: Session) -> None:
    one = _decided(programme, scheme="team")
    judged_to(programme, one, "embargoed")
    tess, tom = nominees_of(session, one)
    consent.answer(session, one, tess, by=None, given=False)
    assert (one.state, one.press_checked_at, one.embargo_until) == ("embargoed", None, None)
    told = session.exec(select(Letter.address).where(Letter.name == "consent_changed")).all()
    assert sorted(told) == ["officer@example.org", "press@example.org"]
    consent.answer(session, one, tom, by=None, given=False)
    assert one.state == "declined_by_nominee"


def test_after_the_announcement_a_link_changes_nothing(programme: Programme, session: Session) -> None:
    one = judged_to(programme, _decided(programme), "announced")
    with pytest.raises(NotNow):
        consent.answer(session, one, nominees_of(session, one)[0], by=None, given=False)


def test_monitoring_is_asked_once_and_kept_apart_from_the_nominee(programme: Programme, session: Session) -> None:
    one = _decided(programme)
    nominee = nominees_of(session, one)[0]
    with pytest.raises(Invalid, match="Choose one of the answers"):
        monitoring.answer(session, one, nominee, answers={"role": "Astronaut"})
    session.rollback()
    monitoring.answer(session, one, nominee, answers={"role": "Officer", "sex": "", "ethnicity": "Mixed"})
    with pytest.raises(NotNow):
        monitoring.answer(session, one, nominee, answers={"role": "Staff"})
    kept = session.exec(select(Monitoring)).one()
    assert kept.answers == {"role": "Officer", "ethnicity": "Mixed"}
    assert set(Monitoring.model_fields) == {"id", "nomination_id", "answers"}


def test_the_family_of_one_who_died_is_asked_before_anybody_else(programme: Programme, session: Session) -> None:

    shared = incident(recognisers(programme).session, died=True, families_asked_on=clock.today())
    one = _decided(programme, scheme="blue_lights", named=RESCUERS, shared=shared)
    people = _by_name(session, one)
    assert _asked(session) == ["family@example.com"]
    for name in ("Pat Police", "Ann Ambulance"):
        assert people[name].consent is Consent.NOT_ASKED
        with pytest.raises(NotNow, match="Families are asked first"):
            consent.answer(session, one, people[name], by=None, given=True)
        session.rollback()
    consent.answer(session, one, people["Fay Fallen"], by=None, given=True)
    session.commit()
    assert _asked(session) == ["family@example.com", "pat@example.com"]
    assert people["Ann Ambulance"].consent is Consent.ASKED
    with pytest.raises(Invalid, match="No address is known"):
        consent.ask_again(session, one, people["Ann Ambulance"], by=programme["officer"])
