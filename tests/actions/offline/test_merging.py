"""A workbook that comes back: merged by revision, every bad cell named, another sheet's workbook refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from metstandard.actions import scoring
from metstandard.actions.offline import book, columns, merging
from metstandard.actions.offline.merging import Merged
from metstandard.common.errors import Invalid
from metstandard.queries import scoring as reading
from metstandard.records.seats import Seat
from tests.factories.kept import playing
from tests.factories.stages import Play
from tests.factories.workbooks import edited, typed

TEXTS = ["=1+1", "+44 20", "- a dash", "@home", "'=quoted", "a\nb", "“ü” 😀", "<b>&amp;</b>"]


@pytest.fixture
def play(data: Path) -> Iterator[Play]:
    with playing(data, "scoring") as made:
        yield made


def save(play: Play, code: str = "1.1", revision: int = 0, **fields: Any) -> None:
    given = {"level": ""} | fields
    play.act(scoring.save_mark, play.review, by=play["peer1"], criterion=code, revision=revision, **given)


def parts(play: Play, word: str = "peer1") -> tuple[Seat, reading.OwnSheet, reading.Shelf]:
    seat = play.session.exec(select(Seat).where(Seat.person_id == play[word].key)).one()
    own = reading.own_sheet(play.session, play.review, seat)
    return seat, own, reading.linked_evidence(play.session, play.review, list(own.rubric.criteria), reader=play[word])


def download(play: Play, word: str = "peer1") -> bytes:
    with play.at():
        return book.workbook(play.review, *parts(play, word))


def upload(play: Play, content: bytes, word: str = "peer1") -> Merged:
    seat, own, shelf = parts(play, word)
    return merging.merge(content, own, shelf, columns.identity(play.review, seat, own.rubric))


def refusal(play: Play, content: bytes, word: str = "peer1") -> str:
    with pytest.raises(Invalid) as refused:
        upload(play, content, word)
    assert refused.value.field == "upload"
    return str(refused.value)


def test_what_was_not_filled_in_changes_nothing(play: Play) -> None:
    save(play, level="3", strengths="=1+1", evidence=[3, 1])
    assert upload(play, download(play)) == Merged(left=28)


def test_a_criterion_that_nobody_touched_here_is_taken(play: Play) -> None:
    save(play, level="2", strengths="Before.")
    found = upload(play, typed(download(play), {
        "C2": 4, "D2": "On the train.", "E2": "More.", "F2": "High", "G2": "3; 1,4", "C3": "ne",
    }))  # fmt: skip
    one, other = found.taken
    assert (one.level, one.strengths, one.improvements, one.confidence, one.evidence, one.revision) == (
        "4", "On the train.", "More.", "high", frozenset({1, 3, 4}), 1,
    )  # fmt: skip
    assert (other.code, other.level, other.revision) == ("1.2", "NE", 0)
    assert (found.both, found.left, found.wrong) == ((), 26, ())


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_comes_back_as_it_was_typed_and_is_never_evaluated(play: Play, text: str) -> None:
    found = upload(play, typed(download(play), {"D2": text}))
    assert [one.strengths for one in found.taken] == [text]


def test_what_changed_on_both_sides_is_a_conflict_and_what_changed_only_here_stays(play: Play) -> None:
    content = download(play)
    save(play, "1.1", level="2")
    save(play, "1.2", level="1", strengths="Only here.")
    save(play, "1.3", level="3")
    found = upload(play, typed(content, {"C2": "3", "C4": "3"}))
    assert [(one.code, one.level, one.revision) for one in found.both] == [("1.1", "3", 0)]
    assert (found.taken, found.left) == ((), 27)


def test_every_bad_cell_is_named_and_the_rest_is_still_read(play: Play) -> None:
    content = typed(download(play), {
        "C2": "9", "F3": "quite", "G4": "one", "G5": "99", "D6": "FORMULA=1+1", "D7": "x" * 20_001, "P8": "new",
        "P13": "7", "A9": "9.9", "A11": "3.1", "C12": "3",
    })  # fmt: skip
    found = upload(play, content)
    assert [(one.place, one.problem) for one in found.wrong] == [
        ("Score sheet, row 2, column C (Level)", "is no level: choose one of the list"),
        ("Score sheet, row 3, column F (Confidence)", "is none of low, medium and high"),
        ("Score sheet, row 4, column G (Evidence)", "holds something else than numbers with commas between them"),
        ("Score sheet, row 5, column G (Evidence)", "names evidence that this review does not have: 99"),
        ("Score sheet, row 6, column D (Strengths)", "holds a formula: put the value there"),
        ("Score sheet, row 7, column D (Strengths)", "is longer than 20,000 characters"),
        ("Score sheet, row 8, column P (Revision)", "was changed: download the sheet again"),
        ("Score sheet, row 9, column A (Criterion)", "is no criterion of this review"),
        ("Score sheet, row 11, column A (Criterion)", "is there twice"),
        ("Score sheet, row 13, column P (Revision)", "was changed: download the sheet again"),
    ]
    assert [one.code for one in found.taken] == ["3.3"]


def test_rows_that_are_gone_are_told_and_left_alone(play: Play) -> None:
    def shorten(opened: Any) -> None:
        opened[columns.SHEET].delete_rows(3, 2)

    assert upload(play, edited(download(play), shorten)).absent == ("1.2", "1.3")


def test_the_workbook_of_another_seat_review_or_rubric_is_refused(play: Play) -> None:
    content = download(play)
    assert refusal(play, download(play, "council1")) == (
        "This is the sheet of another seat: download the sheet again from this page"
    )
    for cell, said in (("B1", "This is the sheet of another review"),
                       ("B3", "This sheet was made for another edition of the rubric")):  # fmt: skip
        changed = typed(content, {cell: "MSR-2026-9999"}, columns.ABOUT)
        assert refusal(play, changed) == f"{said}: download the sheet again from this page"


def test_what_is_no_score_sheet_is_refused(play: Play) -> None:
    content = download(play)

    def rename(opened: Any) -> None:
        opened[columns.SHEET].title = "Sheet1"

    def drop(opened: Any) -> None:
        opened[columns.SHEET].delete_cols(3)

    assert refusal(play, edited(content, rename)) == "This workbook is no score sheet: download the sheet again"
    assert refusal(play, edited(content, drop)) == "The column “Level” is missing: download the sheet again"
    assert refusal(play, b"level,strengths\n3,good\n") == "The workbook is damaged, or it is no xlsx file"
    assert refusal(play, content[:4000]) == "The workbook is damaged, or it is no xlsx file"
    assert refusal(play, b" ") == "The file is empty"
    assert refusal(play, b"x" * (5 * 1024 * 1024 + 1)) == "The file is larger than 5 MB"


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(play: Play) -> None:
    """Sixty-four million spaces fit in a file of 64 kB."""
    out = io.BytesIO(download(play))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as parts_of:
        parts_of.writestr("xl/more.xml", b" " * (61 * 1024 * 1024))
    assert len(out.getvalue()) < 200_000
    assert refusal(play, out.getvalue()) == "The workbook unpacks to too much"
