"""The part of a score sheet that is the same for everybody, kept ready: it is most of the page and never changes.

A rubric edition in use is never changed, so what is made from it once holds for as long as the program runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import current_app, get_template_attribute
from markupsafe import Markup

from metstandard.rubric.definition import Criterion, Rubric

# No rubric can hold this character, so it cannot be mistaken for text.
_MARK = "\x00"


@dataclass(frozen=True)
class Descriptors:
    """A criterion's levels and prompts as markup. `levels` is text, a place, text, a place ... text.

    A place is a level, where it may be checked, or `+` and a level, where what it still needs is said.
    """

    levels: tuple[tuple[str, str], ...]
    prompts: Markup

    def chosen(self, level: str, needs: Mapping[str, str]) -> Markup:
        """The levels with one of them checked, or none, each with what it needs in plain words (digits and letters)."""
        filled = {f"+{one}": text for one, text in needs.items()}
        if level:
            filled[level] = " checked"
        return Markup("".join(before + filled.get(place, "") for before, place in self.levels))  # noqa: S704  escaped by the template it was made with


def descriptors(rubric: Rubric, criterion: Criterion) -> Descriptors:
    """The levels and prompts of a criterion."""
    kept: dict[tuple[int, str], tuple[Rubric, Descriptors]] = current_app.extensions.setdefault("met_descriptors", {})
    key = (id(rubric), criterion.code)
    if key not in kept:
        # The rubric is kept too: its number in memory stays its own.
        kept[key] = (rubric, _made(rubric, criterion))
    return kept[key][1]


def _made(rubric: Rubric, criterion: Criterion) -> Descriptors:
    levels = get_template_attribute("parts/score_levels.html", "levels")
    prompts = get_template_attribute("parts/score_levels.html", "prompts")
    html = str(levels(rubric, criterion, lambda place: f"{_MARK}{place}{_MARK}"))
    pieces = html.split(_MARK)
    return Descriptors(tuple(zip(pieces[::2], [*pieces[1::2], ""], strict=True)), prompts(criterion))
