"""Who can be compared with whom."""

from __future__ import annotations

from metstandard.statistics.layout import Mark, connected, groups_of


def test_groups_are_found_through_chains_of_shared_reviews() -> None:
    pairs = [("r1", "A"), ("r1", "B"), ("r2", "B"), ("r2", "C"), ("r3", "D"), ("r3", "E"), ("r4", "F")]

    assert connected(pairs) == (("A", "B", "C"), ("D", "E"), ("F",))
    assert connected([]) == ()


def test_calibration_cases_count_as_one_because_their_values_are_known() -> None:
    marks = [Mark("case 1", "A", 2.0), Mark("case 2", "B", 3.0), Mark("r1", "C", 2.0)]

    assert groups_of(marks) == (("A",), ("B",), ("C",))
    assert groups_of(marks, {"case 1", "case 2"}) == (("A", "B"), ("C",))
