"""Identifiers that nobody can guess, and short ones that a person can read aloud."""

from __future__ import annotations

import hashlib
import secrets

# No 0/O, 1/I/L, U: a code survives being read over the telephone.
_READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def token() -> str:
    """An opaque secret of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def token_hash(secret: str) -> str:
    """What is stored instead of a secret token: 64 hexadecimal digits of SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def readable_code(groups: int = 3, size: int = 4) -> str:
    """A random code such as `7KQF-29TM-XWBA` (about 59 bits at three groups of four)."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(size)) for _ in range(groups))
