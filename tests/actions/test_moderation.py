"""Moderation by its rules: one level at most, with reasons; a return; dissent looked at before anybody signs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import moderation
from metstandard.common.errors import Invalid, NotFound, NotYours, RuleBroken
from metstandard.queries.timeline import timeline
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.sheets import AgreedLevel
from metstandard.rules.content import digest
from tests.factories.disputed import DISPUTED, disputed
from tests.factories.kept import playing
from tests.factories.stages import Play


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """A review in moderation; everybody gave a 3 for everything."""
    with playing(data, "moderation") as made:
        yield made


def change(play: Play, code: str, level: str, reason: str = "Other units had less.") -> None:
    play.act(moderation.change_level, play.review, by=play["member"], criterion=code, level=level, reason=reason)


def sign(play: Play, word: str, *looked: str) -> None:
    seen = digest(play.session, play.review, "moderation")
    play.act(moderation.sign_moderation, play.review, by=play[word], seen=seen, looked=looked)


@pytest.mark.parametrize("level", ["0", "1", "3"])
def test_a_level_changes_by_one_and_only_by_one(play: Play, level: str) -> None:
    with pytest.raises(RuleBroken, match=rf"by 1 at most, not from 3 to {level} \(B7\)"):
        change(play, "2.2", level)


def test_a_second_change_counts_from_what_the_panel_agreed(play: Play) -> None:
    """Two moderators cannot move a level by two between them; the agreed level is never overwritten."""
    change(play, "2.2", "2")
    with pytest.raises(RuleBroken, match="not from 3 to 1"):
        change(play, "2.2", "1")
    play.session.rollback()
    row = play.session.exec(select(AgreedLevel).where(AgreedLevel.criterion == "2.2")).one()
    assert (row.level, row.moderated, row.moderation_reason) == ("3", "2", "Other units had less.")


def test_a_change_has_a_reason_and_the_panel_gets_a_letter_with_the_criterion_and_reads_the_reason(play: Play) -> None:
    with pytest.raises(Invalid, match=r"Give the reason: the panel will read it \(B7\)"):
        change(play, "2.2", "2", " ")
    play.session.rollback()
    change(play, "2.2", "2")
    letters = play.session.exec(select(Letter).where(Letter.name == "level_changed")).all()
    assert sorted(one.address for one in letters) == sorted(
        play[word].email for word in ("peer1", "council1", "company1")
    )
    assert all("had agreed: criterion 2.2." in one.text and "Other units" not in one.text for one in letters)
    with play.at():
        told = timeline(play.session, play.review, play["peer1"])
    assert (told[0].what, told[0].note) == ("Level changed in moderation: 2.2", "Other units had less.")


def test_a_return_names_the_criteria_that_it_concerns(play: Play) -> None:
    with pytest.raises(NotFound):
        play.act(
            moderation.return_to_panel, play.review, by=play["member"], reason="Look again.", criteria=["2.2", "9.9"]
        )
    play.session.rollback()
    play.act(moderation.return_to_panel, play.review, by=play["member"], reason="Look again.", criteria=["2.2", "1.1"])
    line = play.session.exec(select(JournalLine).where(JournalLine.act == "return_to_panel")).one()
    with play.at():
        told = timeline(play.session, play.review, play["peer1"])
    assert (play.review.state, line.data) == ("consensus", {"criteria": ["1.1", "2.2"]})
    assert (told[0].what, told[0].note) == ("Returned to the panel: 1.1 and 2.2", "Look again.")


def test_nobody_signs_before_having_looked_at_each_dissent(data: Path) -> None:
    with disputed(data) as play:
        assert moderation.dissents(play.session, play.review) == list(DISPUTED)
        for looked, missing in (((), "1.1 and 2.2"), (("1.1",), "2.2"), (("2.2", "3.1"), "1.1")):
            with pytest.raises(RuleBroken, match=rf"Look at the dissent on {missing}, and say .* \(SCO-4\)"):
                sign(play, "member", *looked)
            play.session.rollback()
        for word in ("member", "senior", "independent"):
            sign(play, word, *DISPUTED)
        lines = play.session.exec(select(JournalLine).where(JournalLine.act == "sign_moderation")).all()
        assert [one.data["looked"] for one in lines] == [["1.1", "2.2"]] * 3
        assert play.review.state == "decision"


def test_without_dissent_nothing_is_asked_and_nothing_is_kept(play: Play) -> None:
    sign(play, "member")
    line = play.session.exec(select(JournalLine).where(JournalLine.act == "sign_moderation")).one()
    assert set(line.data) == {"digest", "seat"}


def test_only_a_moderator_moderates(play: Play) -> None:
    for word in ("officer", "authority", "peer1", "commander"):
        with pytest.raises(NotYours):
            play.act(moderation.change_level, play.review, by=play[word], criterion="2.2", level="2", reason="So.")
        play.session.rollback()


def test_a_later_change_voids_the_signatures_made_before(play: Play) -> None:
    """The third signature alone does not open the decision."""
    sign(play, "member")
    sign(play, "senior")
    change(play, "2.2", "2")
    sign(play, "independent")
    assert play.review.state == "moderation"
