"""OpenDocument text and spreadsheets: `meta.xml` emptied, names of those who commented or changed taken off."""

from metstandard.records.stripping import packed, pictures
from metstandard.records.stripping.limits import Limits, Unfit
from metstandard.records.stripping.office import INITIALS, NOBODY

_EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:version="1.3"/>'
)
_NAMING = {
    "{http://purl.org/dc/elements/1.1/}creator": NOBODY,
    "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}creator-initials": INITIALS,
    "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}sender-initials": INITIALS,
}
_SIGNATURES = "META-INF/documentsignatures.xml"
_TEXTS = ("content.xml", "styles.xml")


def strip(content: bytes, limits: Limits) -> bytes:
    """The file without what tells of its makers; a signature in it is taken out. Raises Unfit for a locked one."""

    def change(name: str, part: bytes) -> bytes | None:
        last = name.rsplit("/", 1)[-1]
        if name == _SIGNATURES:
            return None
        if name == "META-INF/manifest.xml" and b"encryption-data" in part:
            raise Unfit("is protected with a password: save it without one")
        if last == "meta.xml":
            return _EMPTY
        if last in _TEXTS and (b"creator" in part or b"sender-initials" in part):
            return _without_names(part)
        return pictures.inside(part, limits)

    return packed.rewritten(content, change, limits)


def _without_names(part: bytes) -> bytes:
    root = packed.parsed(part)
    for element in root.iter(*_NAMING):
        element.text = _NAMING[str(element.tag)]
    return packed.serialised(root)
