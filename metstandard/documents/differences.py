"""What changed between two texts, word by word, so that a reader sees a correction without comparing by eye."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is the same in both (`changed` false), or stands in one of them only."""

    text: str
    changed: bool


class Step(StrEnum):
    """What became of a stretch of a text."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one text that tells both: what was, what is gone, what is new."""

    text: str
    step: Step

    @property
    def words(self) -> str:
        """The stretch without the space around it; empty where only space changed."""
        return self.text.strip()

    @property
    def around(self) -> tuple[str, str]:
        """The space before the words and after them."""
        return self.text[: len(self.text) - len(self.text.lstrip())], self.text[len(self.text.rstrip()) :]


def merged(before: str, after: str) -> tuple[Stretch, ...]:
    """Both texts as one, word by word, in reading order: what is gone stands before what took its place."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Stretch] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Stretch("".join(old[a1:a2]), Step.SAME))
            continue
        if a2 > a1:
            found.append(Stretch("".join(old[a1:a2]), Step.DELETED))
        if b2 > b1:
            found.append(Stretch("".join(new[b1:b2]), Step.INSERTED))
    return tuple(found)


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
