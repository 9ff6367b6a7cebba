"""A published edition of a workflow or rubric never changes: its text is known by its hash, and a list of them is kept.

The list is the file `editions.lock` of the folder: a line `NAME EDITION SHA256` for each published edition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from metstandard.common.errors import BadFile

LOCK = "editions.lock"
_LINE = re.compile(r"([a-z][a-z0-9_-]*) ([1-9][0-9]*) ([0-9a-f]{64})")

Known = Mapping[tuple[str, int], str]


def refusal(name: str, edition: int, sha256: str, known: Known) -> str | None:
    """Why a text may not have this edition number, or None: it was published otherwise, or a later one already was."""
    latest = max((number for other, number in known if other == name), default=0)
    if (name, edition) in known:
        if known[name, edition] == sha256:
            return None
        return f"edition {edition} of {name} was published with another text; the changed file is edition {latest + 1}"
    if edition < latest:
        return f"edition {latest} of {name} was published already; the changed file is edition {latest + 1}"
    return None


def read_lock(folder: Path) -> dict[tuple[str, int], str]:
    """The published editions of a folder; none where it keeps no list. Raises BadFile for a line that is none."""
    file = folder / LOCK
    if not file.exists():
        return {}
    known: dict[tuple[str, int], str] = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BadFile("is no line NAME EDITION SHA256", file=file, line=number)
        name, edition, sha256 = match.groups()
        if (name, int(edition)) in known:
            raise BadFile(f"lists edition {edition} of {name} twice", file=file, line=number)
        known[name, int(edition)] = sha256
    return known


def write_lock(folder: Path, known: Known) -> None:
    """Keep the list of published editions, sorted."""
    lines = [f"{name} {edition} {sha256}\n" for (name, edition), sha256 in sorted(known.items())]
    (folder / LOCK).write_text("".join(lines), encoding="utf-8")
