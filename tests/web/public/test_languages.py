"""Every public page in every language: by its address alone, without a cookie, whole, and the right way round."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import pytest
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from flask import Flask
from pypdf import PdfReader
from sqlmodel import select
from werkzeug.test import TestResponse

from metstandard.common.languages import TRANSLATED, Language, catalogue
from metstandard.records.certificates import Certificate
from tests.factories.browser import client_for, soup
from tests.house import sentences
from tests.web.conftest import Rows, heading

languages = pytest.mark.parametrize("language", TRANSLATED.values(), ids=lambda one: one.english)
# Three English words in a row where no English is said to be.
ENGLISH = re.compile(r"\b[A-Za-z]{2,}\b[ ,]+[a-z]{2,}\b[ ,]+[a-z]{2,}\b")
ATTRIBUTES = ("aria-label", "title", "placeholder", "alt")


def get(app: Flask, url: str) -> TestResponse:
    """A stranger's request."""
    return client_for(app, None).get(url)


def kept(answer: TestResponse) -> str:
    """What a cache is told, without the seconds: they run down to the end of the minute."""
    return re.sub(r"=\d+", "=n", answer.headers.get("Cache-Control", ""))


@pytest.fixture
def addresses(app: Flask, rows: Rows) -> list[str]:
    """The English address of every page that has a translated one; what names no record of ours says `nothing`."""
    with rows() as session:
        code = session.exec(select(Certificate.code)).one()
    known: dict[str, str | int] = {"number": "MS-0001", "code": code}
    found = []
    for rule in app.url_map.iter_rules():
        if "language" in rule.arguments and "GET" in (rule.methods or set()) and not rule.rule.endswith(".pdf"):
            values = {name: known.get(name, "nothing") for name in rule.arguments - {"language"}}
            values |= {name: 1 for name in values if f"<int:{name}>" in rule.rule}
            if rule.endpoint == "public.register_unit":
                values["code"] = "EK"
            found.append(app.url_map.bind("localhost").build(rule.endpoint, values))
    return sorted(found)


def texts(page: BeautifulSoup) -> Iterator[str]:
    """What a reader of the page's language meets: texts and spoken attributes, without parts in another language."""
    spoken = page.html
    assert spoken is not None
    for one in spoken.descendants:
        if isinstance(one, NavigableString) and type(one) is NavigableString and one.strip():
            if not _elsewhere(one.parent, spoken):
                yield " ".join(one.split())
        elif isinstance(one, Tag) and not _elsewhere(one, spoken):
            yield from (str(one[name]) for name in ATTRIBUTES if one.get(name))


def _elsewhere(one: Tag | None, root: Tag) -> bool:
    while one is not None and one is not root:
        if one.name in {"script", "style", "bdi", "option", "code"} or one.get("lang"):
            return True
        one = one.parent
    return False


@languages
def test_every_page_speaks_the_language_of_its_address(app: Flask, addresses: list[str], language: Language) -> None:
    """Language and direction are said, and no sentence of the catalogue is left in English."""
    assert {"/", "/register", "/languages", "/certificates/MS-0001", "/help", "/verify"} <= set(addresses)
    own = catalogue(language)
    english = {one.id for one in sentences.extracted() if isinstance(one.id, str) and own.ugettext(one.id) != one.id}
    left = {}
    for url in addresses:
        page = soup(get(app, f"/{language.code}{url}"))
        assert page.html is not None
        assert (page.html["lang"], page.html.get("dir", "ltr")) == (language.tag, language.direction), url
        said = set(texts(page))
        left[url] = sorted(said & english)
        if language.own_script:
            left[url] += sorted(text for text in said if ENGLISH.search(text))
    assert {url: found for url, found in left.items() if found} == {}


@pytest.mark.parametrize("code", ["ar", "fr"])
def test_a_translated_page_is_answered_as_the_english_one(app: Flask, addresses: list[str], code: str) -> None:
    """The same status, the same word to caches, and no cookie where English sets none."""
    for url in addresses:
        both = [get(app, url), get(app, f"/{code}{url}")]
        said = [
            (
                one.status_code,
                kept(one),
                sorted(one.vary),
                len(one.headers.getlist("Set-Cookie")),
            )
            for one in both
        ]
        assert said[0] == said[1], url


def test_the_language_stays_through_every_link_and_ends_at_the_door(app: Flask, addresses: list[str]) -> None:
    """Whatever has a translated address is linked by it, except from the list of languages; the sign-in is English."""
    plain = set(addresses)
    for url in addresses:
        page = soup(get(app, f"/ar{url}"))
        links = [str(one["href"]) for one in page.select("a[href]") if not one.get("hreflang")]
        assert [one for one in links if one.split("?")[0].split("#")[0] in plain] == [], url
    assert "/sign-in" in [one["href"] for one in soup(get(app, "/ar/")).select("a[href]")]


def test_each_page_names_the_others_in_its_head_and_at_its_foot(app: Flask) -> None:
    """Filters stay; thirteen languages, and one of them is here."""
    page = soup(get(app, "/ar/register?unit=camden"))
    heads = {str(one["hreflang"]): str(one["href"]) for one in page.select("link[hreflang]")}
    assert len(heads) == 13
    assert heads["en-GB"] == "http://localhost/register?unit=camden"
    assert heads["zh-Hans"] == "http://localhost/zh/register?unit=camden"
    assert [one.get_text() for one in page.select(".met-languages [aria-current]")] == ["العربية"]
    assert "hreflang" not in get(app, "/register.json").get_data(as_text=True)


@pytest.mark.parametrize(
    "url", ["/en/", "/en/register", "/cy/", "/AR/register", "/xx/register", "/ar/ar/register", "/../ar/", "/zh_Hans/",
            "/ar/authority/", "/ar/sign-in", "/ar/register.csv", "/%0aar/register", "/ar%00/"],
)  # fmt: skip
def test_no_other_first_word_is_a_language(app: Flask, url: str) -> None:
    """Unknown codes, and doors that speak English only, are not found."""
    assert get(app, url).status_code == 404


def test_neither_header_nor_query_chooses_a_language(app: Flask) -> None:
    """One address, one content: a cache may keep it."""
    answer = client_for(app, None).get("/?lang=ar&language=ar", headers={"Accept-Language": "ar"})
    assert soup(answer).html["lang"] == "en-GB"  # type: ignore[index]
    assert "Accept-Language" not in answer.vary


def test_a_wrong_address_is_told_in_its_language(app: Flask) -> None:
    answer = get(app, "/fr/nowhere")
    assert (answer.status_code, soup(answer).html["lang"]) == (404, "fr")  # type: ignore[index]
    assert heading(answer) == catalogue(TRANSLATED["fr"]).ugettext("Page not found")


def test_the_list_marks_what_no_speaker_has_read(app: Flask) -> None:
    """Each language under its own name; all twelve await their reviewer."""
    rows = soup(get(app, "/languages")).select("tbody tr")
    assert [row.select_one("bdi").get_text() for row in rows][:3] == ["English", "العربية", "বাংলা"]  # type: ignore[union-attr]
    awaiting = [row for row in rows if "awaiting a speaker’s review" in row.get_text()]
    assert (len(rows), len(awaiting)) == (13, 12)
    assert str(rows[1].select_one("a")["href"]) == "/ar/"  # type: ignore[index]


def test_the_paper_is_had_in_each_language_and_the_original_beside_it(app: Flask) -> None:
    """The file says its language in its name."""
    page = soup(get(app, "/ar/certificates/MS-0001"))
    links = [str(one["href"]) for one in page.select("main a[href]")]
    assert {"/certificates/MS-0001.pdf", "/ar/certificates/MS-0001.pdf"} <= set(links)
    english, arabic = get(app, "/certificates/MS-0001.pdf"), get(app, "/ar/certificates/MS-0001.pdf")
    assert arabic.headers["Content-Disposition"] == "attachment; filename=certificate-MS-0001-ar.pdf"
    assert (arabic.status_code, arabic.mimetype) == (200, "application/pdf")
    assert kept(arabic) == kept(english)
    assert str(PdfReader(io.BytesIO(arabic.data)).root_object["/Lang"]) == "ar"
    assert arabic.data != english.data


def test_english_names_are_kept_apart_in_a_page_that_runs_from_right_to_left(app: Flask) -> None:
    """The name of a unit is said to be English; a code is isolated."""
    page = soup(get(app, "/ar/certificates/MS-0001"))
    title = page.select_one("h1 bdi")
    assert title is not None
    assert (title["lang"], title.get_text()) == ("en", "Camden BOCU")
    assert "govuk-frontend-rtl.css" in str(page)
    assert "bdi" not in {one.name for one in soup(get(app, "/certificates/MS-0001")).select("main *")}


def test_after_a_request_nothing_is_spoken(app: Flask) -> None:
    """The next request of the same thread begins in English."""
    client = client_for(app, None)
    client.get("/ar/")
    assert soup(client.get("/nowhere")).html["lang"] == "en-GB"  # type: ignore[index]
