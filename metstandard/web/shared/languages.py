"""The languages of the public door: an address that begins with `/ar/` speaks Arabic, and every link keeps it so.

The language is part of the address, never of a cookie or a header. A cache, a feed reader and a search engine thus
find each page at one address in one language. Only the public door has such addresses: the others speak English.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from babel.support import NullTranslations
from flask import Flask, g, request, url_for
from flask_babel import Babel, Domain
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape
from werkzeug.routing import AnyConverter, Map

from metstandard.common import languages
from metstandard.common.languages import ENGLISH, TRANSLATED, Language, current, gettext, marked, ngettext

__all__ = [
    "ENGLISH", "TRANSLATED", "addresses", "current", "gettext", "lazy_gettext", "marked", "ngettext",
    "register_languages", "speak_languages",
]  # fmt: skip

DOOR = "public"
# A file such as `register.csv` speaks no language; these papers do.
PAPERS = {"public.certificate_pdf"}


@dataclass(frozen=True)
class Address:
    """Where this page is found in one language, for links beside it and in its head."""

    language: Language
    href: str
    here: bool


class _Code(AnyConverter):
    """The first part of a translated address; any other first part is no such address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, *TRANSLATED)


class _Catalogues(Domain):  # type: ignore[misc]  # Flask-Babel carries no types
    """The catalogues of `common/languages.py`, so that pages, letters and papers say the same."""

    def get_translations(self) -> NullTranslations:
        """The catalogue of the language of this request."""
        return languages.catalogue(current())


def lazy_gettext(text: str, **values: object) -> Any:
    """A sentence translated each time it is shown: for labels, which are read once and shown in any language."""
    return LazyString(gettext, text, **values)


def speak_languages(app: Flask) -> None:
    """Give templates `_`, `ngettext` and the filters for mixed text, and choose the language of each request."""
    babel = Babel(app, default_locale=ENGLISH.locale, locale_selector=lambda: current().locale)
    babel.domain_instance = _Catalogues()
    app.jinja_env.filters.update(english=english, isolated=isolated, translated=gettext)
    app.jinja_env.globals.update(in_language=in_language, language=current, start_pages=start_pages)

    @app.before_request
    def choose() -> None:
        g.language_before = languages.speak(TRANSLATED.get(request.path.split("/", 2)[1], ENGLISH))

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        if "language_before" in g:
            languages.be_silent(g.pop("language_before"))


def register_languages(app: Flask) -> None:
    """Give every page of the public door an address in each language. Called when all routes are there."""
    app.url_map.converters["language"] = _Code
    for rule in list(app.url_map.iter_rules()):
        if rule.endpoint.startswith(f"{DOOR}.") and _is_translated(rule.rule, rule.endpoint):
            app.add_url_rule(
                f"/<language:language>{rule.rule}",
                rule.endpoint,
                app.view_functions[rule.endpoint],
                methods=(rule.methods or set()) - {"HEAD", "OPTIONS"},
            )

    @app.url_value_preprocessor
    def take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
        if values is not None:
            values.pop("language", None)

    @app.url_defaults
    def keep_language(endpoint: str, values: dict[str, Any]) -> None:
        spoken = current()
        if spoken is not ENGLISH and "language" not in values and _speaks(app, endpoint):
            values["language"] = spoken.code


def _is_translated(rule: str, endpoint: str) -> bool:
    return "." not in rule.rsplit("/", 1)[-1] or endpoint in PAPERS


def _speaks(app: Flask, endpoint: str) -> bool:
    return endpoint in app.view_functions and bool(app.url_map.is_endpoint_expecting(endpoint, "language"))


def in_language(path: str) -> str:
    """An address of the public door, such as `/register`, in the language that is spoken."""
    spoken = current()
    return path if spoken is ENGLISH else f"/{spoken.code}{path}"


def query_values() -> dict[str, list[str]]:
    """The query of this address as values for `url_for`, without the names that `url_for` keeps for itself."""
    return {
        name: given
        for name, given in request.args.to_dict(flat=False).items()
        if name not in {"endpoint", "language"} and not name.startswith("_")
    }


def addresses(app: Flask) -> list[Address]:
    """This page in every language, English first; the start page where this one has no other language."""
    endpoint, values = request.endpoint or "", dict(request.view_args or {})
    values |= {name: given for name, given in query_values().items() if name not in values}
    if not _speaks(app, endpoint):
        return start_pages() if _speaks(app, f"{DOOR}.home") else []
    return _in_each(endpoint, values)


def start_pages() -> list[Address]:
    """The start page of the public door in every language, English first."""
    return _in_each(f"{DOOR}.home", {})


def _in_each(endpoint: str, values: dict[str, Any]) -> list[Address]:
    return [
        Address(
            one,
            url_for(endpoint, **{**values, "language": None if one is ENGLISH else one.code}),
            here=one is current(),
        )
        for one in (ENGLISH, *TRANSLATED.values())
    ]


def english(text: object) -> Markup:
    """A text that stays English on every page, such as the name of a unit: kept apart and marked as English."""
    if current() is ENGLISH or text is None:
        return escape("" if text is None else text)
    return Markup('<bdi lang="en">{}</bdi>').format(text)


def isolated(text: object) -> Markup:
    """A number, a code or a name of no language: kept apart, so that it does not turn round in Arabic or Urdu."""
    if current() is ENGLISH or text is None:
        return escape("" if text is None else text)
    return Markup("<bdi>{}</bdi>").format(text)
