"""Taking out of a file what tells who made it, where and with what, before anybody else sees it.

What people see on the pages of a file stays: words, figures, pictures as they stand upright. What goes is named in
docs/operators.md. The same file always gives the same bytes. Nothing here knows a database or a store.
"""

from metstandard.records.stripping import office, opendocument, papers, pictures
from metstandard.records.stripping.limits import Limits, Unfit

__all__ = ["Limits", "Unfit", "strip"]

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def strip(content: bytes, media_type: str, limits: Limits) -> bytes:
    """The file without what tells of its makers. Raises Unfit for one that is damaged, locked or too large inside."""
    if media_type == "application/pdf":
        return papers.strip(content)
    if media_type.startswith("image/"):
        return pictures.strip(content, limits)
    if media_type.startswith("application/vnd.openxmlformats"):
        return office.strip(content, limits)
    if media_type.startswith("application/vnd.oasis"):
        return opendocument.strip(content, limits)
    return content
