"""What the papers of a review bear: inherited from what they quote, raised freely, lowered with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import markings as acts
from metstandard.actions import scoring
from metstandard.common.errors import Invalid, NotFound, NotYours
from metstandard.queries.timeline import marked_lines
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence, EvidenceType
from metstandard.records.journal import JournalLine
from metstandard.records.sheets import AgreedLevel, NewEvidence
from metstandard.rules import markings
from tests.factories.kept import playing
from tests.factories.stages import Play

M = Marking


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """Every sheet is locked; the marks rest on the four items of evidence."""
    with playing(data, "consensus") as made:
        made["officer"].clearance = M.CONFIDENTIAL
        made.session.commit()
        yield made


def mark(play: Play, marking: Marking, number: int = 1) -> None:
    play.session.get_one(Evidence, number).marking = marking
    play.session.commit()


def unticked(play: Play) -> Evidence:
    """Another item that bears CONFIDENTIAL and that no mark rests on."""
    one = Evidence(
        review_id=play.review.key, kind=EvidenceType.DATA, title="More", marking=M.CONFIDENTIAL,
        added_by_id=play["peer1"].key,
    )  # fmt: skip
    play.session.add(one)
    play.session.commit()
    return one


def bears(play: Play) -> Marking:
    return markings.of_papers(play.session, play.review)


def test_papers_inherit_the_highest_marking_of_what_was_ticked(play: Play) -> None:
    """What nobody ticked is not quoted, so it is not inherited."""
    assert bears(play) is M.OFFICIAL_SENSITIVE
    unticked(play)
    assert bears(play) is M.OFFICIAL_SENSITIVE
    mark(play, M.CONFIDENTIAL)
    assert bears(play) is M.CONFIDENTIAL


def test_while_sheets_are_sealed_nothing_is_told_of_what_they_tick(data: Path) -> None:
    with playing(data, "scoring") as play:
        mark(play, M.CONFIDENTIAL)
        play.act(scoring.save_mark, play.review, by=play["peer1"], criterion="1.1", evidence=[2], level="", revision=0)
        assert markings.quoted(play.session, play.review) == {}


def test_lowering_has_a_name_a_reason_and_a_line_in_the_journal(play: Play) -> None:
    mark(play, M.CONFIDENTIAL)
    with pytest.raises(Invalid) as refused:
        play.act(acts.set_marking, play.review, by=play["officer"], marking=M.OFFICIAL)
    assert (refused.value.field, refused.value.rule) == ("reason", "B9")
    play.session.rollback()
    play.act(acts.set_marking, play.review, by=play["officer"], marking=M.OFFICIAL, reason="Names are gone.")
    assert bears(play) is M.OFFICIAL
    line = play.session.exec(select(JournalLine).where(JournalLine.act == "set_marking")).one()
    assert line.data == {"before": "CONFIDENTIAL", "after": "OFFICIAL", "evidence": [1, 2, 3, 4]}
    assert [(one.what, one.who, one.note) for one in marked_lines(play.session, play.review)] == [
        ("CONFIDENTIAL to OFFICIAL", "Programme officer (programme officer)", "Names are gone.")
    ]


def test_what_is_quoted_later_is_inherited_again(play: Play) -> None:
    play.act(acts.set_marking, play.review, by=play["officer"], marking=M.OFFICIAL, reason="Nothing sensitive.")
    level = AgreedLevel(review_id=play.review.key, criterion="1.1")
    play.session.add(level)
    play.session.flush()
    named = NewEvidence(
        agreed_id=level.key, evidence_id=unticked(play).key, named_by_id=play["peer1"].key, named_at=play.now
    )
    play.session.add(named)
    play.session.commit()
    assert bears(play) is M.CONFIDENTIAL


def test_raising_needs_no_reason(play: Play) -> None:
    play.act(acts.set_marking, play.review, by=play["officer"], marking=M.OFFICIAL_SENSITIVE)
    assert bears(play) is M.OFFICIAL_SENSITIVE


def test_others_set_no_marking_and_an_officer_without_clearance_finds_nothing(play: Play) -> None:
    for word in ("peer1", "commander", "authority"):
        with pytest.raises(NotYours):
            play.act(acts.set_marking, play.review, by=play[word], marking=M.OFFICIAL_SENSITIVE)
        play.session.rollback()
    mark(play, M.CONFIDENTIAL)
    play["officer"].clearance = None
    play.session.commit()
    with pytest.raises(NotFound):
        play.act(acts.set_marking, play.review, by=play["officer"], marking=M.OFFICIAL, reason="So that I see it.")
