"""Everything about a set of ratings at once: shape of the answer, groups, and rankings that hold back."""

from __future__ import annotations

import json

import pytest

from metstandard.common.errors import Invalid
from metstandard.statistics.estimates import Estimate
from metstandard.statistics.ratings import parse_scale, ratings_of
from metstandard.statistics.summary import Ranking, agreement, agreement_by, ranked
from tests.statistics.published import FOUR_OBSERVERS, ratings_from

SAME = "Every rating is the same, so there is no variation to agree about."


def test_the_answer_for_krippendorffs_example_has_every_part() -> None:
    found = agreement(ratings_from(FOUR_OBSERVERS)).as_json()

    assert list(found) == ["n", "alpha", "kappa", "fleiss", "ac1", "ac2", "icc", "undefined"]
    assert found["n"] == {"units": 12, "raters": 4, "ratings": 41}
    assert {name: round(value, 3) for name, value in found["alpha"].items()} == {
        "nominal": 0.743,
        "ordinal": 0.815,
        "interval": 0.849,
        "ratio": 0.797,
    }
    assert list(found["kappa"]) == ["R1|R2", "R1|R3", "R1|R4", "R2|R3", "R2|R4", "R3|R4"]
    assert list(found["kappa"]["R1|R2"]) == ["unweighted", "linear", "quadratic", "n"]
    assert found["kappa"]["R1|R2"]["n"] == 9
    assert (round(found["fleiss"], 5), round(found["ac1"], 5)) == (0.76117, 0.77544)
    assert {name: round(value, 3) for name, value in found["ac2"].items()} == {"linear": 0.859, "quadratic": 0.914}
    assert found["icc"] == dict.fromkeys(["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"])
    assert found["undefined"] == {"icc": "Not every rater has rated every unit."}


def test_ratings_all_the_same_leave_everything_undefined_with_reasons_and_no_nan() -> None:
    found = agreement(ratings_of((f"u{unit}", rater, 3) for unit in range(3) for rater in "AB")).as_json()

    assert json.loads(json.dumps(found, allow_nan=False)) == {
        "n": {"units": 3, "raters": 2, "ratings": 6},
        "alpha": dict.fromkeys(["nominal", "ordinal", "interval", "ratio"]),
        "kappa": {"A|B": {"unweighted": None, "linear": None, "quadratic": None, "n": 3}},
        "fleiss": None,
        "ac1": None,
        "ac2": {"linear": None, "quadratic": None},
        "icc": dict.fromkeys(["1,1", "2,1", "3,1", "1,k", "2,k", "3,k"]),
        "undefined": {
            "alpha": SAME,
            "kappa.A|B": "Both always gave the same value, so there is no variation to agree about.",
            "fleiss": SAME,
            "ac1": "Only one category is known; a scale with the others would define it.",
            "ac2": "Only one category is known; a scale with the others would define it.",
            "icc": "Every rating is the same, so there is no variation to explain.",
        },
    }


def test_a_scale_defines_ac1_where_one_category_was_seen() -> None:
    rows = [(f"u{unit}", rater, 3) for unit in range(3) for rater in "AB"]

    found = agreement(ratings_of(rows, parse_scale("0,1,2,3,4"))).as_json()

    assert (found["ac1"], found["ac2"]) == (1.0, {"linear": 1.0, "quadratic": 1.0})


def test_words_leave_only_what_needs_no_order() -> None:
    found = agreement(ratings_of([("u", "A", "x"), ("u", "B", "y"), ("v", "A", "x"), ("v", "B", "x")])).as_json()

    assert [name for name, value in found["alpha"].items() if value is None] == ["ordinal", "interval", "ratio"]
    assert found["undefined"] == {
        "alpha.ordinal": "The values are not all numbers, and no scale says their order.",
        "alpha.interval": "The values are not all numbers.",
        "alpha.ratio": "The values are not all numbers.",
        "kappa.A|B.linear": "The values are not all numbers, and no scale says their order.",
        "kappa.A|B.quadratic": "The values are not all numbers, and no scale says their order.",
        "ac2": "The values are not all numbers, and no scale says their order.",
        "icc": "The values are not all numbers.",
    }


def test_pairs_without_a_shared_unit_are_named_while_raters_are_few_and_counted_when_many() -> None:
    few = agreement(ratings_of([("u", "A", 1), ("u", "B", 2), ("v", "C", 1)])).as_json()
    many = agreement(ratings_of((f"u{number // 2}", f"R{number:02}", number % 3) for number in range(60))).as_json()

    assert few["kappa"]["A|C"] == {"unweighted": None, "linear": None, "quadratic": None, "n": 0}
    assert few["undefined"]["kappa.A|C"] == "They have rated no unit in common."
    assert len(many["kappa"]) == 30
    assert many["undefined"]["kappa"] == "1740 pairs of raters are left out: they have rated no unit in common."


def test_names_of_raters_that_make_two_pairs_alike_are_refused() -> None:
    rows = [("u", rater, 1) for rater in ("A", "A|B", "B|C", "C")]

    with pytest.raises(Invalid, match=r"Two pairs of raters would both be called A\|B\|C"):
        agreement(ratings_of(rows))


def test_agreement_by_criterion_measures_each_group_by_the_same_scale() -> None:
    rows = [
        *[("1.1", f"u{unit}", kind, 3) for unit in range(4) for kind in ("peer", "private")],
        *[("1.2", f"u{unit}", kind, unit) for unit in range(4) for kind in ("peer", "private")],
    ]

    found = agreement_by(rows, scale=parse_scale("0,1,2,3,4"))

    assert list(found) == ["1.1", "1.2"]
    assert (found["1.1"].alpha["ordinal"], found["1.1"].ac1) == (None, Estimate(1.0, 0.0, 1.0, 1.0))
    assert found["1.2"].kappa["peer|private"].kappas["quadratic"] == Estimate(1.0, 0.0, 1.0, 1.0)


def test_a_ranking_leaves_out_what_is_uncertain_and_ties_what_overlaps() -> None:
    found = ranked(
        {
            "a": Estimate(0.9, 0.02, 0.86, 0.94),
            "b": Estimate(0.85, 0.02, 0.81, 0.89),
            "c": Estimate(0.5, 0.05, 0.4, 0.6),
            "wide": Estimate(0.7, 0.2, 0.3, 1.0),
            "bare": Estimate(0.7),
            "none": None,
        }
    )

    assert found == Ranking(
        places=(("a", "b"), ("c",)),
        withheld={
            "wide": "Its interval is wider than 0.4.",
            "bare": "It has no interval.",
            "none": "It is not defined.",
        },
    )
