"""The unit may object to a named reviewer for cause; both keys rule with reasons (COI-10)."""

from __future__ import annotations

import pytest
from sqlmodel import select

from metstandard.actions import evidence, panels
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours, RuleBroken
from metstandard.records.accounts import Appointment
from metstandard.records.seats import Objection, Ruling, SeatStatus
from tests.factories.panel import At, acts, answer, held, letters, standing
from tests.factories.stages import Play, played_to


@pytest.fixture
def play(at: At) -> Play:
    """The panel is before the unit."""
    return at("panel_confirming")


def object_to(play: Play, kind: str, cause: str = "A dispute about a building.", by: str = "commander") -> Objection:
    made = play.act(panels.object_to_reviewer, play.review, held(play, kind), by=play[by], cause=cause)
    assert isinstance(made, Objection)
    return made


def rule(play: Play, objection: Objection, by: str, *, upheld: bool, reason: str = "Seen.") -> object:
    return play.act(panels.rule_on_objection, play.review, objection, by=play[by], upheld=upheld, reason=reason)


def test_an_objection_goes_to_both_keys_and_the_programme_office(play: Play) -> None:
    made = object_to(play, "private")
    assert (made.ruling, made.cause) == (Ruling.OPEN, "A dispute about a building.")
    assert [letters(play, word)[-1] for word in ("authority", "commissioner", "officer")] == ["objection_raised"] * 3


def test_an_objection_has_a_cause_and_is_raised_once(play: Play) -> None:
    with pytest.raises(Invalid, match="an objection needs a cause"):
        object_to(play, "private", cause="  ")
    play.session.rollback()
    first = object_to(play, "private")
    assert object_to(play, "private").key == first.key
    with pytest.raises(Invalid, match="You have already objected to this reviewer"):
        object_to(play, "private", cause="And another thing.")


def test_a_unit_objects_twice_at_most(play: Play) -> None:
    object_to(play, "private")
    object_to(play, "peer")
    with pytest.raises(Invalid, match=r"A unit may object 2 times at most \(COI-10\)"):
        object_to(play, "local_authority")


def test_after_five_working_days_it_is_too_late(play: Play) -> None:
    play.later(working_days=5)
    object_to(play, "private")
    play.later(days=1)
    with pytest.raises(NotNow, match="have passed"):
        object_to(play, "peer")


@pytest.mark.parametrize("word", ["author", "officer", "peer1", "authority"])
def test_only_the_commander_objects(play: Play, word: str) -> None:
    with pytest.raises(NotYours):
        object_to(play, "private", by=word)


def test_a_reviewer_of_another_panel_is_not_theirs_to_object_to(play: Play) -> None:
    other = played_to(play.programme, "panel_confirming", unit="ZD")
    theirs = held(other, "private")
    with pytest.raises(NotFound):
        play.act(panels.object_to_reviewer, play.review, theirs, by=play["commander"], cause="Wrong panel.")


def test_refused_by_both_the_reviewer_stays_and_the_panel_can_be_confirmed(play: Play) -> None:
    made = object_to(play, "private")
    assert rule(play, made, "authority", upheld=False) is Ruling.OPEN
    play.later(working_days=6)
    with pytest.raises(NotNow, match="has not been ruled on by both keys"):
        play.act(panels.confirm_panel, play.review, by=None)
    play.session.rollback()
    assert rule(play, made, "commissioner", upheld=False) is Ruling.REFUSED
    play.act(panels.confirm_panel, play.review, by=None)
    assert (play.review.state, sorted(standing(play))) == ("scoping", ["local_authority", "peer", "private"])


def test_upheld_by_both_the_reviewer_leaves_and_the_panel_is_formed_again(play: Play) -> None:
    """What the unit saw is withdrawn from it until the new panel is complete."""
    seat = held(play, "private")
    made = object_to(play, "private")
    rule(play, made, "authority", upheld=True)
    rule(play, made, "commissioner", upheld=True)
    assert (seat.status, seat.reason) == (SeatStatus.UNSEATED, "Objection upheld")
    assert (play.review.state, play.review.panel_published_at) == ("panel_forming", None)
    assert letters(play, "company1")[-1] == "seat_withdrawn"
    assert [letters(play, word)[-1] for word in ("officer", "commander")] == ["objection_upheld"] * 2
    assert acts(play)[-3:] == ["object_to_reviewer", "rule_on_objection", "rule_on_objection"]


def test_keys_that_disagree_leave_it_open_until_one_rules_again(play: Play) -> None:
    made = object_to(play, "private")
    assert rule(play, made, "authority", upheld=True, reason="It is real.") is Ruling.OPEN
    assert rule(play, made, "commissioner", upheld=False, reason="It is old.") is Ruling.OPEN
    assert rule(play, made, "commissioner", upheld=True, reason="I have read the file.") is Ruling.UPHELD
    votes = {one.part: (one.upheld, one.reason) for one in panels.votes_on(play.session, made)}
    assert votes == {"authority_key": (True, "It is real."), "commissioner_key": (True, "I have read the file.")}


def test_a_ruling_has_a_reason_and_stands(play: Play) -> None:
    made = object_to(play, "private")
    with pytest.raises(Invalid, match="Give the reason for your ruling"):
        rule(play, made, "authority", upheld=True, reason=" ")
    play.session.rollback()
    for word in ("authority", "commissioner"):
        rule(play, made, word, upheld=False)
    with pytest.raises(NotNow, match="has been ruled on"):
        rule(play, made, "authority", upheld=True)


def test_one_person_does_not_rule_for_both_parties(play: Play) -> None:
    """Not even after changing sides between the two rulings."""
    made = object_to(play, "private")
    rule(play, made, "authority", upheld=True)
    one = play.session.exec(select(Appointment).where(Appointment.person_id == play["authority"].key)).one()
    one.part = "commissioner_key"
    play.session.commit()
    with pytest.raises(RuleBroken, match="Two keys are turned by two people"):
        rule(play, made, "authority", upheld=True)


@pytest.mark.parametrize("word", ["officer", "member", "commander", "peer1"])
def test_only_keys_rule(play: Play, word: str) -> None:
    made = object_to(play, "private")
    with pytest.raises(NotYours):
        rule(play, made, word, upheld=True)


def test_a_reviewer_who_left_meanwhile_is_not_unseated_twice(play: Play) -> None:
    made = object_to(play, "private")
    play.act(panels.decline_seat, play.review, by=play["company1"], reason="I would rather not.")
    for word in ("authority", "commissioner"):
        rule(play, made, word, upheld=True)
    assert (play.review.state, made.ruling) == ("panel_forming", Ruling.UPHELD)
    assert letters(play, "company1")[-1] != "seat_withdrawn"


def with_substitute(at: At, stage: str = "scoping") -> Play:
    """A substitute has accepted after the panel was confirmed."""
    play = at(stage)
    play.act(
        panels.replace_reviewer, play.review, held(play, "private"), by=play["officer"], reason="Ill.",
        substitute=play["company2"],
    )  # fmt: skip
    answer(play, "company2")
    return play


def test_the_unit_may_object_to_a_substitute_for_five_working_days_too(at: At) -> None:
    """Whoever comes later is a named reviewer as well; the others stand."""
    play = with_substitute(at)
    assert letters(play, "commander")[-1] == "panel_changed"
    with pytest.raises(NotNow, match="have passed"):
        object_to(play, "peer")
    play.session.rollback()
    made = object_to(play, "private")
    rule(play, made, "authority", upheld=True)
    assert rule(play, made, "commissioner", upheld=True) is Ruling.UPHELD
    assert (play.review.state, sorted(standing(play))) == ("scoping", ["local_authority", "peer"])
    assert [letters(play, word)[-1] for word in ("officer", "commander")] == ["objection_upheld"] * 2


def test_after_those_days_the_substitute_stands(at: At) -> None:
    play = with_substitute(at)
    play.later(working_days=5)
    play.later(days=1)
    with pytest.raises(NotNow, match="have passed"):
        object_to(play, "private")


def test_an_open_objection_to_a_substitute_holds_the_visit(at: At) -> None:
    play = with_substitute(at, "evidence_review")
    made = object_to(play, "private")
    with pytest.raises(NotNow, match="has not been ruled on by both keys"):
        play.act(evidence.close_evidence_review, play.review, by=play["peer1"])
    play.session.rollback()
    for word in ("authority", "commissioner"):
        rule(play, made, word, upheld=False)
    play.act(evidence.close_evidence_review, play.review, by=play["peer1"])
    assert play.review.state == "on_site"
