"""Files that are ZIP archives of XML: read part by part under limits, and written anew without dates of their own."""

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from lxml import etree

from metstandard.records.stripping.limits import Limits, Unfit

# Gets the name and the bytes of a part; answers what is kept of it, None for nothing.
Change = Callable[[str, bytes], bytes | None]
_LOCKED = 0x1
_NO_DAY = (1980, 1, 1, 0, 0, 0)
DAMAGED = "is damaged: it cannot be unpacked"


def rewritten(content: bytes, change: Change, limits: Limits) -> bytes:
    """The archive with every part changed. Raises Unfit for a damaged or locked one, or one that unfolds too far."""
    written = BytesIO()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive, zipfile.ZipFile(written, "w") as made:
            names = [one.filename for one in archive.infolist()]
            if len(set(names)) != len(names):
                raise Unfit("is damaged: it holds a part twice")
            for one in archive.infolist():
                limits.take(one.file_size)
                if one.flag_bits & _LOCKED:
                    raise Unfit("is protected with a password: save it without one")
                kept = change(one.filename, archive.read(one))
                if kept is not None:
                    made.writestr(_plain(one), kept)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError, UnicodeError) as fault:
        raise Unfit(DAMAGED) from fault
    return written.getvalue()


def _plain(part: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """The same name with no date, no comment and no rights; what was stored stays so: OpenDocument wants that."""
    made = zipfile.ZipInfo(part.filename, _NO_DAY)
    stored = part.compress_type == zipfile.ZIP_STORED
    made.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    return made


def parsed(part: bytes) -> etree._Element:
    """The XML of a part. Raises Unfit for what is none, or declares entities."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Unfit("is damaged: a part of it cannot be read") from fault
    if root.getroottree().docinfo.doctype:
        raise Unfit("is damaged: a part of it declares what it must not")
    return root


def local(name: object) -> str:
    """The name of an element or attribute without its namespace; empty for a comment."""
    return name.rsplit("}", 1)[-1] if isinstance(name, str) else ""


def serialised(root: etree._Element) -> bytes:
    """The XML as a part."""
    made: bytes = etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
    return made
