"""Every sentence of the public door and of the certificate, as the code and the templates have it now.

`python -m tests.house.sentences` (or `make words`) puts new sentences into each catalogue with an empty translation
and takes out those that are gone. What is translated stays as it is, and nothing is guessed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from metstandard.common.languages import FOLDER, TRANSLATED, Language
from tests.house import tree

TEMPLATE = FOLDER / "messages.pot"
_METHODS = [("metstandard/**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"silent": "false", "trim_blocks": "true", "lstrip_blocks": "true"}}
_KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "marked": None}
_HEADER = "# Sentences of the public door and of the certificate. CONTRIBUTING.md says how to translate them.\n"


@cache
def extracted() -> Catalog:
    """The sentences, each with the files that say it and the remarks for translators."""
    found = Catalog(header_comment=_HEADER, charset="utf-8", fuzzy=False)
    options = {pattern: dict(given) for pattern, given in _OPTIONS.items()}
    for file, _line, message, comments, context in extract_from_dir(
        tree.ROOT, _METHODS, options, _KEYWORDS, comment_tags=("For translators:",), strip_comment_tags=True
    ):
        found.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    for file, text in _of_rubrics():
        found.add(text, locations=[(file, 0)])
    return found


def _of_rubrics() -> Iterator[tuple[str, str]]:
    """What the public reads of the rubrics: titles of domains and outcomes, schemes, categories and nominees."""
    for path in tree.files(".yaml", under="rubrics/"):
        rubric = yaml.safe_load(path.read_text(encoding="utf-8"))
        named = [rubric, *rubric.get("domains", {}).values(), *rubric.get("award", {}).get("outcomes", {}).values()]
        for table in rubric.get("recognition", {}).values():
            named += [one for one in (table.values() if isinstance(table, dict) else []) if isinstance(one, dict)]
        for one in named:
            said = (one.get("title"), one.get("public"), one.get("about") if one is not rubric else None)
            yield from ((tree.name(path), text) for text in said if text)


def translated(language: Language) -> Catalog:
    """The catalogue of a language as it lies there; an empty one where there is none yet."""
    if not language.catalogue.is_file():
        return Catalog(locale=language.locale, charset="utf-8", fuzzy=False)
    with language.catalogue.open("rb") as file:
        return read_po(file, locale=language.locale)


def text_of(catalogue: Catalog) -> bytes:
    """A catalogue as a file, the same for the same sentences: no date, no line numbers, one line for each text."""
    out = io.BytesIO()
    ordered = Catalog(catalogue.locale, header_comment=_HEADER, charset="utf-8", fuzzy=False)
    for one in catalogue:
        if one.id:
            files = sorted({(file, 0) for file, _ in one.locations})
            ordered.add(one.id, one.string, files, one.flags, one.auto_comments, one.user_comments, context=one.context)
    write_po(out, ordered, width=0, sort_output=True, omit_header=True)
    header = [_HEADER, 'msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=utf-8\\n"']
    if catalogue.locale is not None:
        header += [f'"Language: {catalogue.locale}\\n"', f'"Plural-Forms: {catalogue.plural_forms}\\n"']
    return "\n".join([*header, "", ""]).encode() + out.getvalue()


def said(message: Message) -> list[str]:
    """What a message says: one text, or one for each plural form; an empty text where nothing is said."""
    given = message.string
    return [text or "" for text in (given if isinstance(given, tuple | list) else [given])] or [""]


def main() -> None:
    """Bring the list of sentences and every catalogue up to date."""
    sentences = extracted()
    TEMPLATE.parent.mkdir(exist_ok=True)
    TEMPLATE.write_bytes(text_of(sentences))
    for language in TRANSLATED.values():
        own = translated(language)
        own.update(sentences, no_fuzzy_matching=True)
        language.catalogue.parent.mkdir(parents=True, exist_ok=True)
        language.catalogue.write_bytes(text_of(own))
        left = sum(1 for one in own if one.id and "" in said(one))
        print(f"{language.english:10} {len(own):4} sentences, {left} to translate")  # noqa: T201 - says what it did


if __name__ == "__main__":
    main()
