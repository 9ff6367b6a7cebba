"""Asking a virus scanner, clamd, over its socket or a port, in its own protocol (INSTREAM).

The clients in the package index are years old or stand between us and these few lines; so these few lines it is.
"""

from __future__ import annotations

import contextlib
import socket
import struct

from metstandard.common.errors import MetStandardError

_PATIENCE = 60.0
_PIECE = 64 * 1024
_LONGEST = 4096


class ScannerAway(MetStandardError):
    """Nobody answers at the address of the scanner, or the answer breaks off."""


class NotScanned(MetStandardError):
    """The scanner answers that it did not scan: most often its StreamMaxLength is smaller than the file."""


def scan(address: str, content: bytes) -> str:
    """The name of the virus that the scanner found, or nothing. Raises ScannerAway or NotScanned."""
    said = _ask(address, b"zINSTREAM\0", content)
    if said == "stream: OK":
        return ""
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return said.removeprefix("stream: ").removesuffix(" FOUND")
    raise NotScanned(f"The virus scanner did not scan: {said}")


def version(address: str) -> str:
    """What the scanner says it is, with the day of its signatures. Raises ScannerAway."""
    return _ask(address, b"zVERSION\0")


def standing(address: str) -> str:
    """In a sentence: who scans, or that nobody does or answers."""
    if not address:
        return "No virus scanner is set: files are used without being scanned"
    try:
        return f"Files are scanned by {version(address)}"
    except ScannerAway as away:
        return f"{away}: new files wait in quarantine"


def _ask(address: str, command: bytes, content: bytes | None = None) -> str:
    try:
        with contextlib.closing(_connected(address)) as line:
            # A scanner that has had enough says so and hangs up while we still speak.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.sendall(command)
                for start in range(0, len(content or b""), _PIECE):
                    piece = (content or b"")[start : start + _PIECE]
                    line.sendall(struct.pack(">I", len(piece)) + piece)
                if content is not None:
                    line.sendall(struct.pack(">I", 0))
            said = _heard(line)
    except OSError as away:
        raise ScannerAway(f"The virus scanner at {address} does not answer") from away
    if not said:
        raise ScannerAway(f"The virus scanner at {address} hung up")
    return said


def _connected(address: str) -> socket.socket:
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(_PATIENCE)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), _PATIENCE)


def _heard(line: socket.socket) -> str:
    said = b""
    while len(said) < _LONGEST and not said.endswith(b"\0"):
        piece = line.recv(_LONGEST)
        if not piece:
            break
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace")
