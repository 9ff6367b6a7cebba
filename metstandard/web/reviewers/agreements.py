"""The agreed levels of one page of the consensus: what is stored, what was posted. Fields are named as on the sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from metstandard.common.errors import Invalid
from metstandard.records.sheets import AgreedLevel
from metstandard.web.reviewers.marks import TwoVersions
from metstandard.web.shared.errors import Version
from metstandard.web.shared.forms import strip

LABELS = {
    "level": "Agreed level", "rationale": "Reasons", "discussion": "Record of the discussion",
    "new_evidence": "New evidence",
}  # fmt: skip


@dataclass(frozen=True)
class Agreement:
    """One criterion as it stands on the page. `wrong` is a message beside the field `wrong_field`."""

    code: str
    level: str = ""
    rationale: str = ""
    discussion: str = ""
    new_evidence: str = ""
    revision: int = 0
    wrong: str = ""
    wrong_field: str = ""

    def refused(self, error: Invalid) -> Agreement:
        """The same agreement with what an action said against it."""
        return replace(self, wrong=str(error), wrong_field=error.field or "level")

    def texts(self) -> dict[str, str]:
        """The fields by name, as the action takes them."""
        return {
            "level": self.level, "rationale": self.rationale, "discussion": self.discussion,
            "new_evidence": self.new_evidence,
        }  # fmt: skip


def stored(code: str, row: AgreedLevel | None) -> Agreement:
    """What stands for a criterion."""
    if row is None:
        return Agreement(code)
    return Agreement(code, row.level, row.rationale, row.discussion, row.new_evidence, row.revision)


def posted(code: str, form: MultiDict[str, str]) -> Agreement | None:
    """What was typed for a criterion; None when the form does not speak of it."""
    revision = form.get(f"revision-{code}", "")
    if not revision.isdecimal():
        return None
    texts = {name: strip(form.get(f"{name}-{code}", "")) for name in LABELS}
    return Agreement(code, **texts, revision=int(revision))


def two_versions(title: str, mine: Agreement, theirs: Mapping[str, object]) -> TwoVersions:
    """Both versions of an agreed level, ready for the page that asks which one to keep."""
    texts = mine.texts()
    versions = tuple(
        Version(f"{name}-{mine.code}", LABELS[name], text, str(theirs[name]))
        for name, text in texts.items()
        if text != theirs[name]
    )
    shown = {one.name for one in versions}
    kept = [(f"{name}-{mine.code}", text) for name, text in texts.items() if f"{name}-{mine.code}" not in shown]
    return TwoVersions(mine.code, title, versions, (*kept, (f"revision-{mine.code}", str(theirs["revision"]))))
