"""Ratings out of files and rows, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from metstandard.common.errors import BadFile, Invalid
from metstandard.statistics.estimates import NotDefined
from metstandard.statistics.ratings import number, parse_scale, ratings_of, read_ratings, read_rows


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "ratings.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def test_a_file_becomes_arrays_and_an_empty_value_is_missing(tmp_path: Path) -> None:
    file = written(tmp_path, 'rater,unit,value,note\r\nB,u2,3,"a, b"\r\nA,u1, 2 ,\r\nB,u1,,\r\n\r\nA,u2,3.0,x\r\n')

    ratings = read_ratings(file)

    assert ratings.units == ("u2", "u1")
    assert ratings.raters == ("A", "B")
    assert ratings.categories == ("2", "3")
    assert ratings.quantities().tolist() == [2.0, 3.0]
    assert ratings.unit.tolist() == [0, 0, 1]
    assert ratings.rater.tolist() == [1, 0, 0]
    assert ratings.category.tolist() == [1, 1, 0]
    assert ratings.per_unit.tolist() == [2, 1]


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    assert read_ratings(written(tmp_path, b"\xef\xbb\xbfunit,rater,value\nu,A,1\n")).units == ("u",)


def test_a_scale_names_categories_nobody_used(tmp_path: Path) -> None:
    ratings = read_ratings(written(tmp_path, "unit,rater,value\nu,A,3\nu,B,1\n"), parse_scale("0,1,2,3,4"))

    assert ratings.categories == ("0", "1", "2", "3", "4")
    assert ratings.category.tolist() == [3, 1]


def test_numbers_of_a_scale_stand_at_their_value_and_words_in_their_order() -> None:
    numbers = ratings_of([("u", "A", "10")], parse_scale("10, 2"))
    words = ratings_of([("u", "A", "low")], parse_scale("low,high"))
    unordered = ratings_of([("u", "A", "low"), ("u", "B", "1")])

    assert (numbers.categories, numbers.ordered().tolist()) == (("2", "10"), [2.0, 10.0])
    assert (words.categories, words.ordered().tolist()) == (("low", "high"), [0.0, 1.0])
    with pytest.raises(NotDefined, match="not all numbers"):
        words.quantities()
    with pytest.raises(NotDefined, match="no scale says their order"):
        unordered.ordered()


def test_a_complete_table_has_units_as_rows_and_raters_as_columns() -> None:
    ratings = ratings_of([("u", "B", 2), ("u", "A", 1), ("v", "A", 3), ("v", "B", 4)])

    assert np.array_equal(ratings.table(), [[1, 2], [3, 4]])


def test_a_table_with_a_hole_is_not_defined() -> None:
    with pytest.raises(NotDefined, match="Not every rater has rated every unit"):
        ratings_of([("u", "A", 1), ("u", "B", 2), ("v", "A", 3), ("v", "B", None)]).table()


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "1: column 1 (unit): is missing; the first line must name unit, rater and value"),
        ("unit,rater\nu,A\n", "1: column 3 (value): is missing; the first line must name unit, rater and value"),
        (
            "unit,rater,value,unit\n",
            "1: column 4 (unit): is there twice; the first line must name unit, rater and value",
        ),
        ("unit,rater,value\nu,A\n", "2: column 3: is missing; the first line has 3 columns"),
        ("unit,rater,value\nu,A,1\nu,B,1,9\n", "3: column 4: is one too many; the first line has 3 columns"),
        ("unit,rater,value\n,A,1\n", "2: column 1 (unit): is empty"),
        ("unit,value,rater\nu,1, \n", "2: column 3 (rater): is empty"),
        ("unit,rater,value\nu,A,1\n\nu,A,\n", "4: column 2 (rater): A has rated u already, on line 2"),
        ('unit,rater,value\n"a\nb",A,1\nu,"B,1\n', "4: column 2: unexpected end of data"),
        ('unit,rater,value\nu,"B"x,1\n', "2: column 2: ',' expected after '\"'"),
        (b"unit,rater,value\nu,B\xff,1\n", "2: column 2: is not UTF-8 text"),
    ],
)
def test_a_malformed_file_is_refused_with_line_and_column(tmp_path: Path, text: str | bytes, where: str) -> None:
    file = written(tmp_path, text)

    with pytest.raises(BadFile) as refused:
        read_rows(file)

    assert str(refused.value) == f"{file}:{where}"


def test_a_value_off_the_scale_is_refused_with_line_and_column(tmp_path: Path) -> None:
    file = written(tmp_path, "unit,rater,value\nu,A,4\nv,A,5\n")

    with pytest.raises(BadFile) as refused:
        read_ratings(file, parse_scale("0,1,2,3,4"))

    assert str(refused.value) == f"{file}:3: column 3 (value): 5 is not on the scale"


def test_too_many_different_values_are_a_measurement_and_refused(tmp_path: Path) -> None:
    lines = "".join(f"u{each},A,{each}\n" for each in range(1001))

    with pytest.raises(BadFile, match=r"There are more than 1000 different values"):
        read_ratings(written(tmp_path, "unit,rater,value\n" + lines))


def test_rows_are_refused_like_files() -> None:
    with pytest.raises(Invalid, match="rated one unit twice"):
        ratings_of([("u", "A", 1), ("u", "A", 2)])
    with pytest.raises(Invalid, match="7 is not on the scale"):
        ratings_of([("u", "A", 7)], ("0", "1"))


@pytest.mark.parametrize("text", ["0,,1", "", "0,1,1.0", "a,b,a"])
def test_a_scale_with_an_empty_or_repeated_category_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="The scale"):
        parse_scale(text)


def test_only_plain_finite_numbers_are_numbers() -> None:
    texts = ["3", "-1.5", ".5", "1e2", "nan", "inf", "1_0", "1e999", "", "٣", "0x1", "3 "]

    assert [number(text) for text in texts] == [3.0, -1.5, 0.5, 100.0, *[None] * 8]
