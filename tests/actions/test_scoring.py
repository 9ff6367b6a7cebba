"""Saving marks on a sealed sheet, and locking it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from metstandard.actions import commissioning, panels, scoring
from metstandard.common.errors import Invalid, MetStandardError, NotFound, NotNow, NotYours, Stale
from metstandard.records.evidence import Evidence
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.seats import Interest, Seat
from metstandard.records.sheets import Confidence, Mark, Sheet
from metstandard.rules.case import Case
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards import scoring as facts
from metstandard.rules.guards.panels import accepted_seats
from metstandard.workflow.machine import NotOpen
from tests.factories.kept import playing
from tests.factories.stages import SEATS, Play, fill_sheet

COMPLETE: dict[str, Any] = {
    "level": "3", "strengths": "Every shift names the same priorities.", "confidence": Confidence.HIGH, "evidence": [1],
}  # fmt: skip


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """A review whose visit has ended: scoring is open, nothing is marked."""
    with playing(data, "scoring") as made:
        yield made


def save(play: Play, word: str = "peer1", **fields: Any) -> Mark:
    """Save a mark of criterion 1.1 as the page does."""
    given = {"criterion": "1.1", "level": "", "revision": 0} | fields
    mark = play.act(scoring.save_mark, play.review, by=play[word], **given)
    assert isinstance(mark, Mark)
    return mark


def refusal(function: Callable[[], object], kind: type[MetStandardError]) -> str:
    """What an act that is refused by name says."""
    with pytest.raises(kind) as refused:
        function()
    return str(refused.value)


def marks(session: Session) -> list[tuple[str, str, str, int]]:
    return [(one.criterion, one.level, one.strengths, one.revision) for one in session.exec(select(Mark)).all()]


def test_a_draft_saves_however_incomplete_it_is(play: Play) -> None:
    """Wishes.md 1: an invalid draft still saves."""
    save(play, strengths="  A thought,\r\nhalf ")
    assert marks(play.session) == [("1.1", "", "A thought,\nhalf", 1)]


def test_saving_the_same_again_changes_nothing(play: Play) -> None:
    """A double press, and a page that was opened before its own autosave."""
    save(play, **COMPLETE)
    at = save(play, **COMPLETE, revision=1).saved_at
    again = save(play, **COMPLETE, revision=0)
    assert (again.revision, again.saved_at) == (1, at)


def test_nothing_typed_leaves_no_row(play: Play) -> None:
    save(play)
    assert marks(play.session) == []


def test_a_later_save_of_an_older_page_gets_both_versions(play: Play) -> None:
    save(play, level="2")
    save(play, level="3", strengths="Seen on nights.", revision=1)
    with pytest.raises(Stale) as refused:
        save(play, level="4", revision=1)
    play.session.rollback()
    assert refused.value.mine == {
        "level": "4", "strengths": "", "improvements": "", "confidence": None, "evidence": [],
    }  # fmt: skip
    assert refused.value.theirs == {
        "level": "3", "strengths": "Seen on nights.", "improvements": "", "confidence": None, "evidence": [],
        "revision": 2,
    }  # fmt: skip
    assert marks(play.session) == [("1.1", "3", "Seen on nights.", 2)]


@pytest.mark.parametrize("level", ["0", "4", "NE", ""])
def test_every_level_of_the_rubric_and_not_enough_evidence_can_be_marked(play: Play, level: str) -> None:
    assert save(play, level=level, strengths="A reason.").level == level


@pytest.mark.parametrize("level", ["5", "-1", "NA", "three", "3.5"])
def test_what_is_no_level_is_refused_by_rule(play: Play, level: str) -> None:
    """NA is agreed at scoping by both keys, never marked (SCO-1)."""
    assert refusal(lambda: save(play, level=level), Invalid) == "Choose one of the levels (SCO-1)"


def test_a_criterion_that_is_not_asked_cannot_be_marked(play: Play) -> None:
    play.review.not_applicable = {"4.1": "A national unit."}
    play.session.commit()
    for code in ("4.1", "9.9"):
        assert refusal(lambda code=code: save(play, criterion=code, level="3"), NotFound) == (  # type: ignore[misc]
            "No such criterion in this review"
        )


def test_a_text_of_twenty_thousand_characters_is_the_longest(play: Play) -> None:
    save(play, strengths="x" * 20_000)
    said = refusal(lambda: save(play, improvements="x" * 20_001, revision=1), Invalid)
    assert said == "Write at most 20,000 characters"


def test_evidence_of_another_review_or_taken_out_cannot_be_linked(play: Play) -> None:
    gone = play.session.get_one(Evidence, 2)
    gone.removed_at = datetime.now(UTC)
    play.session.add(gone)
    play.session.commit()
    for number in (2, 999):
        assert refusal(lambda number=number: save(play, evidence=[number]), Invalid) == (  # type: ignore[misc]
            "Tick evidence of this review only (SCO-2)"
        )


def test_evidence_that_was_taken_out_after_it_was_linked_may_stay(play: Play) -> None:
    save(play, evidence=[1, 2])
    gone = play.session.get_one(Evidence, 2)
    gone.removed_at = datetime.now(UTC)
    play.session.add(gone)
    play.session.commit()
    assert save(play, evidence=[2, 1], level="3", revision=1).evidence == [1, 2]


@pytest.mark.parametrize("word", ["officer", "authority", "commander", "member", "peer2", "administrator"])
def test_only_the_panel_marks(play: Play, word: str) -> None:
    """Neither staff nor the unit, nor a reviewer of another panel."""
    said = refusal(lambda: save(play, word, level="3"), NotFound)
    assert said == "You hold no seat on this panel"


def test_a_sheet_opens_only_when_the_visit_has_ended(data: Path) -> None:
    with playing(data, "on_site") as play:
        refusal(lambda: save(play, level="3"), NotOpen)


def test_nothing_is_marked_while_the_review_is_paused(play: Play) -> None:
    play.act(commissioning.pause, play.review, by=play["officer"], reason="A major incident.")
    assert refusal(lambda: save(play, level="3"), NotNow) == (
        "This review is paused: nothing happens until it is resumed"
    )


def test_a_locked_sheet_is_never_changed(play: Play) -> None:
    """SCO-3: unlocking is impossible."""
    fill_sheet(play, "peer1")
    play.act(scoring.lock_sheet, play.review, by=play["peer1"])
    before = marks(play.session)
    said = refusal(lambda: save(play, level="0", revision=1), NotNow)
    play.session.rollback()
    assert said == "Your sheet is locked: a later change is made only as a consensus level (SCO-3)"
    assert marks(play.session) == before


def test_what_a_criterion_lacks_is_named(play: Play) -> None:
    """SCO-2: level, a sentence, confidence, evidence; “not enough evidence” needs none."""
    save(play, criterion="1.1", level="3", strengths="Good work.")
    save(play, criterion="1.2", level="NE", improvements="We saw no diaries at all.", confidence=Confidence.LOW)
    save(play, criterion="1.3", **COMPLETE)
    sheet = play.session.exec(select(Sheet)).one()
    found = scoring.gaps(play.session, play.review, sheet)
    everything = ["a level", "a strength or an area for improvement", "your confidence", "linked evidence"]
    assert found["1.1"] == [
        "a strength or an area for improvement in a full sentence", "your confidence", "linked evidence",
    ]  # fmt: skip
    assert (list(found)[:2], found["1.4"], len(found)) == (["1.1", "1.4"], everything, 26)


def test_an_incomplete_sheet_cannot_be_locked(play: Play) -> None:
    fill_sheet(play, "peer1")
    save(play, criterion="2.4", level="", revision=1)
    said = refusal(lambda: play.act(scoring.lock_sheet, play.review, by=play["peer1"]), Invalid)
    assert said == "1 criterion is not complete: 2.4 lacks a level (SCO-2)"


def test_a_level_that_its_evidence_does_not_carry_cannot_be_locked(play: Play) -> None:
    """R7: every such criterion is named, in the rubric's order, with what it lacks."""
    fill_sheet(play, "peer1")
    save(play, criterion="8.3", **COMPLETE | {"evidence": [1, 2]}, revision=1)
    save(play, criterion="2.4", **COMPLETE | {"evidence": [3], "level": "4"}, revision=1)
    said = refusal(lambda: play.act(scoring.lock_sheet, play.review, by=play["peer1"]), Invalid)
    assert said == (
        "2 levels are not carried by the evidence linked. 2.4: Level 4 needs at least 3 kinds of evidence, there is 1. "
        "Level 4 needs at least 1 external source, there are none. "
        "Level 4 needs at least 2 years of outcome data, there are none. "
        "8.3: Level 3 needs at least 1 item from outside the unit, there are none. (R7)"
    )


def test_locking_writes_one_line_and_a_second_press_changes_nothing(play: Play) -> None:
    fill_sheet(play, "peer1")
    locked = play.act(scoring.lock_sheet, play.review, by=play["peer1"])
    again = play.act(scoring.lock_sheet, play.review, by=play["peer1"])
    lines = play.session.exec(select(JournalLine).where(JournalLine.act == "lock_sheet")).all()
    assert locked is again
    assert [(one.before, one.after, one.part) for one in lines] == [("scoring", "scoring", "reviewer")]
    assert play.review.state == "scoring"


def test_the_last_lock_opens_consensus_and_tells_office_and_panel_but_not_who_locked(play: Play) -> None:
    for word in SEATS.values():
        fill_sheet(play, word)
        play.act(scoring.lock_sheet, play.review, by=play[word])
    told = play.session.exec(select(Letter).where(Letter.name == "all_sheets_in")).all()
    assert play.review.state == "consensus"
    assert {one.person_id for one in told} == {play[word].key for word in ("officer", "peer1", "council1")}
    assert [len(facts.marks_by_criterion(play.session, play.review)[code]) for code in ("1.1", "8.3")] == [3, 3]


def test_sheets_are_sealed_until_the_last_lock(play: Play) -> None:
    """SCO-3: neither marks nor letters tell that others have locked."""
    for word in ("peer1", "council1"):
        fill_sheet(play, word)
        play.act(scoring.lock_sheet, play.review, by=play[word])
        assert facts.sealed(play.session, play.review)
        assert facts.marks_by_criterion(play.session, play.review) == {}
    assert play.session.exec(select(Letter).where(Letter.name == "all_sheets_in")).all() == []


def test_a_reviewer_who_leaves_does_not_open_the_sheets_of_the_others(play: Play) -> None:
    """Two have locked; the third declares a prejudicial interest. Two sheets are not three (PAN-1, SCO-3)."""
    for word in ("peer1", "council1"):
        fill_sheet(play, word)
        play.act(scoring.lock_sheet, play.review, by=play[word])
    play.act(
        panels.declare_interests, play.review, by=play["company1"], interest=Interest.PREJUDICIAL,
        detail="A bid is open.",
        stage="scoring",
    )  # fmt: skip
    assert [one.kind for one in accepted_seats(play.session, play.review)] == ["peer", "local_authority"]
    assert facts.sealed(play.session, play.review)
    case = Case(play.session, play.review, workflow_of(play.session, play.review), "lock_sheet", play["peer1"])
    assert not facts.every_sheet_locked(case)


def test_the_sheet_of_a_reviewer_who_was_replaced_stays_and_is_never_shown(play: Play) -> None:
    """A substitute before the first lock has a sheet of their own (PAN-4)."""
    save(play, "peer1", level="1", strengths="Kept for ever, shown to nobody.")
    left = play.session.exec(select(Seat).where(Seat.person_id == play["peer1"].key)).one()
    for word in ("authority", "commissioner"):
        play.act(panels.replace_reviewer, play.review, left, by=play[word], reason="Injured.")
    play.act(
        panels.replace_reviewer, play.review, left, by=play["officer"], reason="Injured.", substitute=play["peer2"]
    )
    play.act(panels.declare_interests, play.review, by=play["peer2"], interest=Interest.NONE)
    play.act(panels.accept_seat, play.review, by=play["peer2"])
    assert refusal(lambda: save(play, "peer1", level="2", revision=1), NotFound) == "You hold no seat on this panel"
    play.session.rollback()
    for word in ("peer2", "council1", "company1"):
        fill_sheet(play, word)
        play.act(scoring.lock_sheet, play.review, by=play[word])
    shown = facts.marks_by_criterion(play.session, play.review)["1.1"]
    sheets = play.session.exec(select(Sheet.person_id, Sheet.locked_at).order_by(col(Sheet.id))).all()
    assert play.review.state == "consensus"
    assert [one.level for one in shown] == ["3", "3", "3"]
    assert [(person, at is not None) for person, at in sheets] == [
        (play["peer1"].key, False), (play["peer2"].key, True), (play["council1"].key, True),
        (play["company1"].key, True),
    ]  # fmt: skip


def test_an_invited_substitute_marks_nothing_before_accepting(play: Play) -> None:
    left = play.session.exec(select(Seat).where(Seat.person_id == play["peer1"].key)).one()
    for word in ("authority", "commissioner"):
        play.act(panels.replace_reviewer, play.review, left, by=play[word], reason="Injured.")
    play.act(
        panels.replace_reviewer, play.review, left, by=play["officer"], reason="Injured.", substitute=play["peer2"]
    )
    assert refusal(lambda: save(play, "peer2", level="3"), NotNow) == "Accept your seat first"


def test_a_person_whose_account_is_closed_has_no_part(play: Play) -> None:
    fill_sheet(play, "peer1")
    play["peer1"].active = False
    play.session.commit()
    refusal(lambda: play.act(scoring.lock_sheet, play.review, by=play["peer1"]), NotYours)
