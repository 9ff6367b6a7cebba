"""Who reads what of a history; each rule first shows that it has something to hide."""

from __future__ import annotations

import pytest

from metstandard.actions import commissioning, deputies, panels, scoring
from metstandard.actions.moving import timers_of
from metstandard.jobs.reminders import remind
from metstandard.queries import letters, nomination_history
from metstandard.queries.changes import since_looked
from metstandard.queries.timeline import ACTS, Event, View, timeline, view_of
from metstandard.records.seats import Interest
from metstandard.rules.vocabulary import ACTS as EVERY_ACT
from tests.factories.programme import Programme
from tests.factories.stages import SEATS, Play, fill_sheet, played_to

OUTSIDE = ("commander", "author", "link", "press")
PANEL_ACTS = {
    "Reviewer invited", "Seat accepted", "Interests declared", "Sheet locked", "Consensus signed", "Moderation signed",
}  # fmt: skip
# Acts that write no journal line have no words.
QUIET = {
    "save_self_assessment", "add_evidence", "note_question", "log_activity", "save_mark", "agree_level",
    "record_discussion", "record_dissent", "edit_paragraph", "edit_nomination", "save_judgement", "give_feedback",
}  # fmt: skip


def read(play: Play, word: str) -> list[Event]:
    """The history as one person reads it now."""
    with play.at():
        return timeline(play.session, play.review, play[word])


def whats(play: Play, word: str) -> set[str]:
    """What is told, without who and when."""
    return {one.what for one in read(play, word)}


def test_every_act_that_is_journalled_has_words() -> None:
    assert set(ACTS) | set(nomination_history.ACTS) == EVERY_ACT - QUIET


def test_newest_first_with_who_and_when_and_the_clock_as_nobody(programme: Programme) -> None:
    play = played_to(programme, "scoping")
    found = read(play, "officer")
    assert [one.at for one in found] == sorted((one.at for one in found), reverse=True)
    assert (found[0].what, found[0].who, found[0].system, found[0].after) == ("Panel confirmed", "", True, "Scoping")
    assert (found[-1].what, found[-1].who) == ("Review proposed", "Programme officer (programme officer)")


def test_nobody_outside_reads_a_reviewers_name_or_how_the_panel_was_made(programme: Programme) -> None:
    play = played_to(programme, "panel_forming")
    for kind, word in SEATS.items():
        play.act(panels.seat, play.review, person=play[word], kind=kind, lead=word == "peer1", by=play["officer"])
        play.act(panels.declare_interests, play.review, by=play[word], interest=Interest.NONE)
        play.act(panels.accept_seat, play.review, by=play[word])
    names = {play[word].name for word in SEATS.values()}
    assert {name for name in names for one in read(play, "officer") if name in one.who} == names
    assert {"Reviewer invited", "Seat accepted", "Interests declared"} <= whats(play, "officer")
    for word in OUTSIDE:
        told = read(play, word)
        assert [one for one in told if any(name in f"{one.what}{one.who}{one.note}" for name in names)] == []
        assert {one.what for one in told} & PANEL_ACTS == set()


def test_a_reviewer_reads_their_own_seat_and_not_the_others(programme: Programme) -> None:
    play = played_to(programme, "panel_confirming")
    assert [one.what for one in read(play, "officer")].count("Seat accepted") == 3
    told = read(play, "council1")
    assert [one.what for one in told].count("Seat accepted") == 1
    assert [one.who for one in told if one.what == "Seat accepted"] == [f"{play['council1'].name} (reviewer)"]


def test_while_sheets_are_sealed_only_the_one_who_locked_reads_of_it(programme: Programme) -> None:
    play = played_to(programme, "scoring")
    everybody = ("officer", "authority", "member", *OUTSIDE, *SEATS.values())
    before = {word: read(play, word) for word in everybody}
    fill_sheet(play, "peer1")
    play.act(scoring.lock_sheet, play.review, by=play["peer1"])
    assert {word for word in everybody if read(play, word) != before[word]} == {"peer1"}
    for word in ("council1", "company1"):
        fill_sheet(play, word)
        play.act(scoring.lock_sheet, play.review, by=play[word])
    # It could have leaked: once the last sheet is locked, staff and panel read of all three.
    assert [one.what for one in read(play, "officer")].count("Sheet locked") == 3
    assert "Sheet locked" not in whats(play, "commander")


def test_what_changed_since_somebody_looked_keeps_the_seal_too(programme: Programme) -> None:
    play = played_to(programme, "scoring")
    fill_sheet(play, "peer1")
    with play.at():
        before = since_looked(play.session, play.review, play["authority"])
    play.act(scoring.lock_sheet, play.review, by=play["peer1"])
    with play.at():
        assert since_looked(play.session, play.review, play["authority"]) == before
    for word in ("council1", "company1"):
        fill_sheet(play, word)
        play.act(scoring.lock_sheet, play.review, by=play[word])
    told = since_looked(play.session, play.review, play["authority"]) or []
    assert [one.what for one in told].count("Sheet locked") == 3


def test_the_list_of_letters_keeps_the_seal_too(programme: Programme) -> None:
    """Reminders go to those who have not locked: whom they miss would tell who has."""
    play = played_to(programme, "scoring")
    before = letters.letters(play.session).total
    for timer in timers_of(play.session, play.review):
        play.to_day(timer.due_on)
        assert play.act(remind, timer.key) == 3
    assert letters.letters(play.session).total == before
    assert letters.letters(play.session, search="peer1", name="reminder").lines == []
    for word in SEATS.values():
        fill_sheet(play, word)
        play.act(scoring.lock_sheet, play.review, by=play[word])
    assert letters.letters(play.session, search="peer1", name="reminder").total >= 1


def test_a_unit_reads_no_judging_and_no_reasons_between_others(programme: Programme) -> None:
    play = played_to(programme, "commissioning")
    play.act(commissioning.return_with_reasons, play.review, by=play["authority"], reason="CANARY")
    assert "CANARY" in {one.note for one in read(play, "officer")}
    assert "CANARY" not in {one.note for word in OUTSIDE for one in read(play, word)}
    play.act(commissioning.pause, play.review, by=play["officer"], reason="A major incident.")
    assert "A major incident." in {one.note for one in read(play, "commander")}


def test_an_objection_is_not_the_panels_to_read(programme: Programme) -> None:
    play = played_to(programme, "panel_confirming")
    seat = next(one for one in panels.holding(play.session, play.review) if one.kind == "private")
    play.act(panels.object_to_reviewer, play.review, by=play["commander"], seat=seat, cause="He chairs a board here.")
    assert {word for word in ("commander", "authority") if "Objection to a reviewer" in whats(play, word)} == {
        "commander", "authority",
    }  # fmt: skip
    assert [word for word in SEATS.values() if "Objection to a reviewer" in whats(play, word)] == []


def test_a_deputy_reads_what_the_unit_reads(programme: Programme) -> None:
    play = played_to(programme, "scoping")
    programme.add("clerk", "The lead reviewer's clerk")
    play.act(deputies.assign_deputy, play.review, by=play["peer1"], deputy=play["clerk"])
    assert [one.what for one in read(play, "clerk")] == [one.what for one in read(play, "commander")]


@pytest.mark.parametrize(
    ("parts", "view"),
    [
        ({"programme_officer"}, View.STAFF), ({"authority_key"}, View.STAFF), ({"moderator"}, View.STAFF),
        ({"reviewer", "lead_reviewer"}, View.PANEL), ({"programme_officer", "reviewer"}, View.PANEL),
        ({"programme_officer", "commander"}, View.UNIT), ({"reviewer", "unit_author"}, View.UNIT),
        ({"deputy"}, View.UNIT), ({"link_member"}, View.UNIT), ({"press_officer"}, View.UNIT),
        ({"administrator"}, View.UNIT), (set(), View.UNIT),
    ],
)  # fmt: skip
def test_two_parts_give_the_stricter_view(parts: set[str], view: View) -> None:
    assert view_of(frozenset(parts)) is view
