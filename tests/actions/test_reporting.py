"""The draft, its paragraphs with their history, and the sending."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from metstandard.actions import consensus, moderation, reporting
from metstandard.actions.samples import fill_consensus
from metstandard.common import clock
from metstandard.common.errors import Invalid, MetStandardError, NotFound, NotYours, RuleBroken, Stale
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.reviews import Deputy
from metstandard.records.sheets import Paragraph, ParagraphVersion
from metstandard.rules.content import digest
from metstandard.rules.guards.scoring import agreed
from metstandard.workflow.machine import NotOpen
from tests.factories.kept import playing
from tests.factories.stages import LEAD, SEATS, STAGES, Play


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """Everybody has signed the consensus: the draft is there."""
    with playing(data, "reporting") as made:
        yield made


def paragraph(play: Play, criterion: str = "1.1") -> Paragraph:
    return play.session.exec(select(Paragraph).where(Paragraph.criterion == criterion)).one()


def edit(play: Play, text: str, *, word: str = LEAD, revision: int = 1, criterion: str = "1.1") -> Paragraph:
    made = play.act(
        reporting.edit_paragraph, play.review, paragraph(play, criterion), by=play[word], text=text, revision=revision
    )
    assert isinstance(made, Paragraph)
    return made


def versions(play: Play, one: Paragraph) -> list[tuple[int, str]]:
    rows = play.session.exec(
        select(ParagraphVersion).where(ParagraphVersion.paragraph_id == one.key).order_by(col(ParagraphVersion.id))
    ).all()
    return [(row.revision, row.text) for row in rows]


def refusal(function: Callable[[], object], kind: type[MetStandardError]) -> str:
    """What an act that is refused by name says."""
    with pytest.raises(kind) as refused:
        function()
    return str(refused.value)


def test_the_draft_is_there_when_the_last_has_signed(play: Play) -> None:
    """A summary of five, one paragraph for each domain and one for each criterion, numbered without gaps."""
    rows = play.session.exec(select(Paragraph).order_by(col(Paragraph.number))).all()
    places = [(one.section, one.criterion) for one in rows]
    assert [one.number for one in rows] == list(range(1, 42))
    assert places[:8] == [("summary", "")] * 5 + [("D1", ""), ("D1", "1.1"), ("D1", "1.2")]
    assert {one.revision for one in rows} == {1}


def test_the_lead_rewrites_a_paragraph_and_how_it_read_before_is_kept(play: Play) -> None:
    before = paragraph(play).text
    one = edit(play, "  Staff on every shift say the same.\r\n\r\nSo does the council. ")
    assert (one.text, one.revision) == ("Staff on every shift say the same.\n\nSo does the council.", 2)
    assert versions(play, one) == [(1, before), (2, "Staff on every shift say the same.\n\nSo does the council.")]


def test_saves_of_one_sitting_are_one_version(play: Play) -> None:
    """Autosave sends every few seconds; nobody wants to read each half sentence."""
    drafted = paragraph(play).text
    edit(play, "Staff")
    edit(play, "Staff on every", revision=2)
    one = edit(play, "Staff on every shift.", revision=3)
    assert versions(play, one) == [(1, drafted), (4, "Staff on every shift.")]


def test_a_later_sitting_is_a_version_of_its_own(play: Play) -> None:
    drafted = paragraph(play).text
    edit(play, "In the morning.")
    play.now += reporting.ONE_SITTING + timedelta(minutes=1)
    one = edit(play, "In the afternoon.", revision=2)
    assert versions(play, one) == [(1, drafted), (2, "In the morning."), (3, "In the afternoon.")]


def test_the_draft_itself_is_never_taken_for_a_sitting(play: Play) -> None:
    """Even when the lead signed last, a minute ago."""
    text = paragraph(play).text
    one = edit(play, "Mine.")
    assert versions(play, one)[0] == (1, text)


def test_saving_the_same_again_changes_nothing(play: Play) -> None:
    edit(play, "Once.")
    assert edit(play, "Once. ", revision=1).revision == 2


def test_a_page_that_is_out_of_date_gets_both_versions(play: Play) -> None:
    edit(play, "Saved in another tab.")
    with pytest.raises(Stale) as refused:
        edit(play, "Typed here.", revision=1)
    assert (refused.value.mine, refused.value.theirs) == (
        {"text": "Typed here."}, {"text": "Saved in another tab.", "revision": 2},
    )  # fmt: skip


@pytest.mark.parametrize("word", ["council1", "company1", "officer", "commander", "member", "author"])
def test_nobody_but_the_lead_reviewer_writes(play: Play, word: str) -> None:
    assert refusal(lambda: edit(play, "Mine.", word=word), NotYours) == "This is not yours to do"


def lend(play: Play, word: str, part: str, principal: str) -> None:
    play.programme.add(word, f"Deputy of the {part}")
    play.session.add(
        Deputy(
            review_id=play.review.key, principal_id=play[principal].key, person_id=play[word].key, part=part,
            from_on=clock.today(),
        )
    )  # fmt: skip
    play.session.commit()


def test_a_deputy_of_the_lead_reviewer_prepares_but_does_not_send(play: Play) -> None:
    lend(play, "helper", "lead_reviewer", LEAD)
    assert edit(play, "Prepared.", word="helper").text == "Prepared."
    assert refusal(lambda: play.act(reporting.send_draft, play.review, by=play["helper"]), NotYours)


def test_a_deputy_of_the_commander_cannot_touch_the_report(play: Play) -> None:
    lend(play, "helper", "commander", "commander")
    refusal(lambda: edit(play, "Better.", word="helper"), NotYours)
    play.session.rollback()
    assert paragraph(play).revision == 1


def test_a_paragraph_of_another_review_is_not_found(play: Play) -> None:
    stranger = Paragraph(review_id=play.review.key + 1, number=1, section="summary", text="x", revision=1)
    said = refusal(
        lambda: play.act(reporting.edit_paragraph, play.review, stranger, by=play[LEAD], text="y", revision=1), NotFound
    )
    assert said == "No such paragraph in this report"


def test_a_text_of_twenty_thousand_characters_is_the_longest(play: Play) -> None:
    assert refusal(lambda: edit(play, "x" * 20_001), Invalid) == "Write at most 20,000 characters"


def test_an_empty_paragraph_saves_and_holds_the_draft_back(play: Play) -> None:
    edit(play, "")
    said = refusal(lambda: play.act(reporting.send_draft, play.review, by=play[LEAD]), RuleBroken)
    assert re.fullmatch(r"The report cannot leave yet\. Paragraph \d+ is empty \(A5\)\. \(A5\)", said)


def test_sending_opens_the_window_tells_the_unit_and_happens_once(play: Play) -> None:
    for _ in range(2):
        play.act(reporting.send_draft, play.review, by=play[LEAD])
    told = play.session.exec(select(Letter).where(Letter.name == "draft_sent")).all()
    lines = play.session.exec(select(JournalLine).where(JournalLine.act == "send_draft")).all()
    assert (play.review.state, play.review.draft_sent_on) == ("factual_accuracy", clock.local_date(play.now))
    assert ({one.person_id for one in told}, len(lines)) == ({play["commander"].key, play["link"].key}, 1)
    assert play.review.due_on is not None


@pytest.mark.parametrize("word", ["council1", "officer", "commander"])
def test_nobody_but_the_lead_reviewer_sends(play: Play, word: str) -> None:
    assert refusal(lambda: play.act(reporting.send_draft, play.review, by=play[word]), NotYours)


def test_the_draft_cannot_be_edited_once_it_is_sent(play: Play) -> None:
    play.act(reporting.send_draft, play.review, by=play[LEAD])
    refusal(lambda: edit(play, "Later."), NotOpen)


def test_after_a_return_only_what_nobody_edited_is_drafted_afresh(play: Play) -> None:
    """The panel changes its reasons for 1.1 and 1.2; the lead had rewritten 1.2."""
    edit(play, "The lead's own words.", criterion="1.2")
    STAGES["factual_accuracy"](play)
    STAGES["moderation"](play)
    play.act(moderation.return_to_panel, play.review, by=play["member"], reason="Look again.")
    for code in ("1.1", "1.2"):
        row = agreed(play.session, play.review)[code]
        play.act(
            consensus.agree_level, play.review, by=play[LEAD], criterion=code, level=row.level,
            rationale=f"New reasons for {code}.", revision=row.revision,
        )  # fmt: skip
    old = paragraph(play, "1.1").text
    for word in SEATS.values():
        seen = digest(play.session, play.review, "consensus")
        play.act(consensus.sign_consensus, play.review, by=play[word], seen=seen)
    first, second, third = (paragraph(play, code) for code in ("1.1", "1.2", "1.3"))
    assert first.text.startswith("New reasons for 1.1.")
    assert versions(play, first) == [(1, old), (2, first.text)]
    assert (second.text, third.revision) == ("The lead's own words.", 1)


def test_what_was_drafted_twice_is_drafted_a_third_time(play: Play) -> None:
    """A draft of a draft is still nobody's own words."""
    for turn in (1, 2):
        STAGES["factual_accuracy"](play)
        STAGES["moderation"](play)
        play.act(moderation.return_to_panel, play.review, by=play["member"], reason="Look again.")
        row = agreed(play.session, play.review)["1.1"]
        play.act(
            consensus.agree_level, play.review, by=play[LEAD], criterion="1.1", level="3",
            rationale=f"Reasons number {turn}.",
            revision=row.revision,
        )  # fmt: skip
        for word in SEATS.values():
            seen = digest(play.session, play.review, "consensus")
            play.act(consensus.sign_consensus, play.review, by=play[word], seen=seen)
        assert paragraph(play).text.startswith(f"Reasons number {turn}.")


def test_the_samples_of_a_demonstration_make_a_draft(data: Path) -> None:
    with playing(data, "apart") as play:
        play.act(fill_consensus, play.review, by=play[LEAD])
        for word in SEATS.values():
            seen = digest(play.session, play.review, "consensus")
            play.act(consensus.sign_consensus, play.review, by=play[word], seen=seen)
        assert play.review.state == "reporting"
        assert all(one.text for one in play.session.exec(select(Paragraph)).all())
