"""A late joiner, a late leaver, a correction: who was in the team stays clear, and why it changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from metstandard.actions.recognition import team
from metstandard.actions.recognition.nominees import Named
from metstandard.common import clock
from metstandard.common.errors import Invalid, NotFound, NotNow
from metstandard.rules.recognition import nominees_of
from tests.factories.nominations import nominated, nominees_by_name, officer_of, recognisers
from tests.factories.programme import Programme

JOINER = Named("Jo Joiner", role="Constable", service="met", from_on=clock.today() - timedelta(days=40))


def test_a_late_leaver_keeps_their_place_with_their_last_day(session: Session, programme: Programme) -> None:
    """Leaving the team is not leaving the nomination."""
    recognisers(programme)
    one = nominated(session, scheme="team")
    tess = nominees_by_name(session, one)["Tess Team"]
    day = clock.today() - timedelta(days=3)
    team.left_team(session, one, tess, by=officer_of(session), until_on=day, reason="She moved to Barnet.")
    assert [(each.name, each.until_on) for each in nominees_of(session, one)] == [
        ("Tess Team", day), ("Tom Team", None),
    ]  # fmt: skip


def test_who_does_not_belong_is_taken_out_and_what_was_is_kept(session: Session, programme: Programme) -> None:
    """The last member stays."""
    recognisers(programme)
    one = nominated(session, scheme="team")
    rows = nominees_by_name(session, one)
    team.take_out(session, one, rows["Tess Team"], by=officer_of(session), reason="She was on leave.")
    assert [each.name for each in nominees_of(session, one)] == ["Tom Team"]
    assert nominees_by_name(session, one)["Tess Team"].left_reason == "She was on leave."
    with pytest.raises(NotFound):
        team.take_out(session, one, rows["Tess Team"], by=officer_of(session), reason="Again.")
    with pytest.raises(NotNow, match="The last member stays"):
        team.take_out(session, one, rows["Tom Team"], by=officer_of(session), reason="He too.")


def test_a_late_joiner_is_checked_and_asked_like_everybody(session: Session, programme: Programme) -> None:
    """A first day is needed, and nobody joins twice."""
    recognisers(programme)
    one = nominated(session, scheme="team")
    with pytest.raises(Invalid, match="Enter the first day in the team"):
        team.join(session, one, Named("Jo Joiner", service="met"), by=officer_of(session), reason="Left out.")
    made = team.join(session, one, JOINER, by=officer_of(session), reason="Left out.")
    assert (made.consent.value, made.service) == ("not_asked", "met")
    with pytest.raises(Invalid, match="Somebody of that name is in the team already"):
        team.join(session, one, JOINER, by=officer_of(session), reason="Left out.")


def test_nobody_joins_an_award_that_was_announced(session: Session, programme: Programme) -> None:
    """Their name would be public before they were asked."""
    recognisers(programme)
    one = nominated(session, scheme="team")
    one.state = "announced"
    session.add(one)
    session.commit()
    with pytest.raises(NotNow, match="nobody joins the team any more"):
        team.join(session, one, JOINER, by=officer_of(session), reason="Left out.")


def test_a_correction_needs_a_reason_and_one_person_is_no_team(session: Session, programme: Programme) -> None:
    """The service of a nominee decides who answers the checks, so it can be put right."""
    recognisers(programme)
    one = nominated(session)
    row = nominees_by_name(session, one)["Olive Officer"]
    named = Named("Olive Officer", role="Sergeant", service="btp")
    with pytest.raises(Invalid, match="Give a reason"):
        team.correct(session, one, row, named, by=officer_of(session), reason=" ")
    team.correct(session, one, row, named, by=officer_of(session), reason="She serves with the railway police.")
    assert (row.role, row.service) == ("Sergeant", "btp")
    with pytest.raises(NotNow, match="Only a team has members"):
        team.join(session, one, JOINER, by=officer_of(session), reason="Left out.")
