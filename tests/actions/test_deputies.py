"""A deputy prepares in another's name, in one review, until it ends; a deputy never signs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import select

from metstandard.actions import accuracy, commissioning, consensus, deputies, evidence, reporting, scoring
from metstandard.common.errors import Invalid, MetStandardError, NotFound, NotYours, RuleBroken
from metstandard.queries.reviews import for_deputy, for_unit
from metstandard.queries.tasks import open_tasks
from metstandard.records.reviews import Deputy, Signature
from metstandard.rules.content import digest
from metstandard.rules.parts import people_with
from metstandard.rules.vocabulary import ACTS
from tests.factories.programme import Programme
from tests.factories.stages import Play, played_to

NOBODY = "Nobody with this address can be your deputy in this review. Ask the programme office (B3)"


@pytest.fixture
def play(programme: Programme) -> Play:
    """A review in self-assessment whose commander has a helper, and the lead reviewer a clerk."""
    made = played_to(programme, "self_assessment")
    programme.add("helper", "Deputy commander")
    programme.add("clerk", "The lead reviewer's clerk")
    made.act(deputies.assign_deputy, made.review, by=made["commander"], deputy=made["helper"])
    made.act(deputies.assign_deputy, made.review, by=made["peer1"], deputy=made["clerk"])
    return made


def save(play: Play, word: str) -> None:
    """One criterion of the self-assessment."""
    play.act(
        evidence.save_self_assessment, play.review, by=play[word], criterion="1.1", level="2", account="We do.",
        revision=0,
    )  # fmt: skip


def test_a_deputy_prepares_until_it_ends_and_may_be_named_again(play: Play) -> None:
    save(play, "helper")
    play.act(deputies.end_deputy, play.review, by=play["commander"], deputy=play["helper"])
    with pytest.raises(NotYours):
        save(play, "helper")
    play.session.rollback()
    assert for_unit(play.session, play["helper"], play.review.reference) is None
    assert people_with(play.session, "deputy", play.review) == [play["clerk"]]
    play.act(deputies.assign_deputy, play.review, by=play["commander"], deputy=play["helper"])
    rows = play.session.exec(select(Deputy).where(Deputy.person_id == play["helper"].key)).all()
    assert [one.ended_on for one in rows] == [None]


def test_a_deputy_enters_one_review_and_no_other_of_the_unit(play: Play) -> None:
    assert for_unit(play.session, play["helper"], play.review.reference) is play.review
    for word in ("authority", "commissioner"):
        play.act(commissioning.cancel, play.review, by=play[word], reason="Merged.")
    play.act(commissioning.cancel, play.review, by=play["officer"], reason="Merged.")
    other = played_to(play.programme, "proposed", began=play.now)
    assert for_unit(play.session, play["helper"], other.review.reference) is None
    assert for_unit(play.session, play["commander"], other.review.reference) is other.review


def test_each_deputy_has_the_tasks_of_their_own_side(play: Play) -> None:
    with play.at():
        found = [[task.endpoint for task in open_tasks(play.session, play[word])] for word in ("helper", "clerk")]
    assert found == [["units.review_evidence"], []]
    assert for_deputy(play.session, play["clerk"], play.review.reference, "lead_reviewer") is play.review
    assert for_deputy(play.session, play["clerk"], play.review.reference, "commander") is None


SIGNING: dict[str, Callable[[Play, str], object]] = {
    "agree_scope": lambda play, word: evidence.agree_scope(
        play.session, play.review, by=play[word], seen=digest(play.session, play.review, "agree_scope")
    ),
    "submit_self_assessment": lambda play, word: evidence.submit_self_assessment(
        play.session, play.review, by=play[word]
    ),
    "close_evidence_review": lambda play, word: evidence.close_evidence_review(
        play.session, play.review, by=play[word]
    ),
    "end_visit": lambda play, word: evidence.end_visit(play.session, play.review, by=play[word]),
    "lock_sheet": lambda play, word: scoring.lock_sheet(play.session, play.review, by=play[word]),
    "sign_consensus": lambda play, word: consensus.sign_consensus(
        play.session, play.review, by=play[word], seen=digest(play.session, play.review, "consensus")
    ),
    "send_draft": lambda play, word: reporting.send_draft(play.session, play.review, by=play[word]),
    "write_statement": lambda play, word: accuracy.write_statement(
        play.session, play.review, by=play[word], statement="Ours."
    ),
    "close_window": lambda play, word: accuracy.close_window(play.session, play.review, by=play[word]),
    "assign_deputy": lambda play, word: deputies.assign_deputy(
        play.session, play.review, by=play[word], deputy=play["helper"]
    ),
}
STAGE = {
    "agree_scope": "scoping", "submit_self_assessment": "self_assessment", "close_evidence_review": "evidence_review",
    "end_visit": "on_site", "lock_sheet": "scoring", "sign_consensus": "consensus", "send_draft": "reporting",
    "write_statement": "factual_accuracy", "close_window": "factual_accuracy", "assign_deputy": "scoping",
}  # fmt: skip


@pytest.mark.parametrize("stage", sorted(set(STAGE.values())))
def test_a_deputy_never_signs_submits_or_locks(programme: Programme, stage: str) -> None:
    play = played_to(programme, stage)
    for word, principal in (("helper", "commander"), ("clerk", "peer1")):
        programme.add(word, f"Deputy of the {principal}")
        play.act(deputies.assign_deputy, play.review, by=play[principal], deputy=play[word])
    before = play.session.exec(select(Signature.id)).all()
    for act in (name for name, at in STAGE.items() if at == stage):
        for word in ("helper", "clerk"):
            with play.at(), pytest.raises((NotYours, NotFound)):
                SIGNING[act](play, word)
            play.session.rollback()
    assert (play.session.exec(select(Signature.id)).all(), play.review.state) == (before, stage)


def test_the_workflow_lets_a_deputy_do_nothing_but_prepare(play: Play) -> None:
    from metstandard.rules.editions import workflow_of  # noqa: PLC0415

    moves = [one for one in workflow_of(play.session, play.review).moves if "deputy" in one.by]
    assert {one.do for one in moves} == {"save_self_assessment", "add_evidence", "edit_paragraph", "raise_point"}
    assert {one.do for one in moves} <= ACTS
    assert [one.to for one in moves] == [None] * len(moves)


def refused(play: Play, word: str | None, by: str = "commander") -> str:
    """The words with which somebody is refused as a deputy."""
    deputy = play[word] if word else None
    with pytest.raises(RuleBroken) as error:
        play.act(deputies.assign_deputy, play.review, by=play[by], deputy=deputy)
    play.session.rollback()
    assert error.value.field == "deputy"
    return str(error.value)


@pytest.mark.parametrize("word", [None, "commander", "peer1", "council1", "officer", "authority", "member", "author"])
def test_every_refusal_has_the_same_words_so_that_nobody_learns_who_sits_on_the_panel(
    play: Play, word: str | None
) -> None:
    assert refused(play, word) == NOBODY


def test_the_other_sides_deputy_and_a_disabled_account_are_refused(play: Play) -> None:
    play["clerk"].active = True
    assert refused(play, "clerk") == NOBODY
    play.programme.add("gone", "Somebody who left").active = False
    play.session.commit()
    assert refused(play, "gone") == NOBODY


@pytest.mark.parametrize("word", ["author", "council1", "officer", "authority", "helper"])
def test_only_the_commander_and_the_lead_reviewer_name_deputies(play: Play, word: str) -> None:
    play.programme.add("new", "New person")
    with pytest.raises(NotYours):
        play.act(deputies.assign_deputy, play.review, by=play[word], deputy=play["new"])


def test_one_ends_only_ones_own_deputy(play: Play) -> None:
    with pytest.raises(Invalid, match="not your deputy"):
        play.act(deputies.end_deputy, play.review, by=play["peer1"], deputy=play["helper"])
    play.session.rollback()
    with pytest.raises(MetStandardError):
        play.act(deputies.end_deputy, play.review, by=play["author"], deputy=play["helper"])
