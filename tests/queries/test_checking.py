"""What the check of a report finds, who may let it stand, and for which text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import reporting
from metstandard.common.errors import Invalid, NotFound, NotYours, RuleBroken
from metstandard.queries.checking import checked, in_the_way
from metstandard.records.base import Marking
from metstandard.records.evidence import Activity, Evidence, Interviewee
from metstandard.records.reports import CheckWaiver
from metstandard.records.sheets import Mark, Paragraph
from tests.factories.kept import playing
from tests.factories.stages import LEAD, STAGES, Play


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """The consensus is signed; the draft has just been made."""
    with playing(data, "reporting") as made:
        yield made


def write(play: Play, number: int, text: str) -> None:
    one = play.session.exec(select(Paragraph).where(Paragraph.number == number)).one()
    play.act(reporting.edit_paragraph, play.review, one, by=play[LEAD], text=text, revision=one.revision)


def found(play: Play) -> list[str]:
    return [one.sentence for one in in_the_way(play.session, play.review)]


def small_group(play: Play) -> None:
    """Two sergeants were met, and paragraph 7 says so."""
    one = play.session.exec(select(Activity)).first()
    assert one is not None
    one.group, one.people = "Two custody sergeants", 2
    play.session.add(one)
    write(play, 7, "As two custody  sergeants told us, it works.")


def quote(play: Play, marking: Marking) -> None:
    """An item on which marks rest bears a marking."""
    numbers = {number for each in play.session.exec(select(Mark.evidence)).all() for number in each}
    item = play.session.get_one(Evidence, min(numbers))
    item.marking = marking
    play.session.add(item)
    play.session.flush()


def test_a_draft_as_it_is_made_may_leave(play: Play) -> None:
    assert found(play) == []


def test_each_thing_is_named_with_its_paragraph_and_its_rule(play: Play) -> None:
    item = play.session.exec(select(Evidence)).first()
    assert item is not None
    play.session.add(Interviewee(evidence_id=item.key, name="Morag Quill", added_by_id=play[LEAD].key))
    small_group(play)
    write(play, 8, "  ")
    write(play, 9, "Sergeant morag quill runs the desk.")
    write(play, 10, f"{play['council1'].name} saw it.")
    assert found(play) == [
        "Paragraph 7 names a group so small that somebody in it could be recognised (B5).",
        "Paragraph 8 is empty (A5).",
        "Paragraph 9 names somebody who was interviewed (B5).",
        "Paragraph 10 names a member of the panel (SCO-3).",
    ]
    with pytest.raises(RuleBroken) as refused:
        play.act(reporting.send_draft, play.review, by=play[LEAD])
    play.session.rollback()
    assert [word in str(refused.value) for word in ("Paragraph 9 names somebody", "Quill")] == [True, False]


def test_a_name_inside_another_word_is_no_name(play: Play) -> None:
    item = play.session.exec(select(Evidence)).first()
    assert item is not None
    play.session.add(Interviewee(evidence_id=item.key, name="Ann Low", added_by_id=play[LEAD].key))
    write(play, 7, "The plan lowers risk; Ann Lowe is not meant.")
    assert found(play) == []


def test_a_draft_bears_at_least_the_highest_marking_of_what_its_marks_rest_on(play: Play) -> None:
    quote(play, Marking.OFFICIAL_SENSITIVE)
    assert found(play) == []
    play.review.marking = Marking.OFFICIAL
    play.session.add(play.review)
    assert found(play) == [
        "The report would leave marked OFFICIAL, and rests on evidence marked OFFICIAL-SENSITIVE (B9)."
    ]


def test_a_named_person_lets_a_small_group_stand_with_a_reason_for_that_text_only(play: Play) -> None:
    small_group(play)
    with pytest.raises(Invalid, match="Say why the report may leave all the same"):
        play.act(reporting.waive_check, play.review, by=play[LEAD], key="group-7", reason=" ")
    play.session.rollback()
    for _ in range(2):
        play.act(reporting.waive_check, play.review, by=play[LEAD], key="group-7", reason="Nine sergeants serve there.")
    assert found(play) == []
    rows = play.session.exec(select(CheckWaiver)).all()
    assert [(one.concern, one.paragraph, one.waived_by_id) for one in rows] == [("group", 7, play[LEAD].key)]
    write(play, 7, "As two custody sergeants told us, nothing works.")
    assert len(found(play)) == 1


def test_nobody_lets_a_name_or_an_empty_paragraph_stand(play: Play) -> None:
    write(play, 8, "")
    with pytest.raises(RuleBroken, match="Nobody can let that stand: change the text"):
        play.act(reporting.waive_check, play.review, by=play[LEAD], key="empty-8", reason="It is fine.")
    play.session.rollback()
    with pytest.raises(NotFound):
        play.act(reporting.waive_check, play.review, by=play[LEAD], key="group-8", reason="It is fine.")


@pytest.mark.parametrize("word", ["council1", "commander", "officer"])
def test_only_the_lead_reviewer_lets_anything_stand_in_a_draft(play: Play, word: str) -> None:
    small_group(play)
    with pytest.raises(NotYours):
        play.act(reporting.waive_check, play.review, by=play[word], key="group-7", reason="Nine serve there.")


def test_the_check_runs_again_before_publication_and_then_the_programme_office_answers(play: Play) -> None:
    quote(play, Marking.OFFICIAL_SENSITIVE)
    for stage in ("factual_accuracy", "moderation", "decision", "notified", "appeal_window"):
        STAGES[stage](play)
    with pytest.raises(RuleBroken, match=r"The report would leave marked OFFICIAL, and rests on evidence marked"):
        STAGES["published"](play)
    play.session.rollback()
    with pytest.raises(NotYours):
        play.act(reporting.waive_check, play.review, by=play[LEAD], key="marking-0", reason="Nothing of it is quoted.")
    play.session.rollback()
    play.act(
        reporting.waive_check, play.review, by=play["officer"], key="marking-0",
        reason="No word of the marked item is quoted.",
    )  # fmt: skip
    assert [(one.key, let.person.name if let else "") for one, let in checked(play.session, play.review)] == [
        ("marking-0", play["officer"].name)
    ]
