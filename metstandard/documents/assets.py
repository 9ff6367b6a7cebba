"""The files that documents are made of, and where they lie.

Assets are the fonts, style sheets and drawings under `templates/documents`. An organisation's own folder
(METSTANDARD_TEMPLATES) comes first, so it may replace one file and leave the rest.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from metstandard.common.settings import settings
from metstandard.documents.bundled import TYPES

_PACKAGE = Path(__file__).resolve().parent.parent


def folders() -> tuple[Path, ...]:
    """The folders `documents` of templates, the organisation's own first; only those that exist."""
    bundled = (_PACKAGE.parent / "templates", _PACKAGE / "bundled" / "templates")
    wanted = [folder.resolve() / "documents" for folder in (settings().templates, *bundled)]
    return tuple(dict.fromkeys(folder for folder in wanted if folder.is_dir()))


@lru_cache(maxsize=4)
def digest(places: tuple[Path, ...]) -> str:
    """One hash over every asset and font: when it changes, documents made before are made again."""
    total = hashlib.sha256()
    for place in places:
        for file in sorted(place.rglob("*")):
            if file.suffix in {*TYPES, ".ttf", ".otf"}:
                total.update(file.relative_to(place).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()
