"""Only an asset with a plain name is served."""

from __future__ import annotations

from pathlib import Path

import pytest

from metstandard.documents import assets
from metstandard.documents.bundled import AssetRefused, asset

FOLDERS = assets.folders()


def test_a_bundled_drawing_is_served_with_its_type() -> None:
    body, media_type = asset("asset:certificate/seal.svg", FOLDERS)
    assert (body[:4], media_type) == (b"<svg", "image/svg+xml")


@pytest.mark.parametrize(
    "address",
    [
        "asset:../../pyproject.toml",
        "asset:certificate/../../../README.md",
        "asset:/etc/hostname",
        "asset:certificate/page.html",
        "asset:fonts/SourceSans3-Regular.ttf",
        "asset:certificate/none.svg",
        "asset:certificate/%2e%2e/seal.svg",
        "asset:certificate/seal.svg?x",
        "file:///etc/hostname",
        "http://127.0.0.1/seal.svg",
        "data:image/svg+xml,<svg/>",
        "",
    ],
)
def test_every_other_address_is_refused(address: str) -> None:
    with pytest.raises(AssetRefused):
        asset(address, FOLDERS)


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "outside.svg").write_text("<svg/>", encoding="utf-8")
    inside = tmp_path / "documents"
    inside.mkdir()
    (inside / "plain.svg").write_text("<svg/>", encoding="utf-8")
    (inside / "out.svg").symlink_to(tmp_path / "outside.svg")
    assert asset("asset:plain.svg", (inside,)) == (b"<svg/>", "image/svg+xml")
    with pytest.raises(AssetRefused):
        asset("asset:out.svg", (inside,))


def test_an_organisations_own_drawing_comes_first(tmp_path: Path) -> None:
    (tmp_path / "certificate").mkdir()
    (tmp_path / "certificate" / "seal.svg").write_text("<svg/>", encoding="utf-8")
    assert asset("asset:certificate/seal.svg", (tmp_path, *FOLDERS))[0] == b"<svg/>"
    assert asset("asset:certificate/border.svg", (tmp_path, *FOLDERS))[0] != b"<svg/>"
    assert assets.digest((tmp_path, *FOLDERS)) != assets.digest(FOLDERS)
