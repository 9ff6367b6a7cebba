"""Pages are made from strict templates, an organisation's own first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from metstandard.common.settings import settings
from metstandard.documents import certificate, pages
from tests.documents import papers


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the organisation's own templates, with one document in it."""
    folder = tmp_path / "documents" / "trial"
    folder.mkdir(parents=True)
    (folder / "page.html").write_text("<p>{{ name }}</p>", encoding="utf-8")
    monkeypatch.setenv("METSTANDARD_TEMPLATES", str(tmp_path))
    settings.cache_clear()
    return tmp_path


@pytest.fixture(autouse=True)
def _settings_afresh() -> Iterator[None]:
    yield
    settings.cache_clear()


def test_values_are_escaped(own: Path) -> None:
    assert pages.page("trial", name='<b>"') == "<p>&lt;b&gt;&#34;</p>"


def test_a_value_that_was_not_given_is_an_error_and_no_gap(own: Path) -> None:
    with pytest.raises(UndefinedError, match="'name' is undefined"):
        pages.page("trial")


def test_what_an_organisation_does_not_replace_stays_ours(own: Path) -> None:
    (own / "documents" / "certificate").mkdir()
    (own / "documents" / "certificate" / "print.css").write_text("h1 { color: green }", encoding="utf-8")
    html = certificate.html(papers.certificate())
    assert "h1 { color: green }" in html
    assert "<h1>The Met Standard</h1>" in html


def test_paragraphs_part_at_blank_lines_and_keep_their_breaks() -> None:
    assert pages.paragraphs("One\ntwo\n\n  three\r\n \r\nfour\n\n\n") == ["One\ntwo", "  three", "four"]
    assert pages.paragraphs(" \n\n ") == []
