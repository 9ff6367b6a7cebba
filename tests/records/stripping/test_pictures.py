"""Pictures lose what the camera and the programs wrote, and show the same picture the same way up."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from io import BytesIO

import pytest
from PIL import Image, ImageChops, ImageOps, PngImagePlugin

from metstandard.records.stripping import Limits, Unfit, pictures

SECRET = b"Sgt A Example"
ROOMY = 10_000_000


def limits(pixels: int = ROOMY) -> Limits:
    return Limits(pixels, 0)


@cache
def photograph(**how: object) -> bytes:
    """A JPEG as a camera writes it: who, where, turned on its side, with a colour profile and a comment."""
    picture = Image.effect_noise((64, 32), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 26.0)
    written = BytesIO()
    picture.save(written, "JPEG", exif=exif, icc_profile=b"profile" * 9, comment=SECRET, **how)
    return written.getvalue()


@cache
def drawing() -> bytes:
    """A PNG with text, a date, and the way it is turned."""
    about = PngImagePlugin.PngInfo()
    about.add_text("Author", SECRET.decode())
    about.add_itxt("Comment", SECRET.decode())
    exif = Image.Exif()
    exif[0x013B] = SECRET.decode()
    exif[0x0112] = 3
    written = BytesIO()
    Image.effect_noise((64, 32), 90).save(written, "PNG", pnginfo=about, exif=exif)
    return written.getvalue()


def shown(content: bytes) -> Image.Image:
    """The picture as a viewer shows it."""
    return ImageOps.exif_transpose(Image.open(BytesIO(content)))


@pytest.mark.parametrize("how", [{}, {"progressive": True}, {"quality": 100}])
def test_a_photograph_loses_its_maker_and_place_and_looks_the_same(how: dict[str, object]) -> None:
    sent = photograph(**how)
    assert SECRET in sent
    kept = pictures.strip(sent, limits())
    assert SECRET not in kept
    exif = Image.open(BytesIO(kept)).getexif()
    assert dict(exif) == {0x0112: 6}
    assert ImageChops.difference(shown(sent), shown(kept)).getbbox() is None
    assert shown(kept).size == (32, 64)
    assert Image.open(BytesIO(kept)).info["icc_profile"] == b"profile" * 9


def test_what_a_camera_appends_after_the_picture_is_cut_off() -> None:
    sent = photograph()
    assert pictures.strip(sent + b"\xff\xd8 a film with " + SECRET, limits()) == pictures.strip(sent, limits())


def test_a_photograph_inside_a_page_is_not_told_how_to_turn() -> None:
    assert dict(Image.open(BytesIO(pictures.jpeg(photograph(), limits(), upright=False))).getexif()) == {}


def test_a_drawing_loses_its_texts_and_looks_the_same() -> None:
    sent = drawing()
    assert SECRET in sent
    kept = pictures.strip(sent + SECRET, limits())
    assert SECRET not in kept
    assert dict(Image.open(BytesIO(kept)).getexif()) == {0x0112: 3}
    assert ImageChops.difference(shown(sent), shown(kept)).getbbox() is None


@pytest.mark.parametrize("sent", [photograph(), drawing()])
def test_what_was_stripped_stays_as_it_is(sent: bytes) -> None:
    once = pictures.strip(sent, limits())
    assert pictures.strip(once, limits()) == once


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_too_many_pixels_are_refused_by_the_header_alone() -> None:
    bomb = pictures.PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    with pytest.raises(Unfit, match=r"has 60000 by 60000 pixels, more than 10 million: make the picture smaller"):
        pictures.strip(bomb, limits())
    with pytest.raises(Unfit, match=r"has 64 by 32 pixels, more than 0 million"):
        pictures.strip(photograph(), limits(2047))
    assert pictures.strip(photograph(), limits(2048))


@pytest.mark.parametrize("sent", [photograph(), drawing()])
def test_a_picture_cut_off_anywhere_is_refused(sent: bytes) -> None:
    for end in range(3, len(pictures.strip(sent, limits())) - 1, 7):
        with pytest.raises(Unfit, match=r"is damaged"):
            pictures.strip(sent[:end], limits())


def test_a_drawing_with_a_changed_byte_or_without_a_size_is_refused() -> None:
    sent = bytearray(drawing())
    sent[60] ^= 1
    with pytest.raises(Unfit, match=r"is damaged: the picture cannot be read"):
        pictures.strip(bytes(sent), limits())
    with pytest.raises(Unfit, match=r"is damaged: it holds no picture"):
        pictures.strip(pictures.PNG + chunk(b"IEND", b""), limits())
    with pytest.raises(Unfit, match=r"is damaged: its picture has no size"):
        pictures.strip(pictures.PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", 0, 9, 8, 2, 0, 0, 0)), limits())


@pytest.mark.parametrize("exif", [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\0\x01", b"what"])
def test_an_illegible_way_of_turning_counts_as_upright(exif: bytes) -> None:
    kept = pictures.strip(pictures.PNG + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
                          + chunk(b"eXIf", exif) + chunk(b"IEND", b""), limits())  # fmt: skip
    assert b"eXIf" not in kept
