"""OpenDocument files lose who made them and keep what they say."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from metstandard.records.files import media_type
from metstandard.records.stripping import Limits, Unfit, strip
from tests.records.stripping.test_office import holding, unpacked
from tests.records.stripping.test_pictures import SECRET, photograph

TEXT = "application/vnd.oasis.opendocument.text"
NAME = SECRET.decode()
CONTENT = f"""<office:document-content xmlns:office="o" xmlns:text="t" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:meta="urn:oasis:names:tc:opendocument:xmlns:meta:1.0"><text:p>What everybody reads<office:annotation>
<dc:creator>{NAME}</dc:creator><meta:creator-initials>{NAME}</meta:creator-initials></office:annotation></text:p>
</office:document-content>"""


def made(**more: str) -> bytes:
    """A text as LibreOffice packs it: its type first and plain, then the rest."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", TEXT, zipfile.ZIP_STORED)
        archive.writestr("content.xml", CONTENT)
        archive.writestr("meta.xml", f"<meta>{NAME}</meta>")
        archive.writestr("Object 1/meta.xml", f"<meta>{NAME}</meta>")
        archive.writestr("Pictures/1.jpg", photograph())
        archive.writestr("META-INF/documentsignatures.xml", f"<signature>{NAME}</signature>")
        archive.writestr("META-INF/manifest.xml", more.get("manifest", "<manifest/>"))
    return written.getvalue()


def kept_of(content: bytes) -> bytes:
    return strip(content, TEXT, Limits(1_000_000, 1_000_000))


def test_a_text_loses_every_name_and_reads_the_same() -> None:
    sent = made()
    assert holding(sent) == [
        "META-INF/documentsignatures.xml", "Object 1/meta.xml", "Pictures/1.jpg", "content.xml", "meta.xml",
    ]  # fmt: skip
    kept = kept_of(sent)
    assert holding(kept) == []
    assert media_type(kept) == TEXT
    assert kept[30:38] == b"mimetype"
    assert b"What everybody reads" in unpacked(kept)["content.xml"]
    assert b"<dc:creator>Author</dc:creator><meta:creator-initials>A<" in unpacked(kept)["content.xml"]


def test_a_locked_text_is_refused() -> None:
    with pytest.raises(Unfit, match=r"^is protected with a password: save it without one$"):
        kept_of(made(manifest="<manifest><encryption-data/></manifest>"))
