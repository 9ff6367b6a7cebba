"""Form fields that WTForms does not have: a date in three parts, a sum in pounds."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import Field
from wtforms.validators import StopValidation

from metstandard.common import words
from metstandard.common.errors import Invalid
from metstandard.common.money import pence, pounds
from metstandard.web.shared.languages import gettext, marked

_MONTHS = [date(2000, number, 1).strftime("%B").lower() for number in range(1, 13)]
_SHORTEST_MONTH = 3
_PARTS = (marked("day"), marked("month"), marked("year"))
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


class DateParts(Field):
    """A date typed as day, month and year. `data` is a date or None; `parts` keeps what was typed, also when wrong.

    A month may be a number or a name. `wrong_parts` names the parts to mark. In form data: NAME-day, NAME-month,
    NAME-year.
    """

    data: date | None

    def __init__(self, label: str | None = None, validators: list[Any] | None = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.parts: dict[str, str] = dict.fromkeys(_PARTS, "")
        self.wrong_parts: list[str] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the three parts, or spread a given date over them."""
        given = {} if data is None else {"data": data}
        super().process(None, extra_filters=extra_filters, **given)
        if isinstance(self.data, date):
            self.parts = {"day": str(self.data.day), "month": str(self.data.month), "year": str(self.data.year)}
        if formdata is None or not any(f"{self.name}-{part}" in formdata for part in _PARTS):
            return
        self.parts = {part: str(formdata.get(f"{self.name}-{part}") or "").strip() for part in _PARTS}
        self.raw_data = [" ".join(self.parts.values()).strip()]
        self.data = None
        try:
            self.data = self._read()
        except ValueError as failed:
            self.process_errors = [str(failed)]

    def _value(self) -> str:
        return " ".join(self.parts.values()).strip()

    def pre_validate(self, form: Any) -> None:  # noqa: ARG002  the signature is WTForms' own
        """Stop before other validators when the parts are no date: one message is enough."""
        if self.wrong_parts:
            raise StopValidation

    def _read(self) -> date | None:
        missing = [part for part in _PARTS if not self.parts[part]]
        if len(missing) == len(_PARTS):
            return None
        name = self.label.text
        if missing:
            self.wrong_parts = missing
            parts = words.listed([gettext(part) for part in missing])
            raise ValueError(gettext("%(label)s must include a %(parts)s", label=name, parts=parts))
        year = self.parts["year"]
        if not year.isdecimal() or not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
            self.wrong_parts = ["year"]
            raise ValueError(gettext("%(label)s: the year must have 4 numbers, such as 2026", label=name))
        try:
            return date(int(year), _month(self.parts["month"]), int(self.parts["day"]))
        except ValueError as failed:
            self.wrong_parts = list(_PARTS)
            raise ValueError(gettext("%(label)s must be a real date, such as 14 10 2026", label=name)) from failed


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    lower = text.lower()
    found = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(lower)]
    if len(lower) < _SHORTEST_MONTH or len(found) != 1:
        raise ValueError(text)
    return found[0]


class Pounds(Field):
    """A sum in pounds as people type it; `data` is whole pence or None, `typed` is kept when it is no sum."""

    data: int | None
    typed: str = ""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return pounds(self.data).removeprefix("£") if isinstance(self.data, int) else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Turn the typed sum into pence."""
        self.typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not self.typed:
            return
        try:
            self.data = pence(self.typed, field=self.name)
        except Invalid as wrong:
            raise ValueError(wrong.sentence) from None
