"""PDFs lose who made them and keep their pages."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pytest

from metstandard.records.stripping import Limits, Unfit, strip
from tests.records.stripping.test_pictures import SECRET, photograph

NAME = SECRET.decode()


def made(change: Any = None, **how: Any) -> bytes:
    """A PDF of one page with a name wherever programs put one."""
    with pikepdf.new() as paper:
        page = paper.add_blank_page(page_size=(200, 100))
        page.Contents = paper.make_stream(b"BT /F1 12 Tf (What everybody reads) Tj ET", compress=False)
        paper.docinfo["/Author"] = NAME
        paper.docinfo["/Producer"] = NAME
        with paper.open_metadata(set_pikepdf_as_editor=False) as xmp:
            xmp["dc:creator"] = [NAME]
        page.obj.PieceInfo = pikepdf.Dictionary(Private=NAME)
        page.obj.Annots = pikepdf.Array(
            [
                pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Text, T=NAME, Contents="A note"),
                field := paper.make_indirect(
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Widget, T="field", FT=pikepdf.Name.Tx
                    )
                ),
            ]
        )
        paper.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]))
        picture = pikepdf.Stream(paper, photograph(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
        picture.Filter = pikepdf.Name.DCTDecode
        page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=paper.make_indirect(picture)))
        if change is not None:
            change(paper)
        written = BytesIO()
        paper.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable, **how)
    return written.getvalue()


def kept_of(content: bytes) -> bytes:
    return strip(content, "application/pdf", Limits(1, 1))


def everything(content: bytes) -> bytes:
    """All strings and streams of a PDF, unpacked."""
    with pikepdf.open(BytesIO(content)) as paper:
        written = BytesIO()
        paper.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable, qdf=True)
    return written.getvalue()


def test_a_pdf_loses_its_makers_and_keeps_its_page() -> None:
    sent = made()
    assert everything(sent).count(SECRET) >= 5
    kept = kept_of(sent)
    assert SECRET not in everything(kept)
    with pikepdf.open(BytesIO(kept)) as paper:
        assert "/Info" not in paper.trailer
        assert "/Metadata" not in paper.Root
        page = paper.pages[0]
        assert page.Contents.read_bytes() == b"BT /F1 12 Tf (What everybody reads) Tj ET"
        assert [dict(one.items()).get("/T") for one in page.Annots] == [None, "field"]
        assert str(page.Annots[0].Contents) == "A note"
        assert page.Resources.XObject.Im0.Filter == pikepdf.Name.DCTDecode


def test_the_same_pdf_always_gives_the_same_bytes() -> None:
    sent = made()
    assert kept_of(sent) == kept_of(sent) == kept_of(kept_of(sent))


def test_an_earlier_version_that_was_appended_to_is_gone() -> None:
    sent = made(lambda paper: paper.add_blank_page())
    with pikepdf.open(BytesIO(sent)) as paper:
        del paper.pages[1]
        written = BytesIO()
        paper.save(written)
    assert len(pikepdf.open(BytesIO(kept_of(written.getvalue()))).pages) == 1


def test_a_locked_pdf_is_refused() -> None:
    for lock in (pikepdf.Encryption(user="open", owner="sesame"), pikepdf.Encryption(user="", owner="sesame")):
        with pytest.raises(Unfit, match=r"^is protected with a password: save it without one$"):
            kept_of(made(encryption=lock))


def test_a_damaged_or_empty_pdf_is_refused() -> None:
    with pytest.raises(Unfit, match=r"^is damaged: it cannot be read as a PDF$"):
        kept_of(b"%PDF-1.7\n" + b"nothing of a PDF " * 50)
    with pytest.raises(Unfit, match=r"^is damaged: it has no pages$"):
        kept_of(made(lambda paper: paper.pages.remove(p=1)))


def test_a_pdf_that_carries_files_is_refused() -> None:
    def attach(paper: pikepdf.Pdf) -> None:
        paper.attachments["list.txt"] = b"names"

    with pytest.raises(Unfit, match=r"^carries other files inside: save those apart and add each of them$"):
        kept_of(made(attach))
