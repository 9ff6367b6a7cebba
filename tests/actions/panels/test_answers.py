"""What a reviewer answers: interests before anything else, then the seat; what an interest leads to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from metstandard.actions import commissioning, evidence, panels, samples
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours, RuleBroken
from metstandard.records.journal import JournalLine
from metstandard.records.seats import Declaration, Interest, Seat, SeatStatus
from tests.factories.panel import At, acts, answer, ask, held, letters, standing
from tests.factories.stages import SEATS, Play


@pytest.fixture
def play(at: At) -> Play:
    """One reviewer of each kind is asked and has not answered."""
    made = at("panel_forming")
    for kind, word in SEATS.items():
        ask(made, word, kind, lead=kind == "peer")
    return made


def declare(play: Play, word: str, interest: Interest, detail: str = "", stage: str = "panels") -> None:
    play.act(panels.declare_interests, play.review, by=play[word], interest=interest, detail=detail, stage=stage)


def declarations(play: Play, word: str) -> list[tuple[str, str, str]]:
    query = select(Declaration).where(Declaration.person_id == play[word].key).order_by(col(Declaration.id))
    return [(one.stage, one.interest.value, one.detail) for one in play.session.exec(query).all()]


def test_nobody_accepts_before_declaring(play: Play) -> None:
    """COI-8: a blank is not "nothing to declare"."""
    with pytest.raises(NotNow, match="Declare your interests first"):
        play.act(panels.accept_seat, play.review, by=play["peer1"])
    play.session.rollback()
    answer(play, "peer1")
    assert standing(play)["peer"] == ("peer1", True, "accepted")
    assert declarations(play, "peer1") == [("panels", "none", "")]


def test_declaring_and_accepting_twice_is_once(play: Play) -> None:
    answer(play, "peer1")
    answer(play, "peer1")
    assert acts(play)[3:] == ["declare_interests", "accept_seat"]
    assert declarations(play, "peer1") == [("panels", "none", "")]


@pytest.mark.parametrize("interest", [Interest.PERSONAL, Interest.PREJUDICIAL])
def test_an_interest_is_described(play: Play, interest: Interest) -> None:
    with pytest.raises(Invalid, match=r"Say what the interest is \(COI-8\)"):
        declare(play, "peer1", interest, "  ")


def test_what_is_said_beside_nothing_to_declare_is_not_kept(play: Play) -> None:
    declare(play, "peer1", Interest.NONE, "I once walked past.")
    assert declarations(play, "peer1") == [("panels", "none", "")]


def test_a_personal_interest_may_stay_but_holds_the_panel_until_it_is_waived(play: Play) -> None:
    """COI-9, COI-12: perceived counts as real until both keys waive it with reasons."""
    declare(play, "peer1", Interest.PERSONAL, "My cousin is a dog handler there.")
    play.act(panels.accept_seat, play.review, by=play["peer1"])
    answer(play, "council1", "company1")
    with pytest.raises(NotNow, match="A conflict of interest stands"):
        play.act(panels.publish_panel, play.review, by=play["officer"])
    play.session.rollback()
    for word, reason in (("officer", "A cousin in another section."), ("authority", ""), ("commissioner", "")):
        play.act(panels.waive_conflict, play.review, person=play["peer1"], rule="COI-12", by=play[word], reason=reason)
    play.act(panels.publish_panel, play.review, by=play["officer"])
    assert play.review.state == "panel_confirming"


def test_a_prejudicial_interest_ends_the_seat_at_once_and_for_this_review(play: Play) -> None:
    """COI-7, COI-9: the programme office is told; the one who spoke needs no letter about it."""
    seat = held(play, "peer")
    declare(play, "peer1", Interest.PREJUDICIAL, "My wife commands a team there.")
    assert (seat.status, seat.reason) == (SeatStatus.UNSEATED, "Prejudicial interest")
    assert letters(play, "peer1") == ["seat_offered"]
    assert letters(play, "officer")[-1] == "interest_declared"
    with pytest.raises(NotYours):
        play.act(panels.accept_seat, play.review, by=play["peer1"])
    play.session.rollback()
    with pytest.raises(NotYours):
        declare(play, "peer1", Interest.NONE)
    play.session.rollback()
    with pytest.raises(RuleBroken, match=r"has declared a prejudicial interest in Camden BOCU \(COI-7\)"):
        ask(play, "peer1", "peer", lead=True)


def test_who_was_unseated_and_is_asked_again_declares_again(play: Play) -> None:
    """COI-8: a declaration is for the seat that was offered."""
    answer(play, "peer1")
    play.act(panels.unseat, play.review, held(play, "peer"), by=play["officer"], reason="A mistake.")
    ask(play, "peer1", "peer", lead=True)
    declare(play, "peer1", Interest.NONE)
    assert declarations(play, "peer1") == [("panels", "none", "")] * 2


def test_declining_needs_a_reason_and_tells_the_programme_office(play: Play) -> None:
    with pytest.raises(Invalid, match="Give a reason"):
        play.act(panels.decline_seat, play.review, by=play["peer1"], reason=" ")
    play.session.rollback()
    seat = held(play, "peer")
    play.act(panels.decline_seat, play.review, by=play["peer1"], reason="On leave in May.")
    assert (seat.status, seat.reason, "peer" in standing(play)) == (SeatStatus.DECLINED, "On leave in May.", False)
    assert letters(play, "officer")[-1] == "seat_declined"
    ask(play, "peer2", "peer", lead=True)
    assert standing(play)["peer"] == ("peer2", True, "invited")


def test_a_seat_can_be_given_up_after_it_was_accepted(play: Play) -> None:
    answer(play, "peer1")
    play.act(panels.decline_seat, play.review, by=play["peer1"], reason="Promoted elsewhere.")
    assert sorted(standing(play)) == ["local_authority", "private"]


@pytest.mark.parametrize("word", ["peer2", "commander", "officer"])
def test_only_who_is_asked_answers(play: Play, word: str) -> None:
    for act, more in ((panels.accept_seat, {}), (panels.decline_seat, {"reason": "No."})):
        with pytest.raises(NotYours):
            play.act(act, play.review, by=play[word], **more)
        play.session.rollback()


def test_the_declaration_is_affirmed_again_on_the_first_day_on_site_not_before(at: At) -> None:
    """COI-8: the evidence may be read days before the visit begins."""
    play = at("evidence_review")
    play.act(evidence.close_evidence_review, play.review, by=play["peer1"])
    assert play.review.state == "on_site"
    with pytest.raises(NotNow, match="re-affirmed on the first day on site"):
        declare(play, "peer1", Interest.NONE, stage="on_site")
    play.session.rollback()
    with pytest.raises(NotNow, match="no declaration to make for that stage"):
        declare(play, "peer1", Interest.NONE, stage="consensus")
    play.session.rollback()
    play.to_day(play.review.starts_on)
    declare(play, "peer1", Interest.NONE, stage="on_site")
    assert declarations(play, "peer1") == [
        ("panels", "none", ""), ("confirmation", "none", ""), ("on_site", "none", ""),
    ]  # fmt: skip


def test_the_panel_is_confirmed_only_once_all_three_have_affirmed_their_declarations(at: At) -> None:
    """COI-8: before the unit there is nothing to affirm, and what was said for an earlier panel does not count."""
    play = at("panel_forming")
    for kind, word in SEATS.items():
        ask(play, word, kind, lead=kind == "peer")
    answer(play, *SEATS.values())
    with pytest.raises(NotNow, match="no declaration to make for that stage"):
        declare(play, "peer1", Interest.NONE, stage="confirmation")
    play.session.rollback()
    play.act(panels.publish_panel, play.review, by=play["officer"])
    for word in ("peer1", "council1"):
        declare(play, word, Interest.NONE, stage="confirmation")
    play.later(working_days=6)
    with pytest.raises(NotNow, match="re-affirm the declaration of interests once the panel is before the unit"):
        play.act(panels.confirm_panel, play.review, by=None)
    play.session.rollback()
    declare(play, "company1", Interest.NONE, stage="confirmation")
    play.act(panels.confirm_panel, play.review, by=None)
    assert play.review.state == "scoping"


def test_the_visit_does_not_end_before_every_reviewer_has_affirmed(at: At) -> None:
    """COI-8 on site, by everybody."""
    play = at("on_site")
    for word in ("peer1", "council1"):
        declare(play, word, Interest.NONE, stage="on_site")
    play.to_day(play.review.ends_on)
    play.act(samples.fill_visit, play.review, by=play["peer1"])
    with pytest.raises(NotNow) as found:
        play.act(evidence.end_visit, play.review, by=play["peer1"])
    assert "re-affirm the declaration of interests on the first day on site" in str(found.value)


def test_an_interest_found_on_site_ends_the_seat_there(at: At) -> None:
    play = at("on_site")
    declare(play, "company1", Interest.PREJUDICIAL, "They have offered me a post.", stage="on_site")
    assert sorted(standing(play)) == ["local_authority", "peer"]
    line = play.session.exec(select(JournalLine).order_by(col(JournalLine.id).desc())).first()
    assert line is not None
    assert (line.act, line.data) == ("declare_interests", {"stage": "on_site", "interest": "prejudicial"})


def test_moderators_and_key_holders_declare_for_their_own_stage(at: At) -> None:
    """COI-9: the same two grades; there is no seat to end."""
    play = at("panel_forming")
    declare(play, "member", Interest.PERSONAL, "A neighbour.")
    declare(play, "authority", Interest.PREJUDICIAL, "My daughter.", stage="panels")
    assert declarations(play, "member") == [("moderation", "personal", "A neighbour.")]
    assert declarations(play, "authority") == [("decision", "prejudicial", "My daughter.")]
    assert letters(play, "officer")[-2:] == ["interest_declared"] * 2
    with pytest.raises(NotYours):
        declare(play, "commander", Interest.NONE)


def test_nothing_is_declared_while_the_review_is_paused(play: Play) -> None:
    play.act(commissioning.pause, play.review, by=play["officer"], reason="A major incident.")
    with pytest.raises(NotNow, match="paused"):
        declare(play, "peer1", Interest.NONE)


def test_one_s_own_seat_is_found_only_while_it_is_held(play: Play) -> None:
    assert panels.own_seat(play.session, play.review, play["peer1"], accepted=False).kind == "peer"
    with pytest.raises(NotNow, match="Accept your seat first"):
        panels.own_seat(play.session, play.review, play["peer1"])
    with pytest.raises(NotFound):
        panels.own_seat(play.session, play.review, play["peer2"])


def test_a_declaration_made_the_same_minute_as_the_offer_counts(play: Play) -> None:
    """The edge of "since asked"."""
    seat = play.session.exec(select(Seat).where(Seat.person_id == play["peer1"].key)).one()
    declare(play, "peer1", Interest.NONE)
    seat.invited_at = play.now
    play.session.commit()
    play.now -= timedelta(minutes=1)
    declare(play, "peer1", Interest.NONE)
    assert declarations(play, "peer1") == [("panels", "none", "")]
