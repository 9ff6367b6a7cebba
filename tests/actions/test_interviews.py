"""People who were interviewed: apart from the note, known to two, told by role only in a group, and forgotten."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine
from sqlmodel import select
from structlog.testing import capture_logs

from metstandard.actions import commissioning, evidence, interviews, items
from metstandard.actions.interviews import Talk
from metstandard.actions.items import Details
from metstandard.common import clock
from metstandard.common.errors import Invalid
from metstandard.common.settings import settings
from metstandard.jobs import cleaning
from metstandard.queries import interviews as reads
from metstandard.records.base import Marking
from metstandard.records.evidence import Activity, ActivityKind, Evidence, EvidenceType, Interview, Interviewee, Maker
from metstandard.rubric.shapes import Outcome
from metstandard.workflow.calendar import add_months
from tests.factories.kept import playing
from tests.factories.stages import Play

TALK = Talk(3, "Night-duty sergeants", ("Alex Quill", "Sam Marsh"))
NOTE = Details(EvidenceType.INTERVIEW, "Talk", Maker.PANEL, Marking.OFFICIAL, note="Briefings help.", talk=TALK)
PANEL = ("peer1", "council1", "company1")


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """The panel is on site."""
    with playing(data, "on_site") as made:
        yield made


def note(play: Play, word: str = "council1", details: Details = NOTE) -> Evidence:
    made = play.act(evidence.add_evidence, play.review, by=play[word], criteria=["1.1"], **vars(details))
    assert isinstance(made, Evidence)
    return made


def refusal(play: Play, **said: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as refused:
        note(play, details=replace(NOTE, **said))
    play.session.rollback()
    assert refused.value.rule == "B5"
    return refused.value.field, refused.value.sentence


def people(play: Play, item: Evidence) -> dict[str, list[str]]:
    """Who reads which names behind a note."""
    everybody = (*PANEL, "author", "commander", "officer", "authority", "member")
    return {word: reads.interviewees(play.session, play.review, item, play[word]) for word in everybody}


def test_only_the_writer_and_the_lead_know_who_was_interviewed(play: Play) -> None:
    """Rules.md B5: the person is stored apart from the note."""
    item = note(play)
    names = list(TALK.names)
    assert {word: found for word, found in people(play, item).items() if found} == {"peer1": names, "council1": names}
    assert not any(one in str(item.model_dump()) for one in names)


@pytest.mark.parametrize("field", ["title", "note", "source", "author", "period"])
def test_a_note_that_names_whoever_was_interviewed_is_refused(play: Play, field: str) -> None:
    said = {field: "So says  ALEX\nquill, twice."}
    assert refusal(play, **said) == (field, "Leave out the name of whoever was interviewed")


def test_a_role_that_is_a_name_is_refused(play: Play) -> None:
    assert refusal(play, talk=replace(TALK, group="Sam Marsh"))[0] == "group"


def test_part_of_another_word_is_no_name(play: Play) -> None:
    """Marsh is no part of marshal."""
    assert note(play, details=replace(NOTE, note="Alex Quillson and sam marshal."))


def test_a_small_group_is_not_told_by_its_role(play: Play) -> None:
    """Neither in the note, which is refused, nor beside it: others read nothing. Four may be told."""
    field, sentence = refusal(play, note="The night-duty sergeants say so.")
    assert (field, sentence) == (
        "note", "Leave out “Night-duty sergeants”: a group of fewer than 4 is not told by its role",
    )  # fmt: skip
    note(play, details=replace(NOTE, note="The night-duty sergeants say so.", talk=replace(TALK, people=4)))


def test_small_groups_of_the_log_and_of_notes_are_known_to_those_who_check_the_report(play: Play) -> None:
    note(play)
    play.act(
        evidence.log_activity, play.review, by=play["council1"], kind=ActivityKind.INTERVIEW,
        held_on=clock.local_date(play.now), people=1, minutes=30, group="Chief clerk",
    )  # fmt: skip
    assert reads.small_groups(play.session, play.review) == ["Chief clerk", "Night-duty sergeants"]
    log = list(play.session.exec(select(Activity)).all())
    assert [list(reads.groups(play.session, play.review, log, play[word]).values()) for word in PANEL] == [
        ["Chief clerk"], ["Chief clerk"], [""],
    ]  # fmt: skip


@pytest.mark.parametrize(("talk", "field"), [(Talk(0), "people"), (Talk(1, "", ("A B", "C D")), "names")])
def test_the_numbers_must_agree(play: Play, talk: Talk, field: str) -> None:
    assert refusal(play, talk=talk)[0] == field


def test_a_change_of_type_forgets_who_was_interviewed(play: Play) -> None:
    item = note(play)
    said = replace(NOTE, kind=EvidenceType.OBSERVATION, talk=None)
    play.act(
        items.change_evidence, play.review, item, by=play["council1"], revision=0, details=said, places={"1.1": ""}
    )
    assert [play.session.exec(select(one)).all() for one in (Interview, Interviewee)] == [[], []]


def publish(play: Play) -> date:
    """Have the review published today, whatever else is missing."""
    review, today = play.review, clock.local_date(play.now)
    review.decided_on = review.published_on = today
    review.outcome = Outcome.ACHIEVED
    play.session.commit()
    return today


def test_notes_and_names_are_erased_twelve_months_after_publication(data: Path) -> None:
    """Rules.md B9: not a day before; what kind of item it was and what it speaks to stays."""
    with playing(data, "on_site") as play:
        item = note(play)
        play.act(
            evidence.log_activity, play.review, by=play["peer1"], kind=ActivityKind.FOCUS_GROUP,
            held_on=clock.local_date(play.now), people=5, minutes=10, note="They said much.",
        )  # fmt: skip
        due = clock.at_local(add_months(publish(play), 12), 9)
        engine = play.session.get_bind()
        assert isinstance(engine, Engine)
        with clock.pinned_to(due - timedelta(days=1)):
            assert cleaning.sweep(engine, settings(), threading.Event()) == 0
        with clock.pinned_to(due), capture_logs() as logged:
            assert [cleaning.sweep(engine, settings(), threading.Event()) for _ in range(2)] == [1, 0]
        play.session.expire_all()
        talk = play.session.exec(select(Interview)).one()
        assert (item.note, item.title, item.kind, talk.group, talk.people) == (
            "", "Talk", EvidenceType.INTERVIEW, "", 3,
        )  # fmt: skip
        assert talk.erased_at == due
        assert play.session.exec(select(Interviewee)).all() == []
        assert play.session.exec(select(Activity.note)).all() == [""]
        assert {
            "event": "interview notes erased",
            "review": play.review.reference,
            "items": 1,
            "log_level": "info",
        } in (logged)


def test_a_paused_review_keeps_its_notes(play: Play) -> None:
    item = note(play)
    published = publish(play)
    play.act(commissioning.pause, play.review, by=play["officer"], reason="A claim was made.")
    with clock.pinned_to(clock.at_local(add_months(published, 30), 9)):
        assert interviews.erase_ended(play.session) == 0
    assert item.note
