"""A joint waiver: asked for by the programme office, agreed by two people, over exactly what they read."""

from __future__ import annotations

import pytest

from metstandard.actions import panels
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours, RuleBroken
from metstandard.records.seats import Waiver
from metstandard.rules import conflicts
from metstandard.rules.content import hashed, of_waiver
from tests.factories.panel import At, acts, answer, ask, profile
from tests.factories.stages import SEATS, Play

REASON = "No other peer is free in May."


@pytest.fixture
def play(at: At) -> Play:
    """The peer answers to the same business group as the unit (COI-6)."""
    made = at("panel_forming")
    ask(made, "peer3", "peer", lead=True)
    return made


def waive(
    play: Play, by: str, *, word: str = "peer3", rule: str = "COI-6", reason: str = "", seen: str | None = None
) -> Waiver:
    made = play.act(
        panels.waive_conflict, play.review, person=play[word], rule=rule, by=play[by], reason=reason, seen=seen
    )
    assert isinstance(made, Waiver)
    return made


def granted(play: Play) -> list[bool]:
    with play.at():
        return [one.granted for one in conflicts.waivers(play.session, play.review)]


def test_two_keys_waive_what_the_programme_office_asks_for(play: Play) -> None:
    waive(play, "officer", reason=REASON)
    assert granted(play) == [False]
    waive(play, "authority")
    assert granted(play) == [False]
    waive(play, "commissioner")
    assert granted(play) == [True]
    assert acts(play) == ["seat", "waive_conflict", "waive_conflict", "waive_conflict"]


def test_with_the_waiver_the_panel_goes_before_the_unit(play: Play) -> None:
    for kind, word in SEATS.items():
        if kind != "peer":
            ask(play, word, kind)
    answer(play, "peer3", "council1", "company1")
    waive(play, "officer", reason=REASON)
    waive(play, "authority")
    with pytest.raises(NotNow, match="A conflict of interest stands"):
        play.act(panels.publish_panel, play.review, by=play["officer"])
    play.session.rollback()
    waive(play, "commissioner")
    play.act(panels.publish_panel, play.review, by=play["officer"])
    assert play.review.state == "panel_confirming"


def test_asking_twice_is_once_and_another_reason_voids_what_was_agreed(play: Play) -> None:
    first = waive(play, "officer", reason=REASON)
    waive(play, "authority")
    assert waive(play, "officer", reason=f" {REASON} ").key == first.key
    waive(play, "commissioner")
    assert granted(play) == [True]
    waive(play, "officer", reason="The other peers are ill.")
    assert granted(play) == [False]


def test_a_waiver_has_a_reason(play: Play) -> None:
    with pytest.raises(Invalid, match=r"Give the reason that will be printed in the report \(COI-12\)"):
        waive(play, "officer", reason="  ")


def test_what_stands_in_nobody_s_way_is_not_waived(play: Play) -> None:
    with pytest.raises(Invalid, match="COI-3 does not stand in the way"):
        waive(play, "officer", rule="COI-3", reason=REASON)
    play.session.rollback()
    with pytest.raises(Invalid, match="COI-6 does not stand in the way"):
        waive(play, "officer", word="company1", reason=REASON)


def test_a_hard_rule_is_waived_by_nobody(play: Play) -> None:
    profile(play, "peer1").vetted_until = None
    play.session.commit()
    with pytest.raises(RuleBroken, match=r"Nobody may waive this: The vetting of .* \(REV-4\)"):
        waive(play, "officer", word="peer1", rule="REV-4", reason=REASON)


def test_a_key_agrees_only_to_what_was_asked_for(play: Play) -> None:
    for word in ("authority", "commissioner"):
        with pytest.raises(NotFound, match="No such waiver"):
            waive(play, word)
        play.session.rollback()


def test_a_key_agrees_only_to_what_it_was_shown(play: Play) -> None:
    """The reason was changed while the page was open."""
    asked = waive(play, "officer", reason=REASON)
    seen = hashed(of_waiver(asked))
    waive(play, "officer", reason="Another reason.")
    with pytest.raises(Invalid, match="has changed since this page was opened"):
        waive(play, "authority", seen=seen)
    play.session.rollback()
    waive(play, "authority", seen=hashed(of_waiver(asked)))


def test_one_person_with_both_keys_is_one_key(play: Play) -> None:
    waive(play, "officer", reason=REASON)
    play.programme.appoint("authority", "commissioner_key")
    waive(play, "authority")
    waive(play, "authority")
    assert granted(play) == [False]


@pytest.mark.parametrize("word", ["member", "commander", "peer3", "link", "press"])
def test_nobody_else_waives(play: Play, word: str) -> None:
    waive(play, "officer", reason=REASON)
    with pytest.raises(NotYours):
        waive(play, word)
