"""The programme office takes up, returns, passes on, holds and groups; nothing goes on with something open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from metstandard.actions.recognition import checks, eligibility, incidents, seconding
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotNow, NotYours
from metstandard.records.outbox import Letter
from metstandard.records.recognition import Hold
from tests.factories.nominations import confirmed, incident, nominated, officer_of, recognisers, submitted, taken_up
from tests.factories.programme import Programme


def letters(session: Session, name: str) -> list[str]:
    """To whom a letter is owed."""
    return list(session.exec(select(Letter.address).where(Letter.name == name)).all())


def test_only_the_programme_office_acts(session: Session, programme: Programme) -> None:
    """A key holder and a commander are refused."""
    one = confirmed(session)
    for word in ("authority", "commander"):
        with pytest.raises(NotYours):
            eligibility.take_up(session, one, by=programme[word])
        session.rollback()


def test_what_is_eligible_goes_to_the_checks(session: Session, programme: Programme) -> None:
    """Those who answer them are told."""
    recognisers(programme)
    one = nominated(session)
    assert one.state == "checks"
    assert letters(session, "checks_wanted") == ["standards@example.org", "metsponsor@example.org"]


def test_a_returned_nomination_can_be_changed_and_its_nominator_is_told(session: Session, programme: Programme) -> None:
    """A reason is asked for."""
    one = taken_up(session)
    with pytest.raises(Invalid, match="Give a reason"):
        eligibility.return_nomination(session, one, by=officer_of(session), reason="")
    eligibility.return_nomination(session, one, by=officer_of(session), reason="Please name the bridge.")
    assert (one.state, letters(session, "nomination_returned")) == ("returned", ["nora@example.com"])


def test_another_award_is_one_of_the_files(session: Session, programme: Programme) -> None:
    """An unknown word is refused."""
    one = submitted(session)
    with pytest.raises(Invalid, match="Choose where the nomination goes"):
        eligibility.redirect(session, one, "oscar", by=officer_of(session), reason="It fits better.")
    eligibility.redirect(session, one, "humane", by=officer_of(session), reason="It fits better.")
    assert (one.state, one.redirected_to) == ("redirected", "humane")
    assert letters(session, "nomination_redirected") == ["nora@example.com"]


def test_a_duplicate_does_not_go_on_and_is_never_a_ring(session: Session, programme: Programme) -> None:
    """What repeats another cannot itself be repeated."""
    first, second = taken_up(session), taken_up(session, email="other@example.com")
    eligibility.mark_duplicate(session, second, first, by=officer_of(session))
    with pytest.raises(NotNow, match="repeats another"):
        eligibility.pass_eligibility(session, second, by=officer_of(session))
    for one, of in ((first, first), (first, second)):
        with pytest.raises(Invalid, match="Choose the nomination that this one repeats"):
            eligibility.mark_duplicate(session, one, of, by=officer_of(session))
    eligibility.mark_duplicate(session, second, None, by=officer_of(session))
    eligibility.pass_eligibility(session, second, by=officer_of(session))
    assert second.state == "checks"


def test_what_happened_too_long_ago_when_it_came_is_not_eligible(session: Session, programme: Programme) -> None:
    """The day of arrival counts, not the day of the decision."""
    one = taken_up(session)
    one.happened_on = clock.today() - timedelta(days=800)
    session.add(one)
    session.commit()
    with pytest.raises(NotNow, match="The achievement is too old"):
        eligibility.pass_eligibility(session, one, by=officer_of(session))


def test_a_shared_award_waits_until_everybody_was_asked_about(session: Session, programme: Programme) -> None:
    """Without an incident, and with one whose people were not asked about, it stands."""
    one = taken_up(session, scheme="blue_lights")
    said = "It has not been recorded that everybody who took part was asked about"
    with pytest.raises(NotNow, match=said):
        eligibility.pass_eligibility(session, one, by=officer_of(session))
    session.rollback()
    shared = incident(session, everyone_asked_on=None)
    incidents.group(session, one, shared, by=officer_of(session))
    with pytest.raises(NotNow, match=said):
        eligibility.pass_eligibility(session, one, by=officer_of(session))


def test_a_seconder_replaced_after_it_was_taken_up_must_confirm_too(session: Session, programme: Programme) -> None:
    """A confirmed seconder is not replaced at all."""
    one = taken_up(session)
    with pytest.raises(NotNow, match="The seconder has confirmed this nomination already"):
        seconding.name_seconder(session, one, by=officer_of(session), name="U", email="u@example.com", body="Ealing")


def test_a_hold_ends_only_when_nothing_is_pending(session: Session, programme: Programme) -> None:
    """The incident's own hold stands in the way."""
    recognisers(programme)
    shared = incident(session, hold=Hold.INQUEST)
    one = nominated(session, scheme="blue_lights", shared=shared)
    checks.hold(session, one, by=officer_of(session), reason="An inquest is open.")
    with pytest.raises(NotNow, match="on hold for proceedings elsewhere"):
        checks.release(session, one, by=officer_of(session), reason="It is over.")
    facts = incidents.Facts.of(shared)
    over = incidents.Facts(facts.title, facts.happened_on, everyone_asked_on=facts.everyone_asked_on)
    incidents.edit_incident(session, shared, over, by=officer_of(session), seen=incidents.fingerprint(shared))
    checks.release(session, one, by=officer_of(session), reason="It is over.")
    assert one.state == "checks"
