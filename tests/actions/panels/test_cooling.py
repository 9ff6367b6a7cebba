"""A post or contract soon after a review: both keys waive it or leave it, each once and with a reason (COI-11)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import panels
from metstandard.common.errors import Invalid, NotFound, NotYours
from metstandard.queries.independence import Went, cooling_off, decisions, to_decide, waived
from metstandard.queries.tasks import open_tasks
from metstandard.records.accounts import Posting
from tests.factories.kept import playing
from tests.factories.panel import acts
from tests.factories.stages import Play

PARTIES = ("authority", "commissioner")


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """A published review of Camden, whose peer is posted to it half a year after the visit."""
    with playing(data, "published") as made:
        first = made.review.ends_on + timedelta(days=180)
        made.session.add(Posting(person_id=made["peer1"].key, unit_id=made.review.unit_id, from_on=first))
        made.session.commit()
        yield made


def line(play: Play) -> Went:
    (found,) = cooling_off(play.session)
    return found


def decide(play: Play, word: str, *, waive: bool = True, reason: str = "Nobody else can lead that team.") -> None:
    covered = line(play).covered
    play.act(panels.decide_cooling_off, play.review, by=play[word], covered=covered, waive=waive, reason=reason)


def decided(play: Play) -> dict[str, str]:
    return {
        party: one.purpose for party, one in decisions(play.session, [line(play)]).get(line(play).covered, {}).items()
    }


def to_do(play: Play, word: str) -> list[str]:
    with play.at():
        return [one.text for one in open_tasks(play.session, play[word]) if "COI-11" in one.text]


def test_it_waits_for_both_keys_until_each_has_decided(play: Play) -> None:
    task = f"Waive or leave: {play['peer1'].name} after the review (COI-11)"
    assert [to_do(play, word) for word in ("authority", "commissioner", "officer")] == [[task], [task], []]
    decide(play, "authority")
    assert [to_do(play, word) for word in ("authority", "commissioner")] == [[], [task]]
    assert not waived(decisions(play.session, [line(play)])[line(play).covered], PARTIES)
    decide(play, "commissioner")
    assert to_decide(play.session, "commissioner") == []
    assert waived(decisions(play.session, [line(play)])[line(play).covered], PARTIES)
    assert acts(play)[-2:] == ["waive_cooling_off"] * 2


def test_one_key_that_leaves_it_is_enough_for_no_waiver(play: Play) -> None:
    decide(play, "authority")
    decide(play, "commissioner", waive=False, reason="Too soon.")
    assert decided(play) == {"authority": "waive_cooling_off", "commissioner": "leave_cooling_off"}
    assert not waived(decisions(play.session, [line(play)])[line(play).covered], PARTIES)


def test_each_key_decides_once(play: Play) -> None:
    decide(play, "authority")
    decide(play, "authority", waive=False)
    assert decided(play) == {"authority": "waive_cooling_off"}


def test_a_decision_has_a_reason_a_key_and_a_line_of_the_register(play: Play) -> None:
    with pytest.raises(Invalid, match="Give a reason"):
        decide(play, "authority", reason=" ")
    play.session.rollback()
    with pytest.raises(NotYours):
        decide(play, "officer")
    play.session.rollback()
    with pytest.raises(NotFound):
        play.act(panels.decide_cooling_off, play.review, by=play["authority"], covered="x", waive=True, reason="y")


def test_a_post_that_changes_needs_a_new_decision(play: Play) -> None:
    """What was decided was this post from this day."""
    decide(play, "authority")
    posting = play.session.exec(select(Posting).where(Posting.unit_id == play.review.unit_id)).one()
    posting.from_on += timedelta(days=1)
    play.session.commit()
    assert decided(play) == {}
