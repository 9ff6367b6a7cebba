"""Agreeing levels, dissent, findings and signatures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from metstandard.actions import commissioning, consensus, evidence, moderation, panels
from metstandard.actions.samples import fill_consensus
from metstandard.common.errors import Invalid, NotFound, NotNow, NotYours, Stale
from metstandard.queries.agreeing import level_changes
from metstandard.queries.consensus import lines, signing
from metstandard.records.evidence import Evidence, EvidenceType
from metstandard.records.journal import JournalLine
from metstandard.records.outbox import Letter
from metstandard.records.reviews import Signature
from metstandard.records.seats import Declaration, Interest
from metstandard.records.sheets import AgreedLevel, Mark, Paragraph
from metstandard.rules.case import Case
from metstandard.rules.content import digest
from metstandard.rules.editions import workflow_of
from metstandard.rules.guards import scoring as facts
from metstandard.rules.signatures import counting
from metstandard.workflow.machine import NotOpen
from tests.factories.agreeing import find, refusal, standing
from tests.factories.kept import playing
from tests.factories.stages import SEATS, STAGES, Play


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    """Every sheet is locked: 1.1 stands at 4, 3, 1; 1.2 and 1.3 have marks of “not enough evidence”."""
    with playing(data, "apart") as made:
        yield made


def agree(play: Play, code: str = "1.4", word: str = "peer1", **fields: Any) -> AgreedLevel:
    """Save an agreed level as the page does."""
    given = {"level": "3", "rationale": "All three saw it on every shift.", "revision": 0} | fields
    row = play.act(consensus.agree_level, play.review, by=play[word], criterion=code, **given)
    assert isinstance(row, AgreedLevel)
    return row


def ready(play: Play) -> None:
    """Everything agreed, with what SCO-4 asks for."""
    play.act(fill_consensus, play.review, by=play["peer1"])


def sign(play: Play, word: str) -> None:
    seen = digest(play.session, play.review, "consensus")
    play.act(consensus.sign_consensus, play.review, by=play[word], seen=seen)


def case(play: Play) -> Case:
    return Case(play.session, play.review, workflow_of(play.session, play.review), "sign_consensus", play["peer1"])


def signed(play: Play) -> set[str]:
    people = {play[word].key: word for word in SEATS.values()}
    return {people[one.person_id] for one in counting(play.session, play.review, "consensus")}


def test_a_level_is_agreed_with_its_reasons_by_any_of_the_panel(play: Play) -> None:
    row = agree(play, word="company1")
    assert (row.level, row.rationale, row.revision) == ("3", "All three saw it on every shift.", 1)


def test_a_draft_may_lack_the_level_or_the_reasons(play: Play) -> None:
    assert agree(play, level="", rationale="To be talked about").level == ""
    assert agree(play, level="2", rationale="", revision=1).rationale == ""


def test_saving_the_same_again_changes_nothing(play: Play) -> None:
    agree(play)
    assert agree(play, revision=0).revision == 1


def test_a_colleague_who_saved_in_the_meantime_is_not_overwritten(play: Play) -> None:
    agree(play)
    with pytest.raises(Stale) as refused:
        agree(play, word="council1", level="2")
    assert refused.value.theirs == {
        "level": "3", "rationale": "All three saw it on every shift.", "discussion": "", "new_evidence": "",
        "revision": 1,
    }  # fmt: skip


@pytest.mark.parametrize("level", ["NE", "NA", "5", "three"])
def test_what_is_no_level_cannot_be_agreed(play: Play, level: str) -> None:
    """SCO-1: “not enough evidence” is cleared here."""
    assert refusal(lambda: agree(play, level=level), Invalid) == (
        "Choose one of the levels: “not enough evidence” must be cleared here (SCO-1)"
    )


def test_a_criterion_that_is_set_aside_cannot_be_agreed_or_found_against(play: Play) -> None:
    play.review.not_applicable = {"4.1": "A national unit."}
    play.session.commit()
    assert refusal(lambda: agree(play, "4.1"), NotFound) == "No such criterion in this review"
    assert refusal(lambda: find(play, criterion="4.1"), NotFound) == "No such criterion in this review"


@pytest.mark.parametrize("word", ["officer", "commander", "member", "authority", "peer2"])
def test_nobody_but_the_panel_agrees(play: Play, word: str) -> None:
    assert refusal(lambda: agree(play, word=word), NotYours) == "This is not yours to do"


def test_nothing_is_agreed_while_sheets_are_sealed(data: Path) -> None:
    with playing(data, "scoring") as play:
        refusal(lambda: agree(play), NotOpen)


def test_nothing_is_agreed_while_the_review_is_paused(play: Play) -> None:
    play.act(commissioning.pause, play.review, by=play["officer"], reason="An election.")
    refusal(lambda: agree(play), NotNow)


def test_two_levels_apart_need_the_record_of_the_discussion(play: Play) -> None:
    """SCO-4: the number is the workflow's."""
    agree(play, "1.1", level="3")
    assert "1.1" in facts.discussion_gaps(case(play))
    agree(play, "1.1", level="3", discussion="The private reviewer had not seen the night shift.", revision=1)
    assert "1.1" not in facts.discussion_gaps(case(play))


def test_a_level_outside_the_range_needs_new_evidence(play: Play) -> None:
    """1.4 was marked 2, 3, 3."""
    for revision, (level, asked) in enumerate((("2", False), ("3", False), ("4", True), ("1", True))):
        agree(play, "1.4", level=level, revision=revision)
        assert ("1.4" in facts.discussion_gaps(case(play))) is asked, level
    agree(play, "1.4", level="1", new_evidence="The audit of May, read by all.", revision=4)
    assert "1.4" in facts.discussion_gaps(case(play))
    play.act(consensus.name_evidence, play.review, by=play["peer1"], criterion="1.4", items=[brought(play)])
    assert "1.4" not in facts.discussion_gaps(case(play))


def brought(play: Play) -> int:
    """An item that a reviewer adds in consensus."""
    made = play.act(
        evidence.add_evidence, play.review, by=play["council1"], kind=EvidenceType.DATA, title="The audit of May",
        criteria=["1.4"], note="Read by all.",
    )  # fmt: skip
    assert isinstance(made, Evidence)
    return made.key


def test_new_evidence_is_an_item_of_this_review_on_which_no_mark_rests(play: Play) -> None:
    used = {number for mark in play.session.exec(select(Mark)).all() for number in mark.evidence}

    def name(*items: int) -> object:
        return play.act(consensus.name_evidence, play.review, by=play["peer1"], criterion="1.4", items=list(items))

    assert refusal(name, NotNow) == "Agree a level first, then name the evidence for it"
    play.session.rollback()
    agree(play, "1.4", level="1")
    for number in (min(used), 9999):
        said = refusal(lambda number=number: name(number), Invalid)  # type: ignore[misc]
        assert said == "Choose evidence on which none of the three marks rests (SCO-4)"
        play.session.rollback()
    item = brought(play)
    for items in ([item], [item], []):
        name(*items)
        assert facts.new_evidence(play.session, play.review) == ({"1.4": [item]} if items else {})


def test_naming_other_evidence_takes_signatures_away(play: Play) -> None:
    ready(play)
    row = facts.agreed(play.session, play.review)["1.4"]
    agree(play, "1.4", level="1", rationale=row.rationale, revision=row.revision)
    play.act(consensus.name_evidence, play.review, by=play["peer1"], criterion="1.4", items=[brought(play)])
    sign(play, "peer1")
    assert len(counting(play.session, play.review, "consensus")) == 1
    play.act(consensus.name_evidence, play.review, by=play["council1"], criterion="1.4", items=[])
    assert counting(play.session, play.review, "consensus") == []


def test_who_comes_back_sees_what_colleagues_changed_and_nothing_of_their_own(play: Play) -> None:
    ready(play)
    row = facts.agreed(play.session, play.review)["1.4"]
    play.later(days=1)
    agree(play, "1.4", "council1", level="2", rationale="Lower.", revision=row.revision)
    agree(play, "1.4", "council1", level="2", rationale="Lower, on reflection.", revision=row.revision)
    dissent(play, "company1")
    assert [one.what for one in level_changes(play.session, play.review, play["peer1"])] == [
        "1.4: level 2, was 3", "1.1: dissent recorded",
    ]  # fmt: skip
    assert [one.what for one in level_changes(play.session, play.review, play["company1"])] == []


def test_where_nobody_had_enough_evidence_any_level_above_what_that_counts_as_needs_new_evidence(play: Play) -> None:
    """SCO-1: what is not cleared becomes 0."""
    agree(play, "1.3", level="0")
    assert "1.3" not in facts.discussion_gaps(case(play))
    agree(play, "1.3", level="2", revision=1)
    assert "1.3" in facts.discussion_gaps(case(play))


def test_one_mark_without_evidence_leaves_the_range_to_the_others(play: Play) -> None:
    """1.2 was marked 3, NE, 3."""
    agree(play, "1.2", level="3")
    assert "1.2" not in facts.discussion_gaps(case(play))
    assert lines(play.session, play.review)["1.2"].not_enough


def test_without_agreement_the_median_stands_and_the_dissent_is_kept(play: Play) -> None:
    """SCO-4; a mark without evidence counts as the rubric says."""
    row = play.act(
        consensus.record_dissent, play.review, by=play["company1"], criterion="1.1", dissent="I saw none of it."
    )
    assert isinstance(row, AgreedLevel)
    assert (row.level, row.dissent, row.dissent_by_id) == ("3", "I saw none of it.", play["company1"].key)
    assert [consensus.median_level(play.session, play.review, code) for code in ("1.1", "1.2", "1.3", "1.4")] == [
        "3", "3", "0", "3",
    ]  # fmt: skip


def test_while_a_dissent_stands_no_other_level_is_agreed(play: Play) -> None:
    dissent(play, "company1")
    assert refusal(lambda: agree(play, "1.1", level="4", revision=1), Invalid) == (
        "A dissent is recorded, so the median stands. Take the dissent back to agree another level (SCO-4)"
    )
    play.session.rollback()
    assert agree(play, "1.1", level="3", discussion="We talked.", revision=1).discussion == "We talked."


def test_a_dissent_is_taken_back_by_who_wrote_it(play: Play) -> None:
    dissent(play, "company1")
    said = refusal(
        lambda: play.act(consensus.withdraw_dissent, play.review, by=play["peer1"], criterion="1.1"), NotYours
    )
    play.session.rollback()
    row = play.act(consensus.withdraw_dissent, play.review, by=play["company1"], criterion="1.1")
    again = play.act(consensus.withdraw_dissent, play.review, by=play["company1"], criterion="1.1")
    assert said == "Only the reviewer who dissents can take it back"
    assert isinstance(row, AgreedLevel)
    assert (row.dissent, row.dissent_by_id, row.level, row.revision) == ("", None, "3", 2)
    assert again is row


def test_a_second_dissent_goes_into_the_discussion(play: Play) -> None:
    dissent(play, "company1")
    assert refusal(lambda: dissent(play, "peer1"), Invalid) == (
        "A colleague’s dissent is recorded here. Write yours into the discussion: moderation reads both (SCO-4)"
    )


def test_a_dissent_says_something(play: Play) -> None:
    assert refusal(lambda: dissent(play, "peer1", " \n"), Invalid) == "Say what you hold and why (SCO-4)"


def dissent(play: Play, word: str, text: str = "I hold it to be lower.") -> object:
    return play.act(consensus.record_dissent, play.review, by=play[word], criterion="1.1", dissent=text)


def test_nobody_signs_before_everything_is_there(play: Play) -> None:
    said = [refusal(lambda: sign(play, "peer1"), NotOpen)]
    play.session.rollback()
    ready(play)
    row = facts.agreed(play.session, play.review)["1.1"]
    agree(play, "1.1", level=row.level, rationale=row.rationale, revision=row.revision)
    said.append(refusal(lambda: sign(play, "peer1"), NotOpen))
    assert said == [
        "Every criterion needs an agreed level with its rationale; “not enough evidence” must be cleared.",
        "Marks two or more levels apart need a record of the discussion; a level outside the range, new evidence.",
    ]


def test_a_signature_covers_what_was_shown_and_nothing_else(play: Play) -> None:
    ready(play)
    seen = digest(play.session, play.review, "consensus")
    find(play)
    said = refusal(lambda: play.act(consensus.sign_consensus, play.review, by=play["peer1"], seen=seen), Invalid)
    assert said == "The consensus has changed since this page was opened. Read it again, then sign"


def test_a_later_change_takes_every_signature_away(play: Play) -> None:
    ready(play)
    sign(play, "peer1")
    sign(play, "council1")
    before = signed(play)
    find(play, text="Found late.")
    after = signed(play)
    assert (before, after) == ({"peer1", "council1"}, set())


def test_signing_twice_leaves_one_signature_one_line_and_one_declaration(play: Play) -> None:
    ready(play)
    sign(play, "peer1")
    sign(play, "peer1")
    assert len(play.session.exec(select(Signature).where(Signature.purpose == "consensus")).all()) == 1
    assert len(play.session.exec(select(JournalLine).where(JournalLine.act == "sign_consensus")).all()) == 1
    declared = play.session.exec(select(Declaration).where(Declaration.stage == "consensus")).all()
    assert [(one.person_id, one.interest) for one in declared] == [(play["peer1"].key, Interest.NONE)]


def test_the_last_signature_drafts_the_report_and_its_second_press_is_quiet(play: Play) -> None:
    ready(play)
    for word in SEATS.values():
        seen = digest(play.session, play.review, "consensus")
        sign(play, word)
    play.act(consensus.sign_consensus, play.review, by=play["company1"], seen=seen)
    told = play.session.exec(select(Letter).where(Letter.name == "consensus_signed")).all()
    assert play.review.state == "reporting"
    assert {one.person_id for one in told} == {play["peer1"].key, play["officer"].key}
    assert len(play.session.exec(select(Paragraph)).all()) == 5 + 8 + 28
    assert refusal(lambda: agree(play, level="1", revision=1), NotOpen)


def test_signing_re_affirms_the_personal_interest_with_which_somebody_may_sit(play: Play) -> None:
    """COI-9: personal may stay; it is not turned into nothing by a signature."""
    play.act(
        panels.declare_interests, play.review, by=play["peer1"], interest=Interest.PERSONAL,
        detail="We trained together.",
        stage="consensus",
    )  # fmt: skip
    ready(play)
    sign(play, "peer1")
    rows = play.session.exec(select(Declaration).where(Declaration.stage == "consensus")).all()
    assert [(one.interest, one.detail) for one in rows] == [(Interest.PERSONAL, "We trained together.")] * 2


def test_two_of_three_never_close_a_consensus(play: Play) -> None:
    """A reviewer with a prejudicial interest leaves (COI-9); nobody judges with fewer seats than the file says."""
    ready(play)
    play.act(
        panels.declare_interests, play.review, by=play["company1"], interest=Interest.PREJUDICIAL,
        detail="A bid is open.",
        stage="consensus",
    )  # fmt: skip
    for word in ("peer1", "council1"):
        sign(play, word)
    now = signing(play.session, play.review)
    assert play.review.state == "consensus"
    assert ([one.seat.kind for one in now.signed], now.vacant) == (["peer", "local_authority"], ("private",))
    assert not facts.sealed(play.session, play.review)


def returned(play: Play) -> None:
    """Moderation sends it back after the unit has read the draft."""
    for word in SEATS.values():
        sign(play, word)
    for stage in ("factual_accuracy", "moderation"):
        STAGES["moderation" if stage == "moderation" else stage](play)
    play.act(moderation.return_to_panel, play.review, by=play["member"], reason="Look at 1.4 again.")


def test_a_return_to_the_panel_keeps_everything_and_voids_the_signatures(play: Play) -> None:
    ready(play)
    before = {code: (row.level, row.rationale) for code, row in facts.agreed(play.session, play.review).items()}
    found = standing(play)
    returned(play)
    after = {code: (row.level, row.rationale) for code, row in facts.agreed(play.session, play.review).items()}
    assert (play.review.state, signed(play)) == ("consensus", set())
    assert (after, standing(play)) == (before, found)
    for word in SEATS.values():
        sign(play, word)
    assert play.review.state == "reporting"


def test_a_level_that_the_panel_changes_takes_moderations_change_of_the_old_one_with_it(play: Play) -> None:
    """The journal keeps what moderation did."""
    ready(play)
    for word in SEATS.values():
        sign(play, word)
    STAGES["factual_accuracy"](play)
    STAGES["moderation"](play)
    play.act(
        moderation.change_level, play.review, by=play["member"], criterion="1.4", level="2", reason="Thin evidence."
    )
    play.act(
        moderation.change_level, play.review, by=play["member"], criterion="2.2", level="2", reason="Thin as well."
    )
    play.act(moderation.return_to_panel, play.review, by=play["member"], reason="Look again.")
    row = facts.agreed(play.session, play.review)["1.4"]
    agree(play, "1.4", level="4", revision=row.revision)
    rows = facts.agreed(play.session, play.review)
    assert (rows["1.4"].level, rows["1.4"].moderated, rows["1.4"].moderated_by_id) == ("4", None, None)
    assert (rows["2.2"].level, rows["2.2"].moderated) == ("3", "2")
    lines_ = play.session.exec(select(JournalLine).where(JournalLine.act == "change_level")).all()
    assert [one.data["criterion"] for one in lines_] == ["1.4", "2.2"]
