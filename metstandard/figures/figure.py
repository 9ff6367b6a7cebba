"""What every drawing has: a title, a sentence for those who cannot see it, and its figures as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

FONT = "'Source Sans 3', system-ui, Arial, sans-serif"
INK = "#1a2233"
QUIET = "#4a5468"
BLUE = "#1f3157"
RED = "#8a1220"


@dataclass(frozen=True, slots=True)
class Figure:
    """An SVG text with its alternative. `table_rows` has one value per header; show them under "Show the figures".

    The SVG has no script, no style and no identifier: it is allowed under the strictest policy, several times a page.
    """

    svg: Markup
    title: str
    description: str
    table_headers: tuple[str, ...]
    table_rows: tuple[tuple[str, ...], ...]


def drawing(width: int, height: int, *, title: str, description: str, parts: list[Markup]) -> Markup:
    """An SVG element of its own size that shrinks with its page. Title and description are read aloud."""
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img"'
        ' font-family="{font}" aria-label="{title}. {description}">'
        "<title>{title}. {description}</title>{parts}</svg>"
    ).format(w=width, h=height, font=FONT, title=title, description=description, parts=Markup("").join(parts))


def text(
    x: float, y: float, words: str, *, size: int = 16, fill: str = INK, anchor: str = "start", bold: bool = False
) -> Markup:
    """One line of text; its baseline is at `y`."""
    weight = 600 if bold else 400
    return Markup('<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}" text-anchor="{}">{}</text>').format(
        _short(x), _short(y), size, weight, fill, anchor, words
    )


def bar(x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "none") -> Markup:
    """A filled rectangle."""
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>').format(
        _short(x), _short(y), _short(max(width, 0)), height, fill, stroke
    )


def upright(x: float, spans: Iterable[tuple[float, float]], *, stroke: str, width: float = 1) -> Markup:
    """A vertical line at `x` that is drawn only within `spans` (top, bottom), so that it crosses no words."""
    path = "".join(f"M{_short(x)} {_short(top)}V{_short(bottom)}" for top, bottom in spans)
    return Markup('<path d="{}" stroke="{}" stroke-width="{}" fill="none"/>').format(path, stroke, width)


def _short(number: float) -> str:
    return f"{number:.1f}".rstrip("0").rstrip(".")
