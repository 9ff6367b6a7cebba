"""Proposing, commissioning with two keys, pausing and cancelling: the way, and every refusal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from metstandard.actions import commissioning
from metstandard.actions.moving import timers_of
from metstandard.common import clock
from metstandard.common.errors import Invalid, MetStandardError, NotNow, NotYours, RuleBroken
from metstandard.queries.changes import since_looked
from metstandard.queries.timeline import timeline
from metstandard.records.reviews import Origin, Review
from metstandard.rules.content import digest
from metstandard.rules.signatures import counting
from tests.factories.programme import Programme
from tests.factories.stages import Play, played_to

KEYS = ("authority", "commissioner")


def propose(programme: Programme, **chosen: object) -> Review:
    """A proposal as early as it may be."""
    named = {
        "unit": programme.unit("EK"), "committee": programme.committee(), "by": programme["officer"],
        "starts_on": clock.today() + timedelta(days=80), "scope": "All of it.",
    } | chosen  # fmt: skip
    return commissioning.propose(programme.session, **named)  # type: ignore[arg-type]


def turn(play: Play, key: str, seen: str = "") -> None:
    """One key, on what now stands unless `seen` says otherwise."""
    seen = seen or digest(play.session, play.review, "commissioning")
    play.act(commissioning.turn_key, play.review, by=play[key], seen=seen)


def edit(play: Play, **changed: object) -> None:
    """The proposal with something changed."""
    one = play.review
    named = {
        "scope": one.scope, "committee": play.programme.committee(), "starts_on": one.starts_on, "origin": one.origin,
        "link_member": play["link"],
    } | changed  # fmt: skip
    play.act(commissioning.edit_proposal, one, by=play["officer"], **named)


def test_a_proposal_is_numbered_within_its_year_and_waits_for_the_programme_office(programme: Programme) -> None:
    made = [propose(programme), propose(programme, unit=programme.unit("SX"))]
    year = clock.today().year
    assert [(one.reference, one.state) for one in made] == [
        (f"MSR-{year}-0001", "proposed"), (f"MSR-{year}-0002", "proposed"),
    ]  # fmt: skip
    assert (made[0].ends_on - made[0].starts_on).days == 4


@pytest.mark.parametrize("word", ["authority", "commissioner", "administrator", "member", "commander", "peer1", "link"])
def test_only_a_programme_officer_proposes(programme: Programme, word: str) -> None:
    with pytest.raises(NotYours, match="Only a programme officer"):
        propose(programme, by=programme[word])


def test_a_first_day_too_near_is_refused_and_the_earliest_is_named(programme: Programme) -> None:
    earliest = clock.today() + timedelta(days=80)
    with pytest.raises(Invalid) as refused:
        propose(programme, starts_on=earliest - timedelta(days=1))
    assert (refused.value.field, refused.value.rule) == ("starts_on", "A5")
    assert f"{earliest.day} {earliest:%B %Y}" in str(refused.value)


def test_a_unit_under_review_is_not_proposed_again(programme: Programme) -> None:
    first = propose(programme)
    with pytest.raises(Invalid, match=f"already under review .{first.reference}.") as refused:
        propose(programme)
    assert refused.value.field == "unit"


def test_only_an_appointed_link_member_is_linked(programme: Programme) -> None:
    with pytest.raises(Invalid, match="is not appointed as a link member") as refused:
        propose(programme, link_member=programme["press"])
    assert refused.value.field == "link_member"


def test_without_a_scope_it_is_not_sent(programme: Programme) -> None:
    made = propose(programme, scope="  ")
    with pytest.raises(NotNow, match="scope"):
        commissioning.send_for_commission(programme.session, made, by=programme["officer"])


def test_both_keys_turned_on_the_same_content_commission_the_review(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    turn(play, "authority")
    assert play.review.state == "commissioning"
    turn(play, "commissioner")
    assert play.review.state == "panel_forming"


def test_one_person_never_turns_both_keys(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    programme.appoint("authority", "commissioner_key")
    turn(play, "authority")
    turn(play, "authority")
    assert [one.part for one in counting(play.session, play.review, "commissioning")] == ["authority_key"]
    assert play.review.state == "commissioning"


def test_turning_a_key_twice_leaves_one_signature(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    turn(play, "authority")
    turn(play, "authority")
    assert len(counting(play.session, play.review, "commissioning")) == 1


def test_a_key_over_what_has_changed_since_is_refused(programme: Programme) -> None:
    play = played_to(programme, "proposed")
    seen = digest(play.session, play.review, "commissioning")
    edit(play, scope="Another scope.")
    play.act(commissioning.send_for_commission, play.review, by=play["officer"])
    with pytest.raises(Invalid, match="has changed since this page was opened"):
        turn(play, "authority", seen)
    play.session.rollback()
    assert counting(play.session, play.review, "commissioning") == []


@pytest.mark.parametrize("word", ["officer", "member", "commander", "link", "administrator"])
def test_nobody_without_a_key_turns_one(programme: Programme, word: str) -> None:
    play = played_to(programme, "commissioning")
    with pytest.raises(NotYours):
        turn(play, word)


def test_a_return_with_reasons_voids_the_key_that_was_turned(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    turn(play, "authority")
    play.act(commissioning.return_with_reasons, play.review, by=play["commissioner"], reason="Too wide a scope.")
    assert play.review.state == "proposed"
    play.act(commissioning.send_for_commission, play.review, by=play["officer"])
    assert counting(play.session, play.review, "commissioning") == []
    turn(play, "commissioner")
    assert play.review.state == "commissioning"


def test_a_return_gives_its_reasons(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    with pytest.raises(Invalid, match="Give a reason"):
        play.act(commissioning.return_with_reasons, play.review, by=play["authority"], reason="  ")
    play.session.rollback()
    assert play.review.state == "commissioning"


def test_a_signatory_sees_what_was_changed_since_the_last_act(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    assert since_looked(play.session, play.review, play["authority"]) is None
    turn(play, "authority")
    play.act(commissioning.return_with_reasons, play.review, by=play["commissioner"], reason="Too wide.")
    edit(play, scope="Narrower.", origin=Origin.UNDER_WAY)
    play.act(commissioning.send_for_commission, play.review, by=play["officer"])
    seen = since_looked(play.session, play.review, play["authority"])
    assert [one.what for one in seen or []] == [
        "Returned with reasons", "Proposal changed: scope and new or under way", "Sent to both keys for commission",
    ]  # fmt: skip


def test_an_edit_is_held_to_the_same_rules_as_a_proposal(programme: Programme) -> None:
    play = played_to(programme, "proposed")
    refusals: list[tuple[dict[str, object], str]] = [
        ({"starts_on": clock.local_date(play.now) + timedelta(days=79)}, "starts_on"),
        ({"link_member": play["press"]}, "link_member"),
    ]
    for changed, field in refusals:
        with pytest.raises(Invalid) as refused:
            edit(play, **changed)
        play.session.rollback()
        assert refused.value.field == field


def test_a_pause_stops_everything_and_moves_the_due_dates_by_its_days(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    before = dues(play)
    play.act(commissioning.pause, play.review, by=play["officer"], reason="Major incident.")
    with pytest.raises(NotNow, match="paused"):
        turn(play, "authority")
    play.session.rollback()
    play.later(days=9)
    play.act(commissioning.resume, play.review, by=play["officer"])
    assert dues(play) == [day + timedelta(days=9) for day in before]
    turn(play, "authority")


def dues(play: Play) -> list[date]:
    """Every due date that a review has."""
    found = [one.due_on for one in timers_of(play.session, play.review)]
    assert play.review.due_on is not None
    return [play.review.due_on, *found]


@pytest.mark.parametrize("word", ["authority", "commander", "member"])
def test_only_a_programme_officer_pauses_and_resumes(programme: Programme, word: str) -> None:
    play = played_to(programme, "commissioning")
    with pytest.raises(NotYours):
        play.act(commissioning.pause, play.review, by=play[word], reason="Because.")
    play.session.rollback()
    play.act(commissioning.pause, play.review, by=play["officer"], reason="Because.")
    with pytest.raises(NotYours):
        play.act(commissioning.resume, play.review, by=play[word])


def test_a_pause_gives_its_reason_and_only_what_is_paused_resumes(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    refused: list[tuple[object, dict[str, str]]] = [(commissioning.pause, {"reason": ""}), (commissioning.resume, {})]
    for act, more in refused:
        with pytest.raises(MetStandardError):
            play.act(act, play.review, by=play["officer"], **more)  # type: ignore[arg-type]
        play.session.rollback()
    assert play.review.paused is False


def test_a_cancellation_needs_both_keys_and_then_the_programme_office(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    for word in (*KEYS, "officer"):
        if word == "officer":
            continue
        with pytest.raises(NotNow, match="has not agreed"):
            play.act(commissioning.cancel, play.review, by=play["officer"], reason="Merged.")
        play.session.rollback()
        play.act(commissioning.cancel, play.review, by=play[word], reason="The unit is merged.")
    assert play.review.state == "commissioning"
    play.act(commissioning.cancel, play.review, by=play["officer"], reason="The unit is merged.")
    assert play.review.state == "cancelled"


def test_one_person_with_two_parties_keys_does_not_cancel_alone(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    programme.appoint("authority", "commissioner_key")
    for _ in range(2):
        play.act(commissioning.cancel, play.review, by=play["authority"], reason="Mine.")
    with pytest.raises(NotNow):
        play.act(commissioning.cancel, play.review, by=play["officer"], reason="Now?")


def test_a_paused_review_can_be_cancelled(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    play.act(commissioning.pause, play.review, by=play["officer"], reason="Purdah.")
    for word in KEYS:
        play.act(commissioning.cancel, play.review, by=play[word], reason="It will not go on.")
    play.act(commissioning.cancel, play.review, by=play["officer"], reason="It will not go on.")
    assert play.review.state == "cancelled"


def test_one_keys_consent_to_cancel_is_not_the_units_to_read_before_it_happens(
    session: Session, programme: Programme
) -> None:
    play = played_to(programme, "commissioning")
    play.act(commissioning.cancel, play.review, by=play["authority"], reason="CANARY")
    assert "CANARY" in [one.note for one in timeline(session, play.review, play["officer"])]
    assert "Cancellation" not in [one.what for one in timeline(session, play.review, play["commander"])]


def test_two_keys_of_one_party_are_not_enough(programme: Programme) -> None:
    programme.add("chair", "Chair of the Authority")
    programme.appoint("chair", "authority_principal")
    play = played_to(programme, "commissioning")
    turn(play, "authority")
    with pytest.raises((NotYours, RuleBroken)):
        turn(play, "chair")
    play.session.rollback()
    assert play.review.state == "commissioning"
