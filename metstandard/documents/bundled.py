"""What a document may fetch: bundled assets by name, and nothing else from anywhere.

Apart from assets.py because the child that renders needs this and no settings.
"""

from __future__ import annotations

import re
from pathlib import Path

TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".css": "text/css"}

_ADDRESS = re.compile(r"asset:((?:[a-z0-9_-]+/)*[a-z0-9_-]+(\.[a-z0-9]+))")


class AssetRefused(Exception):
    """A document asked for something that is not bundled with its template."""


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
