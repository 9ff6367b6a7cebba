"""Word, Excel and PowerPoint: properties emptied, names of those who commented or changed taken off."""

import re

from metstandard.records.stripping import packed, pictures
from metstandard.records.stripping.limits import Limits, Unfit

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# Properties of the file: author, last editor, company, manager, template, hours of work, and what an office adds.
_EMPTIED = {
    r"docProps/core\.xml|.*\.psmdcp": f'{_START}<cp:coreProperties xmlns:cp="{_PACKAGE}"/>',
    r"docProps/app\.xml": f'{_START}<Properties xmlns="{_OFFICE}/extended-properties"/>',
    r"docProps/custom\.xml": f'{_START}<Properties xmlns="{_OFFICE}/custom-properties"/>',
}
# What stands in place of a name; the two programs that read it write the same.
NOBODY, INITIALS = "Author", "A"
_NO_ACCOUNT = {"userId": "", "providerId": "None"}
# By part: attributes that name a person or a disk, and what stands there afterwards.
_NAMING = {
    r"word/[^/]+\.xml": {"author": NOBODY, "initials": INITIALS} | _NO_ACCOUNT,
    r"ppt/(commentAuthors|authors)\.xml": {"name": NOBODY, "initials": INITIALS} | _NO_ACCOUNT,
    r"xl/persons/.*\.xml": {"displayName": NOBODY} | _NO_ACCOUNT,
    r"xl/revisions/userNames\.xml": {"name": NOBODY},
    r"xl/revisions/.*\.xml": {"userName": NOBODY},
    r"xl/workbook\.xml": {"userName": NOBODY, "url": ""},
}
_COMMENTS = re.compile(r"xl/comments[^/]*\.xml|xl/comments/.*\.xml", re.IGNORECASE)
_TEMPLATE = re.compile(r"word/_rels/settings\.xml\.rels", re.IGNORECASE)
_SHAREPOINT = b"http://schemas.microsoft.com/office/2006/metadata/properties"
_MACROS = re.compile(r"(.*/)?vbaProject\.bin", re.IGNORECASE)
_EMBEDDED = re.compile(r"[^/]+/embeddings/", re.IGNORECASE)
_ARCHIVE = b"PK\x03\x04"
_DEEPEST = 2


def strip(content: bytes, limits: Limits, depth: int = 0) -> bytes:
    """The file without what tells of its makers. Raises Unfit for a damaged one, or one with macros."""

    def change(name: str, part: bytes) -> bytes:
        if _MACROS.fullmatch(name):
            raise Unfit("holds macros: save it without them")
        if _EMBEDDED.match(name) and part.startswith(_ARCHIVE):
            if depth == _DEEPEST:
                raise Unfit("holds files within files within files: save those apart")
            return strip(part, limits, depth + 1)
        return _properties(name) or _named(name, part, limits)

    return packed.rewritten(content, change, limits)


def _properties(name: str) -> bytes | None:
    for pattern, emptied in _EMPTIED.items():
        if re.fullmatch(pattern, name, re.IGNORECASE):
            return emptied.encode()
    return None


def _named(name: str, part: bytes, limits: Limits) -> bytes:
    """A part without the names in it; parts that hold none are kept to the byte."""
    if _COMMENTS.fullmatch(name):
        return _without_authors(part)
    if _TEMPLATE.fullmatch(name):
        return _without_template(part)
    if name.lower().startswith("customxml/") and _SHAREPOINT in part:
        root = packed.parsed(part)
        root[:] = []
        return packed.serialised(root)
    for pattern, attributes in _NAMING.items():
        if re.fullmatch(pattern, name, re.IGNORECASE) and any(one.encode() in part for one in attributes):
            return _replaced(part, attributes)
    return pictures.inside(part, limits)


def _replaced(part: bytes, attributes: dict[str, str]) -> bytes:
    root = packed.parsed(part)
    for element in root.iter():
        for attribute in element.attrib:
            instead = attributes.get(packed.local(attribute))
            if instead is not None:
                element.set(attribute, instead)
    return packed.serialised(root)


def _without_authors(part: bytes) -> bytes:
    root = packed.parsed(part)
    for element in root.iter():
        if packed.local(element.tag) == "author":
            element.text = NOBODY
    return packed.serialised(root)


def _without_template(part: bytes) -> bytes:
    """A document names the template it came from by its place, often in somebody's own folder."""
    root = packed.parsed(part)
    for element in root.iter():
        if str(element.get("Type", "")).endswith("/attachedTemplate"):
            element.set("Target", "Normal.dotm")
    return packed.serialised(root)
