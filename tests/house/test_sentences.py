"""The catalogues: nothing missing, nothing stale, the same places to fill in, no mark-up, and no English left over."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from metstandard.common.languages import TRANSLATED, Language
from tests.house import sentences, tree

PLACES = re.compile(r"%\(\w+\)s|\{\w+\}|%")
# Jinja takes what `_` returns for safe, and it stands in attributes too: write typographic quotation marks.
MARKUP = re.compile('[<>&"]')
SCRIPTS = {
    "ar": "ARABIC", "ur": "ARABIC", "bn": "BENGALI", "zh": "CJK", "el": "GREEK", "gu": "GUJARATI", "hi": "DEVANAGARI",
    "pa": "GURMUKHI",
}  # fmt: skip
# Names of formats are the same everywhere.
SAME = {"CSV", "JSON", "PDF", "Word", "Braille"}
COGNATES = 0.06  # of the sentences of a language in Latin letters may read as in English: "Code", "Courage"
languages = pytest.mark.parametrize("language", TRANSLATED.values(), ids=lambda one: one.english)


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each English text of a message with what is said for it; a plural is held against every form of the language."""
    english = message.id if isinstance(message.id, tuple | list) else (message.id,)
    for said in sentences.said(message):
        yield english[-1], said


def messages(catalogue: Catalog) -> list[Message]:
    """The messages of a catalogue without its header."""
    return [one for one in catalogue if one.id]


def written_in(script: str, text: str) -> bool:
    """Whether a text has a letter of a script."""
    return any(unicodedata.name(char, "").startswith(script) for char in text)


def test_the_list_of_sentences_is_what_code_and_templates_say() -> None:
    """`make words` writes it."""
    found = sentences.extracted()
    assert len(messages(found)) > 100
    assert sentences.TEMPLATE.read_bytes() == sentences.text_of(found)


@languages
def test_a_catalogue_has_every_sentence_and_no_other(language: Language) -> None:
    wanted = {one.id for one in messages(sentences.extracted())}
    assert {one.id for one in messages(sentences.translated(language))} == wanted


@languages
def test_nothing_is_left_to_translate(language: Language) -> None:
    own = sentences.translated(language)
    assert [one.id for one in messages(own) if "" in sentences.said(one) or one.fuzzy] == []
    assert {len(sentences.said(one)) for one in messages(own) if one.pluralizable} == {own.num_plurals}


@languages
def test_each_translation_has_the_places_of_its_sentence(language: Language) -> None:
    """A place that is missing hides a fact; one too many fails on the page. A plural form may leave out its number."""
    wrong = [
        (english, said)
        for one in messages(sentences.translated(language))
        for english, said in pairs(one)
        if said and sorted(PLACES.findall(said)) != sorted(PLACES.findall(english))
        and not (one.pluralizable and sorted([*PLACES.findall(said), "%(num)s"]) == sorted(PLACES.findall(english)))
    ]  # fmt: skip
    assert wrong == []


@languages
def test_no_translation_brings_mark_up_or_hidden_signs(language: Language) -> None:
    allowed = {"\u200c", "\u200d"}  # joiners that Indic scripts and Urdu need
    wrong = [
        said
        for one in messages(sentences.translated(language))
        for _, said in pairs(one)
        if MARKUP.search(said)
        or said != said.strip()
        or any(unicodedata.category(char) in {"Cc", "Cf"} and char not in allowed for char in said)
    ]
    assert wrong == []


def test_no_sentence_brings_mark_up_either() -> None:
    assert [one.id for one in messages(sentences.extracted()) if MARKUP.search(str(one.id))] == []


@languages
def test_no_english_is_left_over(language: Language) -> None:
    """In a script of its own each translation has a letter of it; in Latin letters few read as in English."""
    both = [pair for one in messages(sentences.translated(language)) for pair in pairs(one) if pair[0] not in SAME]
    script = SCRIPTS.get(language.code)
    if script is None:
        assert len([1 for english, said in both if english == said]) <= COGNATES * len(both)
        return
    said_nothing = re.compile(r"%\(\w+\)s")
    assert [
        (english, said)
        for english, said in both
        if said and said_nothing.sub("", english).strip(" .,:()") and not written_in(script, said)
    ] == []


@languages
def test_a_catalogue_is_kept_in_one_form(language: Language) -> None:
    """So that a change of one sentence is one changed line."""
    assert language.catalogue.read_bytes() == sentences.text_of(sentences.translated(language))


def test_templates_translate_only_what_stands_in_them() -> None:
    """`_(name)` would take a person's words for mark-up; the filter `translated` does not."""
    call = re.compile(r"""\b(?:_|gettext|ngettext)\((?!["'])""")
    assert call.search("{{ _(name) }}")
    found = [
        f"{tree.name(path)}:{number}"
        for path in tree.files(".html", under="templates/")
        for number, line in enumerate(tree.lines(path), 1)
        if call.search(line)
    ]
    assert found == []
