"""Files that people send: held against the limits, stripped, kept once by the hash of what is kept.

A file that was sent before is known by the hash of what was sent, and nothing is done twice. Where a virus scanner is
set, a new file is in quarantine until `jobs/scanning.py` has asked it.
"""

import hashlib
import re
from typing import BinaryIO

import filetype
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from metstandard.common.errors import Invalid, NotNow, StoreAway
from metstandard.common.settings import settings
from metstandard.records import store, stripping
from metstandard.records.evidence import Scan, SentFile, StoredFile

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
_MILLION = 1_000_000
# How many times its largest size a packed file may unfold to; honest ones stay far below.
_UNFOLDS = 5
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")


def limits() -> str:
    """The limits in a sentence, to be said beforehand."""
    most = settings()
    size = f"up to {most.upload_megabytes} MB, pictures up to {most.upload_megapixels} million pixels"
    return f"{', '.join(TYPES.values())}; {size}"


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
    """Strip a file and store it once. Raises Invalid, naming the file, for one that cannot be taken.

    Raises StoreAway when the store fails. Then, and when the caller rolls back, no row points to what was written.
    """
    sent = _read(upload, safe_name(name))
    digest = hashlib.sha256(sent).hexdigest()
    known = session.exec(
        select(StoredFile).join(SentFile).where(SentFile.sha256 == digest, StoredFile.id == SentFile.file_id)
    ).first()
    if known is not None and (known.scan == Scan.INFECTED or store.holds(known.sha256)):
        return _uninfected(known, safe_name(name))
    content, kind = _stripped(sent, safe_name(name))
    found = _row(session, content, kind)
    if known is None:
        _remember(session, SentFile(sha256=digest, file_id=found.key))
    return _uninfected(found, safe_name(name))


def _read(upload: BinaryIO, name: str) -> bytes:
    most = settings().upload_megabytes
    content = upload.read(most * _MEGABYTE + 1)
    if not content:
        raise Invalid(f"{name} is empty", field="upload")
    if len(content) > most * _MEGABYTE:
        raise Invalid(f"{name} is larger than {most} MB", field="upload")
    return content


def _stripped(content: bytes, name: str) -> tuple[bytes, str]:
    """What is kept of a file, and its type by content."""
    if content.startswith(stripping.OLD_OFFICE):
        raise Invalid(
            f"{name} is an old Office file or has a password: save it as docx, xlsx or pptx without one", field="upload"
        )
    kind = media_type(content)
    if kind is None:
        raise Invalid(f"{name} is not one of: {limits()}", field="upload")
    most = settings()
    held = stripping.Limits(most.upload_megapixels * _MILLION, _UNFOLDS * most.upload_megabytes * _MEGABYTE)
    try:
        return stripping.strip(content, kind, held), kind
    except stripping.Unfit as unfit:
        raise Invalid(f"{name} {unfit}", field="upload") from unfit


def _row(session: Session, content: bytes, kind: str) -> StoredFile:
    """The row of a file, made when there is none; the bytes are in the store before any row says so."""
    sha256 = hashlib.sha256(content).hexdigest()
    query = select(StoredFile).where(StoredFile.sha256 == sha256)
    found = session.exec(query).first()
    if found is None or (found.scan != Scan.INFECTED and not store.holds(sha256)):
        store.write(sha256, content)
    if found is not None:
        return found
    waits = Scan.QUARANTINED if settings().clamd else Scan.NONE
    _remember(session, StoredFile(sha256=sha256, size=len(content), media_type=kind, scan=waits))
    return session.exec(query).one()


def _remember(session: Session, row: StoredFile | SentFile) -> None:
    """Add a row that somebody else may add at the same moment; one of the two is enough."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return


def _uninfected(stored: StoredFile, name: str) -> StoredFile:
    if stored.scan == Scan.INFECTED:
        raise Invalid(f"{name} was refused before: the virus scanner found {stored.virus}", field="upload")
    return stored


def content_of(stored: StoredFile) -> bytes:
    """The bytes of a stored file. Raises NotNow while or because the scanner holds it, StoreAway when it is lost."""
    if stored.scan == Scan.QUARANTINED:
        raise NotNow("This file is still being checked for viruses. Please come back in a few minutes")
    if stored.scan == Scan.INFECTED:
        raise NotNow("A virus was found in this file, and it was removed")
    try:
        return store.read(stored.sha256)
    except FileNotFoundError as lost:
        raise StoreAway(
            "This file is missing from the store. Those who run the service can bring it back from a backup"
        ) from lost
