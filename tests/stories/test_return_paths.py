"""What happens when a review does not go straight on: every way back, through the pages of those who take it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from metstandard.actions import consensus, panels, scoring, signoff
from metstandard.common.errors import NotNow
from metstandard.records.certificates import Certificate
from metstandard.records.sheets import AgreedLevel, Finding, Mark, Paragraph
from metstandard.rubric.shapes import Outcome
from metstandard.rules.content import digest
from metstandard.rules.editions import rubric_of
from metstandard.rules.signatures import counting
from tests.factories.kept import DIFFERENT
from tests.factories.panel import answer, held, standing
from tests.factories.stages import SEATS, Play, decision, factual_accuracy, fill_sheet, moderation_
from tests.factories.story import story_at

# The panel


def test_a_reviewer_gives_the_seat_up_with_a_reason_and_a_substitute_takes_it(data: Path) -> None:
    """Before the visit the programme office seats another, who declares, accepts, and leads on."""
    with story_at(data, "scoping") as story:
        play, seat = story.play, held(story.play, "peer")
        story.press("peer1", story.of("reviewers", "seat"), "Give the seat up", reason="My mother is ill.")
        story.page("peer1", story.of("reviewers", "evidence"), status=403)
        assert "My mother is ill." in story.page("officer", story.of("authority", "panel"))
        prefix = f"substitute{seat.key}"
        typed: dict[str, Any] = {f"{prefix}-substitute": play["peer2"].key, f"{prefix}-reason": "The first reserve."}
        story.fill_in("officer", story.of("authority", "panel"), **typed)
        story.press("peer2", story.of("reviewers", "declaration"), "Declare", interest="none")
        story.press("peer2", story.of("reviewers", "seat"), "Accept the seat")
        assert standing(play)["peer"] == ("peer2", True, "accepted")
        story.press("peer2", story.of("reviewers", "scope"), "Agree this scope", first="Night-time economy")
        story.press("commander", story.of("units", "scope"), "Agree the scope")
        assert story.state == "self_assessment"


def test_a_reviewer_lost_on_site_is_replaced_once_both_keys_agree(data: Path) -> None:
    """PAN-4: one key is not enough; the substitute affirms on site like everybody."""
    with story_at(data, "on_site") as story:
        play, seat = story.play, held(story.play, "private")
        prefix = f"substitute{seat.key}"
        typed: dict[str, Any] = {f"{prefix}-substitute": play["company2"].key, f"{prefix}-reason": "In hospital."}
        for key in ("authority", "commissioner"):
            with pytest.raises(NotNow, match="has not agreed"):
                play.act(
                    panels.replace_reviewer, play.review, seat, by=play["officer"], reason="In hospital.",
                    substitute=play["company2"],
                )  # fmt: skip
            play.session.rollback()
            agreed: dict[str, Any] = {f"key{seat.key}-reason": "An accident."}
            story.fill_in(key, story.of("authority", "panel"), **agreed)
        story.fill_in("officer", story.of("authority", "panel?seat=private"), **typed)
        answer(play, "company2")
        for word in ("peer1", "council1", "company2"):
            story.press(word, story.of("reviewers", "declaration"), "Declare", interest="none")
        assert standing(play)["private"] == ("company2", False, "accepted")
        story.page("company1", story.of("reviewers", "evidence"), status=403)


def test_after_the_first_locked_sheet_nobody_is_replaced(data: Path) -> None:
    """PAN-4: both keys may agree, but the panel stays, and the refusal names the rule."""
    with story_at(data, "scoring") as story:
        play = story.play
        number = held(play, "private").key
        fill_sheet(play, "peer1")
        play.act(scoring.lock_sheet, play.review, by=play["peer1"])
        before = standing(play)
        panel = story.of("authority", "panel")
        agreed: dict[str, Any] = {f"key{number}-reason": "An accident."}
        for key in ("authority", "commissioner"):
            assert "the review must restart" not in story.fill_in(key, panel, **agreed)
        typed: dict[str, Any] = {
            f"substitute{number}-substitute": str(play["company2"].key), f"substitute{number}-reason": "An accident.",
        }  # fmt: skip
        said = story.fill_in("officer", f"{panel}?seat=private", status=409, **typed)
        assert "the review must restart as a linked one" in said
        assert standing(play) == before


# Judgement


def agree_all(play: Play, *, but: str = "") -> None:
    """The panel agrees a 3 everywhere, with what SCO-4 asks for, but not on one criterion."""
    for code in rubric_of(play.session, play.review).criteria:
        if code != but:
            play.act(
                consensus.agree_level, play.review, by=play["peer1"], criterion=code, level="3", revision=0,
                rationale=f"We agree on {code}.", discussion="We talked it through." if code in DIFFERENT else "",
                new_evidence="The night shift's log." if code in DIFFERENT else "",
            )  # fmt: skip


def test_not_enough_evidence_left_unresolved_keeps_the_consensus_open(data: Path) -> None:
    """SCO-1: 1.3, which all three marked NE, is named, and nobody can sign before it is cleared."""
    with story_at(data, "apart") as story:
        play = story.play
        agree_all(play, but="1.3")
        assert "1.3" in story.page("peer1", story.of("reviewers", "consensus/sign"))
        seen = digest(play.session, play.review, "consensus")
        with pytest.raises(NotNow, match="“not enough evidence” must be cleared"):
            play.act(consensus.sign_consensus, play.review, by=play["peer1"], seen=seen)
        play.session.rollback()
        assert story.state == "consensus"
        play.act(
            consensus.agree_level, play.review, by=play["peer1"], criterion="1.3", level="0", revision=0,
            rationale="Nobody could show it.", discussion="All three looked.",
        )  # fmt: skip
        for word in SEATS.values():
            story.press(word, story.of("reviewers", "consensus/sign"), "Sign the consensus", reaffirm="y")
        assert story.state == "reporting"


def kept(play: Play) -> list[tuple[object, ...]]:
    """Everything the panel wrote that a return must not lose."""
    session = play.session
    found: list[tuple[object, ...]] = []
    found += [(one.sheet_id, one.criterion, one.level, one.strengths) for one in session.exec(select(Mark)).all()]
    found += [(one.criterion, one.level, one.rationale) for one in session.exec(select(AgreedLevel)).all()]
    found += [(one.criterion, one.grade, one.text) for one in session.exec(select(Finding)).all()]
    found += [(one.number, one.section, one.text) for one in session.exec(select(Paragraph)).all()]
    return found


def test_moderation_returns_a_review_to_the_panel_which_keeps_all_and_signs_again(data: Path) -> None:
    """Marks, levels, findings and paragraphs stay; signatures of panel and moderators count no more."""
    with story_at(data, "moderation") as story:
        play = story.play
        before = kept(play)
        story.press("member", story.of("authority", "moderation"), "Sign the moderation", no_interest="y")
        story.press("senior", story.of("authority", "moderation"), "Return to the panel", why="2.2 reads thin.")
        assert story.state == "consensus"
        assert kept(play) == before
        for purpose in ("consensus", "moderation"):
            assert counting(play.session, play.review, purpose) == []
        assert "2.2 reads thin." in story.page("peer1", story.of("reviewers"))
        for word in SEATS.values():
            assert story.state == "consensus"
            story.press(word, story.of("reviewers", "consensus/sign"), "Sign the consensus", reaffirm="y")
        assert story.state == "reporting"
        for step in (factual_accuracy, moderation_, decision):
            play.later(working_days=1)
            step(play)
        assert story.state == "decision"


# The decision


def test_a_key_returns_the_decision_with_reasons_and_the_first_key_counts_no_more(data: Path) -> None:
    """Moderators read why and sign again; then both keys are asked for again."""
    with story_at(data, "decision") as story:
        play, page = story.play, story.of("authority", "signoff")
        story.press("authority", page, "Write down the outcome")
        story.press("authority", page, "Turn your key", no_interest="y")
        story.press("commissioner", page, "Return with reasons", why="Read 1.1 once more.")
        assert story.state == "moderation"
        assert "Read 1.1 once more." in story.page("member", story.of("authority"))
        for word in ("member", "senior", "independent"):
            story.press(word, story.of("authority", "moderation"), "Sign the moderation", no_interest="y")
        assert story.state == "decision"
        assert counting(play.session, play.review, "decision") == []
        for key in ("commissioner", "authority"):
            assert story.state == "decision"
            story.press(key, page, "Turn your key", no_interest="y")
        assert story.state == "notified"


def test_a_change_after_the_first_key_voids_it(data: Path) -> None:
    """The other key alone decides nothing; the first is turned again on what now stands."""
    with story_at(data, "decision") as story:
        play, page = story.play, story.of("authority", "signoff")
        story.press("authority", page, "Write down the outcome")
        story.press("authority", page, "Turn your key", no_interest="y")
        reason = "A court will rule on the unit's custody suite."
        story.press("commissioner", page, "Write down the outcome", outcome="DEFERRED", exception=reason)
        assert counting(play.session, play.review, "decision") == []
        story.press("commissioner", page, "Turn your key", no_interest="y")
        assert story.state == "decision"
        assert reason in story.page("authority", page)
        story.press("authority", page, "Turn your key", no_interest="y")
        assert (story.state, play.review.outcome) == ("notified", Outcome.DEFERRED)


@pytest.mark.parametrize("outcome", ["ACHIEVED_WITH_CONDITIONS", "NOT_YET_ACHIEVED", "DEFERRED"])
def test_a_lesser_outcome_is_published_without_a_certificate(data: Path, outcome: str) -> None:
    """The unit's page in the register says so in the rubric's words, the register of certificates stays empty."""
    with story_at(data, "decision") as story:
        play, page = story.play, story.of("authority", "signoff")
        story.press("authority", page, "Write down the outcome", outcome=outcome, exception="Both keys think so.")
        for key in ("authority", "commissioner"):
            story.press(key, page, "Turn your key", no_interest="y", exception_agreed="y")
        story.press("officer", page, "Tell the unit its result")
        play.later(working_days=11)
        play.act(signoff.close_appeal_window, play.review)
        assert outcome.replace("_", " ").lower() not in story.page("", "/register/units/EK").lower()
        story.press("officer", page, "Publish the result")
        assert (story.state, play.review.outcome) == ("published", Outcome(outcome))
        assert play.session.exec(select(Certificate)).all() == []
        award = rubric_of(play.session, play.review).award
        assert award is not None
        said = story.page("", "/register/units/EK")
        assert award.outcomes[Outcome(outcome)].public.strip() in said
        assert "MS-0001" not in said + story.page("", "/register")
