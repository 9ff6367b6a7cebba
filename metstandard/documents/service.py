"""The certificate of service: what a reviewer may show of a completed review. Nothing sealed is in it.

Plain data in, as with the certificate of a unit: served.py fills it from records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from metstandard.documents import pages


@dataclass(frozen=True, slots=True)
class ServicePaper:
    """Who sat where and when. `verify_at` is the address that judges the file; empty where papers are not signed."""

    person: str
    seat: str
    lead: bool
    unit_name: str
    unit_code: str
    reference: str
    rubric_title: str
    rubric_edition: str
    since: date
    until: date
    parties: tuple[str, ...]
    verify_at: str = ""

    @property
    def title(self) -> str:
        """Title of the document, as a reader's window shows it."""
        return f"Certificate of service: {self.person}, review {self.reference}"

    @property
    def role(self) -> str:
        """The seat as the sentence has it."""
        return f"{'lead reviewer' if self.lead else 'reviewer'} in the {self.seat} seat"


def html(paper: ServicePaper) -> str:
    """The page that is given to the renderer; the longest names get smaller type."""
    longest = max(len(paper.person), len(paper.unit_name) // 2)
    size = "short" if longest <= 38 else "long" if longest <= 70 else "longest"  # noqa: PLR2004 - letters on one line
    return pages.page("service", paper=paper, size=size)
