"""A page is rendered once, kept for its readers only, and made again when what it depends on changed."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from metstandard.common import clock
from metstandard.documents import store

HTML = '<html lang="en-GB"><title>Kept</title><p>Kept once.</p></html>'
NOON = datetime(2026, 10, 14, 12, tzinfo=UTC)


def test_a_page_is_rendered_once(tmp_path: Path) -> None:
    first = store.kept(HTML, folder=tmp_path / "papers")
    (file,) = (tmp_path / "papers").iterdir()
    marked = first.removesuffix(b"%%EOF\n").removesuffix(b"%%EOF") + b"% seen\n%%EOF\n"
    file.write_bytes(marked)
    assert store.kept(HTML, folder=tmp_path / "papers") == marked
    assert store.kept(HTML + "\n", folder=tmp_path / "papers") != marked


def test_a_file_cut_short_is_made_again(tmp_path: Path) -> None:
    first = store.kept(HTML, folder=tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(first[:100])
    assert store.kept(HTML, folder=tmp_path) == first == file.read_bytes()


def test_only_the_account_of_the_service_may_read(tmp_path: Path) -> None:
    store.kept(HTML, folder=tmp_path / "papers")
    (file,) = (tmp_path / "papers").iterdir()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "papers", file)] == [0o700, 0o600]


def test_a_changed_font_or_template_is_a_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.kept(HTML, folder=tmp_path)
    monkeypatch.setattr(store, "_edition", lambda: "another")
    store.kept(HTML, folder=tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_files_that_nobody_asked_for_go(tmp_path: Path) -> None:
    with clock.pinned_to(NOON - timedelta(days=40)):
        store.kept(HTML, folder=tmp_path)
        store.kept(HTML + "\n", folder=tmp_path)
    with clock.pinned_to(NOON):
        store.kept(HTML, folder=tmp_path)
    assert store.tidy(unused_since=NOON - timedelta(days=30), folder=tmp_path) == 1
    assert len(list(tmp_path.iterdir())) == 1
