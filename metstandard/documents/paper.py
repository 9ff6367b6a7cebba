"""What every paper of the programme carries, whatever it is about: the document block (rules.md B9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metstandard.common import words


@dataclass(frozen=True, slots=True)
class DocumentBlock:
    """The block that a generated document opens with. `published` says whether the publication scheme covers it."""

    marking: str
    published: bool
    title: str
    version: str
    summary: str
    unit: str
    author: str
    review_date: date
    issued_on: date

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """The block as label and value, in the order in which it is printed."""
        return (
            ("Protective marking", self.marking.upper()),
            ("Publication scheme", "Yes" if self.published else "No"),
            ("Title", self.title),
            ("Version", self.version),
            ("Summary", self.summary),
            ("Unit", self.unit),
            ("Author", self.author),
            ("Review date", words.day(self.review_date)),
            ("Date issued", words.day(self.issued_on)),
        )
