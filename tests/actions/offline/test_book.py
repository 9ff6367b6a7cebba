"""The workbook of a score sheet: what may be filled in, what to choose from, and that nothing in it is ever run."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from metstandard.actions import scoring
from metstandard.actions.offline import book
from metstandard.actions.offline.columns import ANSWERS, SHEET
from metstandard.queries import scoring as reading
from metstandard.records.base import Marking
from metstandard.records.evidence import Evidence
from metstandard.records.seats import Seat
from metstandard.records.sheets import Confidence
from metstandard.rules.editions import rubric_of
from tests.factories.kept import playing
from tests.factories.stages import Play
from tests.factories.workbooks import cells_of

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("https://example.org")', "_x000D_ and <b>", "two\nlines")


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    with playing(data, "scoring") as made:
        yield made


def made(play: Play, word: str = "peer1") -> bytes:
    seat = play.session.exec(select(Seat).where(Seat.person_id == play[word].key)).one()
    own = reading.own_sheet(play.session, play.review, seat)
    shelf = reading.linked_evidence(play.session, play.review, list(own.rubric.criteria), reader=play[word])
    with play.at():
        return book.workbook(play.review, seat, own, shelf)


def opened(content: bytes) -> Any:
    """Openpyxl's types say nothing of what it reads."""
    return load_workbook(io.BytesIO(content))


def test_one_row_for_each_criterion_with_every_descriptor_and_what_to_look_for(play: Play) -> None:
    rows = cells_of(made(play))
    rubric = rubric_of(play.session, play.review)
    assert rows[0] == [
        "Criterion", "Title", *ANSWERS, "Linked evidence", "0 Absent", "1 Emerging", "2 Developing", "3 Standard",
        "4 Leading", "What to look for", "What to ask", "Revision", "As downloaded",
    ]  # fmt: skip
    assert [row[0] for row in rows[1:]] == list(rubric.criteria)
    assert rows[1][7] == "1, 2, 3, 4"
    assert rows[1][8:13] == [rubric.criteria["1.1"].descriptors[level] for level in range(5)]
    assert rows[1][13] == "\n".join(rubric.criteria["1.1"].look_for)


def test_only_the_answers_can_be_changed_and_the_revision_is_hidden(play: Play) -> None:
    sheet = opened(made(play))[SHEET]
    open_ones = {
        sheet.cell(1, cell.column).value for row in sheet.iter_rows() for cell in row if not cell.protection.locked
    }
    hidden = {sheet[f"{letter}1"].value for letter, column in sheet.column_dimensions.items() if column.hidden}
    assert (open_ones, hidden) == (set(ANSWERS), {"Revision", "As downloaded"})
    assert [one.protection.sheet for one in opened(made(play)).worksheets] == [True] * 3


def test_level_and_confidence_are_chosen_from_a_list(play: Play) -> None:
    sheet = opened(made(play))[SHEET]
    found = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    assert found == {"C2:C29": '"0,1,2,3,4,NE"', "F2:F29": '"low,medium,high"'}


def test_the_marking_stands_at_the_head_and_foot_of_every_page(play: Play) -> None:
    for sheet in opened(made(play)).worksheets:
        assert (sheet.oddHeader.center.text, sheet.oddFooter.center.text) == ("OFFICIAL-SENSITIVE",) * 2


def test_evidence_stands_on_a_sheet_of_its_own_by_number_without_what_was_taken_out(play: Play) -> None:
    gone = play.session.get_one(Evidence, 2)
    gone.removed_at = gone.added_at
    play.session.add(gone)
    play.session.commit()
    rows = cells_of(made(play), "Evidence")
    assert rows[0] == ["Number", "Title", "What it is", "Filed under"]
    assert [row[:3] for row in rows[1:]] == [
        ["1", "Plan (document)", "Document, from the unit"], ["3", "Panel's interview", "Interview, from the panel"],
        ["4", "Panel's observation", "Observation, from the panel"],
    ]  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_is_a_text(play: Play, text: str) -> None:
    play.act(
        scoring.save_mark, play.review, by=play["peer1"], criterion="1.1", level="3", strengths=text,
        confidence=Confidence.LOW, evidence=[3, 1], revision=0,
    )  # fmt: skip
    sheet = opened(made(play))[SHEET]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert (sheet["D2"].value, sheet["D2"].data_type, kinds) == (text.replace("_x000D_ ", ""), "s", {"s"})
    assert [sheet[f"{column}2"].value for column in "CFGP"] == ["3", "low", "1, 3", "1"]


def test_nobody_elses_marks_are_in_it(play: Play) -> None:
    play.act(
        scoring.save_mark, play.review, by=play["council1"], criterion="1.1", level="1", strengths="quokkaberry",
        revision=0,
    )  # fmt: skip
    assert "quokkaberry" in str(cells_of(made(play, "council1")))
    assert "quokkaberry" not in str(cells_of(made(play)))


def test_a_workbook_bears_the_highest_marking_of_what_it_lists(play: Play) -> None:
    """B9: the evidence is listed by title, so the paper inherits its marking."""
    play.review.marking = Marking.OFFICIAL
    play.session.add(play.review)
    play.session.commit()
    plain = opened(made(play)).worksheets[0].oddHeader.center.text
    item = play.session.get_one(Evidence, 2)
    item.marking = Marking.OFFICIAL_SENSITIVE
    play.session.add(item)
    play.session.commit()
    assert (plain, opened(made(play)).worksheets[0].oddHeader.center.text) == ("OFFICIAL", "OFFICIAL-SENSITIVE")
