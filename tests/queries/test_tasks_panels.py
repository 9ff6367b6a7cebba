"""Whose task a panel is, at every stage: exactly the right people have the right one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import panels
from metstandard.queries.tasks import open_tasks
from metstandard.records.seats import Interest, Objection, Seat
from tests.factories.kept import playing
from tests.factories.panel import At, answer, ask, held
from tests.factories.stages import Play

WORDS = (
    "officer", "authority", "commissioner", "member", "commander", "author", "peer1", "council1", "company1", "link",
)  # fmt: skip
PANEL = "authority.review_panel"


@pytest.fixture
def at(data: Path) -> Iterator[At]:
    """A review of Camden at a stage, on this test's own database."""
    with ExitStack() as opened:
        yield lambda stage: opened.enter_context(playing(data, stage))


def tasks(play: Play) -> dict[str, list[tuple[str, str]]]:
    """What everybody has to do, and where."""
    with play.at():
        found = {word: [(one.text, one.endpoint) for one in open_tasks(play.session, play[word])] for word in WORDS}
    return {word: rows for word, rows in found.items() if rows}


def test_the_programme_office_seats_and_who_is_asked_declares_then_answers(at: At) -> None:
    play = at("panel_forming")
    seat = {"officer": [("Seat the panel", PANEL)]}
    assert tasks(play) == seat
    ask(play, "peer1", "peer", lead=True)
    assert tasks(play) == seat | {"peer1": [("Declare your interests", "reviewers.review_declaration")]}
    play.act(panels.declare_interests, play.review, by=play["peer1"], interest=Interest.NONE)
    assert tasks(play) == seat | {"peer1": [("Accept or decline your seat", "reviewers.review_seat")]}
    play.act(panels.accept_seat, play.review, by=play["peer1"])
    assert tasks(play) == seat


def test_a_waiver_waits_for_each_key_in_turn(at: At) -> None:
    play = at("panel_forming")
    ask(play, "peer3", "peer", lead=True)
    play.act(
        panels.waive_conflict,
        play.review,
        person=play["peer3"],
        rule="COI-6",
        by=play["officer"],
        reason="Nobody else.",
    )
    seat = {"officer": [("Seat the panel", PANEL)]}
    waive = [("Agree to waive COI-6, or leave it", PANEL)]
    assert tasks(play) == seat | {"authority": waive, "commissioner": waive}
    play.act(panels.waive_conflict, play.review, person=play["peer3"], rule="COI-6", by=play["authority"])
    assert tasks(play) == seat | {"commissioner": waive}
    play.act(panels.unseat, play.review, held(play, "peer"), by=play["officer"], reason="Not needed.")
    assert tasks(play) == seat


def test_the_unit_may_object_the_keys_rule_and_the_office_confirms(at: At) -> None:
    play = at("panel_confirming")
    objecting = {"commander": [("Object to a reviewer, or let the window pass", "units.review_panels")]}
    assert tasks(play) == objecting
    made = play.act(
        panels.object_to_reviewer, play.review, held(play, "private"), by=play["commander"], cause="A claim."
    )
    assert isinstance(made, Objection)
    ruling = [("Rule on the unit’s objection", PANEL)]
    assert tasks(play) == objecting | {"authority": ruling, "commissioner": ruling}
    play.act(panels.rule_on_objection, play.review, made, by=play["authority"], upheld=True, reason="Real.")
    assert tasks(play) == objecting | {"commissioner": ruling}
    play.act(panels.rule_on_objection, play.review, made, by=play["commissioner"], upheld=False, reason="Old.")
    assert tasks(play) == objecting | {"authority": ruling, "commissioner": ruling}
    play.act(panels.rule_on_objection, play.review, made, by=play["authority"], upheld=False, reason="Old indeed.")
    play.later(working_days=6)
    assert tasks(play) == {"officer": [("Confirm the panel", PANEL)]}


def test_an_empty_seat_is_the_office_s_and_on_site_first_the_keys(at: At) -> None:
    play = at("on_site")
    before = tasks(play)
    play.act(
        panels.declare_interests, play.review, by=play["company1"], interest=Interest.PREJUDICIAL, detail="A post.",
        stage="on_site",
    )  # fmt: skip
    fill, agree = ("Fill the empty seat", PANEL), ("Agree to a substitute", PANEL)
    others = {word: rows for word, rows in before.items() if word != "company1"}
    assert tasks(play) == others | {"officer": [fill], "authority": [agree], "commissioner": [agree]}
    left = play.session.exec(select(Seat).where(Seat.kind == "private")).one()
    play.act(panels.replace_reviewer, play.review, left, by=play["authority"], reason="Gone.")
    assert tasks(play) == others | {"officer": [fill], "commissioner": [agree]}
    play.act(panels.replace_reviewer, play.review, left, by=play["commissioner"], reason="Gone.")
    play.act(
        panels.replace_reviewer, play.review, left, by=play["officer"], reason="Gone.", substitute=play["company2"]
    )
    answer(play, "company2")
    assert tasks(play) == others


def test_while_all_seats_are_held_nobody_is_asked_to_fill_one(at: At) -> None:
    play = at("scoping")
    assert [text for rows in tasks(play).values() for text, _ in rows] == ["Write and agree the scope"]
