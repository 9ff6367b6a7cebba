"""What the first draft of a report says."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import consensus
from metstandard.queries import drafting
from metstandard.records.sheets import AgreedLevel, Mark
from metstandard.rubric.shapes import Grade
from metstandard.rules.editions import rubric_of
from tests.factories.kept import playing
from tests.factories.stages import LEAD, Play


def mark(level: str, strengths: str = "", improvements: str = "") -> Mark:
    return Mark(sheet_id=1, criterion="1.1", level=level, strengths=strengths, improvements=improvements)


def agreed(level: str, rationale: str) -> AgreedLevel:
    return AgreedLevel(review_id=1, criterion="1.1", level=level, rationale=rationale)


def test_a_paragraph_gives_reasons_then_strengths_then_what_to_improve() -> None:
    text = drafting.narrative(
        agreed("3", "Every shift knows the plan"),
        [mark("3", "Briefings are short.", "Tell partners sooner."), mark("3", "Sergeants explain the plan!")],
    )
    assert text == (
        "Every shift knows the plan. Strengths: Briefings are short. Sergeants explain the plan! "
        "To improve: Tell partners sooner."
    )


def test_a_thought_is_said_once_whoever_had_it() -> None:
    """The same sentence on three sheets, with other capitals and stops, or as part of a longer one."""
    text = drafting.narrative(
        agreed("3", "Every shift knows the plan, nights included."),
        [
            mark("3", "Every shift knows the plan."),
            mark("3", "every shift knows the plan"),
            mark("3", "Plans are short. Plans are SHORT"),
        ],
    )
    assert text == "Every shift knows the plan, nights included. Strengths: Plans are short."


def test_praise_from_above_and_demands_from_below_the_agreed_level_are_not_quoted() -> None:
    """Agreed 3: the 4 praised what the panel did not find, the 2 asked for what it did."""
    text = drafting.narrative(
        agreed("3", "It is sound."),
        [mark("4", "It leads the field.", "Nothing."), mark("2", "It is well meant.", "Make it sound everywhere.")],
    )
    assert text == "It is sound. Strengths: It is well meant. To improve: Nothing."


def test_where_nothing_else_is_there_every_sheet_is_quoted() -> None:
    text = drafting.narrative(agreed("2", "It is uneven."), [mark("3", "Days work well.", "Look at nights.")])
    assert text == "It is uneven. Strengths: Days work well. To improve: Look at nights."


def test_a_mark_without_evidence_counts_as_the_lowest() -> None:
    assert drafting.narrative(agreed("1", "It is patchy."), [mark("NE", "One good team.")]) == (
        "It is patchy. Strengths: One good team."
    )


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("At 3.5 per cent. Then more", ["At 3.5 per cent.", "Then more."]),
        ("One?  Two!\nThree", ["One?", "Two!", "Three."]),
        ("“Quoted.” “Again.”", ["“Quoted.” “Again.”."]),
        ("  ", []),
    ],
)
def test_sentences_end_where_they_end(text: str, split: list[str]) -> None:
    assert drafting.sentences([text]) == split


def summary(play: Play) -> list[str]:
    rows = drafting.drafted(play.session, play.review)
    return [one.text for one in rows if one.section == drafting.SUMMARY]


def test_the_summary_tells_performance_and_leadership_apart_and_together(data: Path) -> None:
    """Every criterion at 3, one MINOR finding and a GOOD one, on a visit of five days with 14 meetings."""
    with playing(data, "reporting") as play, play.at():
        texts = summary(play)
        days = f"{play.review.starts_on:%-d %B %Y} to {play.review.visit_ended_on:%-d %B %Y}"
    assert texts == [
        (
            f"The panel reviewed Camden BOCU against the Met Standard, edition 1, and was on site from {days}. "
            "Its 3 reviewers marked 28 criteria apart, then agreed a level for each. "
            "It met 56 people in 14 meetings and checks, 10.5 hours in all."
        ),
        (
            "Performance: Fighting crime and performance stands at 75.0 out of 100 before moderation. "
            "All 4 criteria stand at Standard."
        ),
        (
            "Leadership: Leadership and direction stands at 75.0 out of 100 before moderation. "
            "All 4 criteria stand at Standard."
        ),
        "Together: the unit stands at 75.0 out of 100 before moderation, with 28 criteria at Standard.",
        "Findings: the panel names 1 minor finding and 1 example of good practice.",
    ]


def test_the_summary_names_what_is_strongest_what_is_left_and_what_is_held_down(data: Path) -> None:
    """1.1 at 4, 1.4 at 2, a major finding on 2.1, 4.1 set aside."""
    with playing(data, "consensus") as play:
        play.review.not_applicable = {"4.1": "A national unit."}
        play.session.commit()
        for code in rubric_of(play.session, play.review).criteria:
            if code != "4.1":
                level = {"1.1": "4", "1.4": "2"}.get(code, "3")
                play.act(
                    consensus.agree_level,
                    play.review,
                    by=play[LEAD],
                    criterion=code,
                    level=level,
                    rationale="So.",
                    revision=0,
                )
        play.act(
            consensus.add_finding, play.review, by=play[LEAD], criterion="2.1", grade=Grade.MAJOR, text="It fails.",
            recommendation="Mend it.",
        )  # fmt: skip
        texts = summary(play)
        rows = drafting.drafted(play.session, play.review)
    assert texts[0].count("27 criteria apart") == 1
    assert "By joint agreement 4.1 does not apply." in texts[0]
    assert texts[2] == (
        "Leadership: Leadership and direction stands at 76.5 out of 100 before moderation. It is strongest in "
        "1.1 (Clear direction that staff and partners can repeat). Most is left to do in "
        "1.4 (Continuity and governance of command)."
    )
    assert texts[3].endswith(
        "with 1 criterion at Leading, 24 at Standard and 2 at Developing. Open findings hold down 2.1."
    )
    assert texts[4] == "Findings: the panel names 1 major finding. The gravest concern 2.1."
    assert "4.1" not in {one.criterion for one in rows}


def test_no_paragraph_of_a_criterion_names_its_level(data: Path) -> None:
    """The report prints it beside the paragraph, so moderation leaves no wrong sentence behind."""
    with playing(data, "reporting") as play:
        rows = [one for one in drafting.drafted(play.session, play.review) if one.criterion]
        agreed_levels = play.session.exec(select(AgreedLevel)).all()
    assert (len(rows), len(agreed_levels)) == (28, 28)
    assert [one.criterion for one in rows if "Standard" in one.text or "level" in one.text.lower()] == []
