"""Who has what to do from scoring to the right of reply, and that nobody learns of another's sealed work."""

from __future__ import annotations

from pathlib import Path

import pytest

from metstandard.actions import accuracy, consensus, scoring
from metstandard.actions.samples import fill_consensus
from metstandard.queries.judgement import paragraphs_of
from metstandard.queries.tasks import open_tasks, whose_move
from metstandard.records.sheets import Answer
from metstandard.rules.content import digest
from tests.factories.kept import playing
from tests.factories.stages import LEAD, SEATS, Play, fill_sheet

EVERYBODY = (
    "peer1", "council1", "company1", "peer2", "officer", "authority", "commissioner", "member", "senior", "independent",
    "commander", "author", "link", "administrator", "press",
)  # fmt: skip


def to_do(play: Play) -> dict[str, list[str]]:
    """Everybody who has something to do, with what it is."""
    with play.at():
        found = {word: [one.text for one in open_tasks(play.session, play[word])] for word in EVERYBODY}
    return {word: texts for word, texts in found.items() if texts}


SCORE, AGREE = "Score your sheet and lock it", "Agree the levels and sign"


def test_each_reviewer_scores_until_their_own_sheet_is_locked(data: Path) -> None:
    with playing(data, "scoring") as play:
        with play.at():
            before = whose_move(play.session, play.review)
        found = [to_do(play)]
        fill_sheet(play, "council1")
        play.act(scoring.lock_sheet, play.review, by=play["council1"])
        found.append(to_do(play))
        with play.at():
            assert whose_move(play.session, play.review) == before
    assert found == [
        {word: [SCORE] for word in SEATS.values()}, {word: [SCORE] for word in ("peer1", "company1")},
    ]  # fmt: skip


def test_each_reviewer_agrees_until_their_own_signature_stands(data: Path) -> None:
    with playing(data, "apart") as play:
        found = [to_do(play)]
        play.act(fill_consensus, play.review, by=play[LEAD])
        seen = digest(play.session, play.review, "consensus")
        play.act(consensus.sign_consensus, play.review, by=play["council1"], seen=seen)
        found.append(to_do(play))
        play.act(
            consensus.record_dissent, play.review, by=play["company1"], criterion="1.1", dissent="I saw none of it."
        )
        found.append(to_do(play))
    everyone = {word: [AGREE] for word in SEATS.values()}
    assert found == [everyone, {word: [AGREE] for word in ("peer1", "company1")}, everyone]


@pytest.mark.parametrize(
    ("stage", "who"),
    [
        ("reporting", {LEAD: ["Write the report and send the draft"]}),
        ("factual_accuracy", {"commander": ["Check the draft for factual accuracy"]}),
    ],
)
def test_then_the_lead_writes_and_the_commander_checks(data: Path, stage: str, who: dict[str, list[str]]) -> None:
    with playing(data, stage) as play:
        assert to_do(play) == who


def test_the_lead_answers_while_a_point_is_open(data: Path) -> None:
    with playing(data, "factual_accuracy") as play:
        one = paragraphs_of(play.session, play.review)[0]
        point = play.act(
            accuracy.raise_point, play.review, one, by=play["commander"], proposed="It is not so.", evidence="The log."
        )
        found = [to_do(play).get(LEAD)]
        play.act(accuracy.answer_point, play.review, point, by=play[LEAD], answer=Answer.ACCEPTED)
        found.append(to_do(play).get(LEAD))
    assert found == [["Answer the unit’s points"], None]
