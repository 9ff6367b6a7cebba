"""Rings of visits: two units, or three, within so many months of each other."""

from __future__ import annotations

from datetime import date

from metstandard.panels.conflicts import Seating
from metstandard.panels.rings import Ring, rings

A, B, C, D = 1, 2, 3, 4


def visit(home: int | None, unit: int, on: date) -> Seating:
    return Seating(unit=unit, person=9, home=home, on=on)


def test_two_units_that_reviewed_each_other_within_the_months_are_a_ring_of_two() -> None:
    """To the day: 24 months later is no longer within 24 months."""
    first = date(2024, 3, 5)
    there = visit(A, B, first)
    assert rings([there, visit(B, A, date(2026, 3, 4))], 24) == [Ring((A, B), (first, date(2026, 3, 4)))]
    assert rings([there, visit(B, A, date(2026, 3, 5))], 24) == []
    assert rings([there, visit(A, B, date(2024, 9, 1))], 24) == []


def test_of_several_visits_the_closest_together_are_told() -> None:
    days = [date(2024, 1, 1), date(2025, 1, 1), date(2025, 2, 1)]
    found = rings([visit(A, B, days[0]), visit(A, B, days[1]), visit(B, A, days[2])], 24)
    assert found == [Ring((A, B), (days[1], days[2]))]


def test_three_units_in_a_ring_are_found_once_and_the_other_way_round_is_another() -> None:
    on = date(2025, 6, 1)
    there = [visit(A, B, on), visit(B, C, on), visit(C, A, on)]
    assert rings(there, 24) == [Ring((A, B, C), (on, on, on))]
    assert rings([*there[:2], visit(C, D, on)], 24) == []
    back = [visit(B, A, on), visit(C, B, on), visit(A, C, on)]
    assert [one.units for one in rings(back, 24)] == [(A, C, B)]
    assert {one.units for one in rings(there + back, 24)} == {(A, B), (A, C), (B, C), (A, B, C), (A, C, B)}


def test_people_without_a_unit_or_at_home_close_no_ring() -> None:
    on = date(2025, 6, 1)
    assert rings([visit(None, A, on), visit(A, A, on)], 24) == []
