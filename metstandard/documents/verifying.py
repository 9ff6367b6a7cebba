"""Whether a PDF is a paper of ours: genuine, altered, not ours, or revoked since. For the command and the public page.

Genuine means three things at once: a signature that holds, by a certificate of ours, over every byte of the file; and
an entry of the register under the number that the signature covers. An expired or replaced paper is genuine and says
so; a suspended or withdrawn one is revoked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from pathlib import Path

from metstandard.common.languages import marked
from metstandard.documents.identity import Identity, identity_of
from metstandard.documents.standing import REVOKED, Standing

LARGEST = 8 * 1024 * 1024
SECONDS = 25.0
_PROJECT = Path(__file__).resolve().parents[2]
_HEAD = 1024
_AT_ONCE = threading.BoundedSemaphore(2)


class Verdict(IntEnum):
    """The judgement; its number is the exit code of `metstandard verify`."""

    GENUINE = 0
    ALTERED = 1
    NOT_OURS = 2
    REVOKED = 3


class Why(StrEnum):
    """What the judgement rests on; each has one sentence."""

    GENUINE = "genuine"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    CHANGED = "changed"
    DAMAGED = "damaged"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_A_PDF = "not_a_pdf"
    LOCKED = "locked"
    UNREADABLE = "unreadable"
    UNSIGNED = "unsigned"
    ANOTHERS = "anothers"
    ANOTHER_PAPER = "another_paper"
    UNKNOWN = "unknown"


SENTENCES = {
    Why.GENUINE: marked("Nothing in the file was changed since it was signed, and the register has it."),
    Why.EXPIRED: marked("Nothing in the file was changed since it was signed. The certificate has expired since."),
    Why.SUPERSEDED: marked("Nothing in the file was changed since it was signed. A later one has replaced it since."),
    Why.SUSPENDED: marked(
        "The file is as it was signed, but the certificate was suspended since. It does not count today."
    ),
    Why.WITHDRAWN: marked("The file is as it was signed, but it was withdrawn since. It no longer counts."),
    Why.CHANGED: marked("Something in the file was changed or added after it was signed. Do not rely on it."),
    Why.DAMAGED: marked(
        "The file carries a signature of ours, but something is missing or was added. Do not rely on it."
    ),
    Why.EMPTY: marked("The file is empty."),
    Why.TOO_LARGE: marked("The file is larger than any paper of ours."),
    Why.NOT_A_PDF: marked("The file is not a PDF."),
    Why.LOCKED: marked("The file is locked with a password. No paper of ours is."),
    Why.UNREADABLE: marked("The file could not be read. No paper of ours is like that."),
    Why.UNSIGNED: marked("The file carries no signature. It may be a copy: check the code that is printed on it."),
    Why.ANOTHERS: marked("The file was signed by somebody else."),
    Why.ANOTHER_PAPER: marked("We signed the file, but it is not a paper of the Met Standard."),
    Why.UNKNOWN: marked("We signed the file, but the register does not have it. Do not rely on it."),
}
_ALTERED = frozenset({Why.CHANGED, Why.DAMAGED})


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a file is. `paper` and `standing` are there where the signature holds and names a paper of ours."""

    why: Why
    paper: Identity | None = None
    standing: Standing | None = None

    @property
    def verdict(self) -> Verdict:
        """One of the four words."""
        if self.why in {Why.GENUINE, Why.EXPIRED, Why.SUPERSEDED}:
            return Verdict.GENUINE
        if self.why in {Why.SUSPENDED, Why.WITHDRAWN}:
            return Verdict.REVOKED
        return Verdict.ALTERED if self.why in _ALTERED else Verdict.NOT_OURS

    @property
    def sentence(self) -> str:
        """What it rests on, for people."""
        return SENTENCES[self.why]


@dataclass(frozen=True, slots=True)
class Found:
    """One signature of a file, as inspecting.py read it."""

    fingerprint: str
    holds: bool
    whole: bool
    reason: str


def judge(body: bytes, *, trusted: Mapping[str, bytes], standing: Callable[[Identity], Standing | None]) -> Judgement:
    """Judge a file. `trusted` has the DER of each certificate of ours by fingerprint; `standing` asks the register.

    Never raises for what is in the file, and takes bounded time and memory, however hostile it is.
    """
    early = _at_first_sight(body)
    if early is not None:
        return Judgement(early)
    readable, signatures = _inspect(body)
    ours = [one for one in signatures if one.fingerprint in trusted]
    good = next((one for one in ours if one.holds and one.whole), None)
    if good is not None:
        return _in_register(identity_of(good.reason), standing)
    if ours:
        return Judgement(Why.CHANGED)
    lowered = body.lower()
    if any(der.hex().encode() in lowered for der in trusted.values()):
        return Judgement(Why.DAMAGED)
    if readable is not None:
        return Judgement(readable)
    return Judgement(Why.ANOTHERS if signatures else Why.UNSIGNED)


def _at_first_sight(body: bytes) -> Why | None:
    if not body:
        return Why.EMPTY
    if b"%PDF-" not in body[:_HEAD]:
        return Why.NOT_A_PDF
    return Why.TOO_LARGE if len(body) > LARGEST else None


def _in_register(paper: Identity | None, standing: Callable[[Identity], Standing | None]) -> Judgement:
    if paper is None:
        return Judgement(Why.ANOTHER_PAPER)
    found = standing(paper)
    if found is None:
        return Judgement(Why.UNKNOWN, paper)
    if found.status in REVOKED or found.status in {Why.EXPIRED, Why.SUPERSEDED}:
        return Judgement(Why(found.status), paper, found)
    return Judgement(Why.GENUINE, paper, found)


def _inspect(body: bytes) -> tuple[Why | None, list[Found]]:
    """Why a file cannot be read, or None; and its signatures. In a process of its own, killed when it is slow."""
    with _AT_ONCE:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "metstandard.documents.inspecting"],
                input=body, capture_output=True, check=True, timeout=SECONDS, env=_environment(),
            )  # fmt: skip
            found = json.loads(done.stdout)
        except (subprocess.SubprocessError, ValueError):
            return Why.UNREADABLE, []
    if not found["readable"]:
        return Why.LOCKED if found["locked"] else Why.UNREADABLE, []
    return None, [Found(**one) for one in found["signatures"]]


def _environment() -> dict[str, str]:
    """No secret of ours reaches the process that reads a stranger's file."""
    return {
        "LANG": "C.UTF-8", "PATH": os.environ.get("PATH", os.defpath), "PYTHONPATH": str(_PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
