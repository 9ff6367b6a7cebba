"""Reserves: named in order, asked by the clock once a seat is free, never against a hard rule or past the keys."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from metstandard.actions import panels
from metstandard.common import clock
from metstandard.common.errors import RuleBroken
from metstandard.jobs import invitations
from metstandard.records.journal import JournalLine
from metstandard.records.pool import Period, PeriodKind, Reserve
from metstandard.records.seats import Interest, Seat
from tests.factories.panel import At, acts, answer, ask, held, letters, standing
from tests.factories.stages import SEATS, Play


@pytest.fixture
def play(at: At) -> Play:
    """Three are asked; two reserves stand behind the seat of the local authority."""
    made = at("panel_forming")
    for kind, word in SEATS.items():
        ask(made, word, kind, lead=kind == "local_authority")
    for word in ("council2", "council3"):
        name(made, word)
    return made


def name(play: Play, word: str, kind: str = "local_authority") -> None:
    play.act(panels.name_reserve, play.review, person=play[word], kind=kind, by=play["officer"])


def waiting(play: Play) -> list[tuple[str, int]]:
    """The reserves by their short words, with their ranks."""
    words = {person.key: word for word, person in play.programme.people.items()}
    found = play.session.exec(select(Reserve).order_by(col(Reserve.rank))).all()
    return [(words[one.person_id], one.rank) for one in found]


def last_line(play: Play) -> JournalLine:
    query = select(JournalLine).where(JournalLine.record_kind == "review").order_by(col(JournalLine.seq).desc())
    found = play.session.exec(query).first()
    assert found is not None
    return found


def test_reserves_are_named_in_order_and_naming_twice_is_once(play: Play) -> None:
    """Each name has its line in the journal, and so has taking one off."""
    name(play, "council2")
    assert waiting(play) == [("council2", 1), ("council3", 2)]
    assert acts(play)[-2:] == ["name_reserve", "name_reserve"]
    assert last_line(play).data == {"person": play["council3"].key, "seat": "local_authority", "rank": 2}
    first = play.session.exec(select(Reserve).order_by(col(Reserve.rank))).first()
    play.act(panels.drop_reserve, play.review, first, by=play["officer"])
    assert (last_line(play).act, waiting(play)) == ("drop_reserve", [("council3", 2)])


def test_a_declined_seat_goes_to_the_first_reserve_with_the_lead(play: Play) -> None:
    before = held(play, "local_authority").key
    play.act(panels.decline_seat, play.review, by=play["council1"], reason="Abroad")
    assert standing(play)["local_authority"] == ("council2", True, "invited")
    assert waiting(play) == [("council3", 2)]
    assert letters(play, "council2") == ["seat_offered"]
    line = last_line(play)
    assert (line.act, line.part, line.person_id, line.data["instead_of"]) == ("seat", "clock", None, before)


def test_a_prejudicial_interest_unseats_at_once_and_the_reserve_steps_in(play: Play) -> None:
    """COI-9."""
    play.act(
        panels.declare_interests, play.review, by=play["council1"], interest=Interest.PREJUDICIAL, detail="My brother"
    )
    assert standing(play)["local_authority"] == ("council2", True, "invited")
    assert "interest_declared" in letters(play, "officer")


def test_a_reserve_in_whose_way_a_hard_rule_has_come_is_passed_over_and_stays_on_the_list(play: Play) -> None:
    """PAN-1: the first reserve has entered leave since."""
    visit = play.review.starts_on
    play.session.add(Period(person_id=play["council2"].key, kind=PeriodKind.UNAVAILABLE, from_on=visit, until_on=visit))
    play.session.flush()
    play.act(panels.decline_seat, play.review, by=play["council1"], reason="Abroad")
    assert standing(play)["local_authority"][0] == "council3"
    assert waiting(play) == [("council2", 1)]


def test_nobody_is_named_against_a_hard_rule_or_from_the_panel_itself(play: Play) -> None:
    with pytest.raises(RuleBroken, match="PAN-1"):
        name(play, "peer2")
    play.session.rollback()
    with pytest.raises(RuleBroken, match="already holds a seat"):
        name(play, "council1")


def test_a_panel_before_the_unit_forms_again_when_a_reserve_steps_in(at: At) -> None:
    """PAN-4: the unit sees the new panel once it is published again."""
    play = at("panel_confirming")
    name(play, "council2")
    play.act(panels.decline_seat, play.review, by=play["council1"], reason="Ill")
    assert (play.review.state, play.review.panel_published_at) == ("panel_forming", None)
    assert standing(play)["local_authority"][0] == "council2"
    assert last_line(play).act == "replace_reviewer"


def test_from_the_first_day_on_site_no_reserve_steps_in_without_the_keys(at: At) -> None:
    """PAN-4."""
    play = at("evidence_review")
    name(play, "council2")
    play.session.commit()
    play.review.state = "on_site"
    play.session.add(play.review)
    play.session.flush()
    play.act(panels.decline_seat, play.review, by=play["council1"], reason="Ill")
    assert "local_authority" not in standing(play)
    assert waiting(play) == [("council2", 1)]


class TestInvitations:
    """What happens to an invitation that nobody answers (PAN-1)."""

    def answered_by(self, play: Play, days: int) -> Seat:
        """The seat of the local authority, whose last day lies so many days from today."""
        seat = held(play, "local_authority")
        with play.at():
            seat.answer_by = clock.today() + timedelta(days=days)
        play.session.add(seat)
        play.session.flush()
        return seat

    def see(self, play: Play, seat: Seat) -> bool:
        with play.at():
            return invitations.see_to(play.session, seat.key)

    def test_whoever_has_not_answered_is_reminded_once_a_step(self, play: Play) -> None:
        seat = self.answered_by(play, 1)
        assert [self.see(play, seat), self.see(play, seat)] == [True, False]
        self.answered_by(play, 0)
        assert [self.see(play, seat), self.see(play, seat)] == [True, False]
        assert letters(play, "council1") == ["seat_offered", "seat_reminder", "seat_reminder"]

    def test_silence_counts_as_declined_and_the_reserve_is_asked(self, play: Play) -> None:
        seat = self.answered_by(play, -1)
        assert self.see(play, seat)
        ended = play.session.get_one(Seat, seat.key)
        assert ended.status == "declined"
        assert ended.reason.startswith("No answer by ")
        assert standing(play)["local_authority"] == ("council2", True, "invited")
        assert "seat_declined" in letters(play, "officer")

    def test_an_accepted_seat_never_lapses(self, play: Play) -> None:
        answer(play, "council1")
        seat = self.answered_by(play, -1)
        assert not self.see(play, seat)
        assert standing(play)["local_authority"] == ("council1", True, "accepted")
