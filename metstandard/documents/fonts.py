"""The bundled fonts are the only fonts: a document looks the same, byte for byte, on every machine.

A script that the bundle lacks is added by putting its font into `templates/documents/fonts`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

_ALWAYS = "\t\n\r "


def configuration(places: Iterable[Path], cache: Path) -> str:
    """A fontconfig file that knows the folders `fonts` under `places` and no font of the machine."""
    listed = "".join(f"<dir>{escape(str(place / 'fonts'))}</dir>" for place in places)
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">'
        f"<fontconfig>{listed}<cachedir>{escape(str(cache))}</cachedir></fontconfig>"
    )


def printable(places: Iterable[Path]) -> Callable[[str], str]:
    """A function that spells out, as `[U+1F600]`, each character that no bundled font can draw.

    PDF/UA forbids the empty box that would stand there, and a reader could not tell what was typed. Characters that
    draw nothing (controls, joiners without a font) are left out.
    """
    known = {ord(char) for char in _ALWAYS}
    for place in places:
        for file in sorted((place / "fonts").glob("*.[ot]tf")):
            with TTFont(file, lazy=True) as font:
                known |= font.getBestCmap().keys()
    known = {code for code in known if unicodedata.category(chr(code)) != "Cc" or chr(code) in _ALWAYS}
    unknown = re.compile(f"[^{''.join(_ranges(sorted(known)))}]")
    return lambda text: unknown.sub(_spelled, text)


def _spelled(match: re.Match[str]) -> str:
    char = match[0]
    if unicodedata.category(char) in {"Cc", "Cf"} or "\ufe00" <= char <= "\ufe0f":
        return ""
    return f"[U+{ord(char):04X}]"


def _ranges(codes: list[int]) -> Iterable[str]:
    first = last = codes[0]
    for code in [*codes[1:], -1]:
        if code == last + 1:
            last = code
            continue
        yield f"\\U{first:08x}-\\U{last:08x}"
        first = last = code
