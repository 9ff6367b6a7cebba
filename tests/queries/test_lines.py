"""One criterion from the unit's own level to the effect, as far as each reader may follow it."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from metstandard.actions import accuracy, consensus, followup, moderation, scoring
from metstandard.common import clock
from metstandard.queries.lines import Line, line
from metstandard.queries.timeline import View
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence
from metstandard.records.followup import Action, Effect
from metstandard.records.reviews import Review
from metstandard.records.sheets import Answer, Paragraph, Point
from metstandard.rubric.shapes import Grade
from tests.factories.counting import queries
from tests.factories.kept import playing
from tests.factories.stages import STAGES, Play, fill_sheet, reporting_

READERS = {View.STAFF: "officer", View.PANEL: "peer1", View.UNIT: "commander"}
STEPS = ("own", "evidence", "marks", "agreed", "said", "findings", "acted_on")


def seen(play: Play, view: View, code: str = "2.2") -> Line:
    with play.at():
        found = line(play.session, play.review, code, view, reader=play[READERS[view]])
    assert found is not None
    return found


def there(found: Line) -> list[str]:
    """The steps that are there."""
    return [step for step in STEPS if getattr(found, step)]


def test_before_anything_exists_each_step_says_what_comes_and_by_when(data: Path) -> None:
    with playing(data, "scoping") as play:
        play.review.starts_on, play.review.ends_on = (
            clock.today().replace(2031, 3, 3),
            clock.today().replace(2031, 3, 7),
        )
        found = seen(play, View.STAFF)
        unit = seen(play, View.UNIT)
    assert there(found) == []
    assert dict(found.waits) == {
        "own": "The unit’s own level comes with its self-assessment, by 3 February 2031.",
        "evidence": "The evidence comes with the self-assessment, by 3 February 2031.",
        "marks": "Every sheet is sealed until the last of them is locked.",
        "agreed": "The panel agrees a level once every sheet is locked.",
        "report": "The paragraph is written after the consensus.",
        "findings": "Findings come with the consensus.",
        "actions": "A recommendation becomes an action when the result is published.",
        "proof": "The proof comes when the action is done and somebody else has verified it.",
        "effect": "The effect is looked for twelve months after publication.",
        "effect_on": "",
    }
    assert {step for step, said in unit.waits.items() if said != found.waits[step]} == {
        "own", "evidence", "marks", "agreed", "report", "findings",
    }  # fmt: skip


@pytest.mark.parametrize("view", View)
def test_nobody_reads_a_mark_before_the_last_lock_though_two_are_locked(data: Path, view: View) -> None:
    with playing(data, "scoring") as play:
        for word in ("peer1", "council1"):
            fill_sheet(play, word)
            play.act(scoring.lock_sheet, play.review, by=play[word])
        assert there(seen(play, view)) == ["own", "evidence"]
        # It could have been read: with the third lock the panel and the staff do.
        fill_sheet(play, "company1")
        play.act(scoring.lock_sheet, play.review, by=play["company1"])
        assert ("marks" in there(seen(play, view))) is (view is not View.UNIT)


@pytest.mark.parametrize(
    ("stage", "staff", "panel", "unit"),
    [
        ("self_assessment", 0, 0, 0),
        ("evidence_review", 2, 2, 2),
        ("consensus", 3, 3, 2),
        ("reporting", 5, 6, 2),
        ("factual_accuracy", 6, 6, 3),
        ("decision", 6, 6, 3),
        ("appeal_window", 6, 6, 5),
        ("published", 7, 7, 6),
    ],
)
def test_each_reader_follows_the_line_as_far_as_the_stage_lets_them(
    data: Path, stage: str, staff: int, panel: int, unit: int
) -> None:
    """The unit reads its own, then the draft, then levels and findings with its result; never single marks."""
    with playing(data, stage) as play:
        assert [len(there(seen(play, view))) for view in (View.STAFF, View.PANEL, View.UNIT)] == [staff, panel, unit]
        assert "marks" not in there(seen(play, View.UNIT))


def test_a_line_returned_to_the_panel_is_the_panels_again(data: Path) -> None:
    with playing(data, "moderation") as play:
        play.act(moderation.return_to_panel, play.review, by=play["member"], reason="Look again.")
        assert [there(seen(play, view))[2:] for view in (View.STAFF, View.PANEL, View.UNIT)] == [
            ["marks"], ["marks", "agreed", "findings"], [],
        ]  # fmt: skip


def test_what_the_panel_said_among_itself_is_not_the_units(data: Path) -> None:
    with playing(data, "consensus") as play:
        play.act(
            consensus.agree_level, play.review, by=play["peer1"], criterion="2.2", level="3", rationale="Because.",
            discussion="We quarrelled.", revision=0,
        )  # fmt: skip
        assert seen(play, View.PANEL).discussion == "We quarrelled."
        assert seen(play, View.UNIT).discussion == ""


def test_points_stand_with_the_paragraph_they_are_about(data: Path) -> None:
    with playing(data, "factual_accuracy") as play:
        paragraph = play.session.exec(select(Paragraph).where(Paragraph.criterion == "2.2")).one()
        other = play.session.exec(select(Paragraph).where(Paragraph.criterion == "2.1")).one()
        for one in (paragraph, other):
            play.act(
                accuracy.raise_point, play.review, one, by=play["commander"], proposed=f"Rather {one.criterion}.",
                evidence="The minutes.",
            )  # fmt: skip
        point = play.session.exec(select(Point).where(Point.paragraph_id == paragraph.key)).one()
        play.act(
            accuracy.answer_point, play.review, point, by=play["peer1"], answer=Answer.REFUSED, reason="We saw it."
        )
        said = seen(play, View.UNIT).said
    assert [(one.paragraph.number, [each.proposed for each in one.points]) for one in said] == [
        (paragraph.number, ["Rather 2.2."])
    ]


def test_what_the_reader_is_not_cleared_for_is_not_there(data: Path) -> None:
    with playing(data, "evidence_review") as play:
        before = [one.evidence.title for one in seen(play, View.STAFF).evidence]
        item = play.session.exec(select(Evidence)).first()
        assert item is not None
        item.marking = Marking.CONFIDENTIAL
        play.session.add(item)
        play.session.commit()
        after = [one.evidence.title for one in seen(play, View.STAFF).evidence]
    assert (before, after) == (["Plan (document)", "Plan (data)"], ["Plan (data)"])


def test_proof_and_effect_stand_at_the_end(data: Path) -> None:
    with playing(data, "follow_up") as play:
        action = play.session.exec(select(Action)).one()
        play.act(followup.report_progress, action, by=play["author"], text="Done in March.")
        play.act(followup.claim_done, action, by=play["author"])
        play.act(followup.verify, action, by=play["officer"], note="Minutes seen.")
        play.later(days=370)
        play.act(followup.record_effect, action, by=play["officer"], effect=Effect.WORKED)
        found = seen(play, View.UNIT).acted_on[0]
    assert found.action is not None
    assert ([one.text for one, _ in found.reports], found.events["verify"].note, found.action.effect) == (
        ["Done in March."], "Minutes seen.", Effect.WORKED,
    )  # fmt: skip
    assert found.events["record_effect"].at > found.events["verify"].at


def test_a_criterion_that_the_rubric_has_not_has_no_line(data: Path) -> None:
    with playing(data, "scoping") as play:
        assert line(play.session, play.review, "99.9", View.STAFF, reader=play["officer"]) is None
        assert (seen(play, View.STAFF, "1.1").previous, seen(play, View.STAFF, "1.1").next) == ("", "1.2")
        assert (seen(play, View.STAFF, "8.3").previous, seen(play, View.STAFF, "8.3").next) == ("8.2", "")


@pytest.mark.parametrize("grades", [(Grade.MINOR,), (Grade.MINOR, Grade.MAJOR, Grade.AFI)])
def test_the_whole_line_takes_a_fixed_number_of_queries(data: Path, grades: tuple[Grade, ...]) -> None:
    with playing(data, "consensus") as play:
        reporting_(play, grades=grades)
        for stage in ("factual_accuracy", "moderation", "decision", "notified", "appeal_window", "published"):
            STAGES[stage](play)
        play.session.expire_all()
        review = play.session.exec(select(Review)).one()
        bind = play.session.get_bind()
        assert isinstance(bind, sa.Engine)
        reader = play["peer1"]
        with play.at(), queries(bind) as asked:
            found = line(play.session, review, "2.2", View.PANEL, reader=reader)
    assert found is not None
    assert (len(found.acted_on), len(asked)) == (len(grades), 18)
