"""What a signed paper is, in one line that the signature covers: `Certificate MS-0007 (7KQF-29TM-XWBA)`.

A reader's window shows it as the reason of the signature; the verification finds the register's entry by it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class PaperKind(StrEnum):
    """The kinds of paper that are signed. A new kind also needs its reader in standing.py."""

    CERTIFICATE = "Certificate"
    REPORT = "Report"
    SERVICE = "Certificate of service"
    AWARD = "Award certificate"


_LINE = re.compile(rf"({'|'.join(sorted(PaperKind, key=len, reverse=True))}) (\S+) \(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Identity:
    """`title` is the number or reference as printed, without spaces; `mark` tells versions, codes or seats apart."""

    kind: PaperKind
    title: str
    mark: str

    def __str__(self) -> str:
        return f"{self.kind} {self.title} ({self.mark})"

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.kind} {self.title}"


def identity_of(line: str) -> Identity | None:
    """The identity that a line names; None for a line that is not one of ours."""
    match = _LINE.fullmatch(line)
    return Identity(PaperKind(match[1]), match[2], match[3]) if match else None
