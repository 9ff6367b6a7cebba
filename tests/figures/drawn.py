"""What stands in a drawing: its shapes and words, and what a strict page would refuse."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from metstandard.figures.figure import Figure

SVG = "{http://www.w3.org/2000/svg}"


def shapes(figure: Figure, tag: str) -> list[dict[str, Any]]:
    """The attributes of every shape of a kind, in the order in which they are painted."""
    return [one.attrib for one in ET.fromstring(figure.svg).iter(SVG + tag)]  # noqa: S314 - our own drawing


def words(figure: Figure) -> list[str]:
    """Every line of text that is drawn."""
    return [one.text or "" for one in ET.fromstring(figure.svg).iter(SVG + "text")]  # noqa: S314 - as above


def alternative(figure: Figure) -> str:
    """What is read aloud."""
    return ET.fromstring(figure.svg).findtext(SVG + "title") or ""  # noqa: S314 - as above


def refused_by_policy(figure: Figure) -> list[str]:
    """Elements and attributes that a content security policy without inline code refuses, or that clash on a page."""
    return [
        f"{one.tag.removeprefix(SVG)} {name}"
        for one in ET.fromstring(figure.svg).iter()  # noqa: S314 - as above
        for name in ("", *one.attrib)
        if one.tag in {SVG + "script", SVG + "style", SVG + "image"}
        or name in {"style", "id", "class", "href"}
        or name.startswith("on")
    ]


def contrast(colour: str, other: str = "#ffffff") -> float:
    """The contrast of two colours as WCAG computes it."""

    def light(text: str) -> float:
        parts = [int(text[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(colour), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
