"""Figures are exact, every fault of the marks is named, and findings hold criteria down before anything is summed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metstandard.common.errors import Invalid
from metstandard.rubric.arithmetic import (
    BadMarks,
    Cap,
    Fault,
    Mark,
    OpenFinding,
    against,
    named,
    plain,
    score,
    shown,
    validate,
)
from metstandard.rubric.definition import Grade
from tests.rubric.small import small, weighted

FIGURES = st.fractions(min_value=0, max_value=100, max_denominator=2000)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (Fraction(75), "75.0"),
        (Fraction(0), "0.0"),
        (Fraction(100), "100.0"),
        (Fraction(1399, 20), "70.0"),
        (Fraction(297, 4), "74.3"),
        (Fraction(259, 4), "64.8"),
        (Fraction(200, 3), "66.7"),
        (Fraction(1, 20), "0.1"),
        (Fraction(-297, 4), "-74.2"),
    ],
)
def test_a_figure_is_shown_with_one_decimal_half_up(value: Fraction, read: str) -> None:
    assert shown(value) == read


@given(FIGURES)
def test_every_figure_is_rounded_as_decimal_arithmetic_rounds_it(value: Fraction) -> None:
    # A power of two times a power of five is exact in decimals; anything else is never half-way.
    expected = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert shown(value) == str(expected)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Fraction(70), "70"),
        (Fraction(1399, 20), "69.95"),
        (Fraction(141, 2), "70.5"),
        (Fraction(1, 8), "0.125"),
        (Fraction(200, 3), "200/3"),
        (Fraction(-5, 4), "-1.25"),
    ],
)
def test_a_number_is_written_without_rounding(value: Fraction, written: str) -> None:
    assert plain(value) == written


@given(FIGURES)
def test_a_number_written_without_rounding_is_that_number(value: Fraction) -> None:
    assert Fraction(plain(value)) == value


@pytest.mark.parametrize(
    ("value", "limit", "sentence"),
    [
        (Fraction(1399, 20), Fraction(70), "69.95 (shown as 70.0)"),
        (Fraction(209, 3), Fraction(697, 10), "209/3 (shown as 69.7)"),
        (Fraction(70), Fraction(70), "70.0"),
        (Fraction(259, 4), Fraction(70), "64.8"),
    ],
)
def test_a_figure_is_given_in_full_where_rounding_would_hide_the_side_of_a_limit(
    value: Fraction, limit: Fraction, sentence: str
) -> None:
    assert against(value, limit) == sentence


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("9.9", "9.9"),
        ("", '""'),
        ("a\nb", '"a\\nb"'),
        ("\x1b[31m", '"\\u001b[31m"'),
        ("\ud800", '"\\ud800"'),
        (3.5, "3.5"),
        (None, "null"),
        ([1, 2], "[1, 2]"),
        (10**50, f"1{'0' * 39}..."),
    ],
)
def test_what_comes_from_outside_stands_in_a_sentence_without_harm(value: object, read: str) -> None:
    assert named(value) == read


def test_the_figures_of_the_small_rubric_are_exact() -> None:
    figures = score(small(), {"A1": 2, "A2": 1, "B1": 1})
    assert figures.overall == Fraction(100 * 13, 18)
    assert dict(figures.domains) == {"A": Fraction(250, 3), "B": Fraction(50)}
    assert dict(figures.levels) == {"A1": 2, "A2": 1, "B1": 1}
    assert figures.caps == ()


def test_ne_counts_as_the_level_that_the_rubric_names() -> None:
    marks: dict[str, Mark] = {"A1": 2, "A2": 2, "B1": "NE"}
    assert score(small(), marks).overall == Fraction(200, 3)
    assert score(small("counts_as: 0", "counts_as: 1"), marks).overall == Fraction(250, 3)


def test_na_is_left_out_of_overall_and_domain() -> None:
    figures = score(small(), {"A1": 1, "A2": "NA", "B1": 2})
    assert figures.overall == Fraction(100 * 5, 7)
    assert dict(figures.domains) == {"A": Fraction(50), "B": Fraction(100)}
    assert dict(figures.levels) == {"A1": 1, "A2": None, "B1": 2}


ANYWHERE = ("        tags: {aims: [O2]}", "        tags: {aims: [O2]}\n        na_allowed: true")


def test_a_domain_that_is_wholly_na_has_no_figure() -> None:
    rubric = small(*ANYWHERE, limit="50")
    assert dict(score(rubric, {"A1": 1, "A2": 1, "B1": "NA"}).domains) == {"A": Fraction(50), "B": None}


ALL_WRONG = [
    ({}, [("A1", "A1 has no mark"), ("A2", "A2 has no mark"), ("B1", "B1 has no mark")]),
    (
        {"A1": "NA", "A2": 3, "B1": True, "C1": 1},
        [
            ("A1", "A1 may not be NA (SCO-1)"),
            ("A2", "A2: there is no level 3, levels run from 0 to 2"),
            ("B1", "B1: true is not a whole level, NE or NA"),
            ("C1", "C1 is not a criterion of small-2"),
        ],
    ),
    (
        {"A1": 1.0, "A2": "2", "B1": None},
        [
            ("A1", "A1: 1.0 is not a whole level, NE or NA"),
            ("A2", "A2: 2 is not a whole level, NE or NA"),
            ("B1", "B1: null is not a whole level, NE or NA"),
        ],
    ),
    (
        {"A1": -1, "A2": "na", "B1": [1]},
        [
            ("A1", "A1: there is no level -1, levels run from 0 to 2"),
            ("A2", "A2: na is not a whole level, NE or NA"),
            ("B1", "B1: [1] is not a whole level, NE or NA"),
        ],
    ),
    ({"A1": 2, "A2": "NA", "B1": "NE"}, []),
]


@pytest.mark.parametrize(("marks", "faults"), ALL_WRONG)
def test_every_fault_of_the_marks_is_named(marks: dict[str, object], faults: list[tuple[str, str]]) -> None:
    assert validate(small(), marks) == tuple(Fault(*fault) for fault in faults)


def test_marks_with_faults_are_not_counted_and_the_refusal_names_them_all() -> None:
    with pytest.raises(BadMarks) as refused:
        score(small(), {"A1": 9, "A2": 1})
    assert str(refused.value) == "A1: there is no level 9, levels run from 0 to 2; B1 has no mark"
    assert refused.value.field == "A1"


def test_ne_is_refused_where_the_rubric_does_not_know_it() -> None:
    rubric = small("not_enough_evidence: {meaning: Not seen., counts_as: 0}\n", "")
    assert validate(rubric, {"A1": 1, "A2": 1, "B1": "NE"}) == (
        Fault("B1", "B1 may not be NE: small-2 has no such mark"),
    )


def test_na_may_take_away_exactly_the_limit_and_no_more() -> None:
    marks: dict[str, object] = {"A1": 1, "A2": "NA", "B1": 1}
    assert validate(small(limit="200/9"), marks) == ()
    over = "NA takes away 200/9 (shown as 22.2) per cent of the weight, at most 22.2 may go (SCO-1)"
    assert validate(small(limit="22.2"), marks) == (Fault("", over),)


def test_something_must_be_left_to_count() -> None:
    rubric = weighted(1, 2, na_allowed=True)
    assert validate(rubric, {"C1": "NA", "C2": "NA"}) == (
        Fault("", "every criterion is NA, so there is nothing to count"),
    )


def test_an_open_finding_holds_its_criterion_down_and_the_worst_one_counts() -> None:
    findings = [
        OpenFinding(Grade.MAJOR, "A1"),
        OpenFinding(Grade.CRITICAL, "A1"),
        OpenFinding(Grade.MAJOR, "B1"),
        OpenFinding(Grade.MINOR, "A2"),
        OpenFinding(Grade.AFI, "A2"),
        OpenFinding(Grade.CRITICAL),
    ]
    figures = score(small(), {"A1": 2, "A2": 2, "B1": 2}, open_findings=findings)
    assert dict(figures.levels) == {"A1": 0, "A2": 2, "B1": 1}
    assert figures.caps == (Cap("A1", Grade.CRITICAL, 2, 0), Cap("B1", Grade.MAJOR, 2, 1))
    assert figures.overall == Fraction(100 * 7, 18)


def test_a_cap_never_raises_a_level_and_leaves_na_alone() -> None:
    findings = [OpenFinding(Grade.MAJOR, "A1"), OpenFinding(Grade.CRITICAL, "A2"), OpenFinding(Grade.MAJOR, "B1")]
    figures = score(small(), {"A1": 1, "A2": "NA", "B1": 0}, open_findings=findings)
    assert (dict(figures.levels), figures.caps) == ({"A1": 1, "A2": None, "B1": 0}, ())


def test_a_finding_at_an_unknown_criterion_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        score(small(), {"A1": 1, "A2": 1, "B1": 0}, open_findings=[OpenFinding(Grade.MAJOR, "Z9")])
    assert str(refused.value) == "Z9 is not a criterion of small-2"


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 6)), min_size=1, max_size=8))
def test_the_overall_figure_is_the_share_of_what_could_be_reached(rows: list[tuple[int, int]]) -> None:
    rubric = weighted(*(weight for weight, _ in rows), top=6)
    figures = score(rubric, {f"C{number}": level for number, (_, level) in enumerate(rows, 1)})
    reached, reachable = sum(weight * level for weight, level in rows), sum(weight * 6 for weight, _ in rows)
    assert figures.overall == Fraction(100 * reached, reachable)
    assert dict(figures.domains) == {"D": figures.overall}
