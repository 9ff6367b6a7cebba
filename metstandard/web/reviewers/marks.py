"""The marks of one page of the score sheet: what is stored, what was posted, field by field.

Fields are named for their criterion (`level-2.1`), so that one page holds several and each saves by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from metstandard.common.errors import Invalid
from metstandard.common.words import listed
from metstandard.records.sheets import Confidence, Mark
from metstandard.rubric.definition import Rubric
from metstandard.rubric.sufficiency import Item, to_add
from metstandard.web.shared.errors import Version
from metstandard.web.shared.forms import strip

LABELS = {
    "level": "Level", "strengths": "Strengths", "improvements": "Areas for improvement", "confidence": "Confidence",
}  # fmt: skip
CONFIDENCES = (("low", "Low"), ("medium", "Medium"), ("high", "High"))


@dataclass(frozen=True)
class Entry:
    """One criterion as it stands on the page. `wrong` is a message beside the field `wrong_field`."""

    code: str
    level: str = ""
    strengths: str = ""
    improvements: str = ""
    confidence: str = ""
    evidence: frozenset[int] = field(default_factory=frozenset)
    revision: int = 0
    wrong: str = ""
    wrong_field: str = ""

    def refused(self, error: Invalid) -> Entry:
        """The same entry with what an action said against it."""
        return replace(self, wrong=str(error), wrong_field=error.field or "level")

    def fields(self) -> list[tuple[str, str]]:
        """All of it as the fields of a form, as `posted` reads them."""
        said = {"level": self.level, "strengths": self.strengths, "improvements": self.improvements}
        said |= {"confidence": self.confidence, "revision": str(self.revision)}
        evidence = [("evidence", str(number)) for number in sorted(self.evidence)]
        return [(f"{name}-{self.code}", text) for name, text in [*said.items(), *evidence]]

    @property
    def chosen_confidence(self) -> Confidence | None:
        """The confidence as the record keeps it. Raises Invalid for a word that is none of the three."""
        if not self.confidence:
            return None
        if self.confidence not in tuple(Confidence):
            raise Invalid("Choose low, medium or high", field="confidence")
        return Confidence(self.confidence)


def stored(code: str, mark: Mark | None) -> Entry:
    """What the sheet holds for a criterion."""
    if mark is None:
        return Entry(code)
    return Entry(
        code, mark.level, mark.strengths, mark.improvements, mark.confidence.value if mark.confidence else "",
        frozenset(mark.evidence), mark.revision,
    )  # fmt: skip


def posted(code: str, form: MultiDict[str, str]) -> Entry | None:
    """What was typed for a criterion; None when the form does not speak of it.

    Who has seen both versions says in `keep-CODE` which one stays: `theirs`, the stored one, or this over a revision.
    """
    revision = form.get(f"keep-{code}", "") or form.get(f"revision-{code}", "")
    if not revision.isdecimal():
        return None
    return Entry(
        code, form.get(f"level-{code}", ""), strip(form.get(f"strengths-{code}", "")),
        strip(form.get(f"improvements-{code}", "")), form.get(f"confidence-{code}", ""),
        frozenset(int(one) for one in form.getlist(f"evidence-{code}") if one.isdecimal()), int(revision),
    )  # fmt: skip


@dataclass(frozen=True)
class TwoVersions:
    """A criterion that was saved elsewhere in the meantime: what differs, and what goes along unchanged.

    `ticked` tells in words which evidence each version rests on; empty where both rest on the same.
    """

    code: str
    title: str
    versions: tuple[Version, ...]
    kept: tuple[tuple[str, str], ...]
    ticked: str = ""


def two_versions(title: str, entry: Entry, theirs: Mapping[str, Any], titles: Mapping[int, str]) -> TwoVersions:
    """Both versions of a mark, ready for the page that asks which one to keep; `titles` names the evidence."""
    mine = {
        "level": entry.level, "strengths": entry.strengths, "improvements": entry.improvements,
        "confidence": entry.confidence,
    }  # fmt: skip
    other = {name: "" if theirs[name] is None else str(theirs[name]) for name in mine}
    versions = tuple(
        Version(f"{name}-{entry.code}", LABELS[name], text, other[name])
        for name, text in mine.items()
        if text != other[name]
    )
    kept = [(f"{name}-{entry.code}", text) for name, text in mine.items() if text == other[name]]
    kept += [(f"evidence-{entry.code}", str(number)) for number in sorted(entry.evidence)]
    kept.append((f"revision-{entry.code}", str(theirs["revision"])))
    ticked = ""
    if frozenset(theirs["evidence"]) != entry.evidence:
        both = [_titles(numbers, titles) for numbers in (theirs["evidence"], entry.evidence)]
        ticked = f"Evidence ticked in the meantime: {both[0]}. Yours: {both[1]}."
    return TwoVersions(entry.code, title, versions, tuple(kept), ticked)


def _titles(numbers: Iterable[int], titles: Mapping[int, str]) -> str:
    return listed([titles.get(number, f"item {number}") for number in sorted(numbers)]) or "none"


def needs(rubric: Rubric, entry: Entry, items: Sequence[Item]) -> dict[str, str]:
    """What each level still needs beside the evidence ticked (R7); under an empty key, what to do about the chosen one.

    Every level of the rubric is there, with an empty text where the evidence carries it.
    """
    lacking = to_add(rubric, items)
    found = {
        str(level): f"Still missing: {lacking[str(level)]}." if str(level) in lacking else ""
        for level in range(rubric.top + 1)
    }
    found[""] = ""
    if entry.level in lacking:
        found[""] = (
            f"Level {entry.level} still needs {lacking[entry.level]} (R7). Tick more evidence here, choose the level "
            "that your evidence carries, or choose NE. No evidence can be added while sheets are sealed."
        )
    return found
