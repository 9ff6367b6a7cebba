"""Dates in three parts and sums in pounds."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form
from wtforms.validators import InputRequired, Optional

from metstandard.web.shared.fields import DateParts, Pounds


class Visit(Form):
    """A form with one of each."""

    begins = DateParts("First day on site", [InputRequired("Enter the first day on site")])
    cost = Pounds("Cost", [Optional()])


def typed(day: str, month: str, year: str, cost: str = "") -> Visit:
    """The form as it was sent."""
    return Visit(MultiDict({"begins-day": day, "begins-month": month, "begins-year": year, "cost": cost}))


@pytest.mark.parametrize("month", ["10", "October", "oct", "OCT"])
def test_a_date_is_read_from_numbers_and_names(month: str) -> None:
    form = typed("14", month, "2026")
    assert (form.validate(), form.begins.data) == (True, date(2026, 10, 14))


@pytest.mark.parametrize(
    ("parts", "message", "wrong"),
    [
        (("", "", ""), "Enter the first day on site", []),
        (("14", "", "2026"), "First day on site must include a month", ["month"]),
        (("14", "", ""), "First day on site must include a month and year", ["month", "year"]),
        (("31", "2", "2026"), "First day on site must be a real date, such as 14 10 2026", ["day", "month", "year"]),
        (("29", "2", "2027"), "First day on site must be a real date, such as 14 10 2026", ["day", "month", "year"]),
        (("1", "ju", "2026"), "First day on site must be a real date, such as 14 10 2026", ["day", "month", "year"]),
        (("1", "1", "26"), "First day on site: the year must have 4 numbers, such as 2026", ["year"]),
        (("1", "1", "99999"), "First day on site: the year must have 4 numbers, such as 2026", ["year"]),
    ],
)
def test_a_wrong_date_is_kept_as_typed_with_one_message(
    parts: tuple[str, str, str], message: str, wrong: list[str]
) -> None:
    form = typed(*parts)
    assert form.validate() is False
    assert list(form.begins.errors) == [message]
    assert form.begins.wrong_parts == wrong
    assert tuple(form.begins.parts.values()) == parts


def test_a_given_date_is_spread_over_the_parts() -> None:
    form = Visit(data={"begins": date(2026, 2, 3)})
    assert form.begins.parts == {"day": "3", "month": "2", "year": "2026"}


@pytest.mark.parametrize(("text", "pence"), [("1,250", 125_000), ("£12.50", 1250), ("0", 0), ("", None)])
def test_a_sum_becomes_pence(text: str, pence: int | None) -> None:
    form = typed("1", "1", "2026", text)
    assert (form.validate(), form.cost.data) == (True, pence)


def test_a_wrong_sum_is_kept_as_typed() -> None:
    form = typed("1", "1", "2026", "twelve")
    assert form.validate() is False
    assert form.errors == {"cost": ["Enter a sum in pounds, such as 1,250 or 1250.50"]}
    assert form.cost._value() == "twelve"


def test_a_stored_sum_is_shown_without_the_sign() -> None:
    assert Visit(data={"cost": 125_050}).cost._value() == "1,250.50"
