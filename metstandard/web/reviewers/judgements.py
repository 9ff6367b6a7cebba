"""The marks of a judge's page: what is stored, what was posted, and both versions when the two differ.

Fields are named for their criterion (`level-J1`), so that each criterion saves by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from metstandard.common.errors import Invalid
from metstandard.records.judging import Judgement
from metstandard.web.shared.errors import Version
from metstandard.web.shared.forms import strip

LABELS = {"level": "Level", "words": "Your reasons"}


@dataclass(frozen=True)
class Entry:
    """One criterion as it stands on the page. `wrong` is a message beside the field `wrong_field`."""

    code: str
    level: str = ""
    words: str = ""
    revision: int = 0
    wrong: str = ""
    wrong_field: str = ""

    def refused(self, error: Invalid) -> Entry:
        """The same entry with what an action said against it."""
        return replace(self, wrong=str(error), wrong_field=error.field or "level")


def stored(code: str, mark: Judgement | None) -> Entry:
    """What the judge has saved for a criterion."""
    return Entry(code) if mark is None else Entry(code, mark.level, mark.words, mark.revision)


def posted(code: str, form: MultiDict[str, str]) -> Entry | None:
    """What was typed for a criterion; None when the form does not speak of it."""
    revision = form.get(f"revision-{code}", "")
    if not revision.isdecimal():
        return None
    return Entry(code, form.get(f"level-{code}", ""), strip(form.get(f"words-{code}", "")), int(revision))


@dataclass(frozen=True)
class TwoVersions:
    """A criterion that was saved elsewhere in the meantime: what differs, and what goes along unchanged."""

    code: str
    title: str
    versions: tuple[Version, ...]
    kept: tuple[tuple[str, str], ...]


def two_versions(title: str, entry: Entry, theirs: object) -> TwoVersions:
    """Both versions of a mark, ready for the page that asks which one to keep."""
    other: Mapping[str, Any] = theirs if isinstance(theirs, Mapping) else {}
    mine = {"level": entry.level, "words": entry.words}
    versions = tuple(
        Version(f"{name}-{entry.code}", LABELS[name], text, str(other[name]))
        for name, text in mine.items()
        if text != other[name]
    )
    kept = [(f"{name}-{entry.code}", text) for name, text in mine.items() if text == other[name]]
    kept.append((f"revision-{entry.code}", str(other["revision"])))
    return TwoVersions(entry.code, title, versions, tuple(kept))
