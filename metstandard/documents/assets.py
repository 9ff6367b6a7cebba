"""The files that documents are made of: where they lie, what they are, and nothing else from anywhere.

Assets are the fonts, style sheets and drawings under `templates/documents`. An organisation's own folder
(METSTANDARD_TEMPLATES) comes first, so it may replace one file and leave the rest.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from metstandard.common.settings import settings

SCHEME = "asset:"
TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".css": "text/css"}

_PACKAGE = Path(__file__).resolve().parent.parent
_ADDRESS = re.compile(r"asset:((?:[a-z0-9_-]+/)*[a-z0-9_-]+(\.[a-z0-9]+))")


class AssetRefused(Exception):
    """A document asked for something that is not bundled with its template."""


def folders() -> tuple[Path, ...]:
    """The folders `documents` of templates, the organisation's own first; only those that exist."""
    bundled = (_PACKAGE.parent / "templates", _PACKAGE / "bundled" / "templates")
    wanted = [folder.resolve() / "documents" for folder in (settings().templates, *bundled)]
    return tuple(dict.fromkeys(folder for folder in wanted if folder.is_dir()))


def asset(address: str, places: tuple[Path, ...]) -> tuple[bytes, str]:
    """Content and media type of `asset:certificate/border.svg`, from the first of `places` that has it.

    Raises AssetRefused for every other address: another scheme, a path that climbs out, a type not listed.
    """
    match = _ADDRESS.fullmatch(address)
    if match is None or match[2] not in TYPES:
        raise AssetRefused(f"{address[:200]} is not a bundled asset")
    for place in places:
        file = (place / match[1]).resolve()
        if file.is_file() and file.is_relative_to(place):
            return file.read_bytes(), TYPES[match[2]]
    raise AssetRefused(f"{address[:200]} does not exist")


@lru_cache(maxsize=4)
def digest(places: tuple[Path, ...]) -> str:
    """One hash over every asset and font: when it changes, documents made before are made again."""
    total = hashlib.sha256()
    for place in places:
        for file in sorted(place.rglob("*")):
            if file.suffix in {*TYPES, ".ttf", ".otf"}:
                total.update(file.relative_to(place).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()
