"""PDF: written anew by qpdf without information, XMP, names of annotators, private data and earlier versions."""

import struct
from io import BytesIO

import pikepdf

from metstandard.records.stripping import pictures
from metstandard.records.stripping.limits import Limits, Unfit

# Programs keep their own data there: who edited, when, under which name on which disk.
_PRIVATE = ("/Metadata", "/PieceInfo", "/LastModified")
# A picture inside a page was accepted with the page; a viewer draws it at the size of the paper.
_ANY_SIZE = 1 << 40


def strip(content: bytes) -> bytes:
    """A PDF without what tells of its makers. A signature in it no longer holds.

    Raises Unfit for a damaged or locked one, and for one that carries files, which nobody has looked at.
    """
    try:
        with pikepdf.open(BytesIO(content), suppress_warnings=True) as paper:
            if paper.is_encrypted:
                raise Unfit("is protected with a password: save it without one")
            if len(paper.pages) == 0:
                raise Unfit("is damaged: it has no pages")
            for one in paper.objects:
                _clear(one)
            for page in paper.pages:
                _clear_page(page.obj)
            for name in ("/Info", "/ID"):
                if name in paper.trailer:
                    del paper.trailer[name]
            written = BytesIO()
            paper.save(written, deterministic_id=True)
    except pikepdf.PasswordError as locked:
        raise Unfit("is protected with a password: save it without one") from locked
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as fault:
        raise Unfit("is damaged: it cannot be read as a PDF") from fault
    return written.getvalue()


def _clear(one: pikepdf.Object) -> None:
    """Take private data off one object; a photograph in it loses what the camera wrote."""
    if not isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
        return
    if "/EF" in one:
        raise Unfit("carries other files inside: save those apart and add each of them")
    for name in _PRIVATE:
        if name in one:
            del one[name]
    if isinstance(one, pikepdf.Stream) and one.get("/Filter") == pikepdf.Name.DCTDecode:
        one.write(_photograph(one.read_raw_bytes()), filter=pikepdf.Name.DCTDecode)


def _photograph(content: bytes) -> bytes:
    """What a PDF calls a JPEG may lack its end; such a one is left as it is, the page may need it."""
    try:
        return pictures.jpeg(content, Limits(_ANY_SIZE, 0), upright=False)
    except (Unfit, IndexError, struct.error):
        return content


def _clear_page(page: pikepdf.Object) -> None:
    """Take the names of annotators off; the `/T` of a field of a form is the field's name and stays."""
    notes = page.get("/Annots")
    if not isinstance(notes, pikepdf.Array):
        return
    for note in notes:
        if isinstance(note, pikepdf.Dictionary):
            _clear(note)
            attached = note.get("/FS")
            if isinstance(attached, pikepdf.Dictionary):
                _clear(attached)
            if note.get("/Subtype") != pikepdf.Name.Widget and "/T" in note:
                del note["/T"]
