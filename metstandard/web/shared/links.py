"""A form field for the criteria that something speaks to, each with a page or paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import Field

from metstandard.rubric.definition import Rubric

Group = tuple[str, Sequence[tuple[str, str]]]


class Links(Field):
    """Ticks with a place beside each; `data` is the place by criterion. A place that was written counts as a tick.

    In form data: NAME once for each ticked criterion, and NAME-place-CODE.
    """

    data: dict[str, str]
    groups: Sequence[Group] = ()

    def offer(self, rubric: Rubric, without: Iterable[str]) -> None:
        """The criteria to tick by domain, without those that do not apply."""
        left_out = set(without)
        self.groups = [
            (domain.title, [(code, one.title) for code, one in domain.criteria.items() if code not in left_out])
            for domain in rubric.domains.values()
        ]

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the ticks and places, or take those given."""
        super().process(None, data=dict(data or {}) if isinstance(data, dict) else {}, extra_filters=extra_filters)
        start = f"{self.name}-place-"
        if not formdata:
            return
        places = {
            name.removeprefix(start): str(formdata.get(name)).strip() for name in formdata if name.startswith(start)
        }
        ticked = [str(one) for one in formdata.getlist(self.name)]
        self.data = {code: places.get(code, "") for code in ticked} | {c: place for c, place in places.items() if place}
        self.raw_data = list(self.data)
