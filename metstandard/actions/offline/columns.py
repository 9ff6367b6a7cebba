"""What stands where in the workbook of a score sheet, for those who write it and those who read it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable

from metstandard.records.reviews import Review
from metstandard.records.seats import Seat
from metstandard.rubric.definition import Rubric

SHEET, EVIDENCE, ABOUT = "Score sheet", "Evidence", "About"
CODE, TITLE, LEVEL, STRENGTHS, IMPROVEMENTS = "Criterion", "Title", "Level", "Strengths", "Areas for improvement"
CONFIDENCE, TICKED, LINKED = "Confidence", "Evidence", "Linked evidence"
LOOK, ASK, REVISION, BASE = "What to look for", "What to ask", "Revision", "As downloaded"
# What a reviewer fills in. Everything else is locked.
ANSWERS = (LEVEL, STRENGTHS, IMPROVEMENTS, CONFIDENCE, TICKED)
# What must be there when a workbook comes back.
NEEDED = (CODE, *ANSWERS, REVISION, BASE)

_ESCAPED = re.compile(r"_x00([01][0-9A-Fa-f])_")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def identity(review: Review, seat: Seat, rubric: Rubric) -> dict[str, str]:
    """What a workbook says of itself, so that it can only come back to the sheet that it was taken from."""
    return {"Review": review.reference, "Seat": f"{seat.kind.replace('_', ' ')} {seat.key}", "Rubric": rubric.name}


def plain(text: str) -> str:
    """A text as it comes back from a spreadsheet: one kind of line end, no signs that a workbook cannot hold."""
    decoded = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text.replace("x005F_", ""))
    lines = decoded.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROL.sub("", lines).strip()


def fingerprint(level: str, strengths: str, improvements: str, confidence: str, evidence: Iterable[int]) -> str:
    """Tells whether an answer still stands as it was downloaded."""
    said = [level, plain(strengths), plain(improvements), confidence, sorted(evidence)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]
