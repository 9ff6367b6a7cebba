"""Word, Excel and PowerPoint lose their properties and the names of those who wrote in them."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment

from metstandard.records.stripping import Limits, Unfit, strip
from tests.records.stripping.test_pictures import SECRET, photograph

NAME = SECRET.decode()
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(parts: dict[str, bytes]) -> bytes:
    """An archive of these parts."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return written.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


def kept_of(content: bytes, media_type: str = WORD, unpacked: int = 10_000_000) -> bytes:
    return strip(content, media_type, Limits(1_000_000, unpacked))


def letter() -> bytes:
    """A Word file with a name in its properties, a tracked change, a comment, a photograph and a sheet inside."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.last_modified_by = NAME
    paragraph = document.add_paragraph("What everybody reads")
    document.add_comment(paragraph.runs, "Please check", author=NAME, initials="AE")
    document.add_picture(BytesIO(photograph()))
    written = BytesIO()
    document.save(written)
    parts = unpacked(written.getvalue())
    change = f'<w:ins w:id="9" w:author="{NAME}" w:date="2026-01-01T00:00:00Z"><w:r><w:t>anew</w:t></w:r></w:ins></w:p>'
    parts["word/document.xml"] = parts["word/document.xml"].replace(b"</w:p>", change.encode(), 1)
    parts["word/people.xml"] = (
        f'<w15:people xmlns:w15="u"><w15:person w15:author="{NAME}">'
        f'<w15:presenceInfo w15:providerId="AD" w15:userId="S::{NAME}"/></w15:person></w15:people>'
    ).encode()
    parts["word/_rels/settings.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" TargetMode="External" '
        f'Type="http://x/attachedTemplate" Target="file:///C:/Users/{NAME}/a.dotm"/></Relationships>'
    ).encode()
    parts["customXml/item1.xml"] = (
        '<p:properties xmlns:p="http://schemas.microsoft.com/office/2006/metadata/properties">'
        f"<documentManagement>{NAME}</documentManagement></p:properties>"
    ).encode()
    parts["word/embeddings/sheet1.xlsx"] = figures()
    return packed(parts)


def figures() -> bytes:
    """An Excel file with a name in its properties, and one that comments on a cell."""
    book = openpyxl.Workbook()
    book.properties.creator = NAME
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = 42
    sheet["A1"].comment = Comment("Check this", NAME)
    written = BytesIO()
    book.save(written)
    parts = unpacked(written.getvalue())
    parts["xl/persons/person.xml"] = (
        f'<personList xmlns="t"><person displayName="{NAME}" id="{{1}}" userId="{NAME}" providerId="AD"/></personList>'
    ).encode()
    return packed(parts)


def holding(content: bytes) -> list[str]:
    """The parts in which the name stands, also of files inside."""
    found = []
    for name, part in unpacked(content).items():
        if part.startswith(b"PK"):
            found += [f"{name}/{one}" for one in holding(part)]
        elif SECRET in part:
            found.append(name)
    return sorted(found)


def test_a_letter_loses_every_name_and_reads_the_same() -> None:
    sent = letter()
    assert holding(sent) == [
        "customXml/item1.xml", "docProps/core.xml", "word/_rels/settings.xml.rels", "word/comments.xml",
        "word/document.xml", "word/embeddings/sheet1.xlsx/docProps/core.xml",
        "word/embeddings/sheet1.xlsx/xl/comments/comment1.xml", "word/embeddings/sheet1.xlsx/xl/persons/person.xml",
        "word/media/image1.jpg", "word/people.xml",
    ]  # fmt: skip
    kept = kept_of(sent)
    assert holding(kept) == []
    document = docx.Document(BytesIO(kept))
    assert [one.text for one in document.paragraphs] == ["What everybody reads", ""]
    assert [(one.text, one.author, one.initials) for one in document.comments] == [("Please check", "Author", "A")]
    assert document.core_properties.author == ""
    assert sorted(unpacked(kept)) == sorted(unpacked(sent))


def test_a_workbook_loses_every_name_and_keeps_its_cells() -> None:
    book = openpyxl.load_workbook(BytesIO(kept_of(figures(), EXCEL)))
    assert [(cell.value, cell.comment and (cell.comment.text, cell.comment.author)) for cell in book["Sheet"]["A"]] == [
        (42, ("Check this", "Author"))
    ]
    assert holding(kept_of(figures(), EXCEL)) == []


def test_those_who_comment_on_slides_lose_their_names() -> None:
    parts = {
        "ppt/commentAuthors.xml": f'<a xmlns="p"><b id="0" name="{NAME}" initials="AE"/></a>'.encode(),
        "ppt/authors.xml": f'<a xmlns="p"><b id="0" name="{NAME}" initials="AE" userId="{NAME}"/></a>'.encode(),
        "ppt/slides/slide1.xml": b'<a name="Title 1"/>',
    }
    kept = unpacked(kept_of(packed(parts), POINT))
    assert [SECRET in part for part in kept.values()] == [False, False, False]
    assert kept["ppt/slides/slide1.xml"] == parts["ppt/slides/slide1.xml"]


def test_the_same_letter_always_gives_the_same_bytes() -> None:
    sent = letter()
    assert kept_of(sent) == kept_of(sent) == kept_of(kept_of(sent))


def test_macros_are_refused() -> None:
    with pytest.raises(Unfit, match=r"^holds macros: save it without them$"):
        kept_of(packed({"word/document.xml": b"<a/>", "word/vbaProject.bin": b"code"}))


def test_what_unfolds_too_far_is_refused_before_it_is_unfolded() -> None:
    bomb = packed({"word/document.xml": b"\0" * 20_000_000})
    assert len(bomb) < 30_000
    with pytest.raises(Unfit, match=r"^unfolds to more than we can take: save it in smaller pieces$"):
        kept_of(bomb)
    nested = packed({f"word/embeddings/{number}.xlsx": packed({"a": b"\0" * 400_000}) for number in range(30)})
    with pytest.raises(Unfit, match=r"^unfolds to more than we can take"):
        kept_of(nested)
    with pytest.raises(Unfit, match=r"^unfolds to more than we can take"):
        kept_of(packed({f"word/{number}": b"" for number in range(10_001)}))


def test_a_size_that_lies_is_found_out() -> None:
    honest = packed({"word/document.xml": b"\0" * 1_000_000})
    sizes = (1_000_000).to_bytes(4, "little")
    assert honest.count(sizes) == 2
    with pytest.raises(Unfit, match=r"^is damaged: it cannot be unpacked$"):
        kept_of(honest.replace(sizes, (10).to_bytes(4, "little")), unpacked=1000)


def test_files_within_files_within_files_are_refused() -> None:
    deep = packed({"a": b""})
    for _ in range(3):
        deep = packed({"word/embeddings/a.docx": deep})
    with pytest.raises(Unfit, match=r"^holds files within files within files: save those apart$"):
        kept_of(deep)


def test_damaged_locked_and_doubled_archives_are_refused() -> None:
    sent = packed({"word/document.xml": b"<a/>" * 40})
    with pytest.raises(Unfit, match=r"^is damaged: it cannot be unpacked$"):
        kept_of(sent[:-9])
    locked = bytearray(sent)
    locked[6] |= 1
    locked[sent.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(Unfit, match=r"^is protected with a password: save it without one$"):
        kept_of(bytes(locked))
    doubled = bytearray(packed({"a": b"1", "b": b"2"}))
    for name in (b"PK\x03\x04", b"PK\x01\x02"):
        at = doubled.rindex(name) + (30 if name.endswith(b"\x04") else 46)
        doubled[at : at + 1] = b"a"
    with pytest.raises(Unfit, match=r"^is damaged: it holds a part twice$"):
        kept_of(bytes(doubled))


def test_a_part_that_declares_entities_or_is_no_xml_is_refused() -> None:
    laughs = b'<!DOCTYPE a [<!ENTITY b "c">]><a author="&b;"/>'
    for part, sentence in ((laughs, "declares what it must not"), (b"<a author=", "cannot be read")):
        with pytest.raises(Unfit, match=rf"^is damaged: a part of it {sentence}$"):
            kept_of(packed({"word/document.xml": part}))
