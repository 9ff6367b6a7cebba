"""The certificate of an award, with its citation: what somebody who was honoured would frame.

Everything on it comes from `queries/roll.py`, so nothing is on it that is not public at this moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import segno
from markupsafe import Markup

from metstandard.common.settings import settings
from metstandard.documents import pages
from metstandard.documents.identity import Identity, PaperKind
from metstandard.queries.roll import Entry

PARTY = "Authority"
_FEW, _SHORT_LIST = 6, 140  # names that stand on the first page
_LONG_WORDS = 75


@dataclass(frozen=True, slots=True)
class CitationPaper:
    """What the certificate of an award says. `who` is the headline; `names` are the members of a team."""

    number: str
    scheme: str
    category: str
    who: str
    names: tuple[str, ...]
    words: str
    announced_on: date
    posthumous: bool
    code: str
    verification_url: str
    revoked: bool

    @property
    def title(self) -> str:
        """Title of the document, as a reader's window shows it."""
        return f"{self.scheme}, award {self.number}"

    @property
    def few(self) -> bool:
        """Whether all names fit on the first page."""
        return len(self.names) <= _FEW and sum(map(len, self.names)) <= _SHORT_LIST


def identity(entry: Entry) -> Identity:
    """What the signature of the file names; the code leads to the roll."""
    return Identity(PaperKind.AWARD, entry.number, entry.code)


def paper(entry: Entry) -> CitationPaper:
    """The certificate of a public award as it now stands; a revoked one names nobody and says so."""
    alone = len(entry.names) == 1 and not entry.team
    return CitationPaper(
        number=entry.number,
        scheme=entry.scheme_title,
        category=entry.category_title,
        who=entry.names[0] if alone else entry.team,
        names=() if alone else entry.names,
        words=entry.citation,
        announced_on=entry.day,
        posthumous=entry.posthumous,
        code=entry.code,
        verification_url=f"{settings().base_url}/verify/{entry.code}",
        revoked=entry.revoked,
    )


def html(made: CitationPaper) -> str:
    """The page that is given to the renderer; long names and words get smaller type."""
    longest = max(len(made.who), len(made.words.split()) * 70 // _LONG_WORDS)
    size = "short" if longest <= 38 else "long" if longest <= 70 else "longest"  # noqa: PLR2004 - letters on one line
    return pages.page("citation", paper=made, size=size, party=PARTY, qr=_qr(made.verification_url))


def _qr(address: str) -> Markup:
    """The address as a QR code, with a title for those who cannot see it."""
    made = segno.make(address, error="m", micro=False)
    return Markup(made.svg_inline(border=0, dark="#1f3157", title="QR code of the verification address", omitsize=True))  # noqa: S704
