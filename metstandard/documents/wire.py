"""How the renderer and its child talk: four bytes of length, then the body; a reply starts with one letter."""

from __future__ import annotations

import struct
from enum import Enum
from typing import BinaryIO

_LENGTH = struct.Struct("!I")


class Reply(Enum):
    """First byte of each message from the child."""

    READY = b"R"
    PDF = b"P"
    MEMORY = b"M"
    REFUSED = b"F"


def received(stream: BinaryIO) -> bytes | None:
    """The next message, or None when the other side is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(head)
    body = stream.read(size)
    return body if len(body) == size else None


def send(stream: BinaryIO, body: bytes) -> None:
    """Write one message and flush it. Raises OSError when the other side is gone."""
    stream.write(_LENGTH.pack(len(body)))
    stream.write(body)
    stream.flush()
