"""Rendered files are kept, so that a register page opened a thousand times renders one certificate once.

A file's name is a hash of all that its bytes depend on: the page, the assets and fonts, the renderer. Nothing has to
be declared stale, and the folder may be emptied at any time. A signed paper is kept beside the unsigned one, under a
name that also depends on the certificate: after a change of key it is signed anew.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from metstandard.common import clock
from metstandard.common.settings import settings
from metstandard.documents import assets, render, signing
from metstandard.documents.identity import Identity

_RENDERER = ("child.py", "fonts.py", "pades.py")


def kept(html: str, *, identity: Identity | None = None, folder: Path | None = None) -> bytes:
    """The PDF of a page from `folder` (by default `papers` in the data folder), rendered first where it is missing.

    With an `identity` it is signed, where this installation signs. Raises RenderFailed and SigningFailed.
    Safe for several processes: a file appears whole or not at all.
    """
    place = folder or settings().data / "papers"
    signer = signing.signer() if identity is not None else None
    signed = f"\n{signer.fingerprint} {identity}" if signer is not None else ""
    file = place / f"{_key(html + signed)}.pdf"
    try:
        body = file.read_bytes()
    except FileNotFoundError:
        body = b""
    if not body.rstrip().endswith(b"%%EOF"):
        body = render.pdf(html)
        if signer is not None and identity is not None:
            body = signer.sign(body, identity)
        _write(file, body)
    now = clock.now().timestamp()
    os.utime(file, (now, now))
    return body


def tidy(*, unused_since: datetime, folder: Path | None = None) -> int:
    """Remove the files that nobody asked for since a moment; how many went."""
    place = folder or settings().data / "papers"
    old = [file for file in place.glob("*.pdf") if file.stat().st_mtime < unused_since.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def _write(file: Path, body: bytes) -> None:
    """Only this account may read: a report may carry a marking."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    with os.fdopen(handle, "wb") as part:
        part.write(body)
    Path(name).replace(file)


def _key(html: str) -> str:
    return hashlib.sha256(f"{_edition()}\n{html}".encode(errors="replace")).hexdigest()


@lru_cache(maxsize=1)
def _edition() -> str:
    here = Path(__file__).parent
    code = hashlib.sha256(b"".join((here / name).read_bytes() for name in _RENDERER)).hexdigest()
    return f"{version('weasyprint')} {code} {assets.digest(assets.folders())}"
