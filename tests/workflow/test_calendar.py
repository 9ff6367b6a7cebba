"""Working days of England and Wales, and what falls due when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metstandard.workflow.calendar import (
    add_months,
    add_working_days,
    bank_holidays,
    due_on,
    is_working_day,
    reminders_on,
    working_days_between,
)
from metstandard.workflow.definition import Due, Timer

DAYS = st.dates(date(2009, 1, 1), date(2040, 12, 31))


def test_the_bank_holidays_are_those_of_england_and_wales() -> None:
    """2027: Christmas Day and Boxing Day fall on a weekend. St Andrew's Day and 2 January are Scotland's alone."""
    weekdays = sorted(day for day in bank_holidays(2027) if day.weekday() < 5)
    assert weekdays == [
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 3),
        date(2027, 5, 31),
        date(2027, 8, 30),
        date(2027, 12, 27),
        date(2027, 12, 28),
    ]


def test_one_off_bank_holidays_are_known() -> None:
    assert not is_working_day(date(2011, 4, 29)), "a royal wedding"
    assert not is_working_day(date(2022, 9, 19)), "a state funeral"
    assert not is_working_day(date(2023, 5, 8)), "a coronation"
    assert is_working_day(date(2023, 5, 9))


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 10, 12), 1, date(2026, 10, 13)),
        (date(2026, 10, 12), 5, date(2026, 10, 19)),
        (date(2026, 10, 16), 1, date(2026, 10, 19)),
        (date(2026, 10, 17), 1, date(2026, 10, 19)),
        (date(2026, 10, 18), 1, date(2026, 10, 19)),
        (date(2026, 10, 19), -1, date(2026, 10, 16)),
        (date(2026, 10, 18), -1, date(2026, 10, 16)),
        (date(2026, 10, 19), -5, date(2026, 10, 12)),
        (date(2026, 10, 14), 0, date(2026, 10, 14)),
        (date(2026, 10, 17), 0, date(2026, 10, 19)),
        # Christmas 2026: the 25th is a Friday, Boxing Day is kept on Monday the 28th.
        (date(2026, 12, 24), 1, date(2026, 12, 29)),
        (date(2026, 12, 23), 5, date(2027, 1, 4)),
        (date(2026, 12, 29), -1, date(2026, 12, 24)),
        (date(2026, 12, 25), 0, date(2026, 12, 29)),
        # Easter 2026: Good Friday is 3 April, Easter Monday the 6th.
        (date(2026, 4, 2), 1, date(2026, 4, 7)),
        (date(2026, 4, 7), -1, date(2026, 4, 2)),
        (date(2026, 3, 27), 10, date(2026, 4, 14)),
        # The clocks go back on 25 October 2026 and forward on 28 March 2027: no matter to dates.
        (date(2026, 10, 23), 1, date(2026, 10, 26)),
        (date(2027, 3, 25), 2, date(2027, 3, 31)),
        # A leap day is a day.
        (date(2028, 2, 28), 1, date(2028, 2, 29)),
    ],
)
def test_working_days_are_counted_from_the_day_after(day: date, count: int, expected: date) -> None:
    assert add_working_days(day, count) == expected


def test_days_on_which_an_organisation_is_closed_do_not_count() -> None:
    closed = {date(2026, 10, 13), date(2026, 10, 14)}
    assert add_working_days(date(2026, 10, 12), 1) == date(2026, 10, 13)
    assert add_working_days(date(2026, 10, 12), 1, closed) == date(2026, 10, 15)
    assert add_working_days(date(2026, 10, 13), 0, closed) == date(2026, 10, 15)
    assert working_days_between(date(2026, 10, 12), date(2026, 10, 15), closed) == 1


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 10, 12), date(2026, 10, 12), 0),
        (date(2026, 10, 12), date(2026, 10, 13), 1),
        (date(2026, 10, 16), date(2026, 10, 18), 0),
        (date(2026, 10, 16), date(2026, 10, 19), 1),
        (date(2026, 10, 17), date(2026, 10, 19), 1),
        (date(2026, 10, 19), date(2026, 10, 16), -1),
        (date(2026, 12, 24), date(2027, 1, 4), 4),
        (date(2027, 1, 4), date(2026, 12, 24), -4),
        (date(2026, 4, 2), date(2026, 4, 7), 1),
    ],
)
def test_working_days_between_leave_out_the_first_day_and_count_the_last(start: date, end: date, expected: int) -> None:
    assert working_days_between(start, end) == expected


@given(DAYS, st.integers(-60, 60).filter(bool))
def test_adding_and_counting_are_each_others_counterpart(day: date, count: int) -> None:
    there = add_working_days(day, count)
    assert is_working_day(there)
    assert working_days_between(day, there) == count


@given(DAYS, st.integers(1, 60))
def test_a_deadline_counted_from_a_day_off_is_that_of_the_working_day_before(day: date, count: int) -> None:
    worked = day
    while not is_working_day(worked):
        worked -= timedelta(days=1)
    assert add_working_days(day, count) == add_working_days(worked, count)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2026, 10, 14), 36, date(2029, 10, 14)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
        (date(2026, 12, 1), -12, date(2025, 12, 1)),
    ],
)
def test_months_keep_the_day_or_end_with_the_month(day: date, count: int, expected: date) -> None:
    assert add_months(day, count) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (Due(working_days=5), date(2026, 10, 21)),
        (Due(working_days="COI-10"), date(2026, 10, 28)),
        (Due(days=0, after="visit"), date(2026, 12, 24)),
        (Due(days=-75, after="visit"), date(2026, 10, 10)),
        (Due(weeks=2, after="visit"), date(2027, 1, 7)),
        (Due(months=2, after="visit"), date(2027, 2, 24)),
        (Due(working_days=1, after="visit"), date(2026, 12, 29)),
        (Due(working_days=1, after="decided"), None),
    ],
)
def test_a_deadline_counts_from_the_date_it_names(due: Due, expected: date | None) -> None:
    """75 days before 24 December is a Saturday: only working days move off a weekend."""
    dates = {"entered": date(2026, 10, 14), "visit": date(2026, 12, 24)}
    assert due_on(due, dates, {"COI-10": 10}) == expected


def test_a_deadline_minds_the_days_on_which_an_organisation_is_closed() -> None:
    dates = {"entered": date(2026, 10, 14)}
    assert due_on(Due(working_days=1), dates, closed={date(2026, 10, 15)}) == date(2026, 10, 16)


def test_a_number_that_is_not_there_is_no_deadline() -> None:
    with pytest.raises(KeyError, match="COI-10"):
        due_on(Due(working_days="COI-10"), {"entered": date(2026, 10, 14)}, {})


def test_reminders_come_on_working_days_around_the_deadline() -> None:
    timer = Timer(due=Due(days=1), remind=(-2, 0, 3))
    assert reminders_on(timer, date(2026, 12, 24)) == (date(2026, 12, 22), date(2026, 12, 24), date(2026, 12, 31))


def test_two_rungs_that_meet_remind_once() -> None:
    """The deadline is Saturday 17 October: both nought and one working day later are Monday the 19th."""
    timer = Timer(due=Due(days=1), remind=(0, 1, 2))
    assert reminders_on(timer, date(2026, 10, 17)) == (date(2026, 10, 19), date(2026, 10, 20))


def test_a_timer_without_a_ladder_reminds_nobody() -> None:
    assert reminders_on(Timer(due=Due(days=1)), date(2026, 10, 17)) == ()
