"""The style sheet of GOV.UK Frontend for scripts that run from right to left.

The library has none, and its sheet says left and right. `python -m tests.house.mirrored` writes the mirrored copy
again when a new release of the library was put in; a test holds the two together.
"""

from __future__ import annotations

import re

from tests.house import tree

SHEET = tree.ROOT / "metstandard/web/static/govuk/govuk-frontend.css"
MIRRORED = SHEET.with_name("govuk-frontend-rtl.css")
_SIDE = re.compile(r"(?<![\w])(left|right)(?![\w])")
_FOUR = re.compile(
    r"\b(padding|margin|border-width|border-color):([^;{}()\s]+) ([^;{}()\s]+) ([^;{}()\s]+) ([^;{}()\s]+)"
)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_POINT = re.compile(r"(\d+)(%?) (\d+%?)(?=[,)])")
# A tick stays a tick. An arrow back points to where one came from.
_TURNED = {".govuk-back-link:before": ("225deg", "45deg"), ".govuk-breadcrumbs__list-item:before": ("45deg", "225deg")}


def mirrored(css: str) -> str:
    """A style sheet with left and right exchanged."""
    return _RULE.sub(lambda rule: f"{rule[1]}{{{_body(rule[1], rule[2])}}}", css)


def _body(selector: str, body: str) -> str:
    if "rotate(" in body:
        before, after = _TURNED.get(selector.strip(), ("", ""))
        body = re.sub(r"(?<![-\w])(left|right):", _exchanged, body)
        return body.replace(f"rotate({before})", f"rotate({after})") if before else body
    body = _FOUR.sub(lambda four: f"{four[1]}:{four[2]} {four[5]} {four[4]} {four[3]}", body)
    body = re.sub(r"polygon\([^)]*\)", lambda points: _POINT.sub(_across, points[0]), body)
    return ";".join(_declaration(one) for one in body.split(";"))


def _declaration(text: str) -> str:
    name, colon, value = text.partition(":")
    if name in {"text-align", "float", "clear", "justify-content", "transform-origin"}:
        value = _SIDE.sub(_exchanged, value)
    return f"{_SIDE.sub(_exchanged, name)}{colon}{value}"


def _exchanged(side: re.Match[str]) -> str:
    return side[0].replace(side[1], "right" if side[1] == "left" else "left")


def _across(point: re.Match[str]) -> str:
    return f"{100 - int(point[1])}% {point[3]}"


if __name__ == "__main__":
    MIRRORED.write_text(mirrored(SHEET.read_text(encoding="utf-8")), encoding="utf-8")
