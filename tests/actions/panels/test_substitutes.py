"""A substitute takes a seat over: by the programme office before the visit, with both keys from then on (PAN-4)."""

from __future__ import annotations

import pytest

from metstandard.actions import evidence, panels, samples, scoring
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours, RuleBroken
from metstandard.records.seats import Interest, Seat
from tests.factories.panel import At, answer, held, letters, profile, standing
from tests.factories.stages import Play, fill_sheet


def replace(play: Play, seat: Seat, by: str, *, substitute: str = "", reason: str = "Ill for weeks.") -> object:
    other = play[substitute] if substitute else None
    return play.act(panels.replace_reviewer, play.review, seat, by=play[by], reason=reason, substitute=other)


def agree(play: Play, seat: Seat, *words: str) -> None:
    for word in words:
        replace(play, seat, word)


@pytest.mark.parametrize("stage", ["scoping", "self_assessment", "evidence_review"])
def test_before_the_visit_the_programme_office_replaces_with_a_reason(at: At, stage: str) -> None:
    play = at(stage)
    replace(play, held(play, "peer"), "officer", substitute="peer2")
    assert standing(play)["peer"] == ("peer2", True, "invited")
    assert (letters(play, "peer1")[-1], letters(play, "peer2")[-1]) == ("seat_withdrawn", "seat_offered")
    answer(play, "peer2")
    assert standing(play)["peer"] == ("peer2", True, "accepted")


def test_a_reason_and_a_substitute_are_given(at: At) -> None:
    play = at("scoping")
    seat = held(play, "private")
    with pytest.raises(Invalid, match=r"Choose the substitute \(PAN-4\)"):
        replace(play, seat, "officer")
    play.session.rollback()
    with pytest.raises(Invalid, match="Give a reason"):
        replace(play, seat, "officer", substitute="company2", reason=" ")
    play.session.rollback()
    assert standing(play)["private"] == ("company1", False, "accepted")


def test_a_substitute_meets_every_rule_too(at: At) -> None:
    play = at("scoping")
    profile(play, "company2").terms_signed_on = None
    play.session.commit()
    with pytest.raises(RuleBroken, match=r"\(REV-4\)"):
        replace(play, held(play, "private"), "officer", substitute="company2")
    play.session.rollback()
    with pytest.raises(RuleBroken, match=r"\(PAN-1\)"):
        replace(play, held(play, "private"), "officer", substitute="council2")
    play.session.rollback()
    assert standing(play)["private"] == ("company1", False, "accepted")


def test_a_warning_about_a_substitute_holds_the_visit_until_it_is_waived(at: At) -> None:
    """B1 holds for whoever comes later, too: a peer of the same business group (COI-6)."""
    play = at("evidence_review")
    replace(play, held(play, "peer"), "officer", substitute="peer3")
    answer(play, "peer3")
    with pytest.raises(NotNow, match="A conflict of interest stands"):
        play.act(evidence.close_evidence_review, play.review, by=play["peer3"])
    play.session.rollback()
    for word, reason in (("officer", "Nobody else is free."), ("authority", ""), ("commissioner", "")):
        play.act(panels.waive_conflict, play.review, person=play["peer3"], rule="COI-6", by=play[word], reason=reason)
    play.act(evidence.close_evidence_review, play.review, by=play["peer3"])
    assert play.review.state == "on_site"


def test_while_the_panel_is_before_the_unit_a_substitute_brings_it_back_to_forming(at: At) -> None:
    """The unit reads every name before the panel is confirmed."""
    play = at("panel_confirming")
    replace(play, held(play, "private"), "officer", substitute="company2")
    assert (play.review.state, play.review.panel_published_at) == ("panel_forming", None)
    answer(play, "company2")
    play.act(panels.publish_panel, play.review, by=play["officer"])
    assert play.review.state == "panel_confirming"


@pytest.mark.parametrize("how", ["declined", "prejudicial"])
def test_a_seat_that_somebody_left_is_filled_again(at: At, how: str) -> None:
    """Nobody scores with fewer seats than the workflow asks for."""
    play = at("evidence_review")
    seat = held(play, "peer")
    if how == "declined":
        play.act(panels.decline_seat, play.review, by=play["peer1"], reason="Ill.")
    else:
        play.act(
            panels.declare_interests, play.review, by=play["peer1"], interest=Interest.PREJUDICIAL, detail="A claim."
        )
    with pytest.raises(NotYours):
        play.act(evidence.close_evidence_review, play.review, by=play["peer1"])
    play.session.rollback()
    replace(play, seat, "officer", substitute="peer2")
    assert standing(play)["peer"] == ("peer2", True, "invited")
    with pytest.raises(NotFound):
        replace(play, seat, "officer", substitute="peer2")


def test_from_the_visit_on_both_keys_agree_first(at: At) -> None:
    play = at("on_site")
    seat = held(play, "private")
    for agreeing in ((), ("authority",)):
        agree(play, seat, *agreeing)
        with pytest.raises(NotNow):
            replace(play, seat, "officer", substitute="company2")
        play.session.rollback()
    agree(play, seat, "commissioner")
    replace(play, seat, "officer", substitute="company2")
    assert standing(play)["private"] == ("company2", False, "invited")


def test_the_keys_agree_about_one_seat_not_about_any(at: At) -> None:
    """PAN-4: agreement to replace the private reviewer does not let the peer be replaced."""
    play = at("on_site")
    agree(play, held(play, "private"), "authority", "commissioner")
    with pytest.raises(NotNow, match="both keys must first agree to replace this reviewer"):
        replace(play, held(play, "peer"), "officer", substitute="peer2")
    play.session.rollback()
    agree(play, held(play, "peer"), "authority", "commissioner")
    replace(play, held(play, "peer"), "officer", substitute="peer2")
    assert standing(play)["peer"] == ("peer2", True, "invited")


def test_one_agreement_serves_one_replacement(at: At) -> None:
    play = at("on_site")
    agree(play, held(play, "private"), "authority", "commissioner")
    replace(play, held(play, "private"), "officer", substitute="company2")
    with pytest.raises(NotNow):
        replace(play, held(play, "private"), "officer", substitute="company3")


def test_a_substitute_during_scoring_takes_a_fresh_sheet(at: At) -> None:
    play = at("scoring")
    seat = held(play, "private")
    fill_sheet(play, "company1")
    agree(play, seat, "authority", "commissioner")
    replace(play, seat, "officer", substitute="company2")
    answer(play, "company2")
    assert standing(play)["private"] == ("company2", False, "accepted")
    with pytest.raises(NotFound, match="You hold no seat on this panel"):
        play.act(scoring.lock_sheet, play.review, by=play["company1"])


def test_after_the_first_locked_sheet_nobody_is_replaced(at: At) -> None:
    """PAN-4: then the review restarts as a linked one."""
    play = at("scoring")
    fill_sheet(play, "peer1")
    play.act(scoring.lock_sheet, play.review, by=play["peer1"])
    agree(play, held(play, "private"), "authority", "commissioner")
    with pytest.raises(NotNow, match="A sheet has been locked: the review must restart as a linked one"):
        replace(play, held(play, "private"), "officer", substitute="company2")
    play.session.rollback()


@pytest.mark.parametrize("locked", [False, True])
def test_nobody_learns_of_a_locked_sheet_by_trying_to_replace_a_reviewer(at: At, locked: bool) -> None:
    """SCO-3: a key alone, both keys and an officer alone hear the same; only what both keys agreed to is refused."""
    play = at("scoring")
    fill_sheet(play, "peer1")
    if locked:
        play.act(scoring.lock_sheet, play.review, by=play["peer1"])
    with pytest.raises(NotNow, match="The other key holder has not agreed"):
        replace(play, held(play, "private"), "officer", substitute="company2")
    play.session.rollback()
    agree(play, held(play, "private"), "authority")
    with pytest.raises(NotNow, match="The other key holder has not agreed"):
        replace(play, held(play, "private"), "officer", substitute="company2")
    play.session.rollback()
    agree(play, held(play, "private"), "commissioner")


def test_a_substitute_on_site_declares_accepts_and_affirms_before_the_visit_ends(at: At) -> None:
    play = at("on_site")
    agree(play, held(play, "private"), "authority", "commissioner")
    replace(play, held(play, "private"), "officer", substitute="company2")
    for word in ("peer1", "council1"):
        play.act(panels.declare_interests, play.review, by=play[word], interest=Interest.NONE, stage="on_site")
    play.to_day(play.review.ends_on)
    play.act(samples.fill_visit, play.review, by=play["peer1"])
    for words in ((), ("company2",)):
        answer(play, *words)
        with pytest.raises(NotNow):
            play.act(evidence.end_visit, play.review, by=play["peer1"])
        play.session.rollback()
    play.act(panels.declare_interests, play.review, by=play["company2"], interest=Interest.NONE, stage="on_site")
    play.act(evidence.end_visit, play.review, by=play["peer1"])
    assert play.review.state == "scoring"


@pytest.mark.parametrize("word", ["commander", "peer1", "member"])
def test_nobody_else_replaces(at: At, word: str) -> None:
    play = at("on_site")
    with pytest.raises(NotYours):
        replace(play, held(play, "private"), word)
