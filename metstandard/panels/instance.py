"""A whole cycle as plain facts, `met-assign-instance/1`: units, reviews, reviewers, history, locks, earlier seats.

Every number is an integer; weeks count from the start of the cycle. What this file refuses names its place, such as
`reviewers[12].capacity`. Names that history mentions may have left the pool; any other unknown name is refused,
because a misspelt unit would quietly switch a rule of independence off.
"""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any, Final, Literal

from metstandard.common.errors import BadFile
from metstandard.panels.contradictions import contradictions
from metstandard.panels.entries import (
    Blocked,
    Category,
    EarlierSeat,
    Entries,
    ExUnit,
    History,
    Params,
    Region,
    Review,
    Reviewer,
    Seat,
    Slot,
    Status,
    Unit,
    Weights,
)
from metstandard.panels.facts import as_lines, parse_json, text_of, validated

__all__ = [
    "FORMAT",
    "Blocked",
    "Category",
    "EarlierSeat",
    "ExUnit",
    "History",
    "Instance",
    "Params",
    "Region",
    "Review",
    "Reviewer",
    "Seat",
    "Slot",
    "Status",
    "Unit",
    "Weights",
]

FORMAT: Final = "met-assign-instance/1"


class Instance(Entries):
    """A whole cycle, checked: names are unique and known, every review has a domain that matters."""

    format: Literal["met-assign-instance/1"]
    name: str = ""

    @classmethod
    def read(cls, file: Path) -> Instance:
        """The instance in a file. Raises BadFile, naming the place, for anything that is not one."""
        return cls.parse(text_of(file), file=str(file))

    @classmethod
    def parse(cls, source: bytes | str | dict[str, Any], *, file: str = "instance") -> Instance:
        """The instance in a JSON text, or in plain data as `json.load` gives it.

        Raises BadFile: `FILE:LINE: ...` for broken JSON, `FILE: reviewers[3].org: ...` for anything else.
        """
        text = json.dumps(source) if isinstance(source, dict) else source
        data = parse_json(text, file=file)
        if isinstance(data, dict):
            _refuse_misspelt(data, file)
        instance = validated(cls, text, file=file)
        for place, problem in contradictions(instance):
            raise BadFile(f"{place}: {problem}", file=file)
        return instance

    def to_json(self) -> str:
        """The instance as JSON, which `parse` reads back to the very same."""
        return as_lines({"format": self.format, "name": self.name} | self.model_dump(mode="json"))


def _refuse_misspelt(data: dict[str, Any], file: str) -> None:
    """Keys we do not know are left alone, unless they look like one of ours: "lock" must not drop the locks."""
    known = list(Instance.model_fields)
    for key in data:
        near = [] if key in known else difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.8)
        if near:
            raise BadFile(f"{key}: unknown key; did you mean {near[0]}?", file=file)
