"""JPEG and PNG: read by their headers alone and never unpacked, so that no picture can fill the memory.

Of what stands beside the picture only colour, resolution, animation and the way it is turned are kept. Cameras write
names, places and serial numbers there, and some append a second picture or a film after the end.
"""

import re
import struct
import zlib
from collections.abc import Iterator

from metstandard.records.stripping.limits import Limits, Unfit

JPEG = b"\xff\xd8\xff"
PNG = b"\x89PNG\r\n\x1a\n"

_START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_APPLICATION = frozenset(range(0xE0, 0xF0))
_JFIF, _CAMERA, _COMMENT, _END, _SCAN, _MARK = 0xE0, 0xE1, 0xFE, 0xD9, 0xDA, 0xFF
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
# Data of the picture run until a marker that is neither a stuffed byte, nor a restart, nor a filler.
_AFTER_SCAN = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_KEPT_SEGMENTS = {_JFIF: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
_KEPT_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD hIST pHYs sPLT acTL fcTL fdAT cICP mDCV cLLI".split()
)
_EXIF = b"Exif\0\0"
_TURNED = 0x0112
_UPRIGHT, _LAST_WAY = 1, 8


def strip(content: bytes, limits: Limits) -> bytes:
    """A JPEG or PNG without what tells of its maker. Raises Unfit for a damaged one or one of too many pixels."""
    try:
        return _png(content, limits) if content.startswith(PNG) else jpeg(content, limits)
    except (struct.error, IndexError) as fault:
        raise Unfit("is damaged: the picture is cut off") from fault


def inside(part: bytes, limits: Limits) -> bytes:
    """A part of a larger file: stripped when it is a picture of ours, else as it is."""
    return strip(part, limits) if part.startswith((JPEG, PNG)) else part


def jpeg(content: bytes, limits: Limits, *, upright: bool = True) -> bytes:
    """The segments that make the picture. `upright` keeps the way it is turned, for whoever shows it by itself."""
    first, rest, turned, sized = [content[:2]], [], _UPRIGHT, False
    for marker, segment in _segments(content):
        if marker in _START_OF_FRAME:
            height, width = struct.unpack(">HH", segment[5:9])
            limits.look(width, height)
            sized = True
        if marker == _CAMERA and segment[4:].startswith(_EXIF):
            turned = _way(segment[4 + len(_EXIF) :])
        elif marker == _JFIF and segment[4:].startswith(_KEPT_SEGMENTS[_JFIF]):
            first.append(segment)
        elif marker != _COMMENT and (
            marker not in _APPLICATION or segment[4:].startswith(_KEPT_SEGMENTS.get(marker, b"\0\0"))
        ):
            rest.append(segment)
    if not sized:
        raise Unfit("is damaged: it holds no picture")
    if upright and turned != _UPRIGHT:
        kept = _EXIF + _turned(turned)
        first.append(b"\xff\xe1" + struct.pack(">H", len(kept) + 2) + kept)
    return b"".join([*first, *rest])


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker with its bytes, the data of a scan with the scan; nothing after the end of the picture."""
    at = 2
    while True:
        if content[at] != _MARK:
            raise Unfit("is damaged: the picture cannot be read")
        while content[at + 1] == _MARK:
            at += 1
        marker = content[at + 1]
        if marker == _END:
            yield marker, content[at : at + 2]
            return
        end = at + 2 if marker in _ALONE else at + 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker == _SCAN:
            found = _AFTER_SCAN.search(content, end)
            if found is None:
                raise Unfit("is damaged: the picture is cut off")
            end = found.start()
        yield marker, content[at:end]
        at = end


def _png(content: bytes, limits: Limits) -> bytes:
    kept, turned, at = [PNG], _UPRIGHT, len(PNG)
    while True:
        size = struct.unpack(">I", content[at : at + 4])[0]
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        if struct.unpack(">I", content[at + 8 + size : at + 12 + size])[0] != zlib.crc32(kind + body):
            raise Unfit("is damaged: the picture cannot be read")
        if kind == b"IHDR":
            limits.look(*struct.unpack(">II", body[:8]))
        elif len(kept) == 1:
            raise Unfit("is damaged: it holds no picture")
        if kind == b"eXIf":
            turned = _way(body)
        elif kind in _KEPT_CHUNKS:
            kept.append(content[at : at + 12 + size])
        if kind == b"IEND":
            break
        at += 12 + size
    if turned != _UPRIGHT:
        body = b"eXIf" + _turned(turned)
        kept.insert(2, struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)))
    return b"".join(kept)


def _way(exif: bytes) -> int:
    """How the camera was held (TIFF orientation, 1 to 8); upright when it is not told or not legible."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return _UPRIGHT
    try:
        start = struct.unpack(order + "I", exif[4:8])[0]
        for number in range(struct.unpack(order + "H", exif[start : start + 2])[0]):
            entry = exif[start + 2 + 12 * number :][:12]
            tag, _, _, value = struct.unpack(order + "HHIH", entry[:10])
            if tag == _TURNED:
                return value if _UPRIGHT <= value <= _LAST_WAY else _UPRIGHT
    except struct.error:
        return _UPRIGHT
    return _UPRIGHT


def _turned(way: int) -> bytes:
    """A TIFF header that tells nothing but the way a picture is turned."""
    return b"MM\0*" + struct.pack(">IHHHIHHI", 8, 1, _TURNED, 3, 1, way, 0, 0)
