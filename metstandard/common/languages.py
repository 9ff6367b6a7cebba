"""The languages of the public door and of the certificate, and which of them is spoken just now.

English of the UK is the source: its sentences are the keys of every catalogue. A catalogue is one file,
`translations/<locale>/LC_MESSAGES/messages.po`, read as it is: nothing is compiled, so nothing can go stale.
Another language is one line of `TRANSLATED` and one such file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

FOLDER = Path(__file__).resolve().parent / "translations"


@dataclass(frozen=True)
class Language:
    """One language. `code` begins its addresses, `locale` names its catalogue and its dates, `tag` goes into HTML.

    `name` is what its speakers call it, `english` what the English do. `reviewed`: a speaker has read the catalogue.
    `own_script`: its letters know no italics and no capitals, unlike Latin and Greek ones.
    """

    code: str
    locale: str
    tag: str
    name: str
    english: str
    own_script: bool = False
    right_to_left: bool = False
    reviewed: bool = False

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, for the attribute `dir`."""
        return "rtl" if self.right_to_left else "ltr"

    @property
    def catalogue(self) -> Path:
        """The file with its translations; the source has none."""
        return FOLDER / self.locale / "LC_MESSAGES" / "messages.po"


ENGLISH = Language("en", "en_GB", "en-GB", "English", "English", reviewed=True)
# The twelve of the source document. Chinese is written in simplified characters, Punjabi in Gurmukhi.
TRANSLATED: dict[str, Language] = {
    one.code: one
    for one in (
        Language("ar", "ar", "ar", "العربية", "Arabic", own_script=True, right_to_left=True),
        Language("bn", "bn", "bn", "বাংলা", "Bengali", own_script=True),
        Language("zh", "zh_Hans", "zh-Hans", "简体中文", "Chinese", own_script=True),
        Language("fr", "fr", "fr", "Français", "French"),
        Language("el", "el", "el", "Ελληνικά", "Greek"),
        Language("gu", "gu", "gu", "ગુજરાતી", "Gujarati", own_script=True),
        Language("hi", "hi", "hi", "हिन्दी", "Hindi", own_script=True),
        Language("pa", "pa", "pa", "ਪੰਜਾਬੀ", "Punjabi", own_script=True),
        Language("es", "es", "es", "Español", "Spanish"),
        Language("ur", "ur", "ur", "اردو", "Urdu", own_script=True, right_to_left=True),
        Language("vi", "vi", "vi", "Tiếng Việt", "Vietnamese"),
        Language("tr", "tr", "tr", "Türkçe", "Turkish"),
    )
}

_spoken: ContextVar[Language] = ContextVar("spoken", default=ENGLISH)


def current() -> Language:
    """The language that is spoken in this request or this document."""
    return _spoken.get()


def speak(language: Language) -> Token[Language]:
    """Speak a language from now on; the token is for `be_silent`. Prefer `speaking` where a block will do."""
    return _spoken.set(language)


def be_silent(token: Token[Language]) -> None:
    """Speak again what was spoken before `speak` gave the token."""
    _spoken.reset(token)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Speak a language within a block."""
    token = speak(language)
    try:
        yield
    finally:
        be_silent(token)


@cache
def catalogue(language: Language) -> NullTranslations:
    """What a language says for each English sentence, read once per process; English answers with itself."""
    if not language.catalogue.is_file():
        return NullTranslations()
    with language.catalogue.open("rb") as file:
        read = read_po(file, locale=language.locale)
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(compiled)


def gettext(text: str, /, **values: object) -> str:
    """An English sentence in the language spoken, with `%(name)s` filled in.

    Without values nothing is filled in, and a percent sign is a percent sign. An empty text stays empty. In templates
    this is the filter `translated` for a text out of a table: `_(...)` there takes what it is given for safe mark-up.
    """
    if not text:
        return ""
    said = catalogue(current()).ugettext(text)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """As gettext, in the form that fits a number, which is also filled in as `%(num)s`."""
    return catalogue(current()).ungettext(one, many, num) % {"num": num, **values}


def marked(text: str) -> str:
    """The same text: it stands in a table, is put into the catalogues from there, and is translated when shown."""
    return text
