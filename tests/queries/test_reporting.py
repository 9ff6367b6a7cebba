"""The report as those who write and read it see it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from metstandard.actions import reporting
from metstandard.common import clock
from metstandard.queries import reporting as reading
from metstandard.queries.checking import concerns
from metstandard.queries.judgement import paragraphs_of
from metstandard.records.evidence import Activity
from metstandard.records.reviews import Deputy
from metstandard.records.sheets import Paragraph
from tests.factories.kept import playing
from tests.factories.stages import LEAD, Play


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    with playing(data, "reporting") as made:
        yield made


def test_sections_follow_the_report(play: Play) -> None:
    found = [(one.code, one.title, len(one.paragraphs)) for one in reading.sections(play.session, play.review)]
    assert found[:3] == [
        ("", "Summary", 5), ("D1", "Leadership and direction", 5), ("D2", "Fighting crime and performance", 5),
    ]  # fmt: skip
    assert len(found) == 9


def test_history_tells_the_draft_from_what_people_wrote(play: Play) -> None:
    one = play.session.exec(select(Paragraph).where(Paragraph.criterion == "1.1")).one()
    drafted = one.text
    play.act(reporting.edit_paragraph, play.review, one, by=play[LEAD], text="My words.", revision=1)
    found = [(each.text, each.before, each.by) for each in reading.history(play.session, play.review, one)]
    assert found == [("My words.", drafted, play[LEAD].name), (drafted, "", "")]


def test_a_paragraph_shows_what_it_is_made_from(play: Play) -> None:
    rows = {(one.section, one.criterion): one for one in paragraphs_of(play.session, play.review)}
    criterion = reading.sources(play.session, play.review, rows["D2", "2.2"])
    domain = reading.sources(play.session, play.review, rows["D2", ""])
    summary = reading.sources(play.session, play.review, rows["summary", ""])
    assert ([one.criterion.code for one in criterion.lines], len(criterion.findings), list(criterion.unit_views)) == (
        ["2.2"], 2, ["2.2"],
    )  # fmt: skip
    assert [one.criterion.code for one in domain.lines] == ["2.1", "2.2", "2.3", "2.4"]
    assert ([one.criterion.code for one in summary.lines], len(summary.findings)) == ([], 2)


def test_a_group_small_enough_to_be_recognised_is_pointed_out(play: Play) -> None:
    """Rules.md B5: a group of fewer than 4 is not shown by role."""
    rows = play.session.exec(select(Activity)).all()
    for number, (group, people) in enumerate((("Night custody sergeants", 3), ("Constables", 4), ("  ", 1))):
        rows[number].group, rows[number].people = group, people
    play.session.commit()
    one = play.session.exec(select(Paragraph).where(Paragraph.criterion == "1.1")).one()
    text = "The night custody sergeants and the constables agree."
    play.act(reporting.edit_paragraph, play.review, one, by=play[LEAD], text=text, revision=1)
    found = concerns(play.session, play.review)
    assert [(each.kind, each.paragraph, each.detail) for each in found] == [
        ("group", one.number, "Night custody sergeants")
    ]


def test_only_a_deputy_of_the_lead_reviewer_may_read_as_a_writer(play: Play) -> None:
    found = []
    for word, part in (("helper", "lead_reviewer"), ("other", "commander")):
        play.programme.add(word, word)
        play.session.add(
            Deputy(
                review_id=play.review.key, principal_id=play[LEAD].key, person_id=play[word].key, part=part,
                from_on=clock.today(),
            )
        )  # fmt: skip
        play.session.commit()
        found.append(reading.for_writer(play.session, play[word], play.review.reference) is not None)
    assert found == [True, False]


def test_a_paragraph_is_found_by_its_number_in_its_own_review(play: Play) -> None:
    found = reading.paragraph_of(play.session, play.review, 7)
    assert found is not None
    assert (found.criterion, reading.paragraph_of(play.session, play.review, 999)) == ("1.1", None)
