"""What changed between two texts, word by word, so that a reader sees a correction without comparing by eye."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is the same in both (`changed` false), or stands in one of them only."""

    text: str
    changed: bool


def differences(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Both texts whole, as runs: what `before` alone has, and what `after` alone has, is marked as changed."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    left: list[Run] = []
    right: list[Run] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        changed = kind != "equal"
        if a2 > a1:
            left.append(Run("".join(old[a1:a2]), changed))
        if b2 > b1:
            right.append(Run("".join(new[b1:b2]), changed))
    return tuple(left), tuple(right)
