"""The evidence store: each file once by its hash, under a name of ours, on a local folder or any fsspec address."""

import hashlib
import re
from typing import BinaryIO

import filetype
import fsspec
from sqlmodel import Session, select

from metstandard.common.errors import Invalid
from metstandard.common.settings import settings
from metstandard.records.evidence import StoredFile

# What people work with, recognised by content and not by the name.
TYPES = {
    "application/pdf": "PDF",
    "image/png": "PNG",
    "image/jpeg": "JPEG",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word (docx)",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel (xlsx)",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint (pptx)",
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument spreadsheet",
    "text/plain": "plain text or CSV",
}
_MEGABYTE = 1024 * 1024
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")


def limits() -> str:
    """The limits in a sentence, to be said beforehand."""
    return f"{', '.join(TYPES.values())}; up to {settings().upload_megabytes} MB"


def safe_name(name: str) -> str:
    """A file name without folders or control characters, at most 100 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return _UNSAFE.sub("_", last).strip(". ")[-100:] or "file"


def media_type(content: bytes) -> str | None:
    """The type by content; None when it is none of those accepted."""
    guessed = filetype.guess_mime(content)
    if guessed is None:
        guessed = "text/plain" if _is_text(content) else None
    return guessed if guessed in TYPES else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return all(sign.isprintable() or sign in "\r\n\t\ufeff" for sign in text)


def keep(session: Session, upload: BinaryIO, name: str) -> StoredFile:
    """Store a file once. Raises Invalid for an empty, too large or unaccepted one."""
    most = settings().upload_megabytes * _MEGABYTE
    content = upload.read(most + 1)
    if not content:
        raise Invalid(f"{safe_name(name)} is empty", field="upload")
    if len(content) > most:
        raise Invalid(f"{safe_name(name)} is larger than {settings().upload_megabytes} MB", field="upload")
    kind = media_type(content)
    if kind is None:
        raise Invalid(f"{safe_name(name)} is not one of: {limits()}", field="upload")
    sha256 = hashlib.sha256(content).hexdigest()
    found = session.exec(select(StoredFile).where(StoredFile.sha256 == sha256)).first()
    if found is not None:
        return found
    with fsspec.open(_address(sha256), "wb", auto_mkdir=True) as file:
        file.write(content)
    made = StoredFile(sha256=sha256, size=len(content), media_type=kind)
    session.add(made)
    session.flush()
    return made


def content_of(stored: StoredFile) -> bytes:
    """The bytes of a stored file. Raises FileNotFoundError when the store has lost it."""
    with fsspec.open(_address(stored.sha256), "rb") as file:
        content: bytes = file.read()
    return content


def _address(sha256: str) -> str:
    return f"{settings().evidence.rstrip('/')}/{sha256[:2]}/{sha256}"
