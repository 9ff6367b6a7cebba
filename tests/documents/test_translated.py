"""The certificate in twelve languages: one page, every script drawn with an embedded font, and what it is called."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from metstandard.common.languages import ENGLISH, TRANSLATED, Language, gettext, speaking
from metstandard.documents import assets, certificate
from metstandard.documents.fonts import printable
from tests.documents import papers, reading
from tests.documents.test_certificate import LONGEST_NAME, LONGEST_SCOPE, TOP_OF_SEAL
from tests.tools.verapdf.judge import judge

FONTS = {
    "ar": "NotoNaskhArabic", "ur": "NotoNaskhArabic", "bn": "NotoSerifBengali", "zh": "NotoSerifCJK",
    "gu": "NotoSerifGujarati", "hi": "NotoSerifDevanagari", "pa": "NotoSerifGurmukhi",
}  # fmt: skip
languages = pytest.mark.parametrize("language", TRANSLATED.values(), ids=lambda one: one.english)


def fonts_of(pdf: bytes) -> set[str]:
    """The names of the fonts of a PDF, without the letters of the subset; fails for one that is not embedded."""
    found = set()
    pages: Any = PdfReader(io.BytesIO(pdf)).pages
    for page in pages:
        for font in page["/Resources"]["/Font"].values():
            inside = font["/DescendantFonts"][0]["/FontDescriptor"]
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inside)
            found.add(str(font["/BaseFont"]).split("+")[1])
    return found


@languages
def test_a_translation_says_that_it_is_one_and_stands_on_one_page(language: Language) -> None:
    """Language and direction for those who have it read aloud; the name of the unit stays English."""
    with speaking(language):
        html = certificate.html(papers.certificate())
        pdf = certificate.pdf(papers.certificate())
        notice = gettext(
            "Translation for information. Where it differs from the English certificate, the English one counts."
        )
    assert f'<html lang="{language.tag}" dir="{language.direction}"' in html
    assert f'<h2 lang="en" dir="ltr">{papers.UNIT}</h2>' in html
    assert notice in html
    assert notice not in certificate.html(papers.certificate())
    assert (len(reading.pages(pdf)), reading.size(pdf)) == (1, (297, 210))
    assert str(PdfReader(io.BytesIO(pdf)).root_object["/Lang"]) == language.tag
    assert "MS-0007" in reading.text(pdf)


@languages
def test_each_script_is_drawn_with_its_own_embedded_font(language: Language) -> None:
    """Nothing in the catalogue lacks a letter, so nothing is spelled out as a number."""
    with speaking(language):
        pdf = certificate.pdf(papers.certificate())
    wanted = FONTS.get(language.code, "EB-Garamond")
    assert any(name.replace("-", "").startswith(wanted.replace("-", "")) for name in fonts_of(pdf))
    said = language.catalogue.read_text(encoding="utf-8")
    assert printable(assets.folders())(said) == said


@languages
@pytest.mark.parametrize("status", ["current", "withdrawn"])
def test_the_longest_names_stay_above_the_seal(language: Language, status: str) -> None:
    paper = papers.certificate(unit_name=LONGEST_NAME, scope=LONGEST_SCOPE, status=status)
    with speaking(language):
        pdf = certificate.pdf(paper)
    assert len(reading.pages(pdf)) == 1
    assert reading.lowest(pdf, "2029") < TOP_OF_SEAL


def test_every_translation_keeps_both_standards(tmp_path: Path) -> None:
    """PDF/UA-1 and PDF/A-3a at once; veraPDF is the judge."""
    for language in TRANSLATED.values():
        with speaking(language):
            (tmp_path / f"{language.code}.pdf").write_bytes(certificate.pdf(papers.certificate(status="suspended")))
    files = sorted(tmp_path.iterdir())
    assert len(files) == 12
    for flavour in ("ua1", "3a"):
        assert judge(flavour, files) == {file: [] for file in files}


def test_what_is_spoken_in_a_block_is_forgotten_after_it() -> None:
    with speaking(TRANSLATED["fr"]):
        french = certificate.html(papers.certificate())
    assert certificate.html(papers.certificate()) != french
    assert f'<html lang="{ENGLISH.tag}" dir="ltr">' in certificate.html(papers.certificate())
