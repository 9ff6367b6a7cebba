"""The consensus as its pages show it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import consensus, evidence, scoring
from metstandard.actions.samples import fill_consensus
from metstandard.queries import consensus as reading
from metstandard.records.evidence import Evidence, EvidenceType
from metstandard.records.sheets import AgreedLevel
from metstandard.rules.content import digest
from tests.factories.kept import playing
from tests.factories.stages import SEATS, Play, fill_sheet


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """1.1 stands at 4, 3, 1; 1.2 at 3, NE, 3; 1.3 at NE for all; 1.4 at 2, 3, 3."""
    with playing(data, "apart") as made:
        yield made


def test_nothing_is_shown_while_sheets_are_sealed(data: Path) -> None:
    """First it could be: two of three are full, locked and in the database."""
    with playing(data, "scoring") as play:
        for word in ("peer1", "council1"):
            fill_sheet(play, word)
            play.act(scoring.lock_sheet, play.review, by=play[word])
        assert reading.lines(play.session, play.review) == {}
        assert reading.by_domain(play.session, play.review, {}) == []


def test_marks_stand_side_by_side_in_the_order_of_the_seats(play: Play) -> None:
    found = reading.lines(play.session, play.review)
    shown = {
        code: ([(one.member.kind, one.mark.level) for one in found[code].marks], found[code].spread, found[code].range)
        for code in ("1.1", "1.2", "1.3")
    }
    assert shown == {
        "1.1": ([("Peer", "4"), ("Local authority", "3"), ("Private", "1")], 3, (1, 4)),
        "1.2": ([("Peer", "3"), ("Local authority", "NE"), ("Private", "3")], 0, (3, 3)),
        "1.3": ([("Peer", "NE"), ("Local authority", "NE"), ("Private", "NE")], 0, (0, 0)),
    }
    assert [code for code, one in found.items() if one.apart] == ["1.1"]
    assert [code for code, one in found.items() if one.not_enough] == ["1.2", "1.3"]
    assert {code: found[code].median for code in ("1.1", "1.2", "1.3", "1.4")} == {
        "1.1": "3", "1.2": "3", "1.3": "0", "1.4": "3",
    }  # fmt: skip


def test_a_line_names_what_it_still_needs(play: Play) -> None:
    before = reading.lines(play.session, play.review)
    play.act(consensus.agree_level, play.review, by=play["peer1"], criterion="1.3", level="2", rationale="", revision=0)
    after = reading.lines(play.session, play.review)
    assert before["1.1"].missing == ["an agreed level", "the reasons for it", "the record of the discussion"]
    assert (before["1.3"].state, after["1.3"].state) == ("Not started", "In progress")
    assert after["1.3"].missing == ["the reasons for it", "the new evidence"]


def test_evidence_too_thin_for_the_agreed_level_warns_before_anybody_signs(play: Play) -> None:
    """R7 would stop every decision later."""
    play.act(
        consensus.agree_level, play.review, by=play["peer1"], criterion="2.2", level="4", rationale="So.", revision=0,
    )  # fmt: skip
    assert reading.lines(play.session, play.review)["2.2"].missing == ["the new evidence"]
    item = play.act(
        evidence.add_evidence, play.review, by=play["peer1"], kind=EvidenceType.DATA, title="An audit",
        criteria=["2.2"], note="Of one year.",
    )  # fmt: skip
    assert isinstance(item, Evidence)
    play.act(consensus.name_evidence, play.review, by=play["peer1"], criterion="2.2", items=[item.key])
    found = reading.lines(play.session, play.review)
    assert found["2.2"].missing == []
    assert found["2.2"].thin == (
        "Level 4 needs at least 1 external source, there are none. "
        "Level 4 needs at least 2 years of outcome data, there are none."
    )
    assert found["2.3"].thin == ""


def test_domains_tell_how_far_they_are(play: Play) -> None:
    def states() -> list[tuple[str, int, str]]:
        found = reading.by_domain(play.session, play.review, reading.lines(play.session, play.review))
        return [(one.domain.code, one.complete, one.state) for one in found][:2]

    before = states()
    play.act(
        consensus.agree_level, play.review, by=play["peer1"], criterion="2.2", level="3", rationale="So.", revision=0
    )
    middle = states()
    play.act(fill_consensus, play.review, by=play["peer1"])
    assert (before, middle, states()) == (
        [("D1", 0, "Not started"), ("D2", 0, "Not started")],
        [("D1", 0, "Not started"), ("D2", 1, "In progress")],
        [("D1", 4, "Completed"), ("D2", 4, "Completed")],
    )


def test_signing_tells_who_has_and_who_has_not(play: Play) -> None:
    play.act(fill_consensus, play.review, by=play["peer1"])
    for word in ("peer1", "company1"):
        seen = digest(play.session, play.review, "consensus")
        play.act(consensus.sign_consensus, play.review, by=play[word], seen=seen)
    found = reading.signing(play.session, play.review)
    assert ([one.kind for one in found.signed], [one.kind for one in found.waiting], found.void, found.vacant) == (
        ["Peer", "Private"], ["Local authority"], (), (),
    )  # fmt: skip


def test_a_signature_that_a_change_took_away_is_told_from_one_that_was_never_made(play: Play) -> None:
    play.act(fill_consensus, play.review, by=play["peer1"])
    seen = digest(play.session, play.review, "consensus")
    play.act(consensus.sign_consensus, play.review, by=play["peer1"], seen=seen)
    row = play.session.exec(select(AgreedLevel).where(AgreedLevel.criterion == "2.2")).one()
    play.act(
        consensus.agree_level, play.review, by=play["council1"], criterion="2.2", level=row.level,
        rationale="In other words.", revision=row.revision,
    )  # fmt: skip
    found = reading.signing(play.session, play.review)
    assert ([one.kind for one in found.void], [one.kind for one in found.waiting]) == (
        ["Peer"], ["Local authority", "Private"],
    )  # fmt: skip


def test_members_stand_in_the_order_of_the_workflows_seats(play: Play) -> None:
    assert [one.person.key for one in reading.members(play.session, play.review)] == [
        play[word].key for word in SEATS.values()
    ]
