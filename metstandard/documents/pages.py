"""From plain data to the HTML of a document: strict, escaping templates and nothing else.

Every value is escaped; a template that names something it was not given fails instead of printing a gap.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from metstandard.common import languages, words
from metstandard.documents import assets

_BLANK = re.compile(r"\r?\n[ \t]*\r?\n")


def page(name: str, /, **values: object) -> str:
    """`templates/documents/<name>/page.html` with these values. Everything but our own drawings is escaped."""
    return _environment(assets.folders()).get_template(f"{name}/page.html").render(**values)


def paragraphs(text: str) -> list[str]:
    """A typed text at its blank lines; breaks and spaces within a paragraph stay as they were typed."""
    return [block.strip("\r\n") for block in _BLANK.split(text) if block.strip()]


@lru_cache(maxsize=4)
def _environment(places: tuple[Path, ...]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([str(place) for place in places]),
        autoescape=True,
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        languages.gettext, languages.ngettext, newstyle=True
    )
    environment.globals["language"] = languages.current
    environment.filters |= {
        "day": words.day,
        "paragraphs": paragraphs,
        "listed": words.listed,
        "counted": words.count,
        "translated": languages.gettext,
    }
    return environment
