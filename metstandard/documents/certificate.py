"""The certificate: one page that a commander would frame, and the same facts for the page beside it.

Plain data in: whoever fills a `CertificatePaper` from records decides what is true; this file decides how it reads.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import segno
from markupsafe import Markup

from metstandard.common import words
from metstandard.common.languages import ENGLISH, current, gettext, marked
from metstandard.documents import pages, render

CURRENT = "current"
_WARNINGS = {
    "suspended": marked("This certificate is suspended."),
    "withdrawn": marked("This certificate is withdrawn."),
    "expired": marked("This certificate is expired."),
    "superseded": marked("This certificate is superseded."),
}
_ARTICLES = frozenset({"The", "A", "An", "All", "Every", "Each", "Both", "Its"})


@dataclass(frozen=True, slots=True)
class Signatory:
    """One of the two keys: the party, the role of who turned it, and a name where one is kept."""

    party: str
    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class CertificatePaper:
    """What a certificate says (rules.md B8). `journal_head` is the 64 hexadecimal digits of the chain's last line.

    `status` is a state of the certificate: current, suspended, withdrawn, expired or superseded. `marking` is printed
    at the top and bottom of the page when it is given.
    """

    number: str
    unit_name: str
    unit_code: str
    commander: str
    scope: str
    rubric_title: str
    rubric_edition: str
    decided_on: date
    valid_from: date
    valid_until: date
    issued_on: date
    verification_url: str
    code: str
    journal_head: str
    status: str
    signatories: tuple[Signatory, ...]
    marking: str = ""

    @property
    def title(self) -> str:
        """Title of the document, as a reader's window shows it."""
        return gettext("Certificate %(number)s: the Met Standard, %(unit)s", number=self.number, unit=self.unit_name)

    @property
    def led_by(self) -> str:
        """The commander as the sentence on the paper has it; one named by the post alone gets an English article."""
        if current() is not ENGLISH:
            return self.commander
        return f"the {self.commander}" if self.commander.startswith("Commander") else self.commander

    @property
    def covered(self) -> str:
        """The scope as it reads inside `The assessment covered ...`, without a full stop of its own."""
        scope = self.scope.strip().rstrip(".")
        if current() is not ENGLISH:
            return scope
        first = scope.partition(" ")[0]
        return scope[:1].lower() + scope[1:] if first in _ARTICLES else scope


def facts(paper: CertificatePaper) -> list[tuple[str, str]]:
    """Everything that the certificate says as label and value, for the page beside the PDF."""
    signed = [
        (
            gettext("Signed for the %(party)s", party=gettext(key.party)),
            ", ".join(part for part in (key.name, key.role) if part),
        )
        for key in paper.signatories
    ]
    against = gettext("%(standard)s, edition %(edition)s", standard=paper.rubric_title, edition=paper.rubric_edition)
    return [
        (gettext("Status"), gettext(paper.status.capitalize())),
        (gettext("Certificate number"), paper.number),
        (gettext("Unit"), f"{paper.unit_name} ({paper.unit_code})"),
        (gettext("Commander"), paper.commander),
        (gettext("Scope"), paper.scope),
        (gettext("Assessed against"), against),
        (gettext("Decided on"), words.day(paper.decided_on)),
        (gettext("Valid from"), words.day(paper.valid_from)),
        (gettext("Valid until"), words.day(paper.valid_until)),
        (gettext("Issued on"), words.day(paper.issued_on)),
        *signed,
        (gettext("Verification address"), paper.verification_url),
        (gettext("Verification code"), paper.code),
        (gettext("Head of the journal"), paper.journal_head),
    ]


def html(paper: CertificatePaper) -> str:
    """The page that is given to the renderer."""
    return pages.page(
        "certificate",
        paper=paper,
        qr=_qr(paper.verification_url),
        head=grouped(paper.journal_head),
        warning=gettext(_WARNINGS[paper.status]) if paper.status in _WARNINGS else "",
        parties=[gettext(key.party) for key in paper.signatories],
        size=_size(paper),
    )


def pdf(paper: CertificatePaper) -> bytes:
    """One A4 page, PDF/UA-1 and PDF/A-3a. Raises RenderFailed."""
    return render.pdf(html(paper))


def grouped(digits: str, size: int = 8) -> str:
    """A long hash in groups, so that two people can compare it aloud."""
    return " ".join(digits[start : start + size] for start in range(0, len(digits), size))


def _qr(address: str) -> Markup:
    """The address as a QR code, in dark squares on white, with a title for those who cannot see it."""
    code = segno.make(address, error="m", micro=False)
    title = gettext("QR code of the verification address")
    drawn = code.svg_inline(border=0, dark="#1f3157", title=title, omitsize=True)
    return Markup(drawn)  # noqa: S704  segno escapes the title


def _size(paper: CertificatePaper) -> str:
    """A class of type size, so that the longest name and scope stay on the page (160 and 400 letters are tested)."""
    if len(paper.unit_name) > 70 or len(paper.scope) > 130 or (paper.status != CURRENT and len(paper.scope) > 60):  # noqa: PLR2004
        return "longest"
    return "long" if len(paper.unit_name) > 38 else "short"  # noqa: PLR2004 - letters on one line
